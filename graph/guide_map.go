package graph

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"zhengtong/graph/model"
	"zhengtong/internal/configuration"
	"zhengtong/internal/matter"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

func (r *Resolver) matterMaterials(m *configuration.Matter) []*model.MatterMaterial {
	declared := map[string]kind.MatterMaterial{}
	for _, d := range m.Spec.Materials {
		declared[d.Ref] = d
	}
	return each(m.Materials, func(t configuration.MaterialTerm) *model.MatterMaterial {
		s := t.Spec
		out := &model.MatterMaterial{
			Ref: t.Ref, Title: s.Title, Required: t.Required, RequiredWhen: opt(declared[t.Ref].RequiredWhen), Source: s.Source, IssuingBody: opt(s.IssuingBody),
			FormKind: opt(s.FormKind), Formats: listed(s.Formats), MaxMb: s.MaxMB, Copies: s.Copies, CheckPoints: listed(s.CheckPoints),
			WaiveWhenFound: s.WaiveWhenFound, GeneratedFromForm: s.GeneratedFromForm, Sample: r.assetLink(m.Tenant, t.Assets, s.Sample), Blank: r.assetLink(m.Tenant, t.Assets, s.Blank),
		}
		if copies := declared[t.Ref].Copies; copies != nil {
			out.Copies = *copies
		}
		if s.Commitment != nil {
			out.Commitment = opt(s.Commitment.Text)
		}
		if s.Tolerance != nil {
			out.ToleranceDue = limitModel(&s.Tolerance.Due)
		}
		return out
	})
}

// matterForm shows the form as JSON Schema with its layout; nil for a matter without one.
func matterForm(m *configuration.Matter) (*model.MatterForm, error) {
	f := m.FormSpec
	if f == nil {
		return nil, nil
	}
	schema, err := json.Marshal(f.Schema)
	if err != nil {
		return nil, err
	}
	out := &model.MatterForm{Title: f.Title, Schema: schema, Sections: []*model.FormSection{}, Sensitive: listed(f.Sensitive),
		Prefill: each(f.Prefill, func(p kind.Prefill) *model.FormPrefill {
			return &model.FormPrefill{Field: p.Field, From: p.From, Editable: p.Editable}
		}),
		Rules: each(f.Rules, func(r kind.FormRule) *model.FormRule {
			return &model.FormRule{ID: r.ID, Expr: r.Expr, Message: r.Message, Severity: model.Severity(r.Severity)}
		}),
	}
	if f.UI != nil {
		out.Sections = each(f.UI.Sections, func(s kind.FormSection) *model.FormSection {
			return &model.FormSection{Title: s.Title, Fields: listed(s.Fields), ShowWhen: opt(s.ShowWhen)}
		})
	}
	return out, nil
}

func specialProcedures(m *configuration.Matter) []*model.SpecialProcedureInfo {
	return each(slices.Sorted(maps.Keys(m.Specials)), func(name string) *model.SpecialProcedureInfo {
		s := m.Specials[name]
		return &model.SpecialProcedureInfo{Name: name, Title: s.Title, ProcedureType: s.ProcedureType, LegalBasis: opt(s.LegalBasis), Max: limitModel(&s.Max),
			PromisedEffect: effect(s.ClockEffect.Promised), StatutoryEffect: effect(s.ClockEffect.Statutory), Start: s.Start}
	})
}

func matterResults(m *configuration.Matter) []*model.MatterResult {
	out := []*model.MatterResult{}
	for _, r := range m.Spec.Results {
		if l := m.Licences[r.LicenceType]; l != nil {
			out = append(out, &model.MatterResult{Kind: "licence", Name: l.Name, Title: l.Spec.Title})
		}
		if d := m.Documents[r.Document]; r.Document != "" && d != nil {
			out = append(out, &model.MatterResult{Kind: "document", Name: d.Name, Title: d.Spec.Title})
		}
	}
	return out
}

func situations(m *configuration.Matter) []*model.MatterSituation {
	return each(m.Spec.Situations, func(s kind.Situation) *model.MatterSituation {
		return &model.MatterSituation{ID: s.ID, Title: s.Title, When: s.When, Outcome: s.Outcome, RedirectTo: opt(s.RedirectTo), Message: opt(s.Message)}
	})
}

// steps are the nodes that people work at, as the guide shows them (办理流程).
func steps(m *configuration.Matter) []*model.MatterStep {
	out := []*model.MatterStep{}
	if m.FlowSpec == nil {
		return out
	}
	for _, n := range m.FlowSpec.Nodes {
		if n.Type != string(workflow.Human) {
			continue
		}
		step := &model.MatterStep{Node: n.ID, Title: n.Title, Phase: n.Phase}
		if n.Limit != nil {
			step.Limit = limitModel(&kind.Limit{N: n.Limit.N, Unit: n.Limit.Unit})
		}
		out = append(out, step)
	}
	return out
}

func places(m *configuration.Matter) *model.ServicePlace {
	b := m.Binding
	if b.Address == "" && b.Hours == "" && b.Phone == "" && b.Complaint == "" {
		return nil
	}
	return &model.ServicePlace{Address: opt(b.Address), Hours: opt(b.Hours), Phone: opt(b.Phone), Complaint: opt(b.Complaint)}
}

// matterFee shows what a matter costs by its declaration; nil when it is not known here.
func matterFee(declared *kind.FeeSchedule) *model.MatterFee {
	if declared == nil {
		return nil
	}
	out := &model.MatterFee{Title: declared.Title, Charge: declared.Charge, Basis: opt(declared.LegalBasis)}
	if declared.Charge == "fixed" {
		out.AmountFen = optNumber(declared.Amount)
	}
	return out
}

// sheet shows the service guide of a matter as it is published now; nil when there is none for the public.
func (r *Resolver) sheet(ctx context.Context, m *model.Matter) (*model.ServiceGuide, error) {
	ctx, err := r.publicly(ctx, m.ID.Tenant)
	if err != nil {
		return nil, err
	}
	g, err := orNull(r.Catalogue.Sheet(ctx, m.Name))
	if err != nil || g == nil {
		return nil, err
	}
	sections := make([]*guide.Section, len(g.Sections))
	for i := range g.Sections {
		sections[i] = &g.Sections[i]
	}
	return &model.ServiceGuide{Version: g.Version, UpdatedOn: g.UpdatedOn.String(), Digest: g.Digest, PDF: matter.Path(g.Tenant, g.Name, matter.PDF),
		HTML: matter.Path(g.Tenant, g.Name, matter.HTML), Sections: sections}, nil
}
