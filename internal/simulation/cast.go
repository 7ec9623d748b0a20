package simulation

import (
	"fmt"
	"maps"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/code"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// The words in By that are no role.
const (
	byApplicant = "applicant"
	byExternal  = "external" // a body outside, whose result the platform enters
)

// cast is everybody who may act in a simulation.
type cast struct {
	applicant authz.Principal
	staff     []authz.Principal
	named     map[string]authz.Principal // People, by their key
}

// understudies is how many people are made up for a role that nobody of the script
// holds: enough for separation of duty.
const understudies = 3

func castOf(s Subject, script Script) (*cast, error) {
	c := &cast{applicant: applicantOf(s, script.Applicant), named: map[string]authz.Principal{}}
	var problems problem.List
	for _, key := range slices.Sorted(maps.Keys(script.People)) {
		p := script.People[key]
		person, err := s.person(key, p)
		if err != nil {
			problems.Add(ScriptPath+".people."+key, "role", "%v", err)
			continue
		}
		c.staff, c.named[key] = append(c.staff, person), person
	}
	for _, role := range slices.Sorted(maps.Keys(s.Live.Roles)) {
		if slices.ContainsFunc(c.staff, func(p authz.Principal) bool { return slices.Contains(p.Roles(), role) }) {
			continue
		}
		for i := range understudies {
			p := Person{Name: s.Live.Roles[role].Title + string([]rune("甲乙丙丁")[i]), Roles: []string{role}, StaffNo: fmt.Sprintf("%s-%d", role, i+1)}
			person, err := s.person(p.StaffNo, p)
			if err != nil {
				return nil, err
			}
			c.staff, c.named[p.StaffNo] = append(c.staff, person), person
		}
	}
	return c, problem.Invalid(problems)
}

// person makes a member of staff of the tenant.
func (s Subject) person(key string, p Person) (authz.Principal, error) {
	if p.Name == "" {
		p.Name = key
	}
	if p.StaffNo == "" {
		p.StaffNo = key
	}
	department := p.Department
	if department == "" {
		department = s.Matter.Binding.Department
	}
	out := authz.Principal{Type: authz.TypeStaff, Account: uuid.Must(uuid.NewV4()), Staff: uuid.Must(uuid.NewV4()), Home: s.Matter.Tenant, Name: p.Name,
		StaffNo: p.StaffNo, Department: department, Relatives: p.Relatives}
	for _, role := range p.Roles {
		if _, known := s.Live.Roles[role]; !known {
			return out, fmt.Errorf("没有角色 %q", role)
		}
		if p.Department != "" {
			out.Bindings = append(out.Bindings, authz.Binding{Role: role, Department: p.Department})
			continue
		}
		for _, d := range slices.Sorted(maps.Keys(s.Live.Departments)) {
			out.Bindings = append(out.Bindings, authz.Binding{Role: role, Department: d})
		}
	}
	return out, nil
}

func applicantOf(s Subject, a Applicant) authz.Principal {
	if a.Type == "" && len(s.Matter.Spec.ServiceObjects) > 0 {
		a.Type = s.Matter.Spec.ServiceObjects[0]
	}
	if a.Level == "" {
		a.Level = "L4"
	}
	if a.Name == "" {
		a.Name = "模拟申请人"
	}
	if a.USCC == "" && a.Type != "natural_person" {
		a.USCC, _ = code.CompleteUSCC("91000000MA00000SM")
	}
	return authz.Principal{Type: authz.TypeApplicant, Account: uuid.Must(uuid.NewV4()), Home: tenancy.Realm, Name: a.Name, Level: a.Level, ObjectType: a.Type, USCC: a.USCC}
}

// people are all of them.
func (c *cast) people() []authz.Principal { return append([]authz.Principal{c.applicant}, c.staff...) }

// byStaff finds a member of staff.
func (c *cast) byStaff(id uuid.UUID) (authz.Principal, bool) {
	i := slices.IndexFunc(c.staff, func(p authz.Principal) bool { return p.Staff == id && id != uuid.Nil })
	if i < 0 {
		return authz.Principal{}, false
	}
	return c.staff[i], true
}

// holding are those who hold a role, in any department or in one.
func (c *cast) holding(role, department string) []authz.Principal {
	var found []authz.Principal
	for _, p := range c.staff {
		if slices.ContainsFunc(p.Bindings, func(b authz.Binding) bool { return b.Role == role && (department == "" || b.Department == department) }) {
			found = append(found, p)
		}
	}
	return found
}

// meant are those whom By may mean, in order.
func (c *cast) meant(by string) []authz.Principal {
	if p, ok := c.named[by]; ok {
		return []authz.Principal{p}
	}
	switch by {
	case byApplicant:
		return []authz.Principal{c.applicant}
	case byExternal:
		return []authz.Principal{authz.System()}
	}
	return c.holding(by, "")
}
