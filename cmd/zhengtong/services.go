package main

import (
	"zhengtong/graph"
)

// services are what the resolvers call.
func (a *app) services() graph.Services {
	return graph.Services{}
}
