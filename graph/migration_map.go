package graph

import (
	"context"
	"maps"
	"slices"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
)

// Migrations moves running cases to other versions of their matter (casework.Service).
type Migrations interface {
	RunningVersions(ctx context.Context, matter string) ([]configuration.Running, error)
	PreviewMigration(ctx context.Context, m casework.Migration, after string, first int) (*casework.Preview, error)
	Migration(ctx context.Context, name string) (*casework.Migration, error)
	MoveCounts(ctx context.Context, m *casework.Migration) (map[string]int, error)
	Moves(ctx context.Context, m *casework.Migration, outcome, after string, first int) ([]casework.Move, bool, error)
}

func runningVersion(r configuration.Running) *model.RunningVersion {
	pins := []*model.VersionPin{}
	for _, resource := range slices.Sorted(maps.Keys(r.Pins)) {
		pins = append(pins, &model.VersionPin{Resource: resource, Digest: r.Pins[resource]})
	}
	return &model.RunningVersion{Version: r.Version, Cases: r.Cases, Current: r.Current, Pins: pins}
}

func migrationInput(in model.MigrationInput) casework.Migration {
	return casework.Migration{Matter: in.Matter, From: in.From, To: or(in.To, ""), Cases: in.Cases,
		Maps: configuration.Maps{Nodes: renamings(in.Nodes), Fields: renamings(in.Fields)}}
}

func renamings(list []*model.RenamingInput) map[string]string {
	out := map[string]string{}
	for _, r := range list {
		out[r.From] = r.To
	}
	return out
}

func renamed(names map[string]string) []*model.Renaming {
	out := []*model.Renaming{}
	for _, from := range slices.Sorted(maps.Keys(names)) {
		out = append(out, &model.Renaming{From: from, To: names[from]})
	}
	return out
}

func migrationPreview(p *casework.Preview) *model.MigrationPreview {
	return &model.MigrationPreview{To: p.To, Problems: problemModels(p.Problems), Moves: each(p.Moves, caseMove), Next: opt(p.Next)}
}

func caseMove(m casework.Move) *model.CaseMove {
	return &model.CaseMove{Number: m.No, Status: opt(string(m.Status)), Outcome: model.MoveOutcome(m.Outcome), Reason: opt(m.Reason), Message: opt(m.Message),
		Nodes: each(m.Nodes, func(n casework.NodeMove) *model.NodeMove {
			return &model.NodeMove{From: n.From, FromTitle: n.FromTitle, To: n.To, ToTitle: n.ToTitle}
		}), Renamed: listed(m.Renamed), Dropped: listed(m.Dropped), Problems: problemModels(m.Problems),
		Clocks: each(m.Clocks, func(c casework.ClockMove) *model.ClockMove {
			return &model.ClockMove{Kind: string(c.Kind), LimitBefore: c.LimitBefore, LimitAfter: c.LimitAfter, Before: c.Before.String(), After: c.After.String(), Kept: c.Kept}
		}),
		Worse: each(m.Worse, func(w casework.Worsening) *model.Worsening {
			return &model.Worsening{Area: w.Area, Name: w.Name, Text: w.String()}
		})}
}

func migrationModel(tenant string, m *casework.Migration) *model.Migration {
	return &model.Migration{Row: m, Tenant: tenant, Name: m.Name, Title: m.Title, Matter: m.Matter, From: m.From, To: m.To, Nodes: renamed(m.Maps.Nodes),
		Fields: renamed(m.Maps.Fields), Revision: m.Revision, PublishedAt: m.CreatedAt, FinishedAt: optTime(m.FinishedAt)}
}

func (r *Resolver) moves(ctx context.Context, m *casework.Migration, outcome string, page relay.Page) (*model.CaseMoveConnection, error) {
	after := ""
	if page.After != nil {
		after = page.After[0]
	}
	rows, more, err := r.Migrations.Moves(ctx, m, outcome, after, page.First)
	if err != nil {
		return nil, err
	}
	list, info := edges(page, rows, more, func(m casework.Move) []string { return []string{m.No} }, func(cursor string, m casework.Move) *model.CaseMoveEdge {
		return &model.CaseMoveEdge{Cursor: cursor, Node: caseMove(m)}
	})
	return &model.CaseMoveConnection{Edges: list, PageInfo: info}, nil
}
