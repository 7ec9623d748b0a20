package configuration

import "zhengtong/internal/problem"

// checkMatter runs the checks of one concrete matter that no single kind shows.
func (s *Set) checkMatter(v *view, f *Found, m *Matter) problem.List {
	return nil
}

// checkView runs the checks of a tenant's configuration as a whole.
func (s *Set) checkView(v *view) problem.List {
	return nil
}
