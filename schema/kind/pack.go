package kind

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"zhengtong/internal/problem"
)

var parameter = regexp.MustCompile(`\$\{param\.([a-z_][a-z0-9_]*)\}`)

// Parameters lists the ${param.x} that a pack's resource uses, sorted, each once (V-55).
func Parameters(r *Resource) []string {
	found := map[string]bool{}
	eachText(r.Doc, func(text string) {
		for _, m := range parameter.FindAllStringSubmatch(text, -1) {
			found[m[1]] = true
		}
	})
	return slices.Sorted(maps.Keys(found))
}

func eachText(tree any, visit func(string)) {
	switch t := tree.(type) {
	case string:
		visit(t)
	case []any:
		for _, e := range t {
			eachText(e, visit)
		}
	case map[string]any:
		for _, e := range t {
			eachText(e, visit)
		}
	}
}

// Install makes a pack's resource one of a tenant's own, as an Adoption does:
// every ${param.x} is replaced as text; a text that is nothing but the parameter
// becomes the value itself, so that a whole number stays one. The result is
// checked in full. A parameter without a value is reported (V-55).
func (r *Resource) Install(tenant string, with map[string]any) (*Resource, problem.List) {
	var problems problem.List
	for _, name := range Parameters(r) {
		if with[name] == nil {
			problems.Add("$.spec", "V-55", "参数 %q 没有值", name)
		}
	}
	if len(problems) > 0 {
		return nil, r.Locate(problems)
	}
	installed := *r
	installed.Metadata.Tenant, installed.Metadata.Pack = tenant, ""
	installed.Doc, _ = substitute(r.Doc, with).(map[string]any)
	return installed.Complete()
}

// substitute copies a tree with parameters replaced.
func substitute(tree any, with map[string]any) any {
	switch t := tree.(type) {
	case string:
		if m := parameter.FindStringSubmatch(t); m != nil && m[0] == t {
			return plainValue(with[m[1]])
		}
		return parameter.ReplaceAllStringFunc(t, func(use string) string {
			return fmt.Sprint(with[parameter.FindStringSubmatch(use)[1]])
		})
	case []any:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = substitute(e, with)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, e := range t {
			out[k] = substitute(e, with)
		}
		return out
	}
	return tree
}

// plainValue makes a parameter's value part of a tree.
func plainValue(value any) any {
	if n, ok := value.(int); ok {
		return json.Number(fmt.Sprint(n))
	}
	return value
}
