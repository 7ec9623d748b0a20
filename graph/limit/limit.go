// Package limit refuses GraphQL requests that would cost too much, before they
// are validated: gqlgen validates in time quadratic in repeated fields and
// checks its own complexity limit only afterwards, so that one 88 kB query of
// repeated fields takes 28 s of CPU.
//
// The order is: tokens (in the parser), shape (counts over the syntax tree, with
// fragments expanded), cost (connections multiplied by `first`), then validation.
// Everything up to validation is linear in the tokens that were let through.
package limit

import (
	"fmt"

	"zhengtong/internal/problem"
)

// Limits bounds one request. Counts are of the document with its fragments
// expanded, so that fragments cannot hide work.
type Limits struct {
	Tokens         int // tokens the parser reads before it gives up
	Operations     int // operations in one document
	Fragments      int // fragment definitions in one document
	Spreads        int // fragment spreads of an operation
	Depth          int // nesting of fields; a full introspection query needs 15
	Fields         int // fields of an operation
	Aliases        int // aliases of an operation
	Directives     int // directives of an operation
	Repeats        int // fields with one response name that must be merged into one
	RootFields     int // fields at the root of a query
	MutationFields int // mutations in one request
	Cost           int // objects that may be answered, see Cost
	VariableValues int // JSON values in the variables
	VariableDepth  int // nesting of the variables
	Problems       int // validation errors told in one answer
	Introspection  bool
}

// Default are the limits of a server that faces the public. Our own largest
// query (the desk's case page) uses about a third of each.
func Default() Limits {
	return Limits{
		Tokens: 4000, Operations: 10, Fragments: 50, Spreads: 200, Depth: 16, Fields: 1000, Aliases: 50, Directives: 50,
		Repeats: 20, RootFields: 20, MutationFields: 10, Cost: 10_000, VariableValues: 50_000, VariableDepth: 64, Problems: 20,
	}
}

// CostError is the TOO_COMPLEX refusal with its figures.
type CostError struct {
	Cost int // what the operation would cost
	Max  int // what is allowed
}

// Error names both figures.
func (e *CostError) Error() string { return fmt.Sprintf("cost %d of at most %d", e.Cost, e.Max) }

// Unwrap gives the coded refusal.
func (e *CostError) Unwrap() error {
	return problem.New(problem.TooComplex, "cost", "查询过于复杂：开销 %d，上限 %d", e.Cost, e.Max)
}

// exceeds is the BAD_REQUEST refusal of a limit of form; reason names the limit ("depth", "aliases", …).
func exceeds(reason string, is, limit int) error {
	if is <= limit {
		return nil
	}
	return problem.New(problem.BadRequest, reason, "查询超出形式限制 %s：%d，上限 %d", reason, is, limit)
}
