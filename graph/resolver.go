// Package graph is the GraphQL edge: SDL, thin resolvers, one error table.
package graph

//go:generate go run -C gen .

// Resolver is the root of all resolvers.
type Resolver struct {
	Services
}
