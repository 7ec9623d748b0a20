package limit

import (
	"cmp"

	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/internal/problem"
)

// many caps sums: fragments that double each other would overflow otherwise.
const many = 1 << 30

// measure counts a selection set with its fragments expanded.
type measure struct {
	root, fields, aliases, directives, spreads, depth int
}

func (m *measure) add(other measure) {
	m.fields = min(m.fields+other.fields, many)
	m.aliases = min(m.aliases+other.aliases, many)
	m.directives = min(m.directives+other.directives, many)
	m.spreads = min(m.spreads+other.spreads, many)
}

// shape measures each fragment once, so that its work is linear in the document.
type shape struct {
	doc           *ast.QueryDocument
	introspection bool
	measured      map[string]measure
	open          map[string]bool // fragments being measured: meeting one again is a cycle
	fragments     map[string]*ast.FragmentDefinition
}

// Shape refuses a document whose form breaks a limit: BAD_REQUEST with the name of the limit as reason.
func (l Limits) Shape(doc *ast.QueryDocument) error {
	if err := cmp.Or(exceeds("operations", len(doc.Operations), l.Operations),
		exceeds("fragments", len(doc.Fragments), l.Fragments)); err != nil {
		return err
	}
	s := shape{doc: doc, introspection: l.Introspection, measured: map[string]measure{}, open: map[string]bool{},
		fragments: map[string]*ast.FragmentDefinition{}}
	for _, f := range doc.Fragments {
		s.fragments[f.Name] = f
	}
	for _, op := range doc.Operations {
		if err := l.operation(&s, op); err != nil {
			return err
		}
	}
	for _, f := range doc.Fragments { // validation looks at unused ones too
		m, err := s.fragment(f.Name)
		if err == nil {
			err = l.check(m)
		}
		if err == nil {
			err = l.repeats(&s, f.SelectionSet)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l Limits) operation(s *shape, op *ast.OperationDefinition) error {
	m, err := s.selection(op.SelectionSet)
	if err != nil {
		return err
	}
	m.directives += len(op.Directives)
	roots, reason := l.RootFields, "root_fields"
	if op.Operation == ast.Mutation {
		roots, reason = l.MutationFields, "mutation_fields"
	}
	if err := cmp.Or(exceeds(reason, m.root, roots), l.check(m)); err != nil {
		return err
	}
	return l.repeats(s, op.SelectionSet) // only now: it expands what check has bounded
}

func (l Limits) check(m measure) error {
	return cmp.Or(
		exceeds("depth", m.depth, l.Depth),
		exceeds("fields", m.fields, l.Fields),
		exceeds("aliases", m.aliases, l.Aliases),
		exceeds("directives", m.directives, l.Directives),
		exceeds("spreads", m.spreads, l.Spreads),
	)
}

func (s *shape) selection(set ast.SelectionSet) (measure, error) {
	var sum measure
	for _, sel := range set {
		var one measure
		var err error
		switch sel := sel.(type) {
		case *ast.Field:
			one, err = s.field(sel)
		case *ast.InlineFragment:
			one, err = s.selection(sel.SelectionSet)
			one.directives += len(sel.Directives)
		case *ast.FragmentSpread:
			one, err = s.fragment(sel.Name)
			one.directives += len(sel.Directives)
			one.spreads++
		}
		if err != nil {
			return measure{}, err
		}
		sum.add(one)
		sum.root = min(sum.root+one.root, many)
		sum.depth = max(sum.depth, one.depth)
	}
	return sum, nil
}

func (s *shape) field(f *ast.Field) (measure, error) {
	if !s.introspection && (f.Name == "__schema" || f.Name == "__type") {
		return measure{}, problem.New(problem.BadRequest, "introspection_disabled", "内省已关闭；模式见 /schema.graphql")
	}
	m, err := s.selection(f.SelectionSet)
	m.root = 1
	m.depth++
	m.fields++
	m.directives += len(f.Directives)
	if f.Alias != f.Name {
		m.aliases++
	}
	return m, err
}

// fragment measures a fragment once; one that reaches itself is BAD_REQUEST, reason "fragment_cycle".
// An unknown one counts nothing: validation names it.
func (s *shape) fragment(name string) (measure, error) {
	if m, done := s.measured[name]; done {
		return m, nil
	}
	def, ok := s.fragments[name]
	if !ok {
		return measure{}, nil
	}
	if s.open[name] {
		return measure{}, problem.New(problem.BadRequest, "fragment_cycle", "片段 %s 引用了自身", name)
	}
	s.open[name] = true
	m, err := s.selection(def.SelectionSet)
	delete(s.open, name)
	m.directives += len(def.Directives)
	s.measured[name] = m
	return m, err
}
