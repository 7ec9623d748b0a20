package configuration

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// The states of a published matter besides `published` (SM-04).
const (
	statusPublished = "published"
	statusSuspended = "suspended"
	statusCancelled = "cancelled" // no longer declared; it comes back when it is declared again
	statusEnded     = "ended"     // cancelled by order, for good
	statusMerged    = "merged"    // into another matter
	statusDelegated = "delegated" // to tenants below, which offer it instead
)

// snapshot is a tenant's configuration in force, immutable. Its documents and
// compiled matters are shared with other tenants by digest.
type snapshot struct {
	revisions map[string]int // of each tenant of the lineage; 0 = it has published nothing
	view      *view
	status    map[string]string // of matters that are not plainly published
	live      *Live
	roles     authz.RoleSet
}

// tenantShelf is one tenant's own effective resources at one revision.
type tenantShelf struct {
	byKind map[string]map[string]*entry
}

// entry is one resource of a shelf. Its document is shared by digest.
type entry struct {
	owner    string
	document *document
	once     sync.Once
	found    *Found
}

// document is one effective document, decoded when first asked for.
type document struct {
	digest string
	body   []byte
	once   sync.Once
	found  *Found
	err    error
}

func (d *document) decode(owner string) (*Found, error) {
	d.once.Do(func() {
		d.found, d.err = readFound(d.body, d.digest, owner)
		d.body = nil
	})
	return d.found, d.err
}

// get returns the resource as its owner has it; nil when this program no longer understands the document.
func (e *entry) get() *Found {
	e.once.Do(func() {
		shared, err := e.document.decode(e.owner)
		if err != nil {
			return
		}
		found := *shared
		found.Owner = e.owner
		e.found = &found
	})
	return e.found
}

// shelves are the tenants of a lineage; they implement shelf.
type shelves map[string]*tenantShelf

func (s shelves) own(tenant, kindName, name string) (*Found, bool) {
	if s[tenant] == nil {
		return nil, false
	}
	e, ok := s[tenant].byKind[kindName][name]
	if !ok {
		return nil, false
	}
	f := e.get()
	return f, f != nil
}

func (s shelves) ownAll(tenant, kindName string) []*Found {
	if s[tenant] == nil {
		return nil
	}
	entries := s[tenant].byKind[kindName]
	out := make([]*Found, 0, len(entries))
	for _, name := range sortedKeys(entries) {
		if f := entries[name].get(); f != nil {
			out = append(out, f)
		}
	}
	return out
}

// snapshot returns the acting tenant's snapshot, building it when there is none. Whoever asks meanwhile waits for the same one.
func (s *Service) snapshot(ctx context.Context) (*snapshot, error) {
	scope, ok := tenancy.From(ctx)
	if !ok {
		return nil, problem.Missing()
	}
	if ready, ok := s.snapshots.Get(scope.Acting); ok {
		return ready, nil
	}
	built, err, _ := s.building.Do(scope.Acting, func() (any, error) { return s.rebuild(ctx) })
	if err != nil {
		return nil, err
	}
	return built.(*snapshot), nil
}

// rebuild reads the heads of the lineage, gathers the shelves and puts the new snapshot in place.
func (s *Service) rebuild(ctx context.Context) (*snapshot, error) {
	scope, _ := tenancy.From(ctx)
	revisions, err := s.store.heads(ctx, scope.Lineage)
	if err != nil {
		return nil, err
	}
	lineage := slices.Clone(scope.Lineage)
	slices.Reverse(lineage)
	all := shelves{}
	for _, tenant := range lineage {
		if all[tenant], err = s.shelf(ctx, tenant, revisions[tenant]); err != nil {
			return nil, err
		}
	}
	next := &snapshot{revisions: revisions, view: &view{lineage: lineage, shelf: all}}
	if next.status, err = s.store.matterStatus(ctx, scope.Acting); err != nil {
		return nil, err
	}
	if next.live, err = CompileLive(next.view, revisions[scope.Acting]); err != nil {
		return nil, problem.New(problem.NotFound, "no_configuration", "租户 %s 尚未发布配置：%v", scope.Acting, err)
	}
	next.roles = RoleSet(next.view)
	s.snapshots.Add(scope.Acting, next)
	s.heads.note(revisions)
	return next, nil
}

// shelf returns a tenant's own resources at a revision.
func (s *Service) shelf(ctx context.Context, tenant string, revision int) (*tenantShelf, error) {
	key := fmt.Sprintf("%s@%d", tenant, revision)
	if ready, ok := s.shelves.Get(key); ok {
		return ready, nil
	}
	rows, err := s.store.entriesAt(ctx, tenant, revision)
	if err != nil {
		return nil, err
	}
	shelf := &tenantShelf{byKind: map[string]map[string]*entry{}}
	for _, row := range rows {
		if shelf.byKind[row.kind] == nil {
			shelf.byKind[row.kind] = map[string]*entry{}
		}
		shelf.byKind[row.kind][row.name] = &entry{owner: tenant, document: s.document(row.digest, row.body)}
	}
	s.shelves.Add(key, shelf)
	return shelf, nil
}

// document returns the one shared decoding of an effective document.
func (s *Service) document(digest string, body []byte) *document {
	fresh := &document{digest: digest, body: body}
	if known, ok, _ := s.documents.PeekOrAdd(digest, fresh); ok {
		return known
	}
	return fresh
}

// sharedMatter is a matter compiled once for all tenants that see the same documents.
type sharedMatter struct {
	variants []variant
	mu       sync.Mutex
}

// variant is one compilation with everything that it depends on: "Kind/name" → digest.
type variant struct {
	depends map[string]string
	matter  *Matter
}

// boundMatter is a matter compiled for one tenant, as long as its snapshot is in force.
type boundMatter struct {
	snapshot *snapshot
	matter   *Matter
}

// matter returns an offered matter compiled, with the tenant's own binding.
func (s *Service) matter(snapshot *snapshot, found *Found) (*Matter, error) {
	key := snapshot.view.Tenant() + "/" + found.Resource.Metadata.Name
	if ready, ok := s.matters.Get(key); ok && ready.snapshot == snapshot {
		return ready.matter, nil
	}
	m, err := s.compile(snapshot.view, found)
	if err != nil {
		return nil, err
	}
	s.matters.Add(key, boundMatter{snapshot, m})
	return m, nil
}

// compile makes a matter from a source, or takes over what another tenant has compiled from the same documents.
func (s *Service) compile(source Source, found *Found) (*Matter, error) {
	name := found.Resource.Metadata.Name
	shared := &sharedMatter{}
	if known, ok, _ := s.shared.PeekOrAdd(found.Digest, shared); ok {
		shared = known
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	for _, v := range shared.variants {
		if sameDigests(source, v.depends) {
			return v.matter.boundTo(source, found), nil
		}
	}
	m, problems := Compile(source, name)
	if m == nil {
		return nil, fmt.Errorf("configuration: published matter %s of %s no longer compiles:\n%s", name, source.Tenant(), problems.Errors())
	}
	shared.variants = append(shared.variants[:min(len(shared.variants), maxVariants-1)], variant{depends: dependencies(source, m), matter: m})
	return m, nil
}

// maxVariants bounds the compilations kept of one matter digest whose parts differ between tenants.
const maxVariants = 8

// dependencies are the pins of a matter and the live documents that its compilation read.
func dependencies(source Source, m *Matter) map[string]string {
	out := maps.Clone(map[string]string(m.Pins))
	for _, kindName := range []string{"CodeSet", "Calendar", "Bundle"} {
		for _, f := range source.All(kindName) {
			out[kindName+"/"+f.Resource.Metadata.Name] = f.Digest
		}
	}
	return out
}

func sameDigests(source Source, depends map[string]string) bool {
	for key, digest := range depends {
		kindName, name := splitKey(key)
		if f, ok := source.Find(kindName, name); !ok || f.Digest != digest {
			return false
		}
	}
	return true
}

// boundTo is the same matter in another tenant: programs and nets are shared, department, places and seals are looked up.
func (m *Matter) boundTo(source Source, found *Found) *Matter {
	out := *m
	out.Tenant, out.Spec = source.Tenant(), found.Resource.Spec.(*kind.Matter)
	out.Binding = bind(source, out.Spec)
	c := &compiler{source: source, matter: &out}
	out.Documents = make(map[string]*Document, len(m.Documents))
	for alias, d := range m.Documents {
		copied := *d
		copied.Seal = c.seal(found, d.Spec.Seal)
		out.Documents[alias] = &copied
	}
	return &out
}
