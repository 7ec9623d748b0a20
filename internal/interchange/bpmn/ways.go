package bpmn

import (
	"fmt"
	"strings"
)

// begin writes where the net starts.
func (r *reader) begin(doc map[string]any) {
	delete(doc, "start")
	subflows, _ := doc["subflows"].(map[string]any)
	for i, n := range r.starts {
		if len(n.out) != 1 {
			r.refuse(n.at, "", "开始事件应有一条出线")
			continue
		}
		at := r.follow(n.out[0])
		switch {
		case n.startsSubflow != "":
			if subflow, ok := subflows[n.startsSubflow].(map[string]any); ok {
				subflow["start"] = at
				continue
			}
			r.refuse(n.at, "", "子流程 %q 没有声明", n.startsSubflow)
		case i > 0:
			r.refuse(n.at, "", "只能有一个开始事件")
		default:
			doc["start"] = at
		}
	}
	if len(r.starts) == 0 {
		r.missing(&element{name: "process", line: 1, column: 1}, "没有开始事件（start）")
	}
}

// complete puts the targets back into a node of ours, and adds ways that were drawn since.
func (r *reader) complete(n *node) {
	if n.at.extension("node") == nil {
		r.draft(n)
		return
	}
	for _, t := range targets(n.tree) {
		id, marked := strings.CutPrefix(t.get, flowMark)
		if !marked {
			continue // written by hand
		}
		s := r.flows[id]
		if s == nil || s.from != n {
			r.refuse(n.at, "在 zt:node 中删去对应的操作、分支或事件", "连线 %s 已删除，或改接到了别处", id)
			continue
		}
		t.set(r.follow(s))
		if t.when != nil && !t.last {
			if text := s.condition(); text != "" {
				t.when["when"] = text
			}
		}
		if t.head != nil {
			if title := s.at.attributes["name"]; title != "" {
				t.head["title"] = title
			}
		}
	}
	for _, s := range n.out {
		if !s.used {
			r.added(n, s)
		}
	}
}

// added makes a way of a node out of a flow that is not in its extension.
func (r *reader) added(n *node, s *sequence) {
	switch n.kind {
	case "human":
		n.tree["actions"] = append(list(n.tree["actions"]), r.action(n, s))
	case "xor", "inclusive_split":
		n.tree["branches"] = append(list(n.tree["branches"]), r.branch(n, s))
	case "and_split":
		n.tree["branches"] = append(list(n.tree["branches"]), any(r.follow(s)))
	default:
		r.refuse(s.at, "", "环节 %q 多出一条连线", n.id)
	}
}

func (r *reader) action(n *node, s *sequence) map[string]any {
	action := map[string]any{"id": r.word(n, s), "title": s.name(), "to": r.follow(s)}
	if s.name() == "" {
		action["title"] = "提交"
	}
	if text := strings.TrimSpace(s.condition()); text != "" {
		action["when"] = text
		r.missing(s.at, "条件须改写为 CEL：%s", text)
	}
	return action
}

// word is an id for an action, unlike the others of the node.
func (r *reader) word(n *node, s *sequence) string {
	wish := xmlID(s.at.id())
	taken := map[string]bool{}
	for _, item := range list(n.tree["actions"]) {
		if other, ok := item.(map[string]any); ok {
			id, _ := other["id"].(string)
			taken[id] = true
		}
	}
	id := wish
	for i := 2; taken[id]; i++ {
		id = fmt.Sprintf("%s_%d", wish, i)
	}
	return id
}

func (r *reader) branch(n *node, s *sequence) map[string]any {
	branch := map[string]any{"to": r.follow(s)}
	if n.at.attributes["default"] == s.at.id() {
		branch["else"] = true
		return branch
	}
	if text := strings.TrimSpace(s.condition()); text != "" {
		branch["when"] = text
		r.missing(s.at, "条件须改写为 CEL：%s", text)
		return branch
	}
	r.missing(s.at, "分支没有条件（when）")
	return branch
}

// reachable are the nodes that can be come to from one.
func (r *reader) reachable(from *node) map[*node]bool {
	seen := map[*node]bool{}
	queue := []*node{from}
	for len(queue) > 0 {
		at := queue[0]
		queue = queue[1:]
		for _, s := range at.out {
			if !seen[s.to] {
				seen[s.to] = true
				queue = append(queue, s.to)
			}
		}
	}
	return seen
}
