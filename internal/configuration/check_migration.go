package configuration

import (
	"fmt"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// checkMigrations holds the migrations that a change brings to the two versions that they
// name (V-56): the new one is what the matter becomes with the change, open cases are
// pinned to the old one, and their maps fit. One that is published already is history.
func (s *Set) checkMigrations(layers []*Layer, base Base) problem.List {
	published := map[string]string{}
	for _, l := range base.Layers {
		if l.Resource.Kind == "Migration" {
			published[l.key().String()] = l.Digest
		}
	}
	var problems problem.List
	for _, l := range layers {
		if l.Resource.Kind != "Migration" || published[l.key().String()] == l.Digest {
			continue
		}
		if found := s.resolve(l).found; found != nil {
			problems = append(problems, s.checkMigration(found, base)...)
		}
	}
	return problems
}

func (s *Set) checkMigration(f *Found, base Base) problem.List {
	spec := f.Resource.Spec.(*kind.Migration)
	tenant := f.Resource.Metadata.Tenant
	fail := func(path, hint, format string, args ...any) problem.List {
		return f.remark(problem.SeverityError, "$.spec."+path, "V-56", hint, format, args...)
	}
	if _, known := s.view(tenant).Find("Matter", spec.Matter); !known {
		return nil // V-03 has said so
	}
	if _, offered := s.view(tenant).Offer(spec.Matter); !offered {
		return fail("matter", "在实施该事项的租户中迁移", "本租户不实施事项 %q", spec.Matter)
	}
	now, _ := Compile(s.view(tenant), spec.Matter)
	if now == nil {
		return nil // its own problems have been reported
	}
	if version := now.Pins.Digest(); version != spec.To {
		return fail("to", "事项 "+spec.Matter+" 的现行版本是 "+version, "%s 不是事项 %q 的现行版本", spec.To, spec.Matter)
	}
	if base.Running == nil {
		return nil // offline nobody knows of cases
	}
	was, err := base.Running(tenant, spec.Matter, spec.From)
	if err != nil {
		return fail("from", "", "读取原版本失败：%v", err)
	}
	if was == nil {
		return fail("from", "用 zhengtong matter versions 查看在办件各按什么版本办理", "事项 %q 没有按 %s 办理的在办件", spec.Matter, spec.From)
	}
	var out problem.List
	for _, p := range (Maps{spec.Nodes, spec.Fields}).Check(was, now) {
		out = append(out, f.remark(p.Severity, "$.spec"+p.Path[1:], p.Code, p.Hint, "%s", p.Message)...)
	}
	return out
}

// Check says what is wrong with maps between two versions of a matter (V-56): a node or
// field that is not there, or whose counterpart is of another kind. It warns of what has
// no counterpart: the cases that stand there, or have it filled in, are not moved.
func (m Maps) Check(was, now *Matter) problem.List {
	var problems problem.List
	m.checkNodes(was, now, &problems)
	m.checkFields(was, now, &problems)
	return problems.Sorted()
}

func (m Maps) checkNodes(was, now *Matter, problems *problem.List) {
	passage := workflow.NewPassage(was.Net, now.Net, m.Nodes)
	for _, id := range sortedKeys(m.Nodes) {
		for _, p := range passage.Pair(id) {
			problems.Add("$.nodes."+id, "V-56", "%s", p.Message)
		}
	}
	if problems.HasErrors() {
		return
	}
	for _, n := range was.Net.Nodes() {
		if _, named := m.Nodes[n.ID]; named || n.Type == workflow.End || n.Type == workflow.Xor {
			continue // nobody waits there
		}
		for _, p := range passage.Pair(n.ID) {
			problems.Warn("$.nodes", "V-56", "%s；停在“%s”的办件不迁移", p.Message, n.Title)
		}
	}
	m.checkMarkings(was, passage, problems)
}

// maxMarkings bounds how many states of the old flow are tried at publication; each case is tried again when it is moved.
const maxMarkings = 2000

// checkMarkings warns of a state that the old flow can be in and from which the new one could not end.
func (m Maps) checkMarkings(was *Matter, passage *workflow.Passage, problems *problem.List) {
	was.Net.Markings(workflow.Bound{States: maxMarkings}, func(s workflow.State, way fmt.Stringer) bool {
		_, found := passage.Carry(s)
		for _, p := range found {
			if p.Code == workflow.ReasonUnsound || p.Code == workflow.ReasonOtherRegion {
				problems.Warn("$.nodes", "V-56", "走到 %s 的办件不迁移：%s", way, p.Message)
				return false
			}
		}
		return true
	})
}

func (m Maps) checkFields(was, now *Matter, problems *problem.List) {
	before, after := was.Form.Type().Fields, now.Form.Type().Fields
	taken := map[string]string{}
	for _, name := range sortedKeys(before) {
		to, named := m.Fields[name]
		if !named {
			to = name
		}
		if named && to == "" {
			continue
		}
		field, known := after[to]
		path, remark := "$.fields", problems.Warn
		if named {
			path, remark = "$.fields."+name, problems.Add
		}
		switch other, twice := taken[to]; {
		case !known:
			remark(path, "V-56", "新表单没有字段 %q", to)
		case twice:
			remark(path, "V-56", "%q 与 %q 都对应到 %q", other, name, to)
		case !agree(before[name].Type, field.Type):
			remark(path, "V-56", "字段 %q 是 %s，对应的 %q 是 %s", name, before[name].Type.Kind, to, field.Type.Kind)
		}
		taken[to] = name
	}
	for _, name := range sortedKeys(m.Fields) {
		if _, known := before[name]; !known {
			problems.Add("$.fields."+name, "V-56", "原表单没有字段 %q", name)
		}
	}
	for _, name := range sortedKeys(after) {
		if _, filled := taken[name]; !filled && !after[name].Optional && after[name].Default == nil {
			problems.Warn("$.fields", "V-56", "新表单必填的 %q 没有来源，办件都不能迁移", name)
		}
	}
}

// agree reports whether a value of one type can be one of the other. What a type says of
// the inside of records, and all rules, are asked of each case's own data.
func agree(was, now *expr.Type) bool {
	if was.Kind == expr.KindList && now.Kind == expr.KindList && was.Elem != nil && now.Elem != nil {
		return agree(was.Elem, now.Elem)
	}
	return was.Kind == now.Kind || was.Kind == expr.KindInt && now.Kind == expr.KindDecimal
}
