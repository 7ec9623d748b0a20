package authz

import (
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"github.com/gofrs/uuid/v5"
	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"

	"zhengtong/policies"
)

// obligations evaluates the national Rego module, prepared once, over the facts that a decision has.
type obligations struct {
	query rego.PreparedEvalQuery
	known sync.Map // facts → *verdict; bounded by the actions there are
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

// facts are all that the module may look at. They are few, so its answers are kept:
// it has neither time nor network, so that the same facts have the same answer.
type facts struct {
	action, relation, kind          string
	relative, confidential, ownTask bool
}

func factsOf(p Principal, action string, o Object) facts {
	f := facts{action: action, relation: o.Relation, kind: o.Kind, relative: relative(p, o), confidential: o.Confidential, ownTask: ownTask(p, o)}
	if f.relation == "" {
		f.relation = RelationSame
	}
	return f
}

// relative reports a principal who is a party to the case or has declared a relation to one (R-PRC-15).
func relative(p Principal, o Object) bool {
	return slices.ContainsFunc(o.Parties, func(party string) bool { return party == p.Account.String() || slices.Contains(p.Relatives, party) })
}

func (o *obligations) apply(ctx context.Context, p Principal, action string, object Object, d Decision) (Decision, error) {
	if p.Type != TypeStaff {
		return d, nil // the module speaks of staff only; parties look at their own
	}
	v, err := o.verdict(ctx, factsOf(p, action, object))
	switch {
	case err != nil:
		return Decision{}, err
	case v == nil:
		return Decision{Reason: "policy"}, nil
	case len(v.Deny) > 0:
		return Decision{Reason: v.Deny[0], Permission: d.Permission}, nil
	}
	d.Obligations = append(d.Obligations, v.Obligations...)
	return d, nil
}

// verdict is the module's answer; nil when it gives none.
func (o *obligations) verdict(ctx context.Context, f facts) (*verdict, error) {
	if known, ok := o.known.Load(f); ok {
		return known.(*verdict), nil
	}
	results, err := o.query.Eval(ctx, rego.EvalParsedInput(f.input()))
	if err != nil {
		return nil, fmt.Errorf("authz: rego: %w", err)
	}
	if len(results) == 0 {
		return nil, nil
	}
	v := &verdict{}
	text, err := json.Marshal(results[0].Expressions[0].Value)
	if err != nil {
		return nil, fmt.Errorf("authz: rego: %w", err)
	}
	if err := json.Unmarshal(text, v); err != nil {
		return nil, fmt.Errorf("authz: rego: %w", err)
	}
	o.known.Store(f, v)
	return v, nil
}

func (f facts) input() ast.Value {
	return ast.NewObject(
		item("action", ast.StringTerm(f.action)),
		item("relation", ast.StringTerm(f.relation)),
		item("relative", ast.BooleanTerm(f.relative)),
		item("object", ast.ObjectTerm(
			item("kind", ast.StringTerm(f.kind)),
			item("confidential", ast.BooleanTerm(f.confidential)),
			item("own_task", ast.BooleanTerm(f.ownTask)),
		)),
	)
}

func item(key string, value *ast.Term) [2]*ast.Term { return ast.Item(ast.StringTerm(key), value) }

func ownTask(p Principal, o Object) bool {
	v := Visibility{Assignee: p.Staff, Candidates: p.Bindings}
	return p.Staff != uuid.Nil && v.Match(Object{Tasks: o.Tasks})
}
