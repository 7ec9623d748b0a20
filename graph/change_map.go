package graph

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/tenancy"
)

func changeModel(c *configuration.Change) *model.Change {
	return &model.Change{
		ID: relay.Of(relay.Change, c.Tenant, c.ID), Row: c, Status: model.ChangeStatus(c.Status), Message: c.Message, Reason: opt(c.Reason),
		SubmittedAt: c.CreatedAt, DecidedAt: c.DecidedAt, EffectiveFrom: c.EffectiveFrom, Tenants: listed(c.Tenants),
		BaseRevision: c.BaseRevision, ReviewDeadline: c.Terms.Deadline, OnOverdue: overdue(c.Terms),
	}
}

func planModel(p configuration.Plan, report configuration.Report) (*model.Plan, error) {
	out := &model.Plan{Tenants: make([]*model.TenantPlan, len(p.Tenants)), Report: reportModel(report), Digest: p.Digest, Orders: each(p.Orders, orderModel),
		Deadlines: each(p.Deadlines, deadlineMove), Processes: each(p.Processes, processChange), MovedClocks: movedClocks(p.Moved), Truncated: p.Truncated,
		EffectiveFrom: p.EffectiveFrom, Ends: each(p.Ends, func(e configuration.End) *model.ResourceEnd {
			return &model.ResourceEnd{Tenant: e.Tenant, Kind: e.Kind, Name: e.Name, At: e.At}
		}),
		LiveCases: each(p.LiveCases, func(l configuration.LiveCases) *model.LiveCases {
			return &model.LiveCases{Tenant: l.Tenant, Matter: l.Matter, Title: l.Title, Count: l.Count}
		})}
	for i, t := range p.Tenants {
		out.Tenants[i] = &model.TenantPlan{Tenant: t.Tenant, Title: t.Title, Entries: make([]*model.PlanEntry, len(t.Entries)), Conflicts: problemModels(t.Conflicts)}
		for j, e := range t.Entries {
			var err error
			if out.Tenants[i].Entries[j], err = planEntry(e); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func planEntry(e configuration.PlanEntry) (*model.PlanEntry, error) {
	fields, err := fieldChanges(e.Fields)
	return &model.PlanEntry{Action: model.PlanAction(e.Action), Kind: e.Kind, Name: e.Name, Title: e.Title, Inherited: e.Inherited, Fields: fields}, err
}

func fieldChanges(changes []configuration.FieldChange) ([]*model.FieldChange, error) {
	out := make([]*model.FieldChange, len(changes))
	for i, f := range changes {
		before, err := json.Marshal(f.Before)
		if err != nil {
			return nil, err
		}
		after, err := json.Marshal(f.After)
		if err != nil {
			return nil, err
		}
		out[i] = &model.FieldChange{Path: f.Path, Before: before, After: after}
	}
	return out, nil
}

func comparisonModel(c configuration.Comparison) (*model.ChangeComparison, error) {
	out := &model.ChangeComparison{Outdated: c.Outdated, Fields: make([]*model.ThreeWayField, len(c.Fields)), Report: reportModel(c.Report)}
	for i, f := range c.Fields {
		field := &model.ThreeWayField{Tenant: f.Tenant, Kind: f.Kind, Name: f.Name, Path: f.Path, Conflict: f.Conflict}
		for _, value := range []struct {
			from any
			into *json.RawMessage
		}{{f.Base, &field.Base}, {f.Theirs, &field.Theirs}, {f.Mine, &field.Mine}} {
			text, err := json.Marshal(value.from)
			if err != nil {
				return nil, err
			}
			*value.into = text
		}
		out.Fields[i] = field
	}
	return out, nil
}

// published are the revisions that a change made, all at one instant.
func (r *Resolver) published(ctx context.Context, c *configuration.Change) ([]*model.ConfigurationRevision, error) {
	out := []*model.ConfigurationRevision{}
	if len(c.Revisions) == 0 {
		return out, nil
	}
	author, reviewer, err := r.authors(ctx, c.Tenant, c.Author, c.Reviewer)
	if err != nil {
		return nil, err
	}
	at := c.CreatedAt
	if n, ok := c.Revisions[c.Tenant]; ok {
		own, err := r.revisionOf(ctx, n)
		if err != nil {
			return nil, err
		}
		at = own.PublishedAt
	} else if c.DecidedAt != nil {
		at = *c.DecidedAt
	}
	for _, tenant := range slices.Sorted(maps.Keys(c.Revisions)) {
		out = append(out, &model.ConfigurationRevision{Tenant: tenant, Number: c.Revisions[tenant], Message: c.Message, Author: author, Reviewer: reviewer, PublishedAt: at})
	}
	return out, nil
}

// mayDeclare reports whether the viewer may do a configuration action at home.
func (r *Resolver) mayDeclare(ctx context.Context, action string) (bool, error) {
	d, err := r.Authz.Decide(ctx, action, authz.Object{Kind: "configuration", Tenant: tenancy.Acting(ctx)})
	return d.Allow, err
}

// change does a verb on a change request, once a key. Each is refused by the
// request's own state when it comes a second time, so its record may follow it.
func (r *Resolver) change(ctx context.Context, do func(context.Context) (*configuration.Change, error)) (*model.ChangePayload, error) {
	c, err := kept(ctx, r, "change", func(c *configuration.Change) string { return c.ID.String() },
		func(ctx context.Context, id string) (*configuration.Change, error) {
			return r.Declarations.Change(ctx, uuid.FromStringOrNil(id))
		}, do)
	if err != nil {
		return nil, err
	}
	return &model.ChangePayload{Change: changeModel(c)}, nil
}

func changeConnection(page relay.Page, rows []*configuration.Change) *model.ChangeConnection {
	rows, more := relay.Cut(page, rows)
	list, info := edges(page, rows, more, func(c *configuration.Change) []string { return []string{c.ID.String()} },
		func(cursor string, c *configuration.Change) *model.ChangeEdge {
			return &model.ChangeEdge{Cursor: cursor, Node: changeModel(c)}
		})
	return &model.ChangeConnection{Edges: list, PageInfo: info}
}

func (r *Resolver) resourceConnection(tenant string, page relay.Page, rows []*configuration.Found) *model.ResourceConnection {
	rows, more := relay.Cut(page, rows)
	list, info := edges(page, rows, more, func(f *configuration.Found) []string { return []string{f.Resource.Kind, f.Resource.Metadata.Name} },
		func(cursor string, f *configuration.Found) *model.ResourceEdge {
			return &model.ResourceEdge{Cursor: cursor, Node: r.resourceModel(tenant, f, nil)}
		})
	return &model.ResourceConnection{Edges: list, PageInfo: info}
}

func (r *Resolver) revisionConnection(ctx context.Context, page relay.Page, rows []configuration.Revision) (*model.RevisionConnection, error) {
	rows, more := relay.Cut(page, rows)
	nodes := map[int]*model.ConfigurationRevision{}
	for _, rev := range rows {
		var err error
		if nodes[rev.Number], err = r.revisionModel(ctx, rev); err != nil {
			return nil, err
		}
	}
	list, info := edges(page, rows, more, func(rev configuration.Revision) []string { return []string{strconv.Itoa(rev.Number)} },
		func(cursor string, rev configuration.Revision) *model.RevisionEdge {
			return &model.RevisionEdge{Cursor: cursor, Node: nodes[rev.Number]}
		})
	return &model.RevisionConnection{Edges: list, PageInfo: info}, nil
}
