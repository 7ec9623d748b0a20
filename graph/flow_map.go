package graph

import (
	"cmp"

	"zhengtong/graph/model"
	"zhengtong/internal/casework"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// flow shows the guide's steps with how far a case is (R-CAT-08). Those without a title
// are nothing that a guide tells.
func flow(v *casework.View) []*model.FlowStep {
	m, out := v.Matter(), []*model.FlowStep{}
	for _, step := range workflow.Course(m.Net, v.Case().State) {
		one := &model.FlowStep{Title: step.Node.Title, Phase: string(step.Node.Phase), State: model.FlowStepState(step.State)}
		if l := step.Node.Limit; l != nil {
			one.Limit = limitModel(&kind.Limit{N: l.N, Unit: l.Unit})
		}
		if special := m.Specials[step.Node.SpecialProcedure]; special != nil {
			one.Title, one.Limit = cmp.Or(one.Title, special.Title), limitModel(&special.Max)
		}
		if one.Title != "" {
			out = append(out, one)
		}
	}
	return out
}

// publicFlow is what anyone may learn of it with number and query code: a matter whose
// guide is not for the public shows no steps.
func publicFlow(v *casework.View) []*model.FlowStep {
	if spec := v.Matter().Spec; !spec.PublicListed || spec.BundleOnly || spec.IsInternal() {
		return []*model.FlowStep{}
	}
	return flow(v)
}
