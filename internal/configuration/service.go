package configuration

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/queue"
	"zhengtong/internal/tenancy"
)

// Authorizer decides what a person may do with configuration; *authz.Authorizer does. Its actions are config.read,
// config.author, config.review and config.publish.
type Authorizer interface {
	Require(ctx context.Context, action string, o authz.Object) (authz.Decision, error)
}

// Config names what the service needs. Bus and Logger may be left out.
type Config struct {
	DB    *db.DB
	Clock clock.Clock
	Tree  *tenancy.Tree
	// Projection renews the rows of published matters; internal/matter has it. Optional.
	Projection Projection
	// Objects keeps the bytes of assets. Without it none can be uploaded, and those of shipped packs have no link.
	Objects Objects
	Bus     *queue.Bus // tells other nodes of a publication at once; without it they see it within a second
	Logger  *slog.Logger
	// FollowTime is how long one task brings tenants below up to date before another continues it; ten seconds when zero.
	FollowTime time.Duration
}

// Bounds of what a node keeps in memory. Beyond them the least recently used is built anew when asked for.
const (
	maxSnapshots = 4096   // tenants
	maxShelves   = 4096   // revisions of tenants
	maxDocuments = 65_536 // texts of effective documents, shared between tenants
	maxDecoded   = 4096   // effective documents decoded
	maxRoleSets  = 4096   // by digest
	maxMatters   = 16_384 // compiled matters, shared between tenants
	maxPinned    = 4096   // matters as older cases are pinned to them
	maxHolders   = 4096   // of assets
	maxLayers    = 16_384 // authored documents, as changes are worked out on them
)

// Service answers what a tenant's configuration says and publishes new
// revisions of it. Once a tenant's snapshot is there, reading takes no database and
// waits for nobody. It is safe for concurrent use.
type Service struct {
	store *store
	clock clock.Clock
	tree  *tenancy.Tree
	bus   *queue.Bus
	log   *slog.Logger

	projection Projection
	objects    Objects

	mu    sync.RWMutex
	authz Authorizer

	snapshots *lru.Cache[string, *snapshot]    // by tenant
	shelves   *lru.Cache[string, *tenantShelf] // by tenant@revision
	documents *lru.Cache[string, *document]    // by digest
	decoded   *decoded
	roles     *lru.Cache[string, authz.RoleSet] // by digest
	shared    *lru.Cache[string, *sharedMatter] // by digest of the matter and of all it is made of
	matters   *lru.Cache[string, boundMatter]   // by tenant and name
	pinned    *lru.Cache[string, *Matter]       // by tenant and pins
	holders   *lru.Cache[string, string]        // of assets, by tenant and digest: a stored file stays where it is
	layers    *lru.Cache[string, *Layer]        // published ones, by tenant and digest
	parts     *parts
	checked   lastChecked

	followTime time.Duration
	building   singleflight.Group
	heads      heads
}

// New checks that nothing is missing. Nothing is read before it is asked for.
func New(c Config) (*Service, error) {
	switch {
	case c.DB == nil:
		return nil, errors.New("configuration: DB is missing")
	case c.Clock == nil:
		return nil, errors.New("configuration: Clock is missing")
	case c.Tree == nil:
		return nil, errors.New("configuration: Tree is missing")
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	s := &Service{store: &store{db: c.DB}, clock: c.Clock, tree: c.Tree, bus: c.Bus, log: c.Logger, projection: c.Projection, objects: c.Objects, parts: newParts(),
		followTime: cmp.Or(c.FollowTime, followTime)}
	s.decoded = &decoded{}
	var err error
	if s.decoded.kept, err = lru.New[foundKey, *Found](maxDecoded); err != nil {
		return nil, err
	}
	return s, errors.Join(cache(&s.snapshots, maxSnapshots), cache(&s.shelves, maxShelves), cache(&s.documents, maxDocuments),
		cache(&s.shared, maxMatters), cache(&s.matters, maxMatters), cache(&s.pinned, maxPinned), cache(&s.holders, maxHolders),
		cache(&s.roles, maxRoleSets), cache(&s.layers, maxLayers))
}

func cache[V any](into **lru.Cache[string, V], size int) (err error) {
	*into, err = lru.New[string, V](size)
	return err
}

// UseAuthz gives the service the door that its administrative verbs ask. The
// door itself needs the service's role sets, so it comes second. Without one
// those verbs are refused.
func (s *Service) UseAuthz(a Authorizer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authz = a
}

// require asks the door for one configuration action in the acting tenant.
func (s *Service) require(ctx context.Context, action string) error {
	s.mu.RLock()
	door := s.authz
	s.mu.RUnlock()
	if door == nil {
		return problem.Denied(action, "no_authorizer", "尚未配置访问控制")
	}
	_, err := door.Require(ctx, action, authz.Object{Kind: "configuration", Tenant: tenancy.Acting(ctx)})
	return err
}

// Current returns the published matter of the acting tenant: NotFound when the
// tenant offers none of this name, Conflict when it takes no applications
// (R-MGT-10): "matter_suspended", "matter_merged", "matter_delegated", "tenant_merged", "tenant_draft", "tenant_suspended".
func (s *Service) Current(ctx context.Context, name string) (*Matter, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.receives(ctx); err != nil {
		return nil, err
	}
	found, offered := snapshot.view.Offer(name)
	if !offered {
		return nil, problem.Missing()
	}
	switch snapshot.status[name] {
	case statusEnded:
		return nil, problem.Missing()
	case statusSuspended:
		return nil, problem.New(problem.Conflict, "matter_suspended", "该事项暂停受理")
	case statusMerged:
		return nil, problem.New(problem.Conflict, "matter_merged", "该事项已并入其他事项，请在合并后的事项中办理")
	case statusDelegated:
		return nil, problem.New(problem.Conflict, "matter_delegated", "该事项已下放，请向承接的下级申请")
	}
	return s.matter(snapshot, found)
}

// merged reports that the acting tenant has been merged into another.
func (s *Service) merged(ctx context.Context) bool {
	row, _ := s.tree.Get(tenancy.Acting(ctx))
	return row.Status == tenancy.Merged
}

func tenantMerged() error {
	return problem.New(problem.Conflict, "tenant_merged", "本区划已并入其他区划，请在承继的区划办理")
}

// Live returns what the acting tenant reads as it now stands.
func (s *Service) Live(ctx context.Context) (*Live, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return snapshot.live, nil
}

// RoleSet returns the effective roles of a tenant; it makes the service an authz.RoleSource.
func (s *Service) RoleSet(ctx context.Context, tenant string) (authz.RoleSet, error) {
	if tenancy.Acting(ctx) != tenant {
		there, err := s.tree.ActAs(ctx, tenant, "roles of a visitor")
		if err != nil {
			return authz.RoleSet{}, fmt.Errorf("configuration: %w", err)
		}
		ctx = there
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return authz.RoleSet{}, err
	}
	return snapshot.roles, nil
}

// Source returns the effective configuration of the acting tenant as it now stands.
func (s *Service) Source(ctx context.Context) (Source, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	return snapshot.view, nil
}

// Revision returns the number of the acting tenant's revision in force; 0 when it has published nothing itself.
func (s *Service) Revision(ctx context.Context) (int, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return 0, err
	}
	return snapshot.revisions[tenancy.Acting(ctx)], nil
}

// Offered returns the matters that the acting tenant itself implements and that take applications, by name.
func (s *Service) Offered(ctx context.Context) ([]*Matter, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	var out []*Matter
	for _, found := range snapshot.view.Offered() {
		if snapshot.status[found.Resource.Metadata.Name] != "" {
			continue
		}
		m, err := s.matter(snapshot, found)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// Effective returns one effective resource of the acting tenant; NotFound when it has none of this name.
func (s *Service) Effective(ctx context.Context, kindName, name string) (*Found, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	found, ok := snapshot.view.Find(kindName, name)
	if !ok {
		return nil, problem.Missing()
	}
	return found, nil
}

// gone reports that a matter in a state is shown no more.
func gone(status string) bool {
	return status == statusCancelled || status == statusEnded || status == statusMerged
}

// Shown returns a matter that the acting tenant publishes and whether it takes
// applications now; a suspended one is shown all the same. NotFound otherwise.
func (s *Service) Shown(ctx context.Context, name string) (*Matter, bool, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, false, err
	}
	found, offered := snapshot.view.Offer(name)
	if !offered || gone(snapshot.status[name]) {
		return nil, false, problem.Missing()
	}
	m, err := s.matter(snapshot, found)
	return m, snapshot.status[name] == "" && s.receives(ctx) == nil, err
}
