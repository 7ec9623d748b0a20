package configuration

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Publication is a new revision of one tenant, on its way into the database.
type Publication struct {
	Tenant   string
	Revision int
	At       time.Time
	Offered  []Offer  // every matter that the tenant implements from now on, by name
	Only     []string // names of the matters that can have changed; nil = all
	Kept     []string // names of matters that stay as they are, for their patches conflict with what is above
}

// Offer is a matter with what its projection needs; it is not compiled.
type Offer struct {
	Found   *Found
	Spec    *kind.Matter
	Binding Binding
	Flow    []string // titles of the steps of its flow and of its special procedures
}

// Projection writes the rows by which published matters are found. It is called in
// the transaction that publishes, acting as the tenant.
type Projection interface {
	Project(ctx context.Context, p Publication) error
	// CarryOut puts matters in the state that orders say, and makes old names and codes lead to successors.
	CarryOut(ctx context.Context, orders []Ordered) error
}

// writing says in whose name revisions are written.
type writing struct {
	message      string
	author       string
	reviewer     string
	change       *uuid.UUID
	rolledBackTo *int
	terms        Terms // for tenants below that will be in conflict
	at           time.Time
	assets       map[string][]byte // that shipped packs bring, by digest
	within       *extent           // of the tenant, outside of which nothing has changed; nil = anything can have
}

// entryWrite is one entry that differs from what is published; its layer is nil when the entry ends.
type entryWrite struct {
	key        Key
	layer      *Layer
	resolution *resolution
}

// publishSet writes the new revision of each of the tenants, the highest first, in
// the transaction of ctx. bases are the revisions that the set was built on; a head
// that has moved since is a Conflict "stale_base". It returns the revisions written;
// a tenant without differences gets none.
func (s *Service) publishSet(ctx context.Context, set *Set, tenants []string, bases map[string]int, w writing) (map[string]int, error) {
	written := map[string]int{}
	for _, tenant := range set.topDown(tenants) {
		there, err := s.actAs(ctx, set, tenant, w)
		if err != nil {
			return nil, err
		}
		number, err := s.publishTenant(there, set, tenant, bases[tenant], w)
		if err != nil {
			return nil, err
		}
		if number > 0 {
			written[tenant] = number
		}
	}
	return written, nil
}

// topDown orders tenants so that each comes after its ancestors.
func (s *Set) topDown(tenants []string) []string {
	var out []string
	for depth := 1; len(out) < len(tenants); depth++ {
		for _, tenant := range tenants {
			if len(s.Lineage(tenant)) == depth {
				out = append(out, tenant)
			}
		}
	}
	return out
}

// actAs enters a tenant that the set declares, registering it when it is new.
func (s *Service) actAs(ctx context.Context, set *Set, tenant string, w writing) (context.Context, error) {
	declared, ok := set.register(tenant, w.at)
	if known, found := s.tree.Get(tenant); found {
		if ok && changedTenant(known, declared) {
			there := tenancy.With(ctx, known.Scope(""))
			return there, s.store.updateTenant(there, declared)
		}
		return s.tree.ActAs(ctx, tenant, "publish configuration: "+w.message)
	}
	if !ok {
		return nil, problem.Missing()
	}
	if err := tenancy.InsertTenant(ctx, s.store.db, declared); err != nil {
		return nil, wrap("register tenant "+tenant, err)
	}
	return tenancy.With(ctx, declared.Scope("")), nil
}

// changedTenant leaves the state out: a publication changes it only where a tenant is merged, or is merged no more.
func changedTenant(a, b tenancy.Tenant) bool {
	return a.Title != b.Title || a.Level != b.Level || a.DivisionCode != b.DivisionCode ||
		a.SucceededBy != b.SucceededBy || a.SucceededOn != b.SucceededOn || a.Timezone.String() != b.Timezone.String()
}

// register is the row of the register of tenants that a Tenant resource stands for, in the state in which it begins (SM-01).
func (s *Set) register(tenant string, at time.Time) (tenancy.Tenant, bool) {
	found, ok := s.own(tenant, "Tenant", tenant)
	if !ok {
		return tenancy.Tenant{}, false
	}
	spec := found.Resource.Spec.(*kind.Tenant)
	lineage := s.Lineage(tenant)
	row := tenancy.Tenant{Code: tenant, DivisionCode: spec.DivisionCode, Title: spec.Title, Level: spec.Level, Status: tenancy.Active, CreatedAt: at}
	if spec.Activation == kind.ActivationExplicit {
		row.Status = tenancy.Draft
	}
	if into := spec.SucceededBy; into != nil {
		row.Status, row.SucceededBy, row.SucceededOn = tenancy.Merged, into.Tenant, into.Since
	}
	for i := len(lineage) - 1; i >= 0; i-- {
		row.Lineage = append(row.Lineage, lineage[i])
	}
	if tenant != kind.National {
		row.Parent = lineage[1]
	}
	zone, err := tenancy.Zone(spec.Timezone)
	if err != nil {
		return row, false // V-01 has refused it
	}
	row.Timezone = zone
	return row, true
}

// publishTenant writes one tenant's revision; 0 when nothing differs.
func (s *Service) publishTenant(ctx context.Context, set *Set, tenant string, base int, w writing) (int, error) {
	head, err := s.store.lockHead(ctx, tenant)
	if err != nil {
		return 0, err
	}
	if head != base {
		return 0, staleBase()
	}
	current, err := s.store.currentEntries(ctx, tenant)
	if err != nil {
		return 0, err
	}
	writes := set.differences(tenant, current, w.within)
	if len(writes) == 0 {
		return 0, nil
	}
	return head + 1, s.writeRevision(ctx, set, tenant, head+1, writes, w)
}

func (s *Service) writeRevision(ctx context.Context, set *Set, tenant string, number int, writes []entryWrite, w writing) error {
	sequence, err := s.store.nextSequence(ctx)
	if err != nil {
		return err
	}
	batch := s.store.db.NewBatch()
	insertRevision(batch, tenant, number, w)
	for _, write := range writes {
		writeEntry(batch, number, write, w.at)
		s.writeAssets(batch, write, w)
		if write.key.Kind == "Calendar" && number > 1 { // a tenant's first revision finds no clocks
			AskForRecompute(batch, tenant, CalendarJob{Key: fmt.Sprintf("%s@%d", tenant, number), Below: true}, w.at)
		}
	}
	s.scheduleEnds(batch, tenant, writes, w.at)
	moveHead(batch, tenant, number, sequence, w.at)
	republishJob(batch, tenant, number, w.at)
	s.auditPublication(ctx, batch, tenant, number, w)
	unresolved := set.unresolved(tenant, w.within)
	if number > 1 { // a tenant's first revision finds no cases
		for _, write := range writes {
			if err := startMigration(batch, set, write, number, w); err != nil {
				return err
			}
		}
		closeReviews(batch, tenant, &number, unresolved, w.at)
		if err := tell(batch, tenant, EventPublished, map[string]any{"revision": number, "message": w.message, "author": w.author}, w.at); err != nil {
			return err
		}
	}
	if err := s.store.db.Run(ctx, batch); err != nil {
		return wrap("write revision", err)
	}
	return s.project(ctx, set.view(tenant), number, w.at, unresolved, w.within)
}

// unresolved are the tenant's resources that cannot be laid over what is above them.
func (s *Set) unresolved(tenant string, within *extent) []Key {
	var out []Key
	for _, kindName := range sortedKeys(s.byKind[tenant]) {
		for _, l := range s.byKind[tenant][kindName] {
			if within.layer(l) && s.resolve(l).found == nil {
				out = append(out, l.key())
			}
		}
	}
	return out
}

// writeAssets notes the files that keepAssets has stored for a layer.
func (s *Service) writeAssets(b *db.Batch, write entryWrite, w writing) {
	if s.objects == nil || write.layer == nil || write.layer.installed() {
		return
	}
	for _, name := range sortedKeys(write.layer.Assets) {
		if digest := write.layer.Assets[name]; w.assets[digest] != nil {
			insertAsset(b, write.key.Tenant, digest, w.assets[digest], w.at)
		}
	}
}

// project renews the rows of the matters that a tenant offers, but not those of unresolved ones.
func (s *Service) project(ctx context.Context, v *view, revision int, at time.Time, unresolved []Key, within *extent) error {
	if s.projection == nil {
		return nil
	}
	p := Publication{Tenant: v.Tenant(), Revision: revision, At: at, Only: within.names()}
	for _, key := range unresolved {
		if key.Kind == "Matter" {
			p.Kept = append(p.Kept, key.Name)
		}
	}
	for _, f := range within.offered(v) {
		spec := f.Resource.Spec.(*kind.Matter)
		p.Offered = append(p.Offered, Offer{Found: f, Spec: spec, Binding: bind(v, spec), Flow: flowTitles(v, spec)})
	}
	return wrap("project matters", s.projection.Project(ctx, p))
}

// differences are the entries of a tenant that the set would change.
func (s *Set) differences(tenant string, current map[string]storedEntry, within *extent) []entryWrite {
	var out []entryWrite
	kept := map[string]bool{}
	for _, l := range s.declared(tenant) {
		key := l.key()
		kept[key.local()] = true
		if !within.layer(l) {
			continue
		}
		write := entryWrite{key: key, layer: l, resolution: &resolution{}}
		if key == keyOf(l.Resource) {
			write.resolution = s.resolve(l)
			if write.resolution.found == nil {
				continue // a set with errors is never published; a base's own are left as they are
			}
		}
		now, ok := current[key.local()]
		if !ok || now.authored != l.Digest || now.effective != write.effective() {
			out = append(out, write)
		}
	}
	for _, local := range sortedKeys(current) {
		if !kept[local] {
			kindName, name := splitKey(local)
			out = append(out, entryWrite{key: Key{Tenant: tenant, Kind: kindName, Name: name}})
		}
	}
	return out
}

// declared are all layers that become entries of a tenant, the resources of its packs included.
func (s *Set) declared(tenant string) []*Layer {
	var out []*Layer
	for _, kindName := range sortedKeys(s.byKind[tenant]) {
		out = append(out, s.byKind[tenant][kindName]...)
	}
	for _, pack := range sortedKeys(s.packs) {
		if owner, _, _ := strings.Cut(pack, "/"); owner == tenant {
			out = append(out, s.packs[pack]...)
		}
	}
	return out
}

// effective is the digest of the effective document; a pack's resource has none.
func (w entryWrite) effective() string {
	if w.resolution.found == nil {
		return ""
	}
	return w.resolution.found.Digest
}

// local is Kind/name, the key within a tenant.
func (k Key) local() string { return k.Kind + "/" + k.Name }

// extended is what an entry depends on above: the resource that a patch was laid over, or the source of an Adoption.
func (w entryWrite) extended() (tenant, name string) {
	if w.resolution.found == nil {
		return "", ""
	}
	if len(w.resolution.chain) > 1 {
		above := w.resolution.chain[1].Resource.Metadata
		return above.Tenant, above.Name
	}
	if adoption, ok := w.resolution.found.Resource.Spec.(*kind.Adoption); ok {
		if adoption.From.Pack != nil {
			return adoption.From.Pack.Tenant, adoption.From.Pack.Name
		}
		return adoption.From.Tenant, ""
	}
	return "", ""
}

// named is the tenant that a patch names in metadata.extends; "" for what is no patch.
func (w entryWrite) named() string {
	if extends := w.layer.Resource.Metadata.Extends; extends != nil && w.resolution.parent != "" {
		return extends.Tenant
	}
	return ""
}

func staleBase() error {
	return problem.New(problem.Conflict, "stale_base", "配置已有更新的修订，与审核的内容不同：请更新该变更并重新审核")
}
