package configuration

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// parameter finds `${param.x}` in a text.
var parameter = regexp.MustCompile(`\$\{param\.([a-z][a-z0-9_]*)\}`)

// install makes the resources of packs that Adoptions ask for into layers of the
// adopting tenants, with parameters put in as text. They are published and pinned as
// if the tenant had written them.
func (s *Set) install() {
	for _, tenant := range sortedKeys(s.byKind) {
		for _, adoption := range s.byKind[tenant]["Adoption"] {
			if adoption.broken {
				continue
			}
			whole, problems := adoption.Resource.Complete()
			spec, ok := whole.Spec.(*kind.Adoption)
			if !ok || problems.HasErrors() || spec.From.Pack == nil {
				continue
			}
			s.installPack(adoption, spec)
		}
	}
}

func (s *Set) installPack(adoption *Layer, spec *kind.Adoption) {
	from := spec.From.Pack
	pack, ok := s.layers[Key{from.Tenant, "Pack", from.Name}]
	if !ok || pack.broken {
		return // reported by linking
	}
	whole, _ := pack.Resource.Complete()
	declared, ok := whole.Spec.(*kind.Pack)
	if !ok {
		return
	}
	values := s.parameters(adoption, spec, declared)
	for _, l := range s.packs[from.Tenant+"/"+from.Name] {
		installed := *l.Resource
		installed.Metadata.Tenant = adoption.Resource.Metadata.Tenant
		installed.Metadata.Labels = map[string]string{installedLabel: adoption.Resource.Metadata.Name}
		for key, value := range l.Resource.Metadata.Labels {
			installed.Metadata.Labels[key] = value
		}
		installed.Doc, _ = substitute(l.Resource.Doc, values).(map[string]any)
		installed.Node = nil // positions are those of the pack's own file
		layer := newLayer(&installed, l.Layouts, l.Assets)
		layer.broken = l.broken
		s.add(layer)
	}
}

// parameters are an Adoption's values by name, defaults filled in; a missing, unknown or unfitting one is V-55, a role or
// department that the tenant does not have V-05.
func (s *Set) parameters(adoption *Layer, spec *kind.Adoption, pack *kind.Pack) map[string]any {
	values := map[string]any{}
	report := func(path, code, format string, args ...any) {
		var list problem.List
		list.Add(path, code, format, args...)
		s.problems = append(s.problems, adoption.Resource.Locate(list)...)
	}
	for _, name := range sortedKeys(spec.With) {
		if _, known := pack.Parameters[name]; !known {
			report("$.spec.with."+name, "V-55", "配置包没有参数 %q", name)
		}
	}
	for _, name := range sortedKeys(pack.Parameters) {
		p := pack.Parameters[name]
		value, given := spec.With[name]
		if !given {
			value = p.Default
		}
		switch {
		case value == nil && p.Required:
			report("$.spec.with", "V-55", "缺少参数 %q", name)
		case value != nil && !fits(p.Type, value):
			report("$.spec.with."+name, "V-55", "参数 %q 应为 %s", name, p.Type)
		case value != nil:
			values[name] = value
			s.existing(adoption, name, p.Type, value, report)
		}
	}
	return values
}

// existing checks that a value of a type that names a resource does so in the adopting tenant.
func (s *Set) existing(adoption *Layer, name, typ string, value any, report func(path, code, format string, args ...any)) {
	kindName := map[string]string{"department": "Department", "role": "Role", "hall": "Hall", "seal": "SealPolicy"}[typ]
	text, _ := value.(string)
	if kindName == "" {
		return
	}
	if _, ok := s.nearest(adoption.Resource.Metadata.Tenant, kindName, text); !ok {
		report("$.spec.with."+name, "V-05", "本租户没有 %s %q", kindName, text)
	}
}

func fits(typ string, value any) bool {
	switch v := value.(type) {
	case string:
		return typ != "int"
	case json.Number:
		return typ == "int" && !strings.ContainsAny(string(v), ".eE")
	}
	return false
}

// substitute puts values in the place of ${param.x}; a text that is nothing but one parameter becomes the value itself.
func substitute(tree any, values map[string]any) any {
	switch t := tree.(type) {
	case string:
		if m := parameter.FindStringSubmatch(t); m != nil && m[0] == t {
			if value, ok := values[m[1]]; ok {
				return value
			}
		}
		return parameter.ReplaceAllStringFunc(t, func(found string) string {
			switch v := values[parameter.FindStringSubmatch(found)[1]].(type) {
			case string:
				return v
			case json.Number:
				return string(v)
			}
			return found
		})
	case []any:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = substitute(e, values)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(t))
		for key, e := range t {
			out[key] = substitute(e, values)
		}
		return out
	}
	return tree
}

// checkPacks holds a tenant's packs to what they declare: parameters declared = used,
// provides = resources (V-55).
func (s *Set) checkPacks(v *view) problem.List {
	var problems problem.List
	for _, f := range s.ownAll(v.Tenant(), "Pack") {
		spec := f.Resource.Spec.(*kind.Pack)
		used := map[string]bool{}
		provided := map[string]bool{}
		for _, l := range s.packs[v.Tenant()+"/"+f.Resource.Metadata.Name] {
			key := keyOf(l.Resource)
			provided[key.local()] = true
			for _, m := range parameter.FindAllStringSubmatch(string(kind.Canonical(anyMap(l.Resource.Doc))), -1) {
				used[m[1]] = true
				if _, declared := spec.Parameters[m[1]]; !declared {
					var list problem.List
					list.Add("$.spec", "V-55", "参数 %q 没有在配置包 %q 中声明", m[1], f.Resource.Metadata.Name)
					problems = append(problems, l.Resource.Locate(list)...)
				}
			}
			if !slices.Contains(spec.Provides, key.local()) {
				problems = append(problems, f.remark(problem.SeverityError, "$.spec.provides", "V-55", "加入 provides", "没有列出 %q", key.local())...)
			}
		}
		for i, entry := range spec.Provides {
			if !provided[entry] {
				problems = append(problems, f.remark(problem.SeverityError, at("$.spec.provides", i), "V-55", "", "配置包没有资源 %q", entry)...)
			}
		}
		for _, name := range sortedKeys(spec.Parameters) {
			if !used[name] {
				problems = append(problems, f.remark(problem.SeverityError, "$.spec.parameters."+name, "V-55", "删除，或在资源中使用", "参数 %q 没有用到", name)...)
			}
		}
	}
	return problems
}
