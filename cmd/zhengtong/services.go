package main

import (
	"zhengtong/graph"
	"zhengtong/internal/idempotency"
)

// services are what the resolvers call.
func (a *app) services() graph.Services {
	e := a.effects
	return graph.Services{
		Clock: a.clock, Tree: a.tree, Authz: a.authz, Records: idempotency.NewStore(a.db), Identity: a.identity, Casework: a.casework, Files: a.casework,
		Work: a.casework, Specials: a.casework, Catalogue: e.matters, Declared: a.configuration, Declarations: a.configuration,
		Interchange: a.configuration, Simulations: a.simulation, Migrations: a.casework, Documents: e.documents, Licences: e.licences,
		Inbox: e.messages, Linked: e.exchange, Archives: e.archive, Bus: a.bus,
	}
}
