package limit

import (
	"context"
	"crypto/sha256"
	"errors"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"zhengtong/internal/problem"
)

// What is kept of documents already validated: so many, none longer than this
// many bytes, so that strangers cannot fill the memory with theirs.
const (
	cachedDocuments   = 512
	cachedQueryLength = 32 << 10
)

// Guard is gqlgen's executor behind the limits. It parses and validates documents
// itself and hands the executor only those that passed.
type Guard struct {
	*executor.Executor
	schema *ast.Schema
	limits Limits
	seen   *lru.Cache[[sha256.Size]byte, *ast.QueryDocument]
}

var _ graphql.GraphExecutor = (*Guard)(nil)

// NewGuard puts the limits before an executor of the schema. Configure the
// executor (errors, middleware) through the embedded field.
func NewGuard(es graphql.ExecutableSchema, limits Limits) (*Guard, error) {
	seen, err := lru.New[[sha256.Size]byte, *ast.QueryDocument](cachedDocuments)
	if err != nil {
		return nil, err
	}
	exec := executor.New(es)
	exec.SetQueryCache(validated{})
	return &Guard{Executor: exec, schema: es.Schema(), limits: limits, seen: seen}, nil
}

// CreateOperationContext parses, checks the limits, validates and coerces the
// variables. Every error it returns wraps a *problem.Error: BAD_REQUEST for form,
// TOO_COMPLEX for cost.
func (g *Guard) CreateOperationContext(ctx context.Context, params *graphql.RawParams) (*graphql.OperationContext, gqlerror.List) {
	doc, errs := g.document(params)
	if errs != nil {
		return nil, errs
	}
	ctx = context.WithValue(ctx, documentKey{}, doc)
	op, errs := g.Executor.CreateOperationContext(ctx, params)
	if errs != nil {
		return nil, g.coded(errs, "bad_variables")
	}
	op.DisableIntrospection = !g.limits.Introspection
	return op, nil
}

// document answers the validated document of the request; limits that depend on
// variables are checked each time.
func (g *Guard) document(params *graphql.RawParams) (*ast.QueryDocument, gqlerror.List) {
	doc, known := g.lookUp(params.Query)
	if !known {
		var errs gqlerror.List
		if doc, errs = g.parse(params.Query); errs != nil {
			return nil, errs
		}
	}
	op := doc.Operations.ForName(params.OperationName)
	if op == nil {
		return nil, list(problem.New(problem.BadRequest, "operation_not_found", "未找到操作 %q；文档含多个操作时须给出 operationName", params.OperationName))
	}
	if err := g.limits.Variables(params.Variables); err != nil {
		return nil, list(err)
	}
	if err := g.limits.Check(Cost(g.schema, doc, op, params.Variables)); err != nil {
		return nil, list(err)
	}
	if known {
		return doc, nil
	}
	if errs := validator.ValidateWithRules(g.schema, doc, rules.NewDefaultRules()); len(errs) > 0 {
		return nil, g.coded(errs, "validation_failed")
	}
	if len(params.Query) <= cachedQueryLength {
		g.seen.Add(sha256.Sum256([]byte(params.Query)), doc)
	}
	return doc, nil
}

// lookUp finds a document that has been validated before.
func (g *Guard) lookUp(query string) (*ast.QueryDocument, bool) {
	if len(query) > cachedQueryLength {
		return nil, false
	}
	return g.seen.Get(sha256.Sum256([]byte(query)))
}

// parse reads at most Limits.Tokens tokens and checks the shape of what it read.
func (g *Guard) parse(query string) (*ast.QueryDocument, gqlerror.List) {
	doc, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: query}, g.limits.Tokens)
	if err != nil {
		var syntax *gqlerror.Error
		if !errors.As(err, &syntax) {
			syntax = gqlerror.Wrap(err)
		}
		return nil, g.coded(gqlerror.List{syntax}, "parse_failed")
	}
	if len(doc.Operations) == 0 {
		return nil, list(problem.New(problem.BadRequest, "parse_failed", "文档中没有操作"))
	}
	if err := g.limits.Shape(doc); err != nil {
		return nil, list(err)
	}
	return doc, nil
}

// coded gives the errors of parser and validator the code BAD_REQUEST, and tells at most Limits.Problems of them.
func (g *Guard) coded(errs gqlerror.List, reason string) gqlerror.List {
	if len(errs) > g.limits.Problems {
		errs = errs[:g.limits.Problems]
	}
	for _, e := range errs {
		e.Err = problem.New(problem.BadRequest, reason, "%s", e.Message)
	}
	return errs
}

// list wraps one refusal as GraphQL errors, its cause kept for the error table.
func list(err error) gqlerror.List {
	return gqlerror.List{&gqlerror.Error{Err: err, Message: err.Error()}}
}

type documentKey struct{}

// validated hands the executor the document that Guard put into the context, in
// place of gqlgen's own parsing and validation.
type validated struct{}

// Get answers the document of the request.
func (validated) Get(ctx context.Context, _ string) (*ast.QueryDocument, bool) {
	doc, ok := ctx.Value(documentKey{}).(*ast.QueryDocument)
	return doc, ok
}

// Add keeps nothing: Guard has a cache of its own.
func (validated) Add(context.Context, string, *ast.QueryDocument) {}
