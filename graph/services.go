package graph

// Services are what the resolvers call.
type Services struct{}
