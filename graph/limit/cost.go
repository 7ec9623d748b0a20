package limit

import (
	"encoding/json"
	"strconv"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/graph/relay"
)

// What is assumed of a list without `first`, and what a mutation costs besides its answer.
const (
	listSize     = 5
	mutationCost = 10
)

// costing walks one operation of a document that has not been validated yet.
type costing struct {
	schema    *ast.Schema
	doc       *ast.QueryDocument
	op        *ast.OperationDefinition
	variables map[string]any
}

// Cost estimates how many objects an operation answers: 1 for each object, times
// `first` (20 when left out) below a connection and times 5 below any other list;
// 10 more for each mutation. Scalars and introspection are free. The document must
// have passed Shape; unknown fields count 1, validation names them.
func Cost(schema *ast.Schema, doc *ast.QueryDocument, op *ast.OperationDefinition, variables map[string]any) int {
	c := costing{schema: schema, doc: doc, op: op, variables: variables}
	switch op.Operation {
	case ast.Mutation:
		return c.selection(schema.Mutation, op.SelectionSet, 0)
	case ast.Subscription:
		return c.selection(schema.Subscription, op.SelectionSet, 0)
	}
	return c.selection(schema.Query, op.SelectionSet, 0)
}

// Check refuses an operation whose cost is over the limit: TOO_COMPLEX with both figures.
func (l Limits) Check(cost int) error {
	if cost > l.Cost {
		return &CostError{Cost: cost, Max: l.Cost}
	}
	return nil
}

// selection sums the fields of a set on a type. page is the `first` of the
// connection whose edges they are, 0 outside one.
func (c *costing) selection(on *ast.Definition, set ast.SelectionSet, page int) int {
	if on == nil {
		return 0
	}
	sum := 0
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			sum += c.field(on, sel, page)
		case *ast.InlineFragment:
			sum += c.selection(c.narrowed(on, sel.TypeCondition), sel.SelectionSet, page)
		case *ast.FragmentSpread:
			if def := c.doc.Fragments.ForName(sel.Name); def != nil {
				sum += c.selection(c.narrowed(on, def.TypeCondition), def.SelectionSet, page)
			}
		}
		sum = min(sum, many)
	}
	return sum
}

func (c *costing) narrowed(on *ast.Definition, condition string) *ast.Definition {
	if def, ok := c.schema.Types[condition]; ok {
		return def
	}
	return on
}

func (c *costing) field(on *ast.Definition, f *ast.Field, page int) int {
	if strings.HasPrefix(f.Name, "__") {
		return 0
	}
	def := on.Fields.ForName(f.Name)
	if def == nil {
		return 1
	}
	base := 0
	if on == c.schema.Mutation {
		base = mutationCost
	}
	result := c.schema.Types[def.Type.Name()]
	if len(f.SelectionSet) == 0 || result == nil {
		return base
	}
	isList := def.Type.Elem != nil
	size, below := 1, 0
	switch {
	case def.Arguments.ForName("first") != nil && isList:
		size = c.first(f)
	case def.Arguments.ForName("first") != nil:
		below = c.first(f) // a connection: its own lists have this size
	case isList && page > 0:
		size = page
	case isList:
		size = listSize
	}
	return min(base+size*min(1+c.selection(result, f.SelectionSet, below), many), many)
}

// first is the size asked for, within what the resolver will accept.
func (c *costing) first(f *ast.Field) int {
	arg := f.Arguments.ForName("first")
	if arg == nil || arg.Value == nil {
		return relay.DefaultFirst
	}
	text := arg.Value.Raw
	if arg.Value.Kind == ast.Variable {
		text = c.variable(arg.Value.Raw)
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return relay.DefaultFirst
	}
	return min(max(n, 1), relay.MaxFirst)
}

// variable is the text of an integer variable, of its default when it was left out.
func (c *costing) variable(name string) string {
	switch v := c.variables[name].(type) {
	case json.Number:
		return v.String()
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	if def := c.op.VariableDefinitions.ForName(name); def != nil && def.DefaultValue != nil {
		return def.DefaultValue.Raw
	}
	return ""
}
