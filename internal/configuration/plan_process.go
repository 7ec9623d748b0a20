package configuration

import "zhengtong/schema/kind"

// Process is what handling a matter asks of people (R-MGT-13).
type Process struct {
	Stages            int    `json:"stages"`             // nodes at which a person acts
	Automatic         int    `json:"automatic"`          // nodes that the engine does by itself
	Materials         int    `json:"materials"`          // that may be asked for
	RequiredMaterials int    `json:"required_materials"` // that are always asked for
	SpecialProcedures int    `json:"special_procedures"`
	PromisedLimit     string `json:"promised_limit,omitempty"`
	StatutoryLimit    string `json:"statutory_limit,omitempty"`
	Visits            *int   `json:"visits,omitempty"` // of the applicant on site; nil where not declared
	OnlineDepth       string `json:"online_depth,omitempty"`
}

// ProcessChange compares a matter's process before and after a change. Before or After
// is nil where the tenant does not offer the matter.
type ProcessChange struct {
	Tenant string   `json:"tenant"`
	Matter string   `json:"matter"`
	Title  string   `json:"title"`
	Before *Process `json:"before,omitempty"`
	After  *Process `json:"after,omitempty"`
}

// maxProcesses bounds the comparisons that a plan lists.
const maxProcesses = 200

func processChanges(concerned []reached) (changes []ProcessChange, truncated bool) {
	changes = []ProcessChange{}
	for _, r := range concerned {
		for _, name := range sortedKeys(r.touched) {
			before, after := processOf(r.before, name), processOf(r.after, name)
			if before.same(after) {
				continue
			}
			if len(changes) == maxProcesses {
				return changes, true
			}
			changes = append(changes, ProcessChange{Tenant: r.tenant.Code, Matter: name, Title: r.touched[name], Before: before, After: after})
		}
	}
	return changes, false
}

// processOf is the process of a matter that a tenant offers; nil when it offers none.
func processOf(v *view, name string) *Process {
	found, ok := v.Offer(name)
	if !ok {
		return nil
	}
	spec := found.Resource.Spec.(*kind.Matter)
	p := &Process{Materials: len(spec.Materials), SpecialProcedures: len(spec.SpecialProcedures), Visits: spec.Visits, OnlineDepth: spec.OnlineDepth}
	for _, m := range spec.Materials {
		if m.Required {
			p.RequiredMaterials++
		}
	}
	if spec.PromisedLimit != nil {
		p.PromisedLimit = limitText(*spec.PromisedLimit)
	}
	if spec.StatutoryLimit != nil {
		p.StatutoryLimit = limitText(*spec.StatutoryLimit)
	}
	if flow, ok := v.Find("Workflow", spec.Workflow); ok {
		for _, n := range flow.Resource.Spec.(*kind.Workflow).Nodes {
			switch n.Type {
			case "human":
				p.Stages++
			case "auto":
				p.Automatic++
			}
		}
	}
	return p
}

func (p *Process) same(o *Process) bool {
	if p == nil || o == nil {
		return p == o
	}
	a, b := *p, *o
	visits := a.Visits == nil && b.Visits == nil || a.Visits != nil && b.Visits != nil && *a.Visits == *b.Visits
	a.Visits, b.Visits = nil, nil
	return visits && a == b
}
