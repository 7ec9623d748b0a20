package transport

import (
	"context"
	"crypto/sha256"
	"encoding/json"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/graph/edge"
	"zhengtong/internal/idempotency"
)

// idempotent puts the request's Idempotency-Key with the hash of its canonical
// body into the context of a mutation. One key records one result, so a request
// with several mutations may not bring one: BAD_REQUEST, reason "several_mutations".
func idempotent(ctx context.Context, params *graphql.RawParams, op *graphql.OperationContext) (context.Context, error) {
	key := edge.From(ctx).IdempotencyKey
	if key == "" || op.Operation.Operation != ast.Mutation {
		return ctx, nil
	}
	if len(graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Mutation"})) > 1 {
		return nil, badRequest("several_mutations", "带 Idempotency-Key 的请求只能有一个变更操作")
	}
	return idempotency.With(ctx, idempotency.Key{Key: key, BodyHash: BodyHash(params)}), nil
}

// BodyHash is the SHA-256 of query, operation name and variables in JSON with sorted
// keys: white space and the order of members do not make another body, anything else does.
func BodyHash(params *graphql.RawParams) [sha256.Size]byte {
	canonical, err := json.Marshal([]any{params.Query, params.OperationName, params.Variables})
	if err != nil { // variables came out of JSON: they go back in
		canonical = nil
	}
	return sha256.Sum256(canonical)
}
