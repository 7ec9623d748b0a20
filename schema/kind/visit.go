package kind

import (
	"encoding/json"
	"fmt"
	"strings"

	"zhengtong/internal/problem"
)

// visit checks one resource and collects what is wrong, each at its place.
type visit struct {
	res      *Resource
	problems problem.List
	partial  bool // a patch: required fields may come from the parent
	pack     bool // a pack's resource: ${param.x} may stand for any scalar
	refused  int  // how many problems the strict check found before the kind's own
}

func newVisit(r *Resource) *visit { return &visit{res: r} }

// full reports that enough has been said of one resource: the rest of a list of half a
// million wrong words is not looked at, for finding the nearest right one takes its time.
func (v *visit) full() bool { return len(v.problems) >= maxFileRemarks }

// report adds a problem at a path; key points at the field's name instead of its value.
func (v *visit) report(severity problem.Severity, at Path, key bool, code, message, hint string) {
	if v.full() {
		return
	}
	p := problem.Problem{File: v.res.File, Path: at.display(), Code: code, Message: message, Hint: hint, Severity: severity}
	if key {
		p.Line, p.Column = v.res.keyPosition(p.Path)
	} else {
		p.Line, p.Column = v.res.Position(p.Path)
	}
	v.problems = append(v.problems, p)
}

// fail adds an error; the path is relative to the spec (`nodes[3].to`).
func (v *visit) fail(path, code, hint, format string, args ...any) {
	if !v.follows(path) {
		v.report(problem.SeverityError, v.specPath(path), false, code, fmt.Sprintf(format, args...), hint)
	}
}

// follows reports whether a remark on a place would only repeat what the strict check said there.
func (v *visit) follows(path string) bool {
	mine := v.specPath(path).display()
	for _, p := range v.problems[:v.refused] {
		if isWithin(mine, p.Path) || isWithin(p.Path, mine) {
			return true
		}
	}
	return false
}

// isWithin reports whether a shown path is another or a part of it; the spec as a whole holds nothing.
func isWithin(part, whole string) bool {
	rest, ok := strings.CutPrefix(part, whole)
	return ok && whole != "$" && whole != "$.spec" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

// warn adds a warning; the path is relative to the spec.
func (v *visit) warn(path, code, hint, format string, args ...any) {
	v.report(problem.SeverityWarning, v.specPath(path), false, code, fmt.Sprintf(format, args...), hint)
}

// specPath makes an absolute path of one relative to the spec; "" is the resource.
func (v *visit) specPath(path string) Path {
	if path == "" {
		return nil
	}
	parsed, err := ParsePath("spec." + path)
	if err != nil {
		return Path{{Name: "spec"}}
	}
	return parsed
}

// has reports whether the authored document holds a field of the spec.
func (v *visit) has(path string) bool {
	p, err := ParsePath(path)
	if err != nil {
		return false
	}
	value, ok := Lookup(v.res.Doc, p)
	return ok && value != nil
}

// envelope reads apiVersion, kind and metadata; false when the kind is unknown.
func (v *visit) envelope(doc map[string]any) bool {
	for _, name := range sortedKeys(doc) {
		switch name {
		case "apiVersion", "kind", "metadata", "spec":
		default:
			v.report(problem.SeverityError, Path{{Name: name}}, true, "V-01", fmt.Sprintf("未知字段 %q", name),
				suggest(name, []string{"apiVersion", "kind", "metadata", "spec"}))
		}
	}
	v.res.APIVersion, _ = doc["apiVersion"].(string)
	if v.res.APIVersion != APIVersion {
		v.report(problem.SeverityError, Path{{Name: "apiVersion"}}, false, "V-01", "apiVersion 应为 "+APIVersion, "")
	}
	v.res.Kind, _ = doc["kind"].(string)
	info, known := KindInfo(v.res.Kind)
	if !known {
		v.report(problem.SeverityError, Path{{Name: "kind"}}, false, "V-01", fmt.Sprintf("未知种类 %q", v.res.Kind), suggest(v.res.Kind, Names()))
		return false
	}
	v.metadata(doc["metadata"], info)
	return true
}

// metadata checks and binds the head.
func (v *visit) metadata(tree any, info Info) {
	at := Path{{Name: "metadata"}}
	sh := catalog().metadata
	if m, ok := tree.(map[string]any); ok {
		if _, titled := m["title"]; titled {
			v.report(problem.SeverityError, at.child("title"), true, "V-01", "metadata.title 由 spec.title 得出", "写在 spec.title")
			delete(m, "title")
		}
	}
	v.conform(sh, nil, tree, at)
	bind(sh, tree, valueOf(&v.res.Metadata))
	meta := &v.res.Metadata
	v.pack = meta.Pack != ""
	v.partial = meta.Extends != nil
	if meta.Extends != nil && !info.Inheritable {
		v.report(problem.SeverityError, at.child("extends"), false, "V-02", info.Name+" 只属于一个租户，不能继承", "删除 extends")
	}
	if meta.Extends != nil && meta.Extends.Tenant == meta.Tenant {
		v.report(problem.SeverityError, at.child("extends").child("tenant"), false, "V-51", "不能继承本租户的资源", "填写上级租户代码")
	}
	if e := meta.Effective; e != nil && e.From != "" && e.To != "" && e.To < e.From {
		v.report(problem.SeverityError, at.child("effective").child("to"), false, "V-02", "失效日期早于生效日期", "")
	}
	for i, lock := range meta.Locks {
		if err := CheckPath(info.Name, lock.Path); err != nil {
			v.report(problem.SeverityError, at.child("locks").at(i).child("path"), false, "V-06", err.Error(), "")
		}
	}
}

// spec checks, binds and validates the body.
func (v *visit) spec(tree any) {
	at := Path{{Name: "spec"}}
	doc, ok := tree.(map[string]any)
	if !ok {
		v.report(problem.SeverityError, at, false, "V-01", "spec 应为映射", "")
		return
	}
	v.res.Doc = doc
	info, _ := KindInfo(v.res.Kind)
	v.deletions(doc, at)
	v.conform(info.shape, nil, doc, at)
	if !v.problems.Has("V-50") { // a field of that form has said so
		v.secrets(doc, at, "")
	}
	v.bindSpec(info)
	if !v.partial {
		v.validate(info)
	}
}

// bindSpec fills Spec from the document with defaults.
func (v *visit) bindSpec(info Info) {
	full := withDefaults(info, v.res.Doc)
	spec := info.New()
	bind(info.shape, full, valueOf(spec))
	v.res.Spec = spec
}

// validate runs the kind's own checks. What they say about a value whose shape is
// already refused, or about a part of it or the whole around it, is left out.
func (v *visit) validate(info Info) {
	v.refused = len(v.problems)
	if v.pack && containsParameter(v.res.Doc) {
		return // checked after an Adoption has filled the parameters in
	}
	if s, ok := v.res.Spec.(interface{ validate(*visit) }); ok {
		s.validate(v)
	}
}

// containsParameter reports whether a tree holds a ${param.x}.
func containsParameter(tree any) bool {
	switch t := tree.(type) {
	case string:
		return strings.Contains(t, "${param.")
	case []any:
		for _, e := range t {
			if containsParameter(e) {
				return true
			}
		}
	case map[string]any:
		for _, e := range t {
			if containsParameter(e) {
				return true
			}
		}
	}
	return false
}

// scalarText is the text of a scalar as a key: numbers and booleans as written, "" for anything else.
func scalarText(value any) string {
	switch x := value.(type) {
	case string:
		return x
	case json.Number:
		return string(x)
	case bool:
		return fmt.Sprint(x)
	}
	return ""
}
