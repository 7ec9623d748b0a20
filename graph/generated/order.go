package generated

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// marshalInOrder is graphql.MarshalSliceConcurrently without its goroutines: for
// lists whose elements wait for nothing (graph/gen).
func marshalInOrder(ctx context.Context, length int, _ int64, _ bool, element func(ctx context.Context, i int) graphql.Marshaler) (list graphql.Array) {
	list = make(graphql.Array, length)
	defer func() {
		if r := recover(); r != nil {
			graphql.AddError(ctx, graphql.Recover(ctx, r))
			list = nil
		}
	}()
	for i := range length {
		list[i] = element(graphql.WithFieldContext(ctx, &graphql.FieldContext{Index: &i}), i)
	}
	return list
}
