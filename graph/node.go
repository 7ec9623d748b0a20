package graph

import (
	"context"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/problem"
)

// Loader finds one object by its id, as the caller may see it; problem.Missing when
// it is absent, another tenant's or out of scope.
type Loader func(ctx context.Context, id relay.ID) (model.Node, error)

// Nodes are the loaders by type, one for each type that implements Node.
type Nodes map[relay.Type]Loader

// find answers an object, or nil where the loader finds none: the caller cannot
// tell what is absent from what is hidden.
func (n Nodes) find(ctx context.Context, id relay.ID) (model.Node, error) {
	load, ok := n[id.Type]
	if !ok {
		return nil, nil
	}
	return orNull(load(ctx, id))
}

// orNull makes NOT_FOUND into null, for queries whose field is nullable.
func orNull[T any](value T, err error) (T, error) {
	if problem.CodeOf(err) == problem.NotFound {
		var none T
		return none, nil
	}
	return value, err
}
