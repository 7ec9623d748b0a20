package authz

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/gofrs/uuid/v5"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"zhengtong/policies"
)

// obligations evaluates the national Rego module, prepared once.
type obligations struct {
	query rego.PreparedEvalQuery
}

func prepareObligations(ctx context.Context) (*obligations, error) {
	modules, err := fs.Glob(policies.FS, "rego/*.rego")
	if err != nil {
		return nil, fmt.Errorf("authz: %w", err)
	}
	options := []func(*rego.Rego){rego.Query("data.zhengtong.decision")}
	for _, name := range modules {
		if strings.HasSuffix(name, "_test.rego") {
			continue
		}
		text, err := policies.FS.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("authz: %w", err)
		}
		options = append(options, rego.Module(name, string(text)))
	}
	query, err := rego.New(options...).PrepareForEval(ctx)
	if err != nil {
		return nil, fmt.Errorf("authz: rego: %w", err)
	}
	return &obligations{query: query}, nil
}

// verdict is what the module answers.
type verdict struct {
	Deny        []string     `json:"deny"`
	Obligations []Obligation `json:"obligations"`
}

func (o *obligations) apply(ctx context.Context, p Principal, action string, object Object, d Decision) (Decision, error) {
	if p.Type != TypeStaff {
		return d, nil // the module speaks of staff only; parties look at their own
	}
	results, err := o.query.Eval(ctx, rego.EvalParsedInput(input(p, action, object)))
	if err != nil {
		return Decision{}, fmt.Errorf("authz: rego: %w", err)
	}
	if len(results) == 0 {
		return Decision{Reason: "policy"}, nil
	}
	var v verdict
	text, err := json.Marshal(results[0].Expressions[0].Value)
	if err != nil {
		return Decision{}, fmt.Errorf("authz: rego: %w", err)
	}
	if err := json.Unmarshal(text, &v); err != nil {
		return Decision{}, fmt.Errorf("authz: rego: %w", err)
	}
	if len(v.Deny) > 0 {
		return Decision{Reason: v.Deny[0], Permission: d.Permission}, nil
	}
	d.Obligations = append(d.Obligations, v.Obligations...)
	return d, nil
}

func input(p Principal, action string, o Object) ast.Value {
	relation := o.Relation
	if relation == "" {
		relation = RelationSame
	}
	return ast.NewObject(
		item("action", ast.StringTerm(action)),
		item("relation", ast.StringTerm(relation)),
		item("principal", ast.ObjectTerm(
			item("account", ast.StringTerm(p.Account.String())),
			item("home", ast.StringTerm(p.Home)),
			item("type", ast.StringTerm(p.Type)),
			item("relatives", stringTerms(p.Relatives)),
		)),
		item("object", ast.ObjectTerm(
			item("kind", ast.StringTerm(o.Kind)),
			item("tenant", ast.StringTerm(o.Tenant)),
			item("parties", stringTerms(o.Parties)),
			item("confidential", ast.BooleanTerm(o.Confidential)),
			item("own_task", ast.BooleanTerm(ownTask(p, o))),
		)),
	)
}

func item(key string, value *ast.Term) [2]*ast.Term { return ast.Item(ast.StringTerm(key), value) }

func stringTerms(values []string) *ast.Term {
	terms := make([]*ast.Term, len(values))
	for i, v := range values {
		terms[i] = ast.StringTerm(v)
	}
	return ast.ArrayTerm(terms...)
}

func ownTask(p Principal, o Object) bool {
	v := Visibility{Assignee: p.Staff, Candidates: p.Bindings}
	return p.Staff != uuid.Nil && v.Match(Object{Tasks: o.Tasks})
}
