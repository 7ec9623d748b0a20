package graph

import (
	"context"
	"errors"
	"testing"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/problem"
)

func TestAbsentHiddenAndUnknownNodesLookTheSame(t *testing.T) {
	broken := errors.New("database away")
	nodes := Nodes{
		relay.Tenant: func(_ context.Context, id relay.ID) (model.Node, error) { return &model.Tenant{ID: id}, nil },
		relay.Case:   func(context.Context, relay.ID) (model.Node, error) { return (*model.Case)(nil), problem.Missing() },
		relay.Task:   func(context.Context, relay.ID) (model.Node, error) { return nil, broken },
	}
	if node, err := nodes.find(t.Context(), relay.ID{Type: relay.Tenant}); node == nil || err != nil {
		t.Error(node, err)
	}
	for _, hidden := range []relay.Type{relay.Case, relay.Message} {
		if node, err := nodes.find(t.Context(), relay.ID{Type: hidden}); node != nil || err != nil {
			t.Errorf("%s: %v, %v", hidden, node, err)
		}
	}
	if _, err := nodes.find(t.Context(), relay.ID{Type: relay.Task}); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestEdgesCarryCursorsThatComeBack(t *testing.T) {
	page, err := relay.PageOf(nil, nil, "tenants.code", 1)
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{"430000", "431300"}
	got, info := edges(page, rows, true, func(code string) []string { return []string{code} },
		func(cursor, code string) *model.TenantEdge {
			return &model.TenantEdge{Cursor: cursor, Node: &model.Tenant{Code: code}}
		})
	if len(got) != 2 || !info.HasNextPage || *info.StartCursor != got[0].Cursor || *info.EndCursor != got[1].Cursor {
		t.Fatal(got, info)
	}
	next, err := relay.PageOf(nil, info.EndCursor, "tenants.code", 1)
	if err != nil || next.After[0] != "431300" {
		t.Error(next, err)
	}
	if _, info := edges(page, nil, false, func(string) []string { return nil }, func(string, string) int { return 0 }); info.EndCursor != nil {
		t.Error("an empty page has a cursor")
	}
}
