// Package bpmn writes a Workflow as BPMN 2.0 and reads BPMN as a Workflow.
//
// What both know is drawn: nodes, connections, conditions, names, boundary timers,
// and where it all stands on the sheet, so that other tools show and edit it. The
// rest — who works on it, effects, documents, stage limits — goes along as JSON in
// extension elements of the namespace below, so that writing and reading gives the
// identical document. A file of another tool has no such elements: it is read as a
// draft, with a list of what is still to be written. What BPMN can say and a
// Workflow cannot is refused, naming element and line.
//
// Everything here is a pure function of bytes and trees.
package bpmn

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Namespaces of BPMN 2.0 (ISO/IEC 19510) and of our extension elements.
const (
	modelSpace   = "http://www.omg.org/spec/BPMN/20100524/MODEL"
	diagramSpace = "http://www.omg.org/spec/BPMN/20100524/DI"
	boundsSpace  = "http://www.omg.org/spec/DD/20100524/DC"
	pointSpace   = "http://www.omg.org/spec/DD/20100524/DI"
	Namespace    = "urn:zhengtong:bpmn:1"
)

// abnormal is the target that stands for "a person decides what becomes of it"; it is no node.
const abnormal = "abnormal"

// flowMark begins the text that stands in a node's JSON for the target of a sequence flow.
const flowMark = "flow:"

// elementOf is how a node's type is drawn.
var elementOf = map[string]string{
	"human": "userTask", "auto": "serviceTask", "external": "serviceTask", "xor": "exclusiveGateway", "and_split": "parallelGateway",
	"and_join": "parallelGateway", "inclusive_split": "inclusiveGateway", "inclusive_join": "inclusiveGateway", "payment": "receiveTask",
	"wait": "intermediateCatchEvent", "special": "callActivity", "subcase": "callActivity", "end": "endEvent",
}

// target is one place of a node that names the node that follows.
type target struct {
	get  string
	set  func(string)
	name string         // what is written beside the flow
	when map[string]any // holds `when`, which is the flow's condition; nil for none
	head map[string]any // holds `title`, which is the flow's name; nil for none
	last bool           // the way of `else`
	late string         // the event that a timer raises
}

// targets lists the places of a node that name other nodes, in a fixed order.
func targets(node map[string]any) []target {
	var out []target
	field := func(holder map[string]any, key, name string) {
		if text, ok := holder[key].(string); ok && text != "" {
			out = append(out, target{get: text, set: func(s string) { holder[key] = s }, name: name})
		}
	}
	for _, item := range list(node["actions"]) {
		if action, ok := item.(map[string]any); ok {
			n := len(out)
			if field(action, "to", ""); len(out) > n {
				out[n].head, out[n].when = action, action
			}
		}
	}
	branches := list(node["branches"])
	for i, item := range branches {
		switch branch := item.(type) {
		case string:
			out = append(out, target{get: branch, set: func(s string) { branches[i] = s }})
		case map[string]any:
			n := len(out)
			if field(branch, "to", ""); len(out) > n {
				out[n].when, out[n].last = branch, branch["else"] == true
			}
		}
	}
	for _, key := range []string{"events", "maps"} {
		if events, ok := node[key].(map[string]any); ok {
			for _, event := range sorted(events) {
				n := len(out)
				if field(events, event, event); len(out) > n && key == "events" && (event == "expired" || event == "overdue") {
					out[n].late = event
				}
			}
		}
	}
	field(node, "to", "")
	field(node, "skip_to", "skip")
	field(node, "on_exhausted", "exhausted")
	if node["foreach"] != nil {
		field(node, "join", "")
	}
	if timeout, ok := node["timeout"].(map[string]any); ok {
		if way, ok := timeout["on_timeout"].(map[string]any); ok {
			field(way, "to", "timeout")
		}
	}
	return out
}

func list(value any) []any {
	items, _ := value.([]any)
	return items
}

func sorted(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// clone copies a tree.
func clone(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		out := make(map[string]any, len(node))
		for key, value := range node {
			out[key] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(node))
		for i, value := range node {
			out[i] = clone(value)
		}
		return out
	}
	return tree
}

// readJSON reads the tree of an extension element, numbers as text.
func readJSON(text string) (map[string]any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var tree map[string]any
	if err := decoder.Decode(&tree); err != nil {
		return nil, err
	}
	if decoder.More() {
		return nil, fmt.Errorf("text after the value")
	}
	if tree == nil {
		tree = map[string]any{}
	}
	return tree, nil
}

func writeJSON(tree any) (string, error) {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(tree)
	return strings.TrimSuffix(b.String(), "\n"), err
}

// A limit as an ISO 8601 duration; a working day is written as a day, and our unit beside it.
var (
	durationOf = map[string]string{"hour": "PT%sH", "workday": "P%sD", "day": "P%sD", "month": "P%sM", "year": "P%sY"}
	duration   = regexp.MustCompile(`^P(?:(\d{1,4})([DMY])|T(\d{1,4})H)$`)
)

// parseDuration reads a duration of one unit; ok is false for any other.
func parseDuration(text string) (n json.Number, unit string, ok bool) {
	m := duration.FindStringSubmatch(strings.TrimSpace(text))
	switch {
	case m == nil:
		return "", "", false
	case m[3] != "":
		return number(m[3]), "hour", true
	}
	return number(m[1]), map[string]string{"D": "day", "M": "month", "Y": "year"}[m[2]], true
}

func number(digits string) json.Number {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		digits = "0"
	}
	return json.Number(digits)
}
