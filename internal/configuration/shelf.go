package configuration

import (
	"context"
	"fmt"
	"slices"
	"strings"

	lru "github.com/hashicorp/golang-lru/v2"
)

// tenantShelf is one tenant's own effective resources at one revision: few bytes
// each, for a node holds those of thousands of tenants. Documents are decoded when
// asked for and kept while they are used.
type tenantShelf struct {
	tenant string
	byKind map[string][]entry // by name
}

// entry is one resource of a shelf.
type entry struct {
	name     string
	document *document
}

func (s *tenantShelf) entry(kindName, name string) (entry, bool) {
	if s == nil {
		return entry{}, false
	}
	entries := s.byKind[kindName]
	i, ok := slices.BinarySearchFunc(entries, name, func(e entry, name string) int { return strings.Compare(e.name, name) })
	if !ok {
		return entry{}, false
	}
	return entries[i], true
}

// differs lists the kinds in which two shelves are not the same.
func (s *tenantShelf) differs(other *tenantShelf) map[string]bool {
	out := map[string]bool{}
	for _, pair := range [][2]*tenantShelf{{s, other}, {other, s}} {
		for kindName, entries := range pair[0].byKind {
			same := slices.EqualFunc(entries, pair[1].byKind[kindName], func(a, b entry) bool { return a.name == b.name && a.document.digest == b.document.digest })
			if !same {
				out[kindName] = true
			}
		}
	}
	return out
}

// foundKey is a document as a tenant has it.
type foundKey struct{ owner, digest string }

// decoded keeps effective documents that were decoded, the most used ones.
type decoded struct {
	kept *lru.Cache[foundKey, *Found]
}

// get returns a document as its owner has it; nil when this program no longer understands it.
func (d *decoded) get(owner string, of *document) *Found {
	key := foundKey{owner, of.digest}
	if found, ok := d.kept.Get(key); ok {
		return found
	}
	body, err := of.body()
	if err != nil {
		return nil
	}
	found, err := readFound(body, of.digest, owner)
	if err != nil {
		return nil
	}
	if known, ok, _ := d.kept.PeekOrAdd(key, found); ok {
		return known
	}
	return found
}

// shelves are the tenants of a lineage, the nearest first; they implement shelf.
type shelves struct {
	decoded *decoded
	of      []*tenantShelf
}

func (s shelves) at(tenant string) *tenantShelf {
	for _, shelf := range s.of {
		if shelf.tenant == tenant {
			return shelf
		}
	}
	return nil
}

func (s shelves) own(tenant, kindName, name string) (*Found, bool) {
	e, ok := s.at(tenant).entry(kindName, name)
	if !ok {
		return nil, false
	}
	f := s.decoded.get(tenant, e.document)
	return f, f != nil
}

func (s shelves) ownAll(tenant, kindName string) []*Found {
	shelf := s.at(tenant)
	if shelf == nil {
		return nil
	}
	out := make([]*Found, 0, len(shelf.byKind[kindName]))
	for _, e := range shelf.byKind[kindName] {
		if f := s.decoded.get(tenant, e.document); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// shelf returns a tenant's own resources at a revision. above are the shelves of its ancestors, which patches are
// packed against. Of a tenant that has moved on, whose shelf before is given, only documents that it did not have are read.
func (s *Service) shelf(ctx context.Context, tenant string, revision int, above []*tenantShelf, before *tenantShelf) (*tenantShelf, error) {
	key := fmt.Sprintf("%s@%d", tenant, revision)
	if ready, ok := s.shelves.Get(key); ok {
		return ready, nil
	}
	rows, err := s.store.entriesAt(ctx, tenant, revision)
	if err != nil {
		return nil, err
	}
	documents, err := s.gather(ctx, tenant, rows, above, before)
	if err != nil {
		return nil, err
	}
	shelf := shelved(tenant, rows, documents)
	s.shelves.Add(key, shelf)
	return shelf, nil
}

// shelved puts a tenant's documents on a shelf; rows come by kind and name.
func shelved(tenant string, rows []entryRow, documents map[string]*document) *tenantShelf {
	shelf := &tenantShelf{tenant: tenant, byKind: map[string][]entry{}}
	var names strings.Builder
	for _, row := range rows {
		names.WriteString(row.name)
	}
	rest, entries := names.String(), make([]entry, len(rows))
	for i, row := range rows {
		entries[i] = entry{name: rest[:len(row.name)], document: documents[row.digest]}
		rest = rest[len(row.name):]
	}
	for from := 0; from < len(rows); {
		to := from
		for to < len(rows) && rows[to].kind == rows[from].kind {
			to++
		}
		shelf.byKind[rows[from].kind] = entries[from:to:to]
		from = to
	}
	return shelf
}

// gather finds the documents of entries in memory, and reads the others.
func (s *Service) gather(ctx context.Context, tenant string, rows []entryRow, above []*tenantShelf, before *tenantShelf) (map[string]*document, error) {
	out := make(map[string]*document, len(rows))
	var missing []string
	for _, row := range rows {
		if e, ok := before.entry(row.kind, row.name); ok && e.document.digest == row.digest {
			out[row.digest] = e.document
		} else if known, ok := s.documents.Get(row.digest); ok {
			out[row.digest] = known
		} else if !slices.Contains(missing, row.digest) {
			missing = append(missing, row.digest)
		}
	}
	var fresh []*document
	for some := range slices.Chunk(missing, maxAmong) {
		read, err := s.store.documents(ctx, tenant, formEffective, some)
		if err != nil {
			return nil, err
		}
		for _, row := range read {
			fresh = append(fresh, packed(row.digest, row.body, overlaid(row, above)))
		}
	}
	for _, d := range s.share(fresh) {
		out[d.digest] = d
	}
	for _, row := range rows {
		if out[row.digest] == nil {
			return nil, fmt.Errorf("configuration: the effective document %s of tenant %s is gone", row.digest, tenant)
		}
	}
	return out, nil
}

// overlaid is the document above that a tenant's own of the same name was most likely laid over.
func overlaid(row entryRow, above []*tenantShelf) *document {
	for _, shelf := range slices.Backward(above) { // the furthest, whose text is not packed itself
		if e, ok := shelf.entry(row.kind, row.name); ok {
			return e.document
		}
	}
	return nil
}

// share returns the one shared text of each effective document.
func (s *Service) share(fresh []*document) []*document {
	out := make([]*document, len(fresh))
	for i, d := range together(fresh) {
		out[i] = d
		if known, ok, _ := s.documents.PeekOrAdd(d.digest, d); ok {
			out[i] = known
		}
	}
	return out
}

// shelfOf is shelf as the tenant itself.
func (s *Service) shelfOf(ctx context.Context, tenant string, revision int, above []*tenantShelf, before *tenantShelf) (*tenantShelf, error) {
	there, err := s.tree.ActAs(ctx, tenant, "configuration snapshot")
	if err != nil {
		return nil, err
	}
	return s.shelf(there, tenant, revision, above, before)
}
