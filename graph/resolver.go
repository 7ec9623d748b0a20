// Package graph is the GraphQL edge: schema (sdl/), thin resolvers, one error
// table, limits (limit/), transports (transport/) and the way from an HTTP
// request to a context (edge/, session/). Services never import it.
//
// If you change a file in sdl/, also run `go generate ./graph` and fill the new
// resolvers; check with `go test ./graph/...`.
package graph

//go:generate go run -C gen .

// Resolver is the root of all resolvers; NewResolver makes it.
type Resolver struct {
	Services
	Nodes   Nodes
	flights *flights
}
