package configuration

import (
	"maps"
	"path"
	"slices"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Set is the authored configuration of several tenants taken together: packs
// read from files, or published entries with a change laid over them. References
// resolve among all of it. A Set is built, then asked; it is not safe for
// concurrent use.
type Set struct {
	layers   map[Key]*Layer
	byKind   map[string]map[string][]*Layer // tenant → kind → layers by name
	parents  map[string]string              // tenant → the one above; "" for national
	resolved map[*Layer]*resolution
	packs    map[string][]*Layer // tenant/pack → the resources it provides
	views    map[string]*view
	problems problem.List                  // of building
	proofs   map[string]problem.List       // of nets, by digest of the workflow
	holders  map[string]map[string]Holding // tenant → role → active staff; nil where nobody knows
	unmanned problem.Severity              // of what nobody could do (V-11, V-27, V-28); "" = a warning
	parts    *parts                        // a published base brings those of its service
	// older answers the layers, nearest first, of the effective version that a patch stays on; nil without a history.
	older func(kindName string, extends *kind.Extends) []*Layer
}

// NewSet returns a set of layers, later ones in place of earlier ones with the same key.
func NewSet(layers ...*Layer) *Set {
	s := &Set{layers: map[Key]*Layer{}, byKind: map[string]map[string][]*Layer{}, parents: map[string]string{},
		resolved: map[*Layer]*resolution{}, packs: map[string][]*Layer{}, views: map[string]*view{}, proofs: map[string]problem.List{}, parts: newParts()}
	for _, l := range layers {
		switch {
		case l.installed(): // made anew below, for as long as its Adoption is there
		case l.Resource.Metadata.Pack != "":
			pack := l.Resource.Metadata.Tenant + "/" + l.Resource.Metadata.Pack
			s.packs[pack] = append(s.packs[pack], l)
		default:
			s.layers[keyOf(l.Resource)] = l
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(s.layers), Key.compare) {
		s.shelve(s.layers[key])
	}
	s.plant()
	s.install()
	return s
}

// shelve lists a layer under its tenant and kind.
func (s *Set) shelve(l *Layer) {
	tenant, kindName := l.Resource.Metadata.Tenant, l.Resource.Kind
	if s.byKind[tenant] == nil {
		s.byKind[tenant] = map[string][]*Layer{}
	}
	s.byKind[tenant][kindName] = append(s.byKind[tenant][kindName], l)
}

// add puts a layer that an Adoption made among those of its tenant.
func (s *Set) add(l *Layer) {
	key := keyOf(l.Resource)
	if before, ok := s.layers[key]; ok {
		var list problem.List
		list.Add("$.metadata.name", "V-02", "与配置包安装的 %s 同名", l.Resource.Kind)
		s.problems = append(s.problems, before.Resource.Locate(list)...)
		return
	}
	s.layers[key] = l
	s.shelve(l)
	list := s.byKind[l.Resource.Metadata.Tenant][l.Resource.Kind]
	slices.SortFunc(list, func(a, b *Layer) int { return strings.Compare(a.Resource.Metadata.Name, b.Resource.Metadata.Name) })
}

// Read reads packs of files as layers. Every resource whose envelope could be
// read is among them; one with errors is kept, so that what refers to it is not
// reported as well.
func Read(files []kind.File) ([]*Layer, problem.List) {
	resources, problems := kind.ReadFiles(files)
	texts, digests := make(map[string]string, len(files)), map[string]string{}
	for _, f := range files {
		if f.Digest != "" {
			digests[path.Clean(f.Path)] = f.Digest
			continue
		}
		texts[path.Clean(f.Path)] = string(f.Content)
	}
	broken := brokenResources(resources, problems)
	seen := map[string]bool{}
	var layers []*Layer
	for _, r := range resources {
		if key := r.Key(); r.Metadata.Pack == "" {
			if seen[key] && !slices.ContainsFunc(problems, func(p problem.Problem) bool { return p.Code == "V-02" && p.File == r.File }) {
				var list problem.List
				list.Add("$.metadata.effective", "V-02", "同一资源的下一个版本须另作一次变更提交")
				problems = append(problems, r.Locate(list)...)
			}
			seen[key] = true
		}
		l := newLayer(r, layoutsOf(r, texts), assetsOf(r, digests))
		l.broken = broken[r]
		layers = append(layers, l)
	}
	return layers, problems
}

// layoutsOf are the texts of the layout files that a resource names.
func layoutsOf(r *kind.Resource, texts map[string]string) map[string]string {
	return beside(r, layoutNames(r.Kind, r.Doc), texts)
}

// assetsOf are the digests of the files that a resource names by `asset:`.
func assetsOf(r *kind.Resource, digests map[string]string) map[string]string {
	var names []string
	for _, asset := range kind.Assets(r) {
		names = append(names, asset.Name)
	}
	return beside(r, names, digests)
}

// beside finds files by the names that a resource gives them, beside it or in the
// folders above; nil when none is there.
func beside(r *kind.Resource, names []string, files map[string]string) map[string]string {
	var found map[string]string
	for _, name := range names {
		file, ok := kind.LayoutPath(path.Clean(r.File), name, func(p string) bool { _, ok := files[p]; return ok })
		if !ok {
			continue
		}
		if found == nil {
			found = map[string]string{}
		}
		found[name] = files[file]
	}
	return found
}

// brokenResources are those in whose document an error was found: a problem belongs to the last document that begins
// at or above its line.
func brokenResources(resources []*kind.Resource, problems problem.List) map[*kind.Resource]bool {
	broken := map[*kind.Resource]bool{}
	for _, p := range problems {
		if p.Severity == problem.SeverityWarning {
			continue
		}
		var at *kind.Resource
		for _, r := range resources {
			if line, _ := r.Position("$"); r.File == p.File && line <= p.Line {
				at = r
			}
		}
		if at != nil {
			broken[at] = true
		}
	}
	return broken
}

// plant derives the tree of tenants from the Tenant resources.
func (s *Set) plant() {
	s.parents[kind.National] = ""
	for tenant, kinds := range s.byKind {
		if tenant == kind.National {
			continue
		}
		s.parents[tenant] = kind.National
		for _, l := range kinds["Tenant"] {
			if above, ok := l.Resource.Doc["parent"].(string); ok && l.Resource.Metadata.Name == tenant && above != "" {
				s.parents[tenant] = above
			}
		}
	}
}

// Tenants returns the codes of all tenants that declare something, sorted.
func (s *Set) Tenants() []string { return sortedKeys(s.byKind) }

// Lineage returns a tenant and the tenants above it, nearest first, ending with
// national. A circle among parents is cut where it closes.
func (s *Set) Lineage(tenant string) []string {
	var out []string
	for at := tenant; at != "" && !slices.Contains(out, at); at = s.parents[at] {
		out = append(out, at)
	}
	if !slices.Contains(out, kind.National) {
		out = append(out, kind.National)
	}
	return out
}

// known reports whether a tenant is declared in the set.
func (s *Set) known(tenant string) bool {
	_, ok := s.layers[keyOfTenant(tenant)]
	return ok || tenant == kind.National
}

// isAbove reports whether a tenant is a proper ancestor of another.
func (s *Set) isAbove(above, below string) bool {
	return above != below && slices.Contains(s.Lineage(below), above)
}

// key names the layer among a tenant's entries. A pack's resource stands under its
// pack, apart from the tenant's own: it is in force nowhere until it is adopted.
func (l *Layer) key() Key {
	key := keyOf(l.Resource)
	if pack := l.Resource.Metadata.Pack; pack != "" && !l.installed() {
		key.Name = pack + "/" + key.Name
	}
	return key
}

// installed reports whether the layer was made from a pack by an Adoption.
func (l *Layer) installed() bool { return l.Resource.Metadata.Labels[installedLabel] != "" }

// installedLabel marks a resource that an Adoption made from a pack; its value is the Adoption's name.
const installedLabel = "zhengtong/adoption"
