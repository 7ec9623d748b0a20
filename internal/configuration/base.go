package configuration

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// publishedBase is what tenants have published, with the revisions it was read at.
type publishedBase struct {
	Base
	revisions map[string]int
}

// loadBase reads the authored entries in force of tenants and of all above them.
// Tenants that are not registered yet have none.
func (s *Service) loadBase(ctx context.Context, tenants []string) (base publishedBase, err error) {
	base = publishedBase{Base: Base{Holders: map[string]map[string]Holding{}, Register: s.tree.All, parts: s.parts}, revisions: map[string]int{}}
	for _, tenant := range tenants {
		row, ok := s.tree.Get(tenant)
		if !ok {
			continue
		}
		there := tenancy.With(ctx, row.Scope(""))
		today := deadline.DateOf(s.clock.Now(), tenancy.Location(there)).String()
		if base.Holders[tenant], err = s.store.holders(there, tenant, today); err != nil {
			return base, err
		}
		heads, err := s.store.heads(there, row.Lineage)
		if err != nil {
			return base, err
		}
		for _, at := range row.Lineage {
			if _, done := base.revisions[at]; done {
				continue
			}
			base.revisions[at] = heads[at]
			layers, err := s.layersAt(there, at, heads[at])
			if err != nil {
				return base, err
			}
			base.Layers = append(base.Layers, layers...)
		}
	}
	base.Older = func(kindName string, extends *kind.Extends) []*Layer { return s.olderLayers(ctx, kindName, extends) }
	base.Running = func(tenant, matter, version string) (*Matter, error) { return s.running(ctx, tenant, matter, version) }
	return base, nil
}

// layersAt are a tenant's authored layers at a revision.
func (s *Service) layersAt(ctx context.Context, tenant string, revision int) ([]*Layer, error) {
	if revision == 0 {
		return nil, nil
	}
	digests, err := s.store.authoredAt(ctx, tenant, revision)
	if err != nil {
		return nil, err
	}
	layers := make([]*Layer, len(digests))
	var missing []string
	for i, digest := range digests {
		if l, ok := s.layers.Get(tenant + "/" + digest); ok {
			layers[i] = l
		} else {
			missing = append(missing, digest)
		}
	}
	read, err := s.readLayers(ctx, tenant, missing)
	if err != nil {
		return nil, err
	}
	for i, digest := range digests {
		if layers[i] == nil {
			layers[i] = read[digest]
		}
		if layers[i] == nil {
			return nil, fmt.Errorf("configuration: the authored document %s of tenant %s is gone", digest, tenant)
		}
	}
	return layers, nil
}

// readLayers reads authored documents of a tenant by digest.
func (s *Service) readLayers(ctx context.Context, tenant string, digests []string) (map[string]*Layer, error) {
	out := make(map[string]*Layer, len(digests))
	for some := range slices.Chunk(digests, maxAmong) {
		rows, err := s.store.documents(ctx, tenant, formAuthored, some)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			l, err := readLayer(row.body, row.digest)
			if err != nil {
				return nil, err
			}
			out[row.digest] = l
			s.layers.Add(tenant+"/"+row.digest, l)
		}
	}
	return out, nil
}

// olderLayers follows the history of an effective version that a patch stays on:
// each entry names the digest of the parent it was resolved against. It is empty when
// the version is not the ancestor's.
func (s *Service) olderLayers(ctx context.Context, kindName string, extends *kind.Extends) []*Layer {
	var chain []*Layer
	tenant, name, digest := extends.Tenant, extends.Name, extends.Digest
	for digest != "" && len(chain) < maxDepth {
		row, ok := s.tree.Get(tenant)
		if !ok {
			return nil
		}
		lineage := slices.Clone(row.Lineage)
		slices.Reverse(lineage)
		old, err := s.store.entryByDigest(tenancy.With(ctx, row.Scope("")), lineage, Key{Kind: kindName, Name: name}, digest)
		if err != nil {
			if !errors.Is(err, db.ErrNoRows) {
				s.log.WarnContext(ctx, "configuration: history not read", "error", err)
			}
			return nil
		}
		layer, err := readLayer(old.body, old.digest)
		if err != nil {
			return nil
		}
		chain = append(chain, layer)
		tenant, name, digest = old.extendsTenant, old.extendsName, old.parent
	}
	return chain
}

// maxDepth bounds how many levels of government a patch can stand on.
const maxDepth = 8
