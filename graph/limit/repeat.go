package limit

import (
	"github.com/vektah/gqlparser/v2/ast"
)

// repeats refuses a selection in which more than Repeats fields share one
// response name at one place of the answer. Validation compares them pair by
// pair; with this bound its work is at most Repeats/2 comparisons a field. It
// runs after check, when the number of fields is known to be small.
func (l Limits) repeats(s *shape, set ast.SelectionSet) error {
	return l.merge(s, []ast.SelectionSet{set})
}

// merge groups the fields of the sets by response name, as the answer will, and goes down group by group.
func (l Limits) merge(s *shape, sets []ast.SelectionSet) error {
	groups := map[string][]ast.SelectionSet{}
	for _, set := range sets {
		s.collect(set, groups)
	}
	for _, group := range groups {
		if err := exceeds("repeats", len(group), l.Repeats); err != nil {
			return err
		}
	}
	for _, group := range groups {
		if err := l.merge(s, group); err != nil {
			return err
		}
	}
	return nil
}

// collect adds the fields of a set, those of its fragments included, to their groups.
func (s *shape) collect(set ast.SelectionSet, groups map[string][]ast.SelectionSet) {
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			groups[sel.Alias] = append(groups[sel.Alias], sel.SelectionSet)
		case *ast.InlineFragment:
			s.collect(sel.SelectionSet, groups)
		case *ast.FragmentSpread:
			if def, ok := s.fragments[sel.Name]; ok {
				s.collect(def.SelectionSet, groups)
			}
		}
	}
}
