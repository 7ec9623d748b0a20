package configuration

import (
	"encoding/json"
	"slices"

	"zhengtong/internal/deadline"
	"zhengtong/schema/kind"
)

// The areas of an alteration.
const (
	AlteredField     = "field"
	AlteredRule      = "rule"
	AlteredMaterial  = "material"
	AlteredLimit     = "limit"
	AlteredFee       = "fee"
	AlteredCondition = "condition"
)

// Alteration is one thing that an applicant meets differently in another version of a
// matter (R-APP-03): a field or rule of the form, a material, a limit, the fee, a
// condition. Action is add, change or remove; Name is unique within its area.
type Alteration struct {
	Area, Action, Name, Title string
}

// term is something an applicant meets, with all that is asked of it.
type term struct{ area, name, title, asks string }

// Alterations lists what an applicant meets differently in now than in old, in the
// order of fields, rules, materials, limits, fee and conditions, each by name.
func Alterations(old, now *Matter) []Alteration {
	before, after := old.terms(), now.terms()
	var out []Alteration
	for _, t := range after {
		switch was := slices.IndexFunc(before, func(b term) bool { return b.area == t.area && b.name == t.name }); {
		case was < 0:
			out = append(out, Alteration{t.area, ActionAdd, t.name, t.title})
		case before[was].asks != t.asks:
			out = append(out, Alteration{t.area, ActionChange, t.name, t.title})
		}
	}
	for _, t := range before {
		if !slices.ContainsFunc(after, func(a term) bool { return a.area == t.area && a.name == t.name }) {
			out = append(out, Alteration{t.area, ActionRemove, t.name, t.title})
		}
	}
	return out
}

func (m *Matter) terms() []term {
	var out []term
	add := func(area, name, title string, asks ...any) {
		text, _ := json.Marshal(asks) // documents and structs of documents always have JSON
		out = append(out, term{area, name, title, string(text)})
	}
	if f := m.FormSpec; f != nil {
		properties, _ := f.Schema["properties"].(map[string]any)
		required, _ := f.Schema["required"].([]any)
		for _, name := range sortedKeys(properties) {
			property, _ := properties[name].(map[string]any)
			title, _ := property["title"].(string)
			add(AlteredField, name, title, property, slices.Contains(required, any(name)))
		}
		for _, rule := range f.Rules {
			add(AlteredRule, rule.ID, rule.Message, rule)
		}
	}
	declared := map[string]kind.MatterMaterial{}
	for _, d := range m.Spec.Materials {
		declared[d.Ref] = d
	}
	for _, t := range m.Materials {
		add(AlteredMaterial, t.Ref, t.Spec.Title, t.Spec, t.Assets, declared[t.Ref])
	}
	for _, limit := range []struct {
		name, title string
		value       *kind.Limit
	}{{"promised", deadline.Promised.Title(), m.Spec.PromisedLimit}, {"statutory", deadline.Statutory.Title(), m.Spec.StatutoryLimit}} {
		if limit.value != nil {
			add(AlteredLimit, limit.name, limit.title, limit.value)
		}
	}
	if m.Spec.Fee != "" {
		add(AlteredFee, m.Spec.Fee, "收费", m.Pins["FeeSchedule/"+m.Spec.Fee])
	}
	for _, condition := range m.Spec.Conditions {
		add(AlteredCondition, condition, condition)
	}
	return out
}
