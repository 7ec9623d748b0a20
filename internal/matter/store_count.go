package matter

import (
	"context"

	"zhengtong/internal/tenancy"
)

// residents counts the listed matters that a filter finds, by department.
func (s *store) residents(ctx context.Context, f Filter) ([]Resident, error) {
	c := s.offered(ctx)
	c.filter(f)
	var out []Resident
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var r Resident
		err := scan(&r.Department, &r.Title, &r.Matters)
		out = append(out, r)
		return err
	}, "SELECT department, department_title, count(*) FROM matter WHERE "+c.String()+
		" GROUP BY department, department_title ORDER BY department", c.args...)
	return out, err
}

// groups counts the acting tenant's published matters by one column.
func (s *store) groups(ctx context.Context, by Grouping) ([]Group, error) {
	key, title := string(by), "''"
	switch by {
	case ByDepartment:
		title = "max(department_title)"
	case ByItemType, ByCaseType, ByLevel:
	default:
		key = "item_type"
	}
	var out []Group
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var g Group
		err := scan(&g.Key, &g.Title, &g.Count)
		out = append(out, g)
		return err
	}, "SELECT "+key+", "+title+", count(*) FROM matter WHERE tenant_id = $1 AND status = 'published' GROUP BY "+key+" ORDER BY "+key, tenancy.Acting(ctx))
	return out, err
}
