package graph

// Services are what resolvers call: one small interface for each domain, declared
// in the domain's `<domain>_map.go` beside the functions that map its types to
// graph/model, and satisfied by the service of that name. A resolver is three
// steps: decode (ids with Expect, pages with relay.PageOf), one call, encode.
type Services struct{}
