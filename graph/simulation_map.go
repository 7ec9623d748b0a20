package graph

import (
	"context"

	"zhengtong/graph/model"
	"zhengtong/internal/deadline"
	"zhengtong/internal/fee"
	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
)

// Simulations tries drafts on made-up and on past cases (simulation.Service).
type Simulations interface {
	Simulate(ctx context.Context, in simulation.Input) (*simulation.Simulation, error)
	Replay(ctx context.Context, in simulation.ReplayInput) (*simulation.Replay, error)
}

func simulationInput(in model.SimulateInput) (simulation.Input, error) {
	script, problems := simulation.ReadScript(in.Script)
	if err := problem.Invalid(problems); err != nil {
		return simulation.Input{}, err
	}
	files, err := configurationFiles(in.Files)
	if err != nil {
		return simulation.Input{}, err
	}
	out := simulation.Input{Matter: in.Matter, Files: files, Script: script}
	if in.StartAt != nil {
		out.StartAt = *in.StartAt
	}
	return out, nil
}

func simulationModel(s *simulation.Simulation) *model.Simulation {
	return &model.Simulation{Tenant: s.Tenant, Matter: s.Matter, Title: s.Title, Unserved: listed(s.Unserved), Path: simulationPath(s.Path),
		Others: each(s.Others, simulationPath), Truncated: s.Truncated}
}

func simulationPath(p simulation.Path) *model.SimulationPath {
	out := &model.SimulationPath{
		Choices: listed(p.Choices), Status: p.Status, Outcome: opt(p.Outcome), FinishCode: opt(p.FinishCode), ReceivedOn: optDay(p.ReceivedOn),
		AcceptedOn: optDay(p.AcceptedOn), Deemed: p.Deemed, DecidedOn: optDay(p.DecidedOn), Moments: each(p.Moments, simulationMoment),
		Clocks: each(p.Clocks, simulationClock), Problems: problemModels(p.Problems), Fee: simulationFee(p.Fee),
		Documents: each(p.Documents, func(d simulation.Issued) *model.SimulationDocument {
			return &model.SimulationDocument{Alias: d.Alias, Title: d.Title, Number: opt(d.Number), On: d.On.String(), Action: opt(d.Action), Voided: opt(d.Voided)}
		}),
		Licences: each(p.Licences, func(l simulation.Licence) *model.SimulationLicence {
			return &model.SimulationLicence{Type: l.Type, Title: l.Title, Number: l.Number, ValidFrom: l.ValidFrom.String(), ValidTo: optDay(l.ValidTo)}
		}),
		Cards: each(p.Cards, simulationCard),
	}
	return out
}

func optDay(d deadline.Date) *string {
	if d.IsZero() {
		return nil
	}
	return opt(d.String())
}

func simulationMoment(m simulation.Moment) *model.SimulationMoment {
	out := &model.SimulationMoment{At: m.At, By: m.By, Did: m.Did, Refused: opt(m.Refused), Status: m.Status, Events: listed(m.Events),
		Tasks: each(m.Tasks, func(t simulation.Task) *model.SimulationTask {
			return &model.SimulationTask{Node: t.Node, Title: t.Title, Role: opt(t.Role), Department: opt(t.Department), Assignee: opt(t.Assignee), Able: listed(t.Able),
				Actions: listed(t.Actions), DueOn: optDay(t.DueOn)}
		}),
		Dues: each(m.Dues, func(d simulation.DueDate) *model.SimulationDue {
			return &model.SimulationDue{Kind: string(d.Kind), Node: opt(d.Node), State: string(d.State), DueOn: d.DueOn.String()}
		})}
	if m.Step >= 0 {
		out.Step = &m.Step
	}
	return out
}

func simulationClock(c simulation.ClockReport) *model.SimulationClock {
	return &model.SimulationClock{Kind: string(c.Kind), Title: c.Title, Party: string(c.Party), Node: opt(c.Node), Limit: c.Limit, StartedOn: c.StartedOn.String(),
		DueOn: c.DueOn.String(), Provisional: c.Provisional, State: string(c.State), StoppedOn: optDay(c.StoppedOn), Explain: listed(c.Explain)}
}

func simulationCard(c simulation.Card) *model.SimulationCard {
	out := &model.SimulationCard{Rule: c.Rule, Title: c.Title, Level: c.Level, Score: c.Score, Respondent: opt(c.Respondent), ConfirmBy: opt(c.ConfirmBy),
		Subject: c.Subject, Node: opt(c.Node), On: c.On.String(), Message: opt(c.Message), Standing: c.Standing, Accumulates: opt(c.Accumulates)}
	if c.Accumulated > 0 {
		out.Accumulated = &c.Accumulated
	}
	return out
}

func simulationFee(f *simulation.Fee) *model.SimulationFee {
	if f == nil {
		return nil
	}
	return &model.SimulationFee{Fen: int(f.Fen), Waived: opt(f.Waived), Pending: listed(f.Pending), Lines: each(f.Lines, func(l fee.Line) *model.SimulationFeeLine {
		return &model.SimulationFeeLine{Step: string(l.Step), Name: l.Name, Expression: opt(l.Expr), Value: l.Value.String()}
	})}
}
