package matter

import (
	"context"
	"slices"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Hall is a service hall (办事大厅) of the acting tenant.
type Hall struct {
	Name string
	Spec *kind.Hall
	all  bool     // a window takes every matter
	own  []string // the matters that its windows name
}

// Resident is a department that is present in a hall (进驻部门), with how many of its matters (进驻事项).
type Resident struct {
	Department string
	Title      string
	Matters    int
}

// Halls returns the halls of the acting tenant, by name.
func (s *Service) Halls(ctx context.Context) ([]Hall, error) {
	source, err := s.configuration.Source(ctx)
	if err != nil {
		return nil, err
	}
	var out []Hall
	for _, f := range source.All("Hall") {
		h := Hall{Name: f.Resource.Metadata.Name, Spec: f.Resource.Spec.(*kind.Hall)}
		for _, w := range h.Spec.Windows {
			h.all = h.all || slices.Contains(w.Matters, "*")
			h.own = append(h.own, w.Matters...)
		}
		slices.Sort(h.own)
		h.own = slices.DeleteFunc(slices.Compact(h.own), func(name string) bool { return name == "*" })
		out = append(out, h)
	}
	return out, nil
}

// Hall returns one hall of the acting tenant; NotFound when it has none of this name.
func (s *Service) Hall(ctx context.Context, name string) (Hall, error) {
	halls, err := s.Halls(ctx)
	if err != nil {
		return Hall{}, err
	}
	if i := slices.IndexFunc(halls, func(h Hall) bool { return h.Name == name }); i >= 0 {
		return halls[i], nil
	}
	return Hall{}, problem.Missing()
}

// Filter finds the matters that a hall's windows take; it finds none for a hall without such windows.
func (h Hall) Filter() Filter {
	if h.all {
		return Filter{}
	}
	return Filter{Names: append([]string{}, h.own...)}
}

// Residents are the departments whose listed matters a hall takes (R-MGT-14).
func (s *Service) Residents(ctx context.Context, h Hall) ([]Resident, error) {
	return s.store.residents(ctx, h.Filter())
}
