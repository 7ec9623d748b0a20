package graph

import (
	"zhengtong/graph/model"
	"zhengtong/internal/configuration"
)

func deadlineMove(m configuration.DeadlineMove) *model.DeadlineMove {
	return &model.DeadlineMove{Tenant: m.Tenant, Matter: m.Matter, Title: m.Title, Clock: m.Clock, Of: opt(m.Of), Before: dueDay(m.Before), After: dueDay(m.After)}
}

func dueDay(d *configuration.DueDay) *model.DueDay {
	if d == nil {
		return nil
	}
	return &model.DueDay{Limit: d.Limit, DueOn: d.DueOn.String()}
}

func processChange(c configuration.ProcessChange) *model.ProcessChange {
	return &model.ProcessChange{Tenant: c.Tenant, Matter: c.Matter, Title: c.Title, Before: process(c.Before), After: process(c.After)}
}

func process(p *configuration.Process) *model.MatterProcess {
	if p == nil {
		return nil
	}
	return &model.MatterProcess{Stages: p.Stages, Automatic: p.Automatic, Materials: p.Materials, RequiredMaterials: p.RequiredMaterials,
		SpecialProcedures: p.SpecialProcedures, PromisedLimit: opt(p.PromisedLimit), StatutoryLimit: opt(p.StatutoryLimit), Visits: p.Visits, OnlineDepth: opt(p.OnlineDepth)}
}

func movedClocks(m configuration.MovedClocks) *model.MovedClocks {
	return &model.MovedClocks{Count: m.Count, Looked: m.Looked, Truncated: m.Truncated, Clocks: each(m.Clocks, func(c configuration.MovedClock) *model.MovedClock {
		return &model.MovedClock{Tenant: c.Tenant, Case: c.Case, Clock: c.Clock, Before: c.Before.String(), After: c.After.String()}
	})}
}
