package limit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"

	"zhengtong/graph/generated"
	"zhengtong/graph/limit"
	"zhengtong/internal/problem"
)

func guard(t testing.TB, limits limit.Limits) *limit.Guard {
	t.Helper()
	g, err := limit.NewGuard(generated.NewExecutableSchema(generated.Config{}), limits)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// ask runs everything that comes before execution.
func ask(t testing.TB, g *limit.Guard, query string, variables map[string]any) error {
	t.Helper()
	ctx := graphql.StartOperationTrace(t.Context())
	_, errs := g.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if len(errs) == 0 {
		return nil
	}
	return errs[0]
}

// nested is `a{a{…}}` of a field that links to itself.
func nested(depth int) string {
	return `{tenant(code:"1"){` + strings.Repeat("parent{", depth) + "id" + strings.Repeat("}", depth) + "}}"
}

func TestEachLimitOfFormIsABadRequestThatNamesIt(t *testing.T) {
	laughs := `query{...f0}`
	for i := range 40 {
		laughs += fmt.Sprintf(" fragment f%d on Query{...f%d ...f%d}", i, i+1, i+1)
	}
	for name, c := range map[string]struct{ query, reason string }{
		"nothing":                {"", "parse_failed"},
		"not GraphQL":            {"{", "parse_failed"},
		"only a fragment":        {"fragment f on Query{__typename}", "parse_failed"},
		"unknown field":          {"{nothing}", "validation_failed"},
		"too many tokens":        {"{" + strings.Repeat("__typename ", 5000) + "}", "parse_failed"},
		"too deep":               {nested(16), "depth"},
		"too many fields":        {"{tenant(code:\"1\"){" + unknown(1000) + "}}", "fields"},
		"repeated fields":        {"{" + strings.Repeat("viewer{home{id}} ", 21) + "}", "root_fields"},
		"repeated below":         {"{tenant(code:\"1\"){" + strings.Repeat("title ", 21) + "}}", "repeats"},
		"repeated after merging": {"{viewer{home{" + strings.Repeat("id ", 15) + "}} viewer{home{" + strings.Repeat("id ", 15) + "}}}", "repeats"},
		"repeated in fragments":  {"{tenant(code:\"1\"){" + strings.Repeat("...f ", 21) + "}} fragment f on Tenant{id}", "repeats"},
		"aliases":                {"{tenant(code:\"1\"){" + aliases(51) + "}}", "aliases"},
		"aliased roots":          {"{" + strings.ReplaceAll(aliases(21), "id", "__typename") + "}", "root_fields"},
		"mutations":              {`mutation{` + strings.Repeat(`signOut{ended} `, 11) + `}`, "mutation_fields"},
		"directives":             {"{__typename" + strings.Repeat(" @include(if:true)", 51) + "}", "directives"},
		"cycle of fragments":     {"{...a} fragment a on Query{...b} fragment b on Query{...a}", "fragment_cycle"},
		"doubling fragments":     {laughs, "spreads"},
		"operations":             {strings.Repeat("query q{__typename} ", 11), "operations"},
		"introspection":          {"{__schema{types{name}}}", "introspection_disabled"},
		"hidden introspection":   {"{...f} fragment f on Query{__type(name:\"Case\"){name}}", "introspection_disabled"},
		"unnamed of several":     {"query a{__typename} query b{__typename}", "operation_not_found"},
	} {
		t.Run(name, func(t *testing.T) {
			err := ask(t, guard(t, limit.Default()), c.query, nil)
			if problem.CodeOf(err) != problem.BadRequest || problem.ReasonOf(err) != c.reason {
				t.Errorf("got %s %s: %v", problem.CodeOf(err), problem.ReasonOf(err), err)
			}
		})
	}
}

func aliases(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d:id ", i)
	}
	return b.String()
}

func TestVariablesAreBoundedAndCoerced(t *testing.T) {
	query := `mutation($i:SaveDraftInput!){saveDraft(input:$i){draft{id}}}`
	deep := any(json.Number("1"))
	for range 70 {
		deep = []any{deep}
	}
	wide := make([]any, 60_000)
	for name, c := range map[string]struct {
		variables map[string]any
		reason    string
	}{
		"missing": {nil, "bad_variables"},
		"unknown": {map[string]any{"i": map[string]any{"nothing": 1}}, "bad_variables"},
		"deep":    {map[string]any{"i": deep}, "variable_depth"},
		"wide":    {map[string]any{"i": wide}, "variable_values"},
	} {
		err := ask(t, guard(t, limit.Default()), query, c.variables)
		if problem.CodeOf(err) != problem.BadRequest || problem.ReasonOf(err) != c.reason {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCostFollowsFirst(t *testing.T) {
	cases := `query($n:Int=3){cases(first:$n){edges{node{number tasks{actions{id inputs{name}}}}}}}`
	for name, c := range map[string]struct {
		query     string
		variables map[string]any
		want      int
	}{
		"scalars are free":        {"{__typename}", nil, 0},
		"one object":              {`{viewer{permissions}}`, nil, 1},
		"a page":                  {`{cases(first:10){edges{node{id}}}}`, nil, 1 + 10*2},
		"twenty when left out":    {`{cases{edges{node{id}} pageInfo{endCursor}}}`, nil, 1 + 20*2 + 1},
		"a variable":              {cases, map[string]any{"n": json.Number("2")}, 1 + 2*(2+5*(1+5*(1+5)))},
		"its default":             {cases, nil, 1 + 3*(2+5*(1+5*(1+5)))},
		"a null counts as absent": {`{cases(first:null){edges{node{id}}}}`, nil, 41},
		"a mutation costs more":   {`mutation{signOut{ended}}`, nil, 11},
	} {
		limits := limit.Default()
		limits.Cost = -1
		err := ask(t, guard(t, limits), c.query, c.variables)
		var cost *limit.CostError
		if !asCost(err, &cost) || cost.Cost != c.want || problem.CodeOf(err) != problem.TooComplex {
			t.Errorf("%s: want %d, got %v", name, c.want, err)
		}
	}
}

func TestTheStandardIntrospectionQueryPassesWhereAllowed(t *testing.T) {
	limits := limit.Default()
	limits.Introspection = true
	if err := ask(t, guard(t, limits), introspection, nil); err != nil {
		t.Error(err)
	}
}

// introspection is what graphql-js 16 asks.
const introspection = `query IntrospectionQuery{__schema{queryType{name}mutationType{name}subscriptionType{name}types{...FullType}
directives{name description locations args{...InputValue}}}}
fragment FullType on __Type{kind name description fields(includeDeprecated:true){name description args{...InputValue}type{...TypeRef}
isDeprecated deprecationReason}inputFields{...InputValue}interfaces{...TypeRef}enumValues(includeDeprecated:true){name description isDeprecated deprecationReason}
possibleTypes{...TypeRef}}
fragment InputValue on __InputValue{name description type{...TypeRef}defaultValue}
fragment TypeRef on __Type{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name ofType{kind name
ofType{kind name ofType{kind name}}}}}}}}}}`

func BenchmarkAKnownQuery(b *testing.B) {
	g := guard(b, limit.Default())
	for b.Loop() {
		if err := ask(b, g, `{cases(first:20){edges{node{id number status matter{title} applicant{name} tasks{id title}}}}}`, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzNoQueryBreaksTheGuard(f *testing.F) {
	f.Add("{viewer{home{id}}}")
	f.Add("query($a:Int=1){cases(first:$a){edges{node{id}}}}")
	f.Add("{...a} fragment a on Query{...a}")
	f.Add("mutation{signOut(input:{clientMutationId:\"\"\"x\"\"\"}){ended}}")
	g := guard(f, limit.Default())
	f.Fuzz(func(t *testing.T, query string) {
		if err := ask(t, g, query, nil); err != nil && problem.CodeOf(err) == problem.Internal {
			t.Error(err)
		}
	})
}

func asCost(err error, target **limit.CostError) bool { return errors.As(err, target) }
