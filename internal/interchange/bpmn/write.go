package bpmn

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"regexp"
	"strings"
)

// Write draws a Workflow's document as BPMN 2.0. Equal documents give equal bytes.
// The error says that the document is not one of a workflow.
func Write(name string, doc map[string]any) ([]byte, error) {
	w := &writer{used: map[string]bool{}, elements: map[string]string{}}
	if err := w.collect(doc); err != nil {
		return nil, err
	}
	w.out.WriteString(xml.Header)
	w.open("bpmn:definitions", "xmlns:bpmn", modelSpace, "xmlns:bpmndi", diagramSpace, "xmlns:dc", boundsSpace, "xmlns:di", pointSpace, "xmlns:zt", Namespace,
		"id", w.fresh("definitions"), "targetNamespace", Namespace, "exporter", "Zhengtong")
	process := w.fresh(xmlName(name))
	rest := maps.Clone(doc)
	delete(rest, "nodes")
	attributes := []string{"id", process, "isExecutable", "false"}
	if title, ok := rest["title"].(string); ok && title != "" {
		attributes = append(attributes, "name", title)
		delete(rest, "title")
	}
	w.open("bpmn:process", attributes...)
	w.extension("zt:workflow", rest)
	w.starts(doc)
	for _, n := range w.nodes {
		w.node(n)
	}
	if w.dangling {
		w.open("bpmn:endEvent", "id", w.elements[abnormal], "name", "异常，由人工处理")
		w.extension("zt:abnormal", nil)
		w.shut("bpmn:endEvent")
	}
	for _, f := range w.flows {
		w.flow(f)
	}
	w.shut("bpmn:process")
	w.draw(process)
	w.shut("bpmn:definitions")
	return w.out.Bytes(), w.err
}

// drawn is one node with the element that shows it.
type drawn struct {
	id, element, kind string
	tree              map[string]any // what goes into the extension
	timer             string         // id of its boundary event; "" for none
	flows             []*connection
}

// connection is a sequence flow.
type connection struct {
	id, from, to, name string // elements
	when               string
	last               bool
}

type writer struct {
	out      bytes.Buffer
	depth    int
	used     map[string]bool   // ids of the file
	elements map[string]string // node → id of its element
	nodes    []*drawn
	entries  []string // ids of the start events
	flows    []*connection
	dangling bool // something leads to abnormal
	err      error
}

// collect names the elements and gathers the flows.
func (w *writer) collect(doc map[string]any) error {
	for i, item := range list(doc["nodes"]) {
		tree, ok := item.(map[string]any)
		id, named := tree["id"].(string)
		kind, typed := tree["type"].(string)
		if !ok || !named || !typed || elementOf[kind] == "" || w.elements[id] != "" {
			return fmt.Errorf("bpmn: node %d has no known type or an id of its own", i)
		}
		copied, _ := clone(tree).(map[string]any)
		n := &drawn{id: id, kind: kind, element: elementOf[kind], tree: copied}
		w.elements[id] = w.fresh(xmlName(id))
		w.nodes = append(w.nodes, n)
	}
	for _, n := range w.nodes {
		w.connect(n)
	}
	return w.err
}

// connect takes the targets out of a node and makes flows of them.
func (w *writer) connect(n *drawn) {
	limit, limited := n.tree["limit"].(map[string]any)
	for i, t := range targets(n.tree) {
		to, ok := w.elements[t.get]
		if !ok && t.get == abnormal {
			w.dangling = true
			w.elements[abnormal] = w.fresh(abnormal)
			to, ok = w.elements[abnormal], true
		}
		if !ok {
			w.err = fmt.Errorf("bpmn: node %s leads to %q, which is not there", n.id, t.get)
			return
		}
		f := &connection{id: w.fresh(fmt.Sprintf("flow_%s_%d", w.elements[n.id], i+1)), from: w.elements[n.id], to: to, name: t.name, last: t.last}
		if text, ok := t.when["when"].(string); ok && text != "" && !t.last {
			f.when = text
			delete(t.when, "when")
		}
		if text, ok := t.head["title"].(string); ok && text != "" {
			f.name = text
			delete(t.head, "title")
		}
		if t.late != "" && n.timer == "" && limited && (n.kind == "wait" || n.kind == "payment") && isoDuration(limit) != "" {
			n.element, n.timer = "receiveTask", w.fresh("timer_"+w.elements[n.id])
			f.from = n.timer
		}
		t.set(flowMark + f.id)
		n.flows = append(n.flows, f)
		w.flows = append(w.flows, f)
	}
}

// isoDuration writes a limit; "" for one that is not whole.
func isoDuration(limit map[string]any) string {
	n, ok := limit["n"].(json.Number)
	unit, _ := limit["unit"].(string)
	if !ok || durationOf[unit] == "" {
		return ""
	}
	text := fmt.Sprintf(durationOf[unit], n)
	if !duration.MatchString(text) {
		return ""
	}
	return text
}

// starts draws where the net begins, or each of its subflows.
func (w *writer) starts(doc map[string]any) {
	start := func(subflow, node string) {
		to, ok := w.elements[node]
		if !ok {
			w.err = fmt.Errorf("bpmn: it starts at %q, which is not there", node)
			return
		}
		id := w.fresh("start")
		w.entries = append(w.entries, id)
		f := &connection{id: w.fresh("flow_" + id), from: id, to: to}
		w.flows = append(w.flows, f)
		if subflow == "" {
			w.open("bpmn:startEvent", "id", id)
		} else {
			w.open("bpmn:startEvent", "id", id, "name", subflow)
			w.extension("zt:subflow", map[string]any{"name": subflow})
		}
		w.text("bpmn:outgoing", f.id)
		w.shut("bpmn:startEvent")
	}
	if at, ok := doc["start"].(string); ok {
		start("", at)
	}
	subflows, _ := doc["subflows"].(map[string]any)
	for _, name := range sorted(subflows) {
		if subflow, ok := subflows[name].(map[string]any); ok {
			at, _ := subflow["start"].(string)
			start(name, at)
		}
	}
}

// node draws one node with its boundary timer.
func (w *writer) node(n *drawn) {
	id := w.elements[n.id]
	element := "bpmn:" + n.element
	if n.tree["foreach"] != nil {
		element = "bpmn:callActivity"
	}
	attributes := []string{"id", id}
	if title, ok := n.tree["title"].(string); ok && title != "" {
		attributes = append(attributes, "name", title)
		delete(n.tree, "title")
	}
	for _, f := range n.flows {
		if f.last && (n.element == "exclusiveGateway" || n.element == "inclusiveGateway") {
			attributes = append(attributes, "default", f.id)
			break
		}
	}
	w.open(element, attributes...)
	delete(n.tree, "id")
	delete(n.tree, "type")
	w.extension("zt:node", n.tree, "id", n.id, "type", n.kind)
	w.ends(id)
	switch {
	case element == "bpmn:intermediateCatchEvent":
		w.open("bpmn:messageEventDefinition")
		w.shut("bpmn:messageEventDefinition")
	case element == "bpmn:callActivity" && n.tree["foreach"] != nil:
		w.open("bpmn:multiInstanceLoopCharacteristics")
		w.shut("bpmn:multiInstanceLoopCharacteristics")
	}
	w.shut(element)
	if n.timer == "" {
		return
	}
	limit := n.tree["limit"].(map[string]any) // connect has found it
	w.open("bpmn:boundaryEvent", "id", n.timer, "attachedToRef", id, "cancelActivity", "true")
	w.extension("zt:timer", map[string]any{"unit": limit["unit"]})
	w.ends(n.timer)
	w.open("bpmn:timerEventDefinition")
	w.text("bpmn:timeDuration", isoDuration(limit))
	w.shut("bpmn:timerEventDefinition")
	w.shut("bpmn:boundaryEvent")
}

// ends lists the flows that come in and go out, as the standard asks for.
func (w *writer) ends(element string) {
	for _, f := range w.flows {
		if f.to == element {
			w.text("bpmn:incoming", f.id)
		}
	}
	for _, f := range w.flows {
		if f.from == element {
			w.text("bpmn:outgoing", f.id)
		}
	}
}

func (w *writer) flow(f *connection) {
	attributes := []string{"id", f.id, "sourceRef", f.from, "targetRef", f.to}
	if f.name != "" {
		attributes = append(attributes, "name", f.name)
	}
	w.open("bpmn:sequenceFlow", attributes...)
	if f.when != "" {
		w.text("bpmn:conditionExpression", f.when)
	}
	w.shut("bpmn:sequenceFlow")
}

// extension writes one of our elements with its tree.
func (w *writer) extension(name string, tree map[string]any, attributes ...string) {
	w.open("bpmn:extensionElements")
	text, err := writeJSON(tree)
	if err != nil && w.err == nil {
		w.err = err
	}
	if tree == nil {
		text = ""
	}
	w.text(name, text, attributes...)
	w.shut("bpmn:extensionElements")
}

func (w *writer) indent() {
	for range w.depth {
		w.out.WriteString("  ")
	}
}

func (w *writer) tag(name string, attributes []string) {
	w.indent()
	w.out.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		w.out.WriteString(" " + attributes[i] + `="`)
		w.out.WriteString(valuesEscaper.Replace(attributes[i+1]))
		w.out.WriteString(`"`)
	}
	w.out.WriteString(">")
}

func (w *writer) open(name string, attributes ...string) {
	w.tag(name, attributes)
	w.out.WriteString("\n")
	w.depth++
}

func (w *writer) shut(name string) {
	w.depth--
	w.indent()
	w.out.WriteString("</" + name + ">\n")
}

func (w *writer) text(name, text string, attributes ...string) {
	w.tag(name, attributes)
	w.out.WriteString(escaper.Replace(text))
	w.out.WriteString("</" + name + ">\n")
}

// escaper keeps every character through a reader of XML, which turns bare line ends into \n and, in attributes, into spaces.
var (
	escaper       = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;")
	valuesEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\r", "&#13;", `"`, "&#34;", "\n", "&#10;", "\t", "&#9;")
)

var notXML = regexp.MustCompile(`[^A-Za-z0-9_-]`)

// xmlName makes an id of XML out of a name of ours, which may begin with a digit.
func xmlName(name string) string {
	name = notXML.ReplaceAllString(name, "_")
	if name == "" || name[0] == '-' || name[0] >= '0' && name[0] <= '9' {
		return "_" + name
	}
	return name
}

// fresh is an id that no other element has.
func (w *writer) fresh(wish string) string {
	id := wish
	for i := 2; w.used[id]; i++ {
		id = fmt.Sprintf("%s_%d", wish, i)
	}
	w.used[id] = true
	return id
}
