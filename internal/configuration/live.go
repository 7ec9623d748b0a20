package configuration

import (
	"fmt"

	"zhengtong/internal/authz"
	"zhengtong/internal/deadline"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// CompileLive gathers what is read as it now stands. It fails on a calendar or a
// time zone that publication should have refused.
func CompileLive(source Source, revision int) (*Live, error) {
	l := &Live{Revision: revision, Departments: map[string]*kind.Department{}, Roles: map[string]*kind.Role{}, Seals: map[string]*kind.SealPolicy{},
		DueTime: deadline.EndOfDay}
	if found, ok := source.Find("Tenant", source.Tenant()); ok {
		l.Tenant = found.Resource.Spec.(*kind.Tenant)
	} else {
		l.Tenant = &kind.Tenant{DivisionCode: source.Tenant(), Timezone: "Asia/Shanghai"}
	}
	var err error
	if l.Location, err = tenancy.Zone(l.Tenant.Timezone); err != nil {
		return nil, fmt.Errorf("configuration: tenant %s: %w", source.Tenant(), err)
	}
	if l.Tenant.Policies != nil && l.Tenant.Policies.DueTimeOfDay != "" {
		if l.DueTime, err = deadline.ParseTimeOfDay(l.Tenant.Policies.DueTimeOfDay); err != nil {
			return nil, fmt.Errorf("configuration: tenant %s: %w", source.Tenant(), err)
		}
	}
	if l.Calendar = calendarOf(source); l.Calendar == nil {
		return nil, fmt.Errorf("configuration: tenant %s has no usable calendar `default`", source.Tenant())
	}
	for _, f := range source.All("Department") {
		l.Departments[f.Resource.Metadata.Name] = f.Resource.Spec.(*kind.Department)
	}
	for _, f := range source.All("Role") {
		l.Roles[f.Resource.Metadata.Name] = f.Resource.Spec.(*kind.Role)
	}
	for _, f := range source.All("SealPolicy") {
		l.Seals[f.Resource.Metadata.Name] = f.Resource.Spec.(*kind.SealPolicy)
	}
	for _, f := range source.All("NotificationTemplate") {
		l.Notices = append(l.Notices, Notice{Name: f.Resource.Metadata.Name, Spec: f.Resource.Spec.(*kind.NotificationTemplate)})
	}
	if found, ok := source.Find("PortalTheme", "portal"); ok {
		l.Theme = found.Resource.Spec.(*kind.PortalTheme)
	}
	return l, nil
}

// calendarOf compiles the tenant's effective calendar; nil when it has none that is sound.
func calendarOf(source Source) *deadline.Calendar {
	found, ok := source.Find("Calendar", "default")
	if !ok {
		return nil
	}
	found.shared.calendarOnce.Do(func() {
		var spec deadline.CalendarSpec
		if err := remarshal(found.Resource.Doc, &spec); err != nil {
			return
		}
		if calendar, problems := deadline.NewCalendar(spec); !problems.HasErrors() {
			found.shared.calendar = calendar
		}
	})
	return found.shared.calendar
}

// bind looks up the per-tenant facts of a matter (docs/kinds.md "Binding, not copying").
func bind(source Source, spec *kind.Matter) Binding {
	b := Binding{Department: spec.ImplementingDepartment, ImplementationCode: spec.ImplementationCode}
	for _, f := range source.All("Department") {
		d := f.Resource.Spec.(*kind.Department)
		if b.Department == "" && d.Line != "" && d.Line == spec.Line {
			b.Department = f.Resource.Metadata.Name
		}
		if f.Resource.Metadata.Name != b.Department {
			continue
		}
		b.DepartmentTitle, b.DepartmentShort = d.Title, d.Short
		b.USCC = d.USCC
		if p := d.Places; p != nil {
			b.Address, b.Hours, b.Phone, b.Complaint = p.Address, p.Hours, p.Phone, p.Complaint
		}
	}
	if b.ImplementationCode == "" && b.USCC != "" && spec.BasicCode != "" {
		b.ImplementationCode = implementationCode(spec, b.USCC)
	}
	if g := spec.Guide; g != nil {
		b.Address, b.Hours, b.Phone, b.Complaint = g.Address, g.Hours, g.Phone, g.Complaint
	}
	return b
}

// layoutOf decodes a template's layout, inline or from its file, and holds its
// placeholders to the declared fields (V-37).
func layoutOf(found *Found, inline map[string]any, fields []string) (layout.Layout, problem.List) {
	text := found.Layout
	if inline != nil {
		text = kind.Canonical(inline)
	}
	if text == nil {
		problems := missingLayout(found.Resource.Spec.(*kind.DocumentTemplate).File)
		problems[0].Path = "$.file"
		return layout.Layout{}, problems
	}
	l, problems := layout.Decode(text)
	problems = append(problems, layout.Check(l, fields)...)
	for i := range problems { // their paths lead into the layout: the template names the file, or holds it
		problems[i].Path = "$.file"
		if inline != nil {
			problems[i].Path = "$.layout"
		}
	}
	return l, problems
}

// missingLayout warns of a layout file that is not among the files: it must be there before publication (V-37).
func missingLayout(name string) problem.List {
	var problems problem.List
	problems.Warn("$", CodeMissingFile, "版式文件 %s 尚未提供", name)
	return problems
}

// CodeMissingFile is the one warning of a check that stops publication: a file that is named is not there (V-37: warns at
// validate, stops at apply).
const CodeMissingFile = "V-37"

// RoleSet is the tenant's effective roles for authz; its digest is that of the roles alone.
func RoleSet(source Source) authz.RoleSet {
	set := authz.RoleSet{}
	var digests []any
	for _, f := range source.All("Role") {
		r := f.Resource.Spec.(*kind.Role)
		set.Roles = append(set.Roles, authz.Role{Name: f.Resource.Metadata.Name, Title: r.Title, Permissions: r.Permissions,
			Scope: authz.Scope(r.DataScope), Inherits: r.Inherits, ConflictsWith: r.ConflictsWith})
		digests = append(digests, f.Resource.Metadata.Name, f.Digest)
	}
	set.Digest = kind.Digest(kind.Canonical(digests))
	return set
}
