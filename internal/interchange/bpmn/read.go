package bpmn

import (
	"fmt"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

// The codes of remarks on a file.
const (
	CodeFile    = "bpmn_file"     // it cannot be read
	CodeRefused = "bpmn_unmapped" // an element that a Workflow cannot say
	CodeMissing = "bpmn_missing"  // a part that BPMN does not say and that is still to be written
)

// Read reads a BPMN file as the document of a Workflow. Problems carry line,
// column and, as their path, the id of the element. With an error among them there
// is no document; warnings of CodeMissing list what a draft still needs.
func Read(text []byte) (map[string]any, problem.List) {
	root, problems := parse(text)
	if root == nil {
		return nil, problems
	}
	r := &reader{nodes: map[string]*node{}, flows: map[string]*sequence{}}
	process := r.process(root)
	if process == nil {
		return nil, r.problems.Sorted()
	}
	doc := r.document(process)
	if r.problems.HasErrors() {
		return nil, r.problems.Sorted()
	}
	return doc, r.problems.Sorted()
}

// node is a flow node as it is read.
type node struct {
	at            *element
	id, kind      string         // of the Workflow; kind "" for one that is passed through
	tree          map[string]any // nil until it is made
	in, out       []*sequence
	timer         *element // boundary event
	startsSubflow string
}

// sequence is a sequence flow as it is read.
type sequence struct {
	at       *element
	from, to *node
	raised   *element // the boundary event that it leaves from
	used     bool
}

func (s *sequence) name() string { return strings.TrimSpace(s.at.attributes["name"]) }

// condition is the text of a flow's condition, to the letter.
func (s *sequence) condition() string {
	if c := s.at.child("conditionExpression"); c != nil {
		return c.text
	}
	return ""
}

type reader struct {
	nodes    map[string]*node // by id of the element
	order    []*node
	starts   []*node
	flows    map[string]*sequence
	all      []*sequence
	hosts    map[string]*element
	problems problem.List
	ids      map[string]bool
}

func (r *reader) remark(severity problem.Severity, at *element, code, hint, format string, args ...any) {
	path := at.id()
	if path == "" {
		path = at.name
	}
	r.problems = append(r.problems, problem.Problem{Line: at.line, Column: at.column, Path: path, Code: code, Hint: hint,
		Message: fmt.Sprintf(format, args...), Severity: severity})
}

func (r *reader) refuse(at *element, hint, format string, args ...any) {
	r.remark(problem.SeverityError, at, CodeRefused, hint, format, args...)
}

func (r *reader) missing(at *element, format string, args ...any) {
	r.remark(problem.SeverityWarning, at, CodeMissing, "", format, args...)
}

// process finds the one process of the file.
func (r *reader) process(root *element) *element {
	if root.space != modelSpace || root.name != "definitions" {
		r.remark(problem.SeverityError, root, CodeFile, "根元素应为 BPMN 2.0 的 definitions", "不是 BPMN 2.0 文件")
		return nil
	}
	var found *element
	for _, c := range root.children {
		if c.space != modelSpace {
			continue
		}
		switch c.name {
		case "process":
			if found != nil {
				r.refuse(c, "每个流程存为一个文件", "文件中有不止一个流程")
				return nil
			}
			found = c
		case "collaboration":
			for _, part := range c.children {
				if part.name == "messageFlow" {
					r.refuse(part, "改用 external 或 wait 环节", "泳池之间的消息流没有对应的写法")
				}
			}
		}
	}
	if found == nil {
		r.remark(problem.SeverityError, root, CodeFile, "", "文件中没有流程（process）")
	}
	return found
}

// ignored are elements that only explain.
var ignored = []string{"extensionElements", "documentation", "laneSet", "textAnnotation", "association", "group", "category", "dataObject", "dataObjectReference",
	"dataStoreReference", "ioSpecification", "property", "auditing", "monitoring"}

// flowNodes are the elements that become nodes, or are refused with a hint of their own.
var flowNodes = []string{"startEvent", "endEvent", "task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "exclusiveGateway", "parallelGateway",
	"inclusiveGateway", "intermediateCatchEvent", "callActivity"}

// refused are elements that have no place in a Workflow, with what to draw instead.
var refused = map[string]string{
	"scriptTask": "流程不执行脚本；改用服务任务", "businessRuleTask": "规则写在分支条件里", "eventBasedGateway": "改用接收任务加定时边界事件",
	"complexGateway": "改用排他、并行或包容网关", "subProcess": "把环节展开到主流程，或建成联办（Bundle）", "adHocSubProcess": "把环节展开", "transaction": "把环节展开",
	"intermediateThrowEvent": "改用服务任务", "choreographyTask": "", "subChoreography": "",
}

// document makes the Workflow of a process.
func (r *reader) document(process *element) map[string]any {
	doc := map[string]any{}
	own := process.extension("workflow")
	if own != nil {
		tree, err := readJSON(own.text)
		if err != nil {
			r.refuse(own, "", "扩展元素不是合法的 JSON：%v", err)
			return nil
		}
		doc = tree
	}
	if title := process.attributes["name"]; title != "" {
		doc["title"] = title
	} else if doc["title"] == nil {
		r.missing(process, "流程没有名称（title）")
	}
	r.gather(process)
	r.connect(process)
	r.shapes()
	if r.problems.HasErrors() {
		return nil
	}
	r.begin(doc)
	var nodes []any
	for _, n := range r.order {
		if n.kind == "" || n.kind == abnormal {
			continue
		}
		n.tree["id"], n.tree["type"] = n.id, n.kind
		if title := n.at.attributes["name"]; title != "" {
			n.tree["title"] = title
		}
		r.complete(n)
		nodes = append(nodes, n.tree)
	}
	doc["nodes"] = nodes
	return doc
}

// gather reads the flow nodes.
func (r *reader) gather(process *element) {
	r.ids = map[string]bool{}
	for _, c := range process.children {
		switch {
		case c.space != modelSpace, slices.Contains(ignored, c.name), c.name == "sequenceFlow", c.name == "boundaryEvent":
			continue
		case !slices.Contains(flowNodes, c.name):
			hint, known := refused[c.name]
			if !known {
				hint = ""
			}
			r.refuse(c, hint, "元素 %s 没有对应的写法", c.name)
			continue
		case c.id() == "" || r.nodes[c.id()] != nil:
			r.refuse(c, "", "元素 %s 没有标识，或标识重复", c.name)
			continue
		}
		n := &node{at: c, tree: map[string]any{}}
		r.nodes[c.id()] = n
		r.order = append(r.order, n)
		r.identify(n)
	}
}

// identify says which node of a Workflow an element is.
func (r *reader) identify(n *node) {
	if n.at.name == "startEvent" {
		r.starts = append(r.starts, n)
		n.kind = ""
		if own := n.at.extension("subflow"); own != nil {
			tree, _ := readJSON(own.text) // a broken one has no name
			n.startsSubflow, _ = tree["name"].(string)
		}
		r.definitions(n.at, "messageEventDefinition")
		return
	}
	if n.at.extension("abnormal") != nil {
		n.kind = abnormal
		return
	}
	own := n.at.extension("node")
	if own == nil {
		n.id = r.unique(xmlID(n.at.id()))
		r.foreign(n)
		return
	}
	n.id, n.kind = own.attributes["id"], own.attributes["type"]
	tree, err := readJSON(own.text)
	if err != nil || elementOf[n.kind] == "" || n.id == "" {
		r.refuse(own, "", "扩展元素 zt:node 不完整，或不是合法的 JSON")
		return
	}
	if r.ids[n.id] {
		r.refuse(n.at, "复制的环节请改 zt:node 的 id", "环节标识 %q 重复", n.id)
		return
	}
	r.ids[n.id] = true
	n.tree = tree
}

// unique keeps the ids of nodes apart.
func (r *reader) unique(wish string) string {
	id := wish
	for i := 2; r.ids[id] || id == abnormal; i++ {
		id = fmt.Sprintf("%s_%d", wish, i)
	}
	r.ids[id] = true
	return id
}

// xmlID is an id of ours for an element's.
func xmlID(id string) string {
	id = notXML.ReplaceAllString(id, "_")
	return id[:min(len(id), 60)]
}

// definitions refuses event definitions other than those allowed.
func (r *reader) definitions(at *element, allowed ...string) {
	for _, c := range at.children {
		if c.space == modelSpace && strings.HasSuffix(c.name, "EventDefinition") && !slices.Contains(allowed, c.name) {
			r.refuse(at, "", "%s 的 %s 没有对应的写法", at.name, c.name)
		}
	}
}

// connect reads boundary events and sequence flows.
func (r *reader) connect(process *element) {
	r.hosts = map[string]*element{}
	for _, c := range process.children {
		if c.space == modelSpace && c.name == "boundaryEvent" {
			r.boundary(c)
		}
	}
	for _, c := range process.children {
		if c.space != modelSpace || c.name != "sequenceFlow" {
			continue
		}
		s := &sequence{at: c, to: r.nodes[c.attributes["targetRef"]]}
		source := c.attributes["sourceRef"]
		if timer := r.hosts[source]; timer != nil {
			s.raised = timer
			source = timer.attributes["attachedToRef"]
		}
		s.from = r.nodes[source]
		if s.from == nil || s.to == nil || c.id() == "" || r.flows[c.id()] != nil {
			if !r.problems.HasErrors() { // else it hangs on something that is refused already
				r.refuse(c, "", "连线没有标识，或两端不全")
			}
			continue
		}
		r.flows[c.id()] = s
		r.all = append(r.all, s)
		s.from.out, s.to.in = append(s.from.out, s), append(s.to.in, s)
	}
}

// boundary takes a timer at the edge of an activity.
func (r *reader) boundary(c *element) {
	host := r.nodes[c.attributes["attachedToRef"]]
	timer := c.child("timerEventDefinition")
	switch {
	case timer == nil:
		r.refuse(c, "", "只支持定时边界事件")
	case c.attributes["cancelActivity"] == "false":
		r.refuse(c, "环节时限写在环节的 limit", "不支持不中断的边界事件")
	case host == nil || c.id() == "" || host.timer != nil:
		r.refuse(c, "", "定时边界事件没有附在环节上，或一个环节有两个")
	case host.kind != "wait" && host.kind != "payment":
		r.refuse(c, "人工环节的时限写在 limit，逾期由监察规则处理；等待改用接收任务", "定时边界事件只能附在接收任务上")
	default:
		host.timer = c
		r.hosts[c.id()] = c
		r.duration(host, timer, c)
	}
}

// duration takes the limit of a waiting node from its timer; the unit is ours when the file has it.
func (r *reader) duration(n *node, definition, at *element) {
	d := definition.child("timeDuration")
	if d == nil {
		r.refuse(at, "", "定时器须用 timeDuration")
		return
	}
	count, unit, ok := parseDuration(d.text)
	if !ok {
		r.refuse(at, "如 P10D、PT4H", "时长 %q 不是单一单位的 ISO 8601 时长", strings.TrimSpace(d.text))
		return
	}
	limit, _ := n.tree["limit"].(map[string]any)
	if limit == nil {
		limit = map[string]any{}
		n.tree["limit"] = limit
	}
	if own := at.extension("timer"); own != nil {
		if tree, err := readJSON(own.text); err == nil && tree["unit"] == "workday" && unit == "day" {
			unit = "workday"
		}
	}
	limit["n"], limit["unit"] = count, unit
}

// follow is the node that a flow leads to, past gateways that only bring ways together.
func (r *reader) follow(s *sequence) string {
	s.used = true
	to := s.to
	for range len(r.order) {
		if to.kind != "" {
			break
		}
		if len(to.out) != 1 {
			r.refuse(to.at, "", "网关应有一条出线")
			return ""
		}
		to.out[0].used = true
		to = to.out[0].to
	}
	if to.kind == abnormal {
		return abnormal
	}
	if to.kind == "" {
		r.refuse(to.at, "", "网关连成了圈")
	}
	return to.id
}
