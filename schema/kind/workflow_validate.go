package kind

import (
	"fmt"
	"slices"
	"strings"
)

// Abnormal is the pseudo-node that sends a case to the abnormal list, where a person ends it.
const Abnormal = "abnormal"

// validate checks what the text of one workflow shows: V-13, V-19, V-22, V-24,
// V-27 and V-30. Reachability and soundness are proved by the compiler.
func (w *Workflow) validate(v *visit) {
	nodes := map[string]*Node{}
	var ids []string
	for i := range w.Nodes {
		nodes[w.Nodes[i].ID] = &w.Nodes[i]
		ids = append(ids, w.Nodes[i].ID)
	}
	c := &flowCheck{v: v, nodes: nodes, ids: ids}
	if w.Start != "" {
		c.target("start", w.Start)
	}
	for _, name := range sortedKeys(anyMap(w.Subflows)) {
		place := "subflows." + name
		c.target(place+".start", w.Subflows[name].Start)
		for i, end := range w.Subflows[name].Ends {
			if c.target(at(place+".ends", i), end); nodes[end] != nil && nodes[end].Type != "end" {
				v.fail(at(place+".ends", i), "V-19", "", "%q 不是结束节点", end)
			}
		}
	}
	effects := map[string]bool{}
	for i := range w.Nodes {
		c.node(at("nodes", i), &w.Nodes[i])
		effects[w.Nodes[i].Effect] = true
		for _, a := range w.Nodes[i].Actions {
			effects[a.Effect] = true
		}
	}
	if w.Constraints != nil {
		c.constraints(w.Constraints, effects)
	}
}

// flowCheck holds the nodes of one workflow while it is checked.
type flowCheck struct {
	v     *visit
	nodes map[string]*Node
	ids   []string
}

// target reports a node that does not exist (V-19).
func (c *flowCheck) target(place, id string) {
	if id != "" && id != Abnormal && c.nodes[id] == nil {
		c.v.fail(place, "V-19", suggest(id, c.ids), "未知节点 %q", id)
	}
}

// node checks the fields that a node of its type needs.
func (c *flowCheck) node(place string, n *Node) {
	if n.ID == Abnormal {
		c.v.fail(place+".id", "V-19", "换一个标识", "abnormal 是保留的节点名")
	}
	if n.Type == "end" {
		c.need(place, "outcome", n.Outcome == "")
		return
	}
	if !isNodeType(n.Type) {
		return // refused already; what it would need is unknown
	}
	c.need(place, "phase", n.Phase == "")
	if n.Title == "" {
		c.v.warn(place+".title", "V-48", "填写 title", "节点 %q 没有名称", n.ID)
	}
	switch n.Type {
	case "human":
		c.need(place, "assign", n.Assign == nil)
		c.need(place, "actions", len(n.Actions) == 0)
	case "auto":
		c.need(place, "effect", n.Effect == "")
		c.need(place, "events", len(n.Events) == 0)
	case "xor", "inclusive_split":
		c.guards(place, n)
	case "and_split":
		c.need(place, "join", n.Join == "")
		c.need(place, "branches", len(n.Branches) == 0 && n.Foreach == "")
		c.need(place, "subflow", n.Foreach != "" && n.Subflow == "")
	case "and_join", "inclusive_join":
		c.need(place, "of", n.Of == "")
		c.need(place, "to", n.To == "")
	case "wait", "payment":
		c.need(place, "events", len(n.Events) == 0)
	case "special":
		c.need(place, "special_procedure", n.SpecialProcedure == "")
		c.need(place, "events", len(n.Events) == 0)
	case "external":
		c.need(place, "connector", n.Connector == "")
		c.need(place, "maps", len(n.Maps) == 0)
	case "subcase":
		c.need(place, "matter", n.Matter == "")
	}
	if e := n.ClockEffect; e != nil && e.Statutory == "suspend" && (n.Limit == nil || n.Limit.Basis == "") {
		c.v.fail(place+".clock_effect.statutory", "V-31", "在 limit.basis 写明依据，或 statutory: run", "中止法定时限须有法定依据")
	}
	c.targets(place, n)
	c.events(place, n)
}

// isNodeType reports whether a word is one of the declared node types.
func isNodeType(word string) bool {
	info, _ := KindInfo("Workflow")
	return info.shape.field("nodes").shape.elem.field("type").allows(word)
}

func (c *flowCheck) need(place, field string, missing bool) {
	if missing {
		c.v.fail(place+"."+field, "V-13", "", "节点缺少 %q", field)
	}
}

// targets checks every arrow that leaves the node.
func (c *flowCheck) targets(place string, n *Node) {
	for _, arrow := range [][2]string{{"to", n.To}, {"join", n.Join}, {"of", n.Of}, {"skip_to", n.SkipTo}, {"on_exhausted", n.OnExhausted}} {
		c.target(place+"."+arrow[0], arrow[1])
	}
	for i, a := range n.Actions {
		c.target(at(place+".actions", i)+".to", a.To)
		if a.Effect == "refuse_acceptance" && a.Ground == "" {
			c.v.fail(at(place+".actions", i), "V-26", "填写 ground", "不予受理须写明理由种类")
		}
	}
	for i, b := range n.Branches {
		c.target(at(place+".branches", i)+".to", b.To)
	}
	for _, event := range sortedKeys(anyMap(n.Events)) {
		c.target(place+".events."+event, n.Events[event])
	}
	for _, message := range sortedKeys(anyMap(n.Maps)) {
		c.target(place+".maps."+message, n.Maps[message])
	}
	if n.Timeout != nil {
		c.target(place+".timeout.on_timeout.to", n.Timeout.OnTimeout.To)
	}
	if n.Assign == nil {
		return
	}
	if peer, ok := strings.CutPrefix(n.Assign.Strategy, "same_as("); ok {
		peer, closed := strings.CutSuffix(peer, ")")
		if c.target(place+".assign.strategy", peer); !closed || peer == "" {
			c.v.fail(place+".assign.strategy", "V-19", "写成 same_as(节点)", "分派方式有误")
		}
	}
}

// guards checks the branches of a gateway: conditions and exactly one else (V-22).
func (c *flowCheck) guards(place string, n *Node) {
	elses := 0
	for i, b := range n.Branches {
		switch {
		case b.Else && b.When != "":
			c.v.fail(at(place+".branches", i), "V-22", "", "when 与 else 只能写一个")
		case b.Else:
			elses++
		case b.When == "":
			c.v.fail(at(place+".branches", i), "V-22", "填写 when 或 else: true", "分支没有条件")
		}
		if guard := strings.TrimSpace(b.When); guard == "true" || guard == "false" {
			c.v.warn(at(place+".branches", i)+".when", "V-22", "", "分支条件恒为 %s", guard)
		}
	}
	if elses != 1 {
		c.v.fail(place, "V-22", "加入 {else: true, to: …}", "分支节点 %q 须有且只有一个 else", n.ID)
	}
}

// builtInEvents are the events each node type raises (domain part 3.3, rule 8); nil is open.
func builtInEvents(nodeType string) []string {
	switch nodeType {
	case "wait":
		return []string{"resubmitted", "supplied", "rectified", "expired"}
	case "payment":
		return []string{"paid", "overdue"}
	case "auto":
		return []string{"done", "failed"}
	}
	return nil
}

func (c *flowCheck) events(place string, n *Node) {
	known := builtInEvents(n.Type)
	for _, event := range sortedKeys(anyMap(n.Events)) {
		if known == nil || slices.Contains(known, event) || n.Type == "wait" && n.RecordBy != "" {
			continue
		}
		hint := suggest(event, known)
		if n.Type == "wait" && hint == "" {
			hint = "自定义事件须有 record_by"
		}
		c.v.fail(place+".events."+event, "V-19", hint, "%s 节点没有事件 %q", n.Type, event)
	}
}

// constraints checks separation pairs (V-27) and effects that must exist in the flow (V-30).
func (c *flowCheck) constraints(k *Constraints, effects map[string]bool) {
	for i, pair := range k.SeparationOfDuty {
		place := at("constraints.separation_of_duty", i)
		if len(pair) != 2 || len(pair) == 2 && pair[0] == pair[1] {
			c.v.fail(place, "V-27", "写成 [节点, 节点]", "职责分离须是两个不同的节点")
			continue
		}
		for j, id := range pair {
			if n := c.nodes[id]; n == nil || n.Type != "human" {
				c.v.fail(at(place, j), "V-27", suggest(id, c.ids), "%q 不是人工节点", id)
			}
		}
	}
	for i, effect := range k.DocumentBeforeAction {
		place := at("constraints.document_before_action", i)
		if !effects[effect] {
			c.v.fail(place, "V-30", "", "流程中没有效果 %q", effect)
			continue
		}
		for _, id := range c.ids {
			for j, a := range c.nodes[id].Actions {
				if a.Effect == effect && a.Document == "" && !optionalDocument(effect) {
					c.v.fail(fmt.Sprintf("nodes[id=%s].actions[%d]", id, j), "V-30", "填写 document", "操作 %q 须先有文书", a.ID)
				}
			}
		}
	}
}

// optionalDocument reports effects whose document another action of the flow carries.
func optionalDocument(effect string) bool { return effect == "bundle_conclude" }
