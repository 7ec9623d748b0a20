package configuration

import (
	"maps"
	"slices"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// resolution is a layer merged over its ancestors.
type resolution struct {
	chain     []*Layer // the layer itself first, then what it is laid over
	effective *kind.Effective
	found     *Found // nil when something in the chain has errors
	body      []byte // effective document as it is stored
	problems  problem.List
	parent    string // digest of the effective parent; "" for a root
	visiting  bool
}

// nearest finds the layer of a name along a lineage.
func (s *Set) nearest(tenant, kindName, name string) (*Layer, bool) {
	info, ok := kind.KindInfo(kindName)
	if !ok {
		return nil, false
	}
	for _, at := range s.view(tenant).lineage {
		if l, ok := s.layers[Key{at, kindName, name}]; ok {
			return l, true
		}
		if !info.Inheritable {
			break
		}
	}
	return nil, false
}

// resolve merges a layer over what it extends, once.
func (s *Set) resolve(l *Layer) *resolution {
	if r, ok := s.resolved[l]; ok {
		if r.visiting {
			r.fail(l, "$.metadata.extends", "V-51", "继承成环")
		}
		return r
	}
	r := &resolution{chain: []*Layer{l}, visiting: true}
	s.resolved[l] = r
	if !l.broken {
		s.merge(l, r)
	}
	r.visiting = false
	return r
}

func (r *resolution) fail(l *Layer, path, code, format string, args ...any) {
	var list problem.List
	list.Add(path, code, format, args...)
	r.problems = append(r.problems, l.Resource.Locate(list)...)
}

func (s *Set) merge(l *Layer, r *resolution) {
	extends := l.Resource.Metadata.Extends
	if extends == nil {
		s.checkUnsaid(l, r)
		if l.rooted != nil {
			l.rooted.once.Do(func() {
				alone := &resolution{chain: []*Layer{l}, effective: kind.Root(l.Resource)}
				alone.complete(l)
				l.rooted.resolution = *alone
			})
			alone := &l.rooted.resolution
			r.effective, r.found, r.body, r.problems = alone.effective, alone.found, alone.body, append(r.problems, alone.problems...)
			return
		}
		r.effective = kind.Root(l.Resource)
	} else {
		parent := s.parentOf(l, extends, r)
		if parent == nil {
			return
		}
		var problems problem.List
		r.effective, problems = kind.Merge(parent.effective, l.Resource)
		r.problems = append(r.problems, problems...)
		r.chain = append(r.chain, parent.chain...)
		r.parent = parent.found.Digest
		if problems.HasErrors() || r.effective == nil {
			return
		}
	}
	r.complete(l)
}

// parentOf resolves what a patch extends; nil, with the reason, when it cannot be.
func (s *Set) parentOf(l *Layer, extends *kind.Extends, r *resolution) *resolution {
	tenant := l.Resource.Metadata.Tenant
	if !s.isAbove(extends.Tenant, tenant) {
		if extends.Tenant != tenant { // reported when it was read
			r.fail(l, "$.metadata.extends.tenant", "V-04", "%q 不是 %q 的上级租户", extends.Tenant, tenant)
		}
		return nil
	}
	above, ok := s.nearest(extends.Tenant, l.Resource.Kind, extends.Name)
	if !ok {
		r.fail(l, "$.metadata.extends.name", "V-03", "上级 %s 没有 %s %q", extends.Tenant, l.Resource.Kind, extends.Name)
		return nil
	}
	parent := s.resolve(above)
	if parent.found == nil {
		return nil // its own problems are reported there, or it closes a circle
	}
	if extends.Digest != "" && extends.Digest != parent.found.Digest {
		if pinned := s.pinned(l); pinned != nil {
			return pinned
		}
		r.fail(l, "$.metadata.extends.digest", "V-03", "上级没有摘要为 %s 的版本", extends.Digest)
		return nil
	}
	return parent
}

// pinned is the older version of a parent that a patch stays on; a base of published entries supplies it.
func (s *Set) pinned(l *Layer) *resolution {
	if s.older == nil {
		return nil
	}
	chain := s.older(l.Resource.Kind, l.Resource.Metadata.Extends)
	if len(chain) == 0 {
		return nil
	}
	r := &resolution{chain: chain}
	for i := len(chain) - 1; i >= 0; i-- {
		if r.effective == nil {
			r.effective = kind.Root(chain[i].Resource)
			continue
		}
		var problems problem.List
		if r.effective, problems = kind.Merge(r.effective, chain[i].Resource); problems.HasErrors() {
			return nil
		}
	}
	r.complete(chain[0])
	if r.found == nil || r.found.Digest != l.Resource.Metadata.Extends.Digest {
		return nil
	}
	return r
}

// checkUnsaid refuses a resource that hides an ancestor's of the same name without saying so (V-02).
func (s *Set) checkUnsaid(l *Layer, r *resolution) {
	info, _ := kind.KindInfo(l.Resource.Kind)
	if !info.Inheritable {
		return
	}
	tenant := l.Resource.Metadata.Tenant
	for _, above := range s.view(tenant).lineage[1:] {
		if other, ok := s.layers[Key{above, l.Resource.Kind, l.Resource.Metadata.Name}]; ok && other != l {
			r.fail(l, "$.metadata.name", "V-02", "上级 %s 已有同名的 %s，须写 extends", above, l.Resource.Kind)
			return
		}
	}
}

// complete fills defaults, runs the kind's own checks on the effective document and addresses it.
func (r *resolution) complete(l *Layer) {
	whole, problems := r.effective.Resource.Complete()
	whole.Metadata.Labels = r.labels()
	layouts, assets := r.layouts(whole), r.assets(whole)
	found := newFound(whole, layouts, assets, "", l.Resource.Metadata.Tenant)
	found.chain, found.Provenance = r.chain, r.effective.Provenance
	if !l.checkedWhole() {
		r.problems = append(r.problems, found.place(unplaced(problems))...)
	}
	if problems.HasErrors() {
		return
	}
	r.body = effectiveBody(whole, layouts, assets)
	found.Digest = kind.Digest(r.body)
	r.found = found
}

// checkedWhole reports a layer that was checked as a whole when its file was read.
func (l *Layer) checkedWhole() bool {
	return l.Resource.Node != nil && l.Resource.Metadata.Extends == nil && !l.installed() && !l.merged
}

// unplaced takes the positions out of problems of an effective document: they were looked up in the last layer alone.
func unplaced(problems problem.List) problem.List {
	out := slices.Clone(problems)
	for i := range out {
		out[i].File, out[i].Line, out[i].Column = "", 0, 0
	}
	return out
}

// labels are those of all layers, the nearest value of each.
func (r *resolution) labels() map[string]string {
	labels := map[string]string{}
	for _, l := range slices.Backward(r.chain) {
		maps.Copy(labels, l.Resource.Metadata.Labels)
	}
	return labels
}

// layouts are the texts of the files that the effective document names, each from the nearest layer that brings it.
func (r *resolution) layouts(whole *kind.Resource) map[string]string {
	out := map[string]string{}
	for _, name := range layoutNames(whole.Kind, whole.Doc) {
		for _, l := range r.chain {
			if text, ok := l.Layouts[name]; ok {
				out[name] = text
				break
			}
		}
	}
	return out
}

// assets are the digests of the files that the effective document names by `asset:`,
// each from the nearest layer that brings it; nil without any.
func (r *resolution) assets(whole *kind.Resource) map[string]string {
	var out map[string]string
	for _, asset := range kind.Assets(whole) {
		for _, l := range r.chain {
			if digest, ok := l.Assets[asset.Name]; ok {
				if out == nil {
					out = map[string]string{}
				}
				out[asset.Name] = digest
				break
			}
		}
	}
	return out
}
