package authz

import (
	"fmt"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"
)

// Visibility says which cases of the acting tenant a principal may see. It is
// the one source of both Match (a single look) and SQL (a list), so the two
// cannot differ. The zero value sees nothing.
type Visibility struct {
	All         bool
	Owner       uuid.UUID // an applicant's own cases
	Assignee    uuid.UUID // tasks assigned to this staff member
	Candidates  []Binding // tasks offered to these roles
	Departments []string  // cases of, or with a task in, these departments
}

func (v *Visibility) widen(scope Scope, p Principal, b Binding) {
	switch scope {
	case ScopeTenant, ScopeSubtree:
		v.All = true
	case ScopeDepartment, ScopeHall, ScopeDivision:
		if !slices.Contains(v.Departments, b.Department) {
			v.Departments = append(v.Departments, b.Department)
		}
	}
	v.Assignee = p.Staff
	if !slices.Contains(v.Candidates, b) {
		v.Candidates = append(v.Candidates, b)
	}
}

// Match reports whether an object is visible.
func (v Visibility) Match(o Object) bool {
	if v.All || (v.Owner != uuid.Nil && v.Owner == o.Owner) || slices.Contains(v.Departments, o.Department) {
		return true
	}
	return slices.ContainsFunc(o.Tasks, func(t TaskFacts) bool {
		return (v.Assignee != uuid.Nil && t.Assignee == v.Assignee) || slices.Contains(v.Departments, t.Department) ||
			slices.Contains(v.Candidates, Binding{Role: t.Role, Department: t.Department})
	})
}

// SQL renders the predicate over `alias` (a case_file) with arguments appended
// to args; placeholders go on counting from len(args).
func (v Visibility) SQL(alias string, args []any) (string, []any) {
	if v.All {
		return "TRUE", args
	}
	place := func(value any) string {
		args = append(args, value)
		return fmt.Sprintf("$%d", len(args))
	}
	var direct, byTask []string
	if v.Owner != uuid.Nil {
		direct = append(direct, alias+".applicant_id = "+place(v.Owner))
	}
	if len(v.Departments) > 0 {
		var places []string
		for _, d := range v.Departments {
			places = append(places, place(d))
		}
		in := " IN (" + strings.Join(places, ", ") + ")"
		direct = append(direct, alias+".department"+in)
		byTask = append(byTask, "vt.department"+in)
	}
	if v.Assignee != uuid.Nil {
		byTask = append(byTask, "vt.assignee = "+place(v.Assignee))
	}
	for _, c := range v.Candidates {
		byTask = append(byTask, "(vt.role = "+place(c.Role)+" AND vt.department = "+place(c.Department)+")")
	}
	if len(byTask) > 0 {
		direct = append(direct, "EXISTS (SELECT 1 FROM task vt WHERE vt.tenant_id = "+alias+".tenant_id AND vt.case_id = "+
			alias+".id AND ("+strings.Join(byTask, " OR ")+"))")
	}
	if len(direct) == 0 {
		return "FALSE", args
	}
	return "(" + strings.Join(direct, " OR ") + ")", args
}
