package authz

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
)

// Module is a tenant's own Rego module (kind Policy), prepared. It reads nothing but its input.
type Module struct{ query rego.PreparedEvalQuery }

// ModuleError is one mistake in a module; Field is the part of the Policy it stands in.
type ModuleError struct{ Field, Message string }

// ModuleErrors are the mistakes that keep a module from being used.
type ModuleErrors []ModuleError

// Error joins the messages.
func (m ModuleErrors) Error() string {
	var out []string
	for _, e := range m {
		out = append(out, e.Message)
	}
	return strings.Join(out, "; ")
}

// outside are the built-in functions that reach beyond the input: network, clock,
// chance, the process. A policy answers the same for the same input.
var outside = []string{"http.", "net.", "time.now", "rand.", "uuid.", "opa.", "io.jwt.", "providers.", "graphql.", "rego.parse_module", "trace", "crypto.x509."}

// CompileModule parses and compiles a module whose entrypoint is a rule of its own
// package, such as data.tenant.masking.obligations. It returns ModuleErrors for what its author can mend.
func CompileModule(ctx context.Context, text, entrypoint string) (*Module, error) {
	capabilities := ast.CapabilitiesForThisVersion()
	capabilities.Builtins = slices.DeleteFunc(capabilities.Builtins, func(b *ast.Builtin) bool {
		return slices.ContainsFunc(outside, func(prefix string) bool { return strings.HasPrefix(b.Name, prefix) })
	})
	capabilities.AllowNet = []string{}
	parsed, err := ast.ParseModuleWithOpts("policy.rego", text, ast.ParserOptions{Capabilities: capabilities, RegoVersion: ast.RegoV1})
	if err != nil {
		return nil, moduleErrors(err)
	}
	if parsed == nil {
		return nil, ModuleErrors{{"module", "模块为空"}}
	}
	rule, ok := strings.CutPrefix(entrypoint, parsed.Package.Path.String()+".")
	if !ok || !slices.ContainsFunc(parsed.Rules, func(r *ast.Rule) bool { return r.Head.Ref().String() == rule || r.Head.Name.String() == rule }) {
		return nil, ModuleErrors{{"entrypoint", fmt.Sprintf("模块 %s 没有规则 %q", parsed.Package.Path, entrypoint)}}
	}
	query, err := rego.New(rego.Query(entrypoint), rego.ParsedModule(parsed), rego.Capabilities(capabilities), rego.StrictBuiltinErrors(true)).PrepareForEval(ctx)
	if err != nil {
		return nil, moduleErrors(err)
	}
	return &Module{query: query}, nil
}

// moduleErrors lists what the compiler says, with line and column inside the module.
func moduleErrors(err error) error {
	var out ModuleErrors
	var list ast.Errors
	if !errors.As(err, &list) {
		return ModuleErrors{{"module", err.Error()}}
	}
	for _, e := range list {
		message := e.Message
		if e.Location != nil {
			message = fmt.Sprintf("模块第 %d 行第 %d 列：%s", e.Location.Row, e.Location.Col, e.Message)
		}
		out = append(out, ModuleError{"module", message})
	}
	return out
}

// Eval answers the entrypoint for an input, both as canonical JSON; "null" when the rule is undefined. ctx bounds its time.
func (m *Module) Eval(ctx context.Context, input []byte) (string, error) {
	var value any
	if err := json.Unmarshal(input, &value); err != nil {
		return "", fmt.Errorf("authz: policy input: %w", err)
	}
	results, err := m.query.Eval(ctx, rego.EvalInput(value))
	if err != nil {
		return "", fmt.Errorf("authz: policy: %w", err)
	}
	if len(results) == 0 {
		return "null", nil
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(results[0].Expressions[0].Value); err != nil {
		return "", fmt.Errorf("authz: policy: %w", err)
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}
