package configuration

import (
	"context"
	"slices"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Origin says where a value of an effective document comes from (R-CFG-05).
type Origin struct {
	Path   string
	Tenant string
	Digest string // of the authored version that set it
	Lock   string // mode of the lock that binds it below; "" for none
	// Deleted says that the tenant has taken away what the ancestors have at the path.
	Deleted bool
}

// Description is one resource of the acting tenant with its history.
type Description struct {
	Found      *Found
	Origin     string         // own, patched, inherited, adopted
	Own        map[string]any // the tenant's own document {metadata, spec}; nil when inherited
	YAML       string         // the same as it would be declared; "" when inherited
	Provenance []Origin
	History    []Version
}

// Version is one version of a resource in the tenant.
type Version struct {
	Revision int
	Digest   string
	Revised  Revision
}

// Describe explains one resource of the acting tenant as of a revision of its own (0 = now). Needs config.read.
func (s *Service) Describe(ctx context.Context, kindName, name string, revision int) (*Description, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.describe(ctx, kindName, name, revision)
}

// Provenance tells where each value of an effective resource comes from, for the
// public guide (R-CFG-05). It reads what publication has kept: one row, and one for each layer.
func (s *Service) Provenance(ctx context.Context, kindName, name string) ([]Origin, error) {
	found, err := s.Effective(ctx, kindName, name)
	if err != nil {
		return nil, err
	}
	out := *found
	if out.Provenance, err = s.store.provenance(ctx, found.Owner, found.Digest); err != nil {
		return nil, err
	}
	out.chain = s.olderLayers(ctx, kindName, &kind.Extends{Tenant: found.Owner, Name: name, Digest: found.Digest})
	return origins(&out), nil
}

func (s *Service) describe(ctx context.Context, kindName, name string, revision int) (*Description, error) {
	tenant := tenancy.Acting(ctx)
	set, err := s.setAt(ctx, tenant, revision)
	if err != nil {
		return nil, err
	}
	found, ok := set.view(tenant).Find(kindName, name)
	if !ok {
		return nil, problem.Missing()
	}
	own, declared := set.layers[Key{tenant, kindName, name}]
	d := &Description{Found: found, Origin: originOf(found, own, declared), Provenance: origins(found)}
	if declared {
		d.Own = map[string]any{"metadata": own.Resource.Metadata.Tree(), "spec": anyMap(own.Resource.Doc)}
		d.YAML = string(own.Resource.YAML())
	}
	d.History, err = s.store.history(ctx, Key{Tenant: tenant, Kind: kindName, Name: name})
	return d, err
}

func originOf(found *Found, own *Layer, declared bool) string {
	switch {
	case declared && own.Resource.Metadata.Extends != nil:
		return "patched"
	case declared:
		return "own"
	case found.adopted:
		return "adopted"
	}
	return "inherited"
}

// setAt is the tenant's configuration with its own entries as of a revision; 0 is the one in force.
func (s *Service) setAt(ctx context.Context, tenant string, revision int) (*Set, error) {
	base, err := s.loadBase(ctx, []string{tenant})
	if err != nil {
		return nil, err
	}
	layers := base.Layers
	if revision > base.revisions[tenant] || revision < 0 {
		return nil, problem.Missing()
	}
	if revision > 0 && revision < base.revisions[tenant] {
		old, err := s.layersAt(ctx, tenant, revision)
		if err != nil {
			return nil, err
		}
		layers = append(slices.DeleteFunc(layers, func(l *Layer) bool { return l.Resource.Metadata.Tenant == tenant }), old...)
	}
	set := NewSet(layers...)
	set.stand(base.Base)
	return set, nil
}

func origins(found *Found) []Origin {
	digests := map[string]string{}
	var locks []kind.Lock
	for _, l := range found.chain {
		digests[l.Resource.Metadata.Tenant] = l.Digest
		locks = append(locks, l.Resource.Metadata.Locks...)
	}
	out := make([]Origin, 0, len(found.Provenance))
	for key, tenant := range found.Provenance {
		path, deleted := kind.Deleted(key)
		out = append(out, Origin{Path: path, Tenant: tenant, Digest: digests[tenant], Lock: lockOf(locks, path), Deleted: deleted})
	}
	unsaid(found, kind.Path{{Name: "spec"}}, found.Resource.Doc, func(path string) { out = append(out, Origin{Path: path, Lock: lockOf(locks, path)}) })
	slices.SortFunc(out, func(a, b Origin) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// unsaid tells of the values of an effective document that nobody has set: defaults of the program.
func unsaid(found *Found, at kind.Path, value any, tell func(path string)) {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range sortedKeys(v) {
			unsaid(found, append(slices.Clone(at), kind.Segment{Name: name}), v[name], tell)
		}
		if len(v) > 0 {
			return
		}
	case []any:
		keyed := len(v) > 0
		for i := range v {
			keyed = keyed && keyedSegment(found.Resource.Kind, at, v, kind.Segment{Index: i}).Key != ""
		}
		if keyed {
			for i, item := range v {
				unsaid(found, append(slices.Clone(at), keyedSegment(found.Resource.Kind, at, v, kind.Segment{Index: i})), item, tell)
			}
			return
		}
	}
	if found.Provenance.Of(at.String()) == "" {
		tell(at.String())
	}
}

// lockOf is the mode of the closest lock at or above a path.
func lockOf(locks []kind.Lock, path string) string {
	mode, longest := "", -1
	for _, lock := range locks {
		below := path == lock.Path || strings.HasPrefix(path, lock.Path+".") || strings.HasPrefix(path, lock.Path+"[")
		if below && len(lock.Path) > longest {
			mode, longest = lock.Mode, len(lock.Path)
		}
	}
	return mode
}
