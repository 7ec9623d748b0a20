// Command gen writes the Ent client of schema/entity into internal/ent.
// Run it in the module's root: go run ./schema/entity/gen
package main

//go:generate go run -C ../../.. ./schema/entity/gen

import (
	"log"

	"entgo.io/ent/entc"
	"entgo.io/ent/entc/gen"
)

func main() {
	err := entc.Generate("./schema/entity", &gen.Config{
		Target:   "./internal/ent",
		Package:  "zhengtong/internal/ent",
		Features: []gen.Feature{gen.FeatureIntercept}, // the tenancy interceptor needs every query's WhereP
	})
	if err != nil {
		log.Fatalf("generate the ent client: %v", err)
	}
}
