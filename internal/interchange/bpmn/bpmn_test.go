package bpmn_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/interchange/bpmn"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

type fataler interface {
	Helper()
	Fatalf(string, ...any)
}

// there writes a document and reads it back: nothing may change, not even the file.
func there(t fataler, name string, doc map[string]any) []byte {
	t.Helper()
	before := kind.Canonical(doc)
	text, err := bpmn.Write(name, doc)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	again, problems := bpmn.Read(text)
	if len(problems) > 0 {
		t.Fatalf("%s:\n%s\n%s", name, problems, text)
	}
	if got := kind.Canonical(again); !bytes.Equal(before, got) {
		t.Fatalf("%s was\n%s\nis\n%s\nfrom\n%s", name, before, got, text)
	}
	if second, err := bpmn.Write(name, again); err != nil || !bytes.Equal(text, second) {
		t.Fatalf("%s is written in two ways: %v", name, err)
	}
	if !bytes.Equal(before, kind.Canonical(doc)) {
		t.Fatalf("%s: writing changed the document", name)
	}
	return text
}

// workflows are all shipped ones and the example.
func workflows(t testing.TB) []*kind.Resource {
	t.Helper()
	resources, problems, err := kind.ReadFS(tenants.FS(), ".")
	if err != nil || problems.HasErrors() {
		t.Fatal(err, problems)
	}
	example, _ := kind.ReadFiles([]kind.File{{Path: "w.yaml", Content: kind.Example("Workflow")}})
	var out []*kind.Resource
	for _, r := range append(resources, example...) {
		if r.Kind == "Workflow" {
			out = append(out, r)
		}
	}
	if len(out) < 6 {
		t.Fatalf("only %d workflows", len(out))
	}
	return out
}

// TestEveryWorkflowComesBack draws every shipped workflow and reads the drawing: the document is identical, and each
// element has a shape and each flow a line for other tools to show.
func TestEveryWorkflowComesBack(t *testing.T) {
	for _, r := range workflows(t) {
		text := there(t, r.Metadata.Name, r.Doc)
		var file struct {
			Process struct {
				Flows []struct {
					ID string `xml:"id,attr"`
				} `xml:"sequenceFlow"`
				Inner string `xml:",innerxml"`
			} `xml:"process"`
			Shapes []struct {
				Element string `xml:"bpmnElement,attr"`
			} `xml:"BPMNDiagram>BPMNPlane>BPMNShape"`
			Edges []struct {
				Element string `xml:"bpmnElement,attr"`
			} `xml:"BPMNDiagram>BPMNPlane>BPMNEdge"`
		}
		if err := xml.Unmarshal(text, &file); err != nil {
			t.Fatal(err)
		}
		nodes, _ := r.Doc["nodes"].([]any)
		if len(file.Shapes) <= len(nodes) || len(file.Edges) != len(file.Process.Flows) || len(file.Edges) < len(nodes)-1 {
			t.Errorf("%s: %d nodes, %d shapes, %d flows, %d edges", r.Metadata.Name, len(nodes), len(file.Shapes), len(file.Process.Flows), len(file.Edges))
		}
	}
}

// TestAnyWorkflowComesBack does the same with random nets: every type of node, ways of every kind, odd ids and texts.
func TestAnyWorkflowComesBack(t *testing.T) {
	types := []string{"human", "auto", "xor", "and_split", "and_join", "inclusive_split", "inclusive_join", "wait", "payment", "special", "subcase", "external", "end"}
	text := rapid.SampledFrom([]string{"甲", "a < b && c != \"d\"", "form.x > 3 ", "周𠮷", "两\n行", "]]>", "&amp;", "flow"})
	rapid.Check(t, func(t *rapid.T) {
		ids := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9_-]{1,6}`), 1, 8, rapid.ID).Draw(t, "ids")
		to := rapid.SampledFrom(append(ids, "abnormal"))
		var nodes []any
		for i, id := range ids {
			n := map[string]any{"id": id, "type": rapid.SampledFrom(types).Draw(t, "type"), "x": map[string]any{"deep": []any{json.Number("1.50"), nil, true}}}
			if rapid.Bool().Draw(t, "titled") {
				n["title"] = text.Draw(t, "title")
			}
			for range rapid.IntRange(0, 2).Draw(t, "actions") {
				actions, _ := n["actions"].([]any)
				action := map[string]any{"id": fmt.Sprint("a", len(actions)), "title": text.Draw(t, "action"), "to": to.Draw(t, "to")}
				if rapid.Bool().Draw(t, "when") {
					action["when"] = text.Draw(t, "condition")
				}
				n["actions"] = append(actions, action)
			}
			switch rapid.IntRange(0, 4).Draw(t, "way") {
			case 0:
				n["branches"] = []any{map[string]any{"when": text.Draw(t, "if"), "to": to.Draw(t, "b")}, to.Draw(t, "short"), map[string]any{"else": true, "to": to.Draw(t, "e")}}
			case 1:
				n["limit"] = map[string]any{"n": json.Number(fmt.Sprint(rapid.IntRange(0, 99).Draw(t, "n"))), "unit": rapid.SampledFrom([]string{"hour", "workday", "day", "month", "year"}).Draw(t, "unit")}
				n["events"] = map[string]any{"expired": to.Draw(t, "late"), "other": to.Draw(t, "o"), "overdue": to.Draw(t, "od")}
			case 2:
				n["to"], n["skip_to"], n["on_exhausted"], n["maps"] = to.Draw(t, "n"), to.Draw(t, "s"), to.Draw(t, "x"), map[string]any{"m": to.Draw(t, "m")}
			case 3:
				n["foreach"], n["subflow"], n["join"] = "members", "f", ids[i]
				n["timeout"] = map[string]any{"n": json.Number("3"), "unit": "day", "on_timeout": map[string]any{"to": to.Draw(t, "t")}}
			}
			nodes = append(nodes, n)
		}
		doc := map[string]any{"title": "流程", "nodes": nodes, "constraints": map[string]any{"exclude_related_staff": true}}
		if rapid.Bool().Draw(t, "subflows") {
			doc["subflows"] = map[string]any{"f": map[string]any{"start": ids[0], "ends": []any{"e"}}, "g": map[string]any{"start": ids[len(ids)-1]}}
		} else {
			doc["start"] = ids[0]
		}
		there(t, "random", doc)
	})
}

// TestForeignFileBecomesADraft reads a file as modellers emit it: what is drawn is there, what BPMN does not say is listed
// with the element's id and line.
func TestForeignFileBecomesADraft(t *testing.T) {
	text, err := os.ReadFile("testdata/leave.bpmn")
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := bpmn.Read(text)
	if problems.HasErrors() || doc["title"] != "户外广告设置审批" {
		t.Fatalf("%v\n%s", doc["title"], problems)
	}
	want, err := os.ReadFile("testdata/leave.want.yaml")
	if err != nil {
		t.Fatal(err)
	}
	head := "apiVersion: zhengtong/v1\nkind: Workflow\nmetadata: {tenant: \"450721\", name: leave}\nspec:\n  title: 户外广告设置审批\n"
	wanted, _ := kind.ReadFiles([]kind.File{{Path: "w.yaml", Content: []byte(head + "  " + strings.ReplaceAll(strings.TrimSpace(string(want)), "\n", "\n  ") + "\n")}})
	if len(wanted) != 1 || !bytes.Equal(kind.Canonical(wanted[0].Doc), kind.Canonical(doc)) {
		t.Errorf("%s", (&kind.Resource{Kind: "Workflow", Doc: doc}).YAML())
	}
	for _, missing := range []string{"Activity_receive: warning: 环节 \"Activity_receive\" 没有办理人", "Activity_issue: warning: 环节 \"Activity_issue\" 没有效果", "Event_end: warning: 结束环节 \"Event_end\" 没有结果",
		"Flow_11: warning: 条件须改写为 CEL：${approved}", "Activity_wait: warning: 等待环节 \"Activity_wait\" 没有说明是谁的时限", "Activity_plan: warning: 环节 \"Activity_plan\" 没有阶段"} {
		if !strings.Contains(problems.String(), missing) {
			t.Errorf("the list lacks %q:\n%s", missing, problems)
		}
	}
	for _, p := range problems {
		if p.Line < 8 || p.Column < 1 || p.Code != bpmn.CodeMissing {
			t.Errorf("%+v", p)
		}
	}
}

// TestRefusals: what a Workflow cannot say, and what is not a plain file of BPMN, is refused at its element and line.
func TestRefusals(t *testing.T) {
	const head = `<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">` + "\n"
	process := func(inner string) string {
		return head + `<process id="p" name="x"><startEvent id="s"/>` + "\n" + inner + "\n</process></definitions>"
	}
	for _, c := range []struct {
		text, path, says string
		line             int
	}{
		{process(`<scriptTask id="t1"/>`), "t1", "scriptTask", 3},
		{process(`<subProcess id="t2"/>`), "t2", "subProcess", 3},
		{process("\n<eventBasedGateway id='t3'/>"), "t3", "eventBasedGateway", 4},
		{process(`<complexGateway id="t4"/>`), "t4", "complexGateway", 3},
		{process(`<businessRuleTask id="t5"/>`), "t5", "businessRuleTask", 3},
		{process(`<somethingNew id="t6"/>`), "t6", "somethingNew", 3},
		{process(`<callActivity id="t7"/>`), "t7", "调用", 3},
		{process(`<userTask id="t8"><multiInstanceLoopCharacteristics/></userTask>`), "t8", "多实例", 3},
		{process(`<endEvent id="t9"><errorEventDefinition/></endEvent>`), "t9", "errorEventDefinition", 3},
		{process(`<userTask id="u"/><boundaryEvent id="b1" attachedToRef="u"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></boundaryEvent>`), "b1", "接收任务", 3},
		{process(`<receiveTask id="u"/><boundaryEvent id="b2" attachedToRef="u"><timerEventDefinition><timeDuration>P1DT2H</timeDuration></timerEventDefinition></boundaryEvent>`), "b2", "单一单位", 3},
		{process(`<receiveTask id="u"/><boundaryEvent id="b3" attachedToRef="u" cancelActivity="false"><timerEventDefinition/></boundaryEvent>`), "b3", "不中断", 3},
		{process(`<userTask id="u"/><boundaryEvent id="b4" attachedToRef="u"><errorEventDefinition/></boundaryEvent>`), "b4", "定时", 3},
		{process(`<userTask id="u"/><sequenceFlow id="f" sourceRef="u" targetRef="nowhere"/>`), "f", "两端", 3},
		{process(`<userTask id="u"/><userTask id="u"/>`), "u", "重复", 3},
		{head + `<process id="a"/><process id="b"/></definitions>`, "b", "不止一个", 2},
		{head + `<collaboration><messageFlow id="m"/></collaboration><process id="a"/></definitions>`, "m", "消息流", 2},
		{`<definitions/>`, "definitions", "BPMN", 1},
		{"<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a>&b;</a>", "$", "DTD", 1},
		{head + "<process>&unknown;</process></definitions>", "$", "XML", 2},
		{head + "<process>", "$", "XML", 2},
		{`<?xml version="1.0" encoding="GBK"?><a/>`, "$", "XML", 1},
		{"", "$", "没有内容", 1},
		{strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100), "$", "嵌套", 1},
		{"<a>" + strings.Repeat("<b/>", bpmn.MaxElements+1) + "</a>", "$", "元素超过", 1},
		{strings.Repeat(" ", bpmn.MaxBytes+1), "$", "超过", 1},
	} {
		doc, problems := bpmn.Read([]byte(c.text))
		found := false
		for _, p := range problems {
			found = found || p.Path == c.path && p.Line == c.line && strings.Contains(p.Message, c.says) && p.Severity == problem.SeverityError
		}
		if doc != nil || !found {
			t.Errorf("%.120q: wants %s at line %d saying %q, found\n%s", c.text, c.path, c.line, c.says, problems)
		}
	}
}

// TestEditedDrawing: what was changed in another tool counts — names, conditions, ways, durations; a flow that was
// removed is asked about, one that was added becomes an action.
func TestEditedDrawing(t *testing.T) {
	doc := map[string]any{"title": "t", "start": "a", "nodes": []any{
		map[string]any{"id": "a", "type": "human", "title": "甲", "actions": []any{map[string]any{"id": "go", "title": "走", "to": "w"}}},
		map[string]any{"id": "w", "type": "wait", "limit": map[string]any{"n": json.Number("10"), "unit": "workday"}, "events": map[string]any{"expired": "e", "done": "e"}},
		map[string]any{"id": "e", "type": "end", "outcome": "granted"}}}
	written := string(there(t, "t", doc))
	edit := func(old, replacement string) (map[string]any, problem.List) {
		if !strings.Contains(written, old) {
			t.Fatalf("no %s in\n%s", old, written)
		}
		return bpmn.Read([]byte(strings.Replace(written, old, replacement, 1)))
	}
	changed, _ := edit("P10D", "P7D")
	if got := changed["nodes"].([]any)[1].(map[string]any)["limit"].(map[string]any); got["n"] != json.Number("7") || got["unit"] != "workday" {
		t.Errorf("the limit is %v", got)
	}
	changed, _ = edit(`name="甲"`, `name="乙"`)
	if got := changed["nodes"].([]any)[0].(map[string]any)["title"]; got != "乙" {
		t.Errorf("the title is %v", got)
	}
	changed, _ = edit(`targetRef="w"`, `targetRef="e"`)
	if got := changed["nodes"].([]any)[0].(map[string]any)["actions"].([]any)[0].(map[string]any)["to"]; got != "e" {
		t.Errorf("the way leads to %v", got)
	}
	changed, problems := edit("</bpmn:process>", `<bpmn:sequenceFlow id="new" name="退回" sourceRef="a" targetRef="e"/></bpmn:process>`)
	if got := fmt.Sprint(changed["nodes"].([]any)[0].(map[string]any)["actions"]); !strings.Contains(got, "map[id:new title:退回 to:e]") {
		t.Errorf("the actions are %s\n%s", got, problems)
	}
	if changed, problems = edit(`id="flow_a_1" sourceRef="a"`, `id="flow_other" sourceRef="a"`); changed != nil || !strings.Contains(problems.String(), "flow_a_1 已删除") {
		t.Errorf("a removed flow:\n%s", problems)
	}
	if changed, problems = edit(`id="e" type="end"`, `id="a" type="end"`); changed != nil || !strings.Contains(problems.String(), "重复") {
		t.Errorf("a copied node:\n%s", problems)
	}
}

// FuzzRead: whatever is read, reading returns; what it reads without an error can be drawn and read again.
func FuzzRead(f *testing.F) {
	for _, r := range workflows(f) {
		text, err := bpmn.Write(r.Metadata.Name, r.Doc)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	foreign, err := os.ReadFile("testdata/leave.bpmn")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(foreign)
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, problems := bpmn.Read(text)
		if (doc == nil) != problems.HasErrors() {
			t.Fatalf("a document and errors, or neither:\n%s", problems)
		}
		for _, p := range problems {
			if p.Line < 1 || p.Column < 1 || p.Path == "" || p.Code == "" || p.Message == "" {
				t.Fatalf("a remark without place: %+v", p)
			}
		}
		if doc == nil {
			return
		}
		if again, err := bpmn.Write("fuzz", doc); err == nil {
			if _, problems := bpmn.Read(again); problems.HasErrors() {
				t.Fatalf("read, written, refused:\n%s", problems)
			}
		}
	})
}
