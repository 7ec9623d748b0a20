package bpmn

import (
	"encoding/json"
)

// foreign says what a node of another tool is to be.
func (r *reader) foreign(n *node) {
	switch n.at.name {
	case "task", "userTask", "manualTask":
		n.kind = "human"
	case "serviceTask", "sendTask":
		n.kind = "auto"
	case "receiveTask":
		n.kind = "wait"
	case "intermediateCatchEvent":
		n.kind = "wait"
		r.definitions(n.at, "messageEventDefinition", "signalEventDefinition", "timerEventDefinition", "conditionalEventDefinition")
		if timer := n.at.child("timerEventDefinition"); timer != nil {
			r.duration(n, timer, n.at)
		}
	case "exclusiveGateway", "parallelGateway", "inclusiveGateway":
		n.kind = "gateway" // told by its flows, see draft and shape
	case "endEvent":
		n.kind = "end"
		r.definitions(n.at, "terminateEventDefinition", "messageEventDefinition")
	case "callActivity":
		r.refuse(n.at, "特别程序用 special，子办件用 subcase，写成 zt:node", "调用活动没有说明调用什么")
	}
	if loop := n.at.child("multiInstanceLoopCharacteristics"); loop != nil {
		r.refuse(n.at, "按成员循环用联办（foreach: members）", "多实例活动没有对应的写法")
	}
	if loop := n.at.child("standardLoopCharacteristics"); loop != nil {
		r.refuse(n.at, "画成带次数上限的退回连线", "循环活动没有对应的写法")
	}
}

// shape says what a gateway of another tool is: a split, a join, or only where ways meet.
func (r *reader) shape(n *node) {
	split, join := len(n.out) > 1, len(n.in) > 1
	switch {
	case split && join && n.at.name != "exclusiveGateway":
		r.refuse(n.at, "画成两个网关", "网关同时汇合又分支")
	case split:
		n.kind = map[string]string{"exclusiveGateway": "xor", "parallelGateway": "and_split", "inclusiveGateway": "inclusive_split"}[n.at.name]
	case join && n.at.name != "exclusiveGateway":
		n.kind = map[string]string{"parallelGateway": "and_join", "inclusiveGateway": "inclusive_join"}[n.at.name]
	default:
		n.kind = ""
	}
}

// shapes settles all gateways before anything is followed.
func (r *reader) shapes() {
	for _, n := range r.order {
		if n.kind == "gateway" {
			r.shape(n)
		}
	}
}

// draft fills a node of another tool as far as its drawing goes and lists what is missing.
func (r *reader) draft(n *node) {
	if n.kind != "end" {
		r.missing(n.at, "环节 %q 没有阶段（phase）", n.id)
	}
	switch n.kind {
	case "human":
		r.missing(n.at, "环节 %q 没有办理人（assign：department、role、strategy）", n.id)
		for _, s := range n.out {
			n.tree["actions"] = append(list(n.tree["actions"]), r.action(n, s))
		}
		r.missing(n.at, "环节 %q 的操作没有效果和文书（effect、document）", n.id)
	case "auto":
		r.missing(n.at, "环节 %q 没有效果（effect）", n.id)
		r.only(n)
	case "wait":
		r.wait(n)
	case "xor":
		for _, s := range n.out {
			n.tree["branches"] = append(list(n.tree["branches"]), r.branch(n, s))
		}
	case "and_split", "inclusive_split":
		for _, s := range n.out {
			if n.kind == "and_split" {
				n.tree["branches"] = append(list(n.tree["branches"]), any(r.follow(s)))
				continue
			}
			n.tree["branches"] = append(list(n.tree["branches"]), r.branch(n, s))
		}
		r.pair(n)
	case "and_join", "inclusive_join":
		r.only(n)
	case "end":
		r.missing(n.at, "结束环节 %q 没有结果（outcome）", n.id)
	}
}

// only takes the one way out of a node.
func (r *reader) only(n *node) {
	if len(n.out) != 1 {
		r.refuse(n.at, "", "环节 %q 应有一条出线", n.id)
		return
	}
	n.tree["to"] = r.follow(n.out[0])
}

// wait makes events of the ways out of a waiting node: the timer's is expired, the others are named after their flows.
func (r *reader) wait(n *node) {
	events := map[string]any{}
	for _, s := range n.out {
		event := xmlID(s.name())
		switch {
		case s.raised != nil || n.at.child("timerEventDefinition") != nil:
			event = "expired"
		case s.name() == "" || notXML.MatchString(s.name()):
			event = xmlID(s.at.id())
			r.missing(s.at, "等待环节 %q 的事件没有名称（resubmitted、supplied、rectified 或登记的事件）", n.id)
		}
		if events[event] != nil {
			r.refuse(s.at, "", "环节 %q 有两个事件 %q", n.id, event)
		}
		events[event] = r.follow(s)
	}
	n.tree["events"] = events
	if limit, ok := n.tree["limit"].(map[string]any); ok {
		if _, whole := limit["n"].(json.Number); whole && limit["holder"] == nil {
			r.missing(n.at, "等待环节 %q 没有说明是谁的时限（holder）", n.id)
		}
	}
}

// pair finds the join of a split: the one join of its kind that every branch comes to.
func (r *reader) pair(n *node) {
	joinKind := map[string]string{"and_split": "and_join", "inclusive_split": "inclusive_join"}[n.kind]
	var found []*node
	for _, candidate := range r.order {
		if candidate.kind != joinKind || candidate.tree["of"] != nil {
			continue
		}
		all := true
		for _, s := range n.out {
			all = all && (s.to == candidate || r.reachable(s.to)[candidate])
		}
		if all {
			found = append(found, candidate)
		}
	}
	if len(found) != 1 {
		r.missing(n.at, "并行环节 %q 没有找到对应的汇合（join）", n.id)
		return
	}
	n.tree["join"] = found[0].id
	found[0].tree["of"] = n.id
}
