package configuration

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"zhengtong/schema/kind"
)

// shelf holds each tenant's own effective resources: a Set offline, published
// entries at run time.
type shelf interface {
	own(tenant, kindName, name string) (*Found, bool)
	ownAll(tenant, kindName string) []*Found
}

// view is the effective configuration of one tenant: own, then ancestors. It implements Source.
type view struct {
	lineage []string // the tenant first, national last
	shelf   shelf
	parts   *parts
	found   map[[2]string]*Found // what was found by kind and name; nil where others look at the same time
}

func (v *view) keep() *parts { return v.parts }

// Tenant returns the code of the tenant whose view this is.
func (v *view) Tenant() string { return v.lineage[0] }

// Find walks own → ancestors. A matter that the tenant adopts comes concrete.
func (v *view) Find(kindName, name string) (*Found, bool) {
	if f := v.found[[2]string{kindName, name}]; f != nil {
		return f, true
	}
	f, ok := v.walk(kindName, name)
	if ok && v.found != nil {
		v.found[[2]string{kindName, name}] = f
	}
	return f, ok
}

func (v *view) walk(kindName, name string) (*Found, bool) {
	info, ok := kind.KindInfo(kindName)
	if !ok {
		return nil, false
	}
	for i, tenant := range v.lineage {
		if i > 0 && !info.Inheritable {
			break
		}
		if f, ok := v.shelf.own(tenant, kindName, name); ok {
			if kindName == "Matter" && i > 0 {
				f = v.adopted(f)
			}
			return f, true
		}
	}
	return nil, false
}

// All returns the resources of a kind that the tenant has, by name, the nearest of each.
func (v *view) All(kindName string) []*Found {
	info, ok := kind.KindInfo(kindName)
	if !ok {
		return nil
	}
	byName := map[string]*Found{}
	for i, tenant := range v.lineage {
		if i > 0 && !info.Inheritable {
			break
		}
		for _, f := range v.shelf.ownAll(tenant, kindName) {
			name := f.Resource.Metadata.Name
			if _, nearer := byName[name]; nearer {
				continue
			}
			if kindName == "Matter" && i > 0 {
				f = v.adopted(f)
			}
			byName[name] = f
		}
	}
	return slices.SortedFunc(maps.Values(byName), func(a, b *Found) int {
		return cmp.Compare(a.Resource.Metadata.Name, b.Resource.Metadata.Name)
	})
}

// Level is the level of the tenant; "" when it declares none.
func (v *view) Level() string {
	if f, ok := v.shelf.own(v.Tenant(), "Tenant", v.Tenant()); ok {
		return f.Resource.Spec.(*kind.Tenant).Level
	}
	return ""
}

// Offered returns the matters that the tenant itself implements, by name: its
// own and adopted ones that are concrete, and an ancestor's concrete matter that
// is exercised at this tenant's level by a department the tenant has. Every other
// inherited matter is a base to stand on, or is offered by the ancestor alone.
func (v *view) Offered() []*Found {
	return slices.DeleteFunc(v.All("Matter"), func(f *Found) bool { return !v.offers(f) })
}

// Offer returns a matter that the tenant itself implements (see Offered).
func (v *view) Offer(name string) (*Found, bool) {
	f, ok := v.Find("Matter", name)
	if !ok || !v.offers(f) {
		return nil, false
	}
	return f, true
}

func (v *view) offers(f *Found) bool {
	spec := f.Resource.Spec.(*kind.Matter)
	if spec.Abstract {
		return false
	}
	return f.Owner == v.Tenant() || f.adopted || spec.ExerciseLevel == v.Level() && v.binds(spec)
}

// binds reports whether the tenant has the department that implements a matter.
func (v *view) binds(spec *kind.Matter) bool {
	if _, ok := v.shelf.own(v.Tenant(), "Department", spec.ImplementingDepartment); ok {
		return true
	}
	return spec.ImplementingDepartment == "" && slices.ContainsFunc(v.All("Department"), func(f *Found) bool {
		return spec.Line != "" && f.Resource.Spec.(*kind.Department).Line == spec.Line
	})
}

// adoptedBy is the tenant's Adoption that takes over an inherited matter, the one that a delegation made before others;
// nil when none does.
func (v *view) adoptedBy(f *Found) *Found {
	var first *Found
	for _, adoption := range v.shelf.ownAll(v.Tenant(), "Adoption") {
		if spec := adoption.Resource.Spec.(*kind.Adoption); spec.From.Tenant != "" && selects(spec, f) && slices.Contains(v.lineageOf(spec.From.Tenant), f.Owner) {
			if spec.Delegated {
				return adoption
			}
			if first == nil {
				first = adoption
			}
		}
	}
	return first
}

// lineageOf is the part of the lineage that begins at an ancestor; nil for a tenant that is none.
func (v *view) lineageOf(tenant string) []string {
	for i, at := range v.lineage {
		if at == tenant && i > 0 {
			return v.lineage[i:]
		}
	}
	return nil
}

// selects reports whether an Adoption's selection takes a matter: all conditions that are given hold.
func selects(a *kind.Adoption, f *Found) bool {
	matter := f.Resource.Spec.(*kind.Matter)
	name := f.Resource.Metadata.Name
	if a.Select == nil || slices.Contains(a.Except, name) {
		return false
	}
	s := a.Select
	theme := len(s.Themes) == 0 || slices.Contains(s.Themes, f.Resource.Metadata.Labels["theme"]) ||
		slices.ContainsFunc(matter.Themes, func(t string) bool { return slices.Contains(s.Themes, t) })
	return theme && (len(s.Kinds) == 0 || slices.Contains(s.Kinds, "Matter")) && (len(s.Names) == 0 || slices.Contains(s.Names, name)) &&
		(len(s.Lines) == 0 || slices.Contains(s.Lines, matter.Line))
}

// adopted makes an inherited matter concrete when the tenant adopts it: no longer
// abstract, and exercised at the tenant's level unless it says otherwise. The
// digest stays the ancestor's: what differs is a binding, shared by all tenants of a
// level.
func (v *view) adopted(f *Found) *Found {
	adoption := v.adoptedBy(f)
	if adoption == nil {
		return f
	}
	spec := adoption.Resource.Spec.(*kind.Adoption)
	return concreteAt(f, v.Level(), spec.Hall, spec.Delegated)
}

// concreteAt is an ancestor's matter as tenants of a level offer it; hall may be "". A delegated one is exercised at that
// level, whatever the ancestor's says.
func concreteAt(f *Found, level, hall string, delegated bool) *Found {
	key := fmt.Sprintf("%s|%s|%s|%t", f.Owner, level, hall, delegated)
	if ready, ok := f.shared.adopted.Load(key); ok {
		return ready.(*Found)
	}
	spec := *f.Resource.Spec.(*kind.Matter)
	spec.Abstract = false
	if (spec.ExerciseLevel == "" || delegated) && !spec.IsInternal() {
		spec.ExerciseLevel = level
	}
	if spec.Booking == nil && hall != "" {
		spec.Booking = &kind.MatterBooking{Hall: hall, SlotMinutes: defaultSlotMinutes}
	}
	resource := *f.Resource
	resource.Spec = &spec
	out := *f
	out.Resource, out.adopted = &resource, true
	kept, _ := f.shared.adopted.LoadOrStore(key, &out)
	return kept.(*Found)
}

// defaultSlotMinutes is the length of a booking in the hall that an Adoption names (Matter.booking.slot_minutes).
const defaultSlotMinutes = 20

// own returns a tenant's own effective resource; not one with errors.
func (s *Set) own(tenant, kindName, name string) (*Found, bool) {
	l, ok := s.layers[Key{tenant, kindName, name}]
	if !ok {
		return nil, false
	}
	r := s.resolve(l)
	return r.found, r.found != nil
}

// ownAll returns a tenant's own effective resources of a kind, by name.
func (s *Set) ownAll(tenant, kindName string) []*Found {
	var out []*Found
	for _, l := range s.byKind[tenant][kindName] {
		if r := s.resolve(l); r.found != nil {
			out = append(out, r.found)
		}
	}
	return out
}

// View is the effective configuration of one tenant of the set.
func (s *Set) View(tenant string) Source { return s.view(tenant) }

func (s *Set) view(tenant string) *view {
	if s.views[tenant] == nil {
		s.views[tenant] = &view{lineage: s.Lineage(tenant), shelf: s, parts: s.parts, found: map[[2]string]*Found{}}
	}
	return s.views[tenant]
}
