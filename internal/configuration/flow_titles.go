package configuration

import (
	"slices"

	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// flowTitles are the titles of the steps at which somebody is waited for in the flow of
// a matter, and of its special procedures, each once: what a guide is found by (R-CAT-08).
func flowTitles(v *view, spec *kind.Matter) []string {
	var out []string
	add := func(title string) {
		if title != "" && !slices.Contains(out, title) {
			out = append(out, title)
		}
	}
	if flow, ok := v.Find("Workflow", spec.Workflow); ok {
		for _, n := range flow.Resource.Spec.(*kind.Workflow).Nodes {
			if workflow.NodeType(n.Type).IsStep() {
				add(n.Title)
			}
		}
	}
	for _, name := range spec.SpecialProcedures {
		if special, ok := v.Find("SpecialProcedure", name); ok {
			add(special.Resource.Title())
		}
	}
	return out
}
