package graph

import (
	"zhengtong/graph/model"
	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
)

func replayInput(in model.ReplayInput) (simulation.ReplayInput, error) {
	files, err := configurationFiles(in.Files)
	if err != nil {
		return simulation.ReplayInput{}, err
	}
	out := simulation.ReplayInput{Matter: in.Matter, Files: files}
	if out.From, err = dateOf(in.From); err != nil {
		return out, err
	}
	if out.To, err = dateOf(in.To); err != nil {
		return out, err
	}
	var problems problem.List
	if in.First != nil {
		if out.Limit = *in.First; out.Limit < 1 || out.Limit > simulation.MaxReplayed {
			problems.Add("$.first", "range", "件数应为 1 至 %d", simulation.MaxReplayed)
		}
	}
	return out, problem.Invalid(problems)
}

func replayModel(r *simulation.Replay) *model.Replay {
	return &model.Replay{
		Tenant: r.Tenant, Matter: r.Matter, Title: r.Title, From: r.From.String(), To: r.To.String(), Cases: r.Cases, Changed: r.Changed, Truncated: r.Truncated,
		Limits: each(r.Limits, func(l simulation.ReplayLimit) *model.ReplayLimit {
			return &model.ReplayLimit{Clock: string(l.Clock), Node: opt(l.Node), Clocks: l.Clocks, Moved: l.Moved, LateBefore: l.LateBefore, LateAfter: l.LateAfter}
		}),
		Fees: &model.ReplayFees{Charged: r.Fees.Charged, Changed: r.Fees.Changed, BeforeFen: float64(r.Fees.BeforeFen), AfterFen: float64(r.Fees.AfterFen)},
		Cards: each(r.Cards, func(c simulation.ReplayCards) *model.ReplayCards {
			return &model.ReplayCards{Rule: c.Rule, Title: c.Title, Level: c.Level, Before: c.Before, After: c.After, AccumulatedBefore: c.AccumulatedBefore,
				AccumulatedAfter: c.AccumulatedAfter}
		}),
		Accumulated: each(r.Accumulated, func(a simulation.ReplayAccumulated) *model.ReplayAccumulated {
			return &model.ReplayAccumulated{Rule: a.Rule, Title: a.Title, Level: a.Level, Score: a.Score, Respondent: opt(a.Respondent), Against: a.Against,
				On: a.On.String(), Yellow: a.Yellow, Cases: a.Cases, Before: a.Before, After: a.After}
		}),
		Listed: each(r.Listed, replayedCase),
	}
}

func replayedCase(c simulation.ReplayedCase) *model.ReplayedCase {
	out := &model.ReplayedCase{Number: c.Number, Status: c.Status, ReceivedOn: c.ReceivedOn.String(), CardsBefore: each(c.CardsBefore, simulationCard),
		CardsAfter: each(c.CardsAfter, simulationCard), Problems: problemModels(c.Problems),
		Clocks: each(c.Clocks, func(n simulation.ReplayedClock) *model.ReplayedClock {
			return &model.ReplayedClock{Clock: string(n.Clock), Node: opt(n.Node), Before: replayedDue(n.Before), After: replayedDue(n.After)}
		})}
	if c.Fee != nil {
		out.Fee = &model.ReplayedFee{BeforeFen: fen(c.Fee.BeforeFen), AfterFen: fen(c.Fee.AfterFen)}
	}
	return out
}

func replayedDue(d *simulation.ReplayedDue) *model.ReplayedDue {
	if d == nil {
		return nil
	}
	return &model.ReplayedDue{Limit: d.Limit, DueOn: d.DueOn.String(), Late: d.Late}
}

func fen(n *int64) *int {
	if n == nil {
		return nil
	}
	whole := int(*n)
	return &whole
}
