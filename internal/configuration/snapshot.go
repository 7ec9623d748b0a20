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
	for {
		next, err := s.build(ctx, scope)
		if err != nil {
			return nil, err
		}
		s.snapshots.Add(scope.Acting, next)
		if !next.behind(s.heads.recent()) { // a publication that was announced meanwhile has not found it
			return next, nil
		}
	}
}

func (s *Service) build(ctx context.Context, scope tenancy.Scope) (*snapshot, error) {
	revisions, err := s.store.heads(ctx, scope.Lineage)
	if err != nil {
		return nil, err
	}
	lineage := slices.Clone(scope.Lineage)
	slices.Reverse(lineage)
	all := shelves{decoded: s.decoded, of: make([]*tenantShelf, len(lineage))}
	for i := len(lineage) - 1; i >= 0; i-- {
		if all.of[i], err = s.shelf(ctx, lineage[i], revisions[lineage[i]], all.of[i+1:], nil); err != nil {
			return nil, err
		}
	}
	next := &snapshot{revisions: revisions, view: &view{lineage: lineage, shelf: all, parts: s.parts}}
	if next.status, err = s.statusOf(ctx, scope.Acting); err != nil {
		return nil, err
	}
	return next, s.gatherLive(next)
}

// gatherLive fills in what is read as it now stands.
func (s *Service) gatherLive(next *snapshot) (err error) {
	tenant := next.view.Tenant()
	if next.live, err = CompileLive(next.view, next.revisions[tenant]); err != nil {
		return problem.New(problem.NotFound, "no_configuration", "租户 %s 尚未发布配置：%v", tenant, err)
	}
	next.roles = RoleSet(next.view)
	if known, ok, _ := s.roles.PeekOrAdd(next.roles.Digest, next.roles); ok {
		next.roles = known
	}
	return nil
}

// shelver answers the shelf of a tenant at a newer revision, and the kinds in which it differs from the one before; above
// are the shelves of the tenants above it.
type shelver func(before *tenantShelf, from, to int, above []*tenantShelf) (*tenantShelf, map[string]bool, error)

// moved is the snapshot with other shelves in the place of those of tenants that have published: what did not change is
// taken over, so that a publication far above costs a tenant next to nothing.
func (s *Service) moved(ctx context.Context, old *snapshot, changed map[string]int, shelf shelver) (*snapshot, error) {
	before := old.view.shelf.(shelves)
	after := shelves{decoded: before.decoded, of: slices.Clone(before.of)}
	next := &snapshot{revisions: maps.Clone(old.revisions), status: old.status, live: old.live, roles: old.roles}
	kinds := map[string]bool{}
	for i, tenant := range slices.Backward(old.view.lineage) {
		revision := changed[tenant]
		if revision <= old.revisions[tenant] {
			continue
		}
		fresh, differ, err := shelf(before.of[i], old.revisions[tenant], revision, after.of[i+1:])
		if err != nil {
			return nil, err
		}
		after.of[i], next.revisions[tenant] = fresh, revision
		maps.Copy(kinds, differ)
	}
	next.view = &view{lineage: old.view.lineage, shelf: after, parts: old.view.parts}
	tenant := old.view.Tenant()
	if next.revisions[tenant] != old.revisions[tenant] {
		var err error
		if next.status, err = s.statusOf(ctx, tenant); err != nil {
			return nil, err
		}
	}
	if next.revisions[tenant] != old.revisions[tenant] || slices.ContainsFunc(liveKinds(), func(kindName string) bool { return kinds[kindName] }) {
		return next, s.gatherLive(next)
	}
	return next, nil
}

// statusOf is the state of a tenant's matters where it is not plainly published.
// Whether a matter is cancelled for not being declared any more is told by the view:
// the row follows what a government above publishes later than the snapshot does.
func (s *Service) statusOf(ctx context.Context, tenant string) (map[string]string, error) {
	status, err := s.store.matterStatus(ctx, tenant)
	maps.DeleteFunc(status, func(_, state string) bool { return state == statusCancelled })
	return status, err
}

// liveKinds are those that CompileLive and RoleSet read.
func liveKinds() []string {
	return []string{"Tenant", "Calendar", "Department", "Role", "SealPolicy", "NotificationTemplate", "PortalTheme"}
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
