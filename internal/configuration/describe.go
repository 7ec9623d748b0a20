package configuration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

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
}

// Description is one resource of the acting tenant with its history.
type Description struct {
	Found      *Found
	Origin     string         // own, patched, inherited, adopted
	Own        map[string]any // the tenant's own document {metadata, spec}; nil when inherited
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

// Provenance tells where each value of an effective resource comes from, for the public guide (R-CFG-05).
func (s *Service) Provenance(ctx context.Context, kindName, name string) ([]Origin, error) {
	d, err := s.describe(ctx, kindName, name, 0)
	if err != nil {
		return nil, err
	}
	return d.Provenance, nil
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
	own, declared := set.layers[tenant+"/"+kindName+"/"+name]
	d := &Description{Found: found, Origin: originOf(found, own, declared), Provenance: origins(set, found)}
	if declared {
		d.Own = map[string]any{"metadata": metadataTree(own.Resource.Metadata), "spec": anyMap(own.Resource.Doc)}
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
	case found.adoption != nil:
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
	set.older = base.Older
	return set, nil
}

func origins(set *Set, found *Found) []Origin {
	digests := map[string]string{}
	var locks []kind.Lock
	for _, l := range found.chain {
		digests[l.Resource.Metadata.Tenant] = l.Digest
		locks = append(locks, l.Resource.Metadata.Locks...)
	}
	out := make([]Origin, 0, len(found.Provenance))
	for _, path := range sortedKeys(found.Provenance) {
		tenant := found.Provenance[path]
		out = append(out, Origin{Path: path, Tenant: tenant, Digest: digests[tenant], Lock: lockOf(locks, path)})
	}
	return out
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

// Revision is a published set of a tenant's own entries (配置修订).
type Revision struct {
	Tenant       string
	Number       int
	Message      string
	Author       string
	Reviewer     string
	Change       *uuid.UUID // request that it came from
	RolledBackTo *int
	CreatedAt    time.Time
}

// Revisions lists the acting tenant's revisions, newest first, before a number (0 = from the newest). Needs config.read.
func (s *Service) Revisions(ctx context.Context, before, first int) ([]Revision, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.revisions(ctx, tenancy.Acting(ctx), before, first)
}

// Changes lists the acting tenant's change requests, newest first, of one status
// ("" = all), before an id (Nil = from the newest). Needs config.read.
func (s *Service) Changes(ctx context.Context, status ChangeStatus, before uuid.UUID, first int) ([]*Change, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	where, args := "1 = 1", []any{}
	if status != "" {
		args = append(args, string(status))
		where += " AND state = $2"
	}
	if before != uuid.Nil {
		args = append(args, before)
		where += fmt.Sprintf(" AND id < $%d", len(args)+1)
	}
	return s.store.changesWhere(ctx, where, first, args...)
}

// Change returns one change request of the acting tenant. Needs config.read.
func (s *Service) Change(ctx context.Context, id uuid.UUID) (*Change, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.change(ctx, id)
}

// Resources lists the resources of the acting tenant, inherited ones too, of one
// kind or all, by kind and name after those given. Needs config.read.
func (s *Service) Resources(ctx context.Context, kindName string, afterKind, afterName string, first int) ([]*Found, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Found
	for _, info := range kind.Kinds() {
		if kindName != "" && info.Name != kindName || info.Name < afterKind {
			continue
		}
		for _, f := range snapshot.view.All(info.Name) {
			if info.Name == afterKind && f.Resource.Metadata.Name <= afterName {
				continue
			}
			if out = append(out, f); len(out) == first {
				return out, nil
			}
		}
	}
	return out, nil
}
