package configuration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// lockHead returns the tenant's revision in force, 0 for none, and keeps others from moving it until the transaction ends.
func (s *store) lockHead(ctx context.Context, tenant string) (int, error) {
	var revision int
	err := s.db.QueryRow(ctx, "SELECT revision FROM configuration_head WHERE tenant_id = $1"+s.db.ForUpdate(), tenant).Scan(&revision)
	if errors.Is(err, db.ErrNoRows) {
		return 0, nil // two first revisions at once collide on the primary key of configuration_revision
	}
	return revision, wrap("lock head", err)
}

// nextSequence is one more than the highest head sequence of the installation that is visible now.
func (s *store) nextSequence(ctx context.Context) (int64, error) {
	var last int64
	err := s.db.Relay().QueryRow(ctx, "SELECT COALESCE(max(sequence), 0) FROM configuration_head").Scan(&last)
	return last + 1, wrap("read head sequence", err)
}

// storedEntry is a current entry without its documents.
type storedEntry struct {
	authored, effective string
	from                int
}

// currentEntries are a tenant's entries in force, by Kind/name.
func (s *store) currentEntries(ctx context.Context, tenant string) (map[string]storedEntry, error) {
	out := map[string]storedEntry{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var kindName, name string
		var e storedEntry
		err := scan(&kindName, &name, &e.authored, &e.effective, &e.from)
		out[kindName+"/"+name] = e
		return err
	}, "SELECT kind, name, digest, effective_digest, from_revision FROM configuration_entry WHERE tenant_id = $1 AND to_revision IS NULL", tenant)
	return out, wrap("read current entries", err)
}

func insertRevision(b *db.Batch, tenant string, number int, w writing) {
	b.Exec(`INSERT INTO configuration_revision (tenant_id, number, message, author, reviewer, change_id, rolled_back_to, review_deadline, on_overdue,
		effective_from, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10)`, tenant, number, w.message, w.author, w.reviewer, w.change,
		w.rolledBackTo, w.terms.Deadline, w.terms.OnOverdue, w.at)
}

// writeEntry ends the present entry of a key and, unless the resource goes, begins the next with its documents.
func writeEntry(b *db.Batch, number int, w entryWrite, at time.Time) {
	b.Exec("UPDATE configuration_entry SET to_revision = $1 WHERE tenant_id = $2 AND kind = $3 AND name = $4 AND to_revision IS NULL",
		number, w.key.Tenant, w.key.Kind, w.key.Name)
	if w.layer == nil {
		return
	}
	insertVersion(b, w.key, w.layer.Digest, formAuthored, w.layer.canonical(), nil, at)
	if w.resolution.found != nil {
		insertVersion(b, w.key, w.effective(), formEffective, w.resolution.body, w.resolution.found.Provenance, at)
	}
	extendsTenant, extendsName := w.extended()
	b.Exec(`INSERT INTO configuration_entry (tenant_id, kind, name, from_revision, digest, effective_digest, extends_tenant, extends_name, parent_digest, extends_from)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		w.key.Tenant, w.key.Kind, w.key.Name, number, w.layer.Digest, w.effective(), extendsTenant, extendsName, w.resolution.parent, w.named())
}

// insertVersion keeps a document under its digest; the same document again is the same row.
func insertVersion(b *db.Batch, key Key, digest, form string, body []byte, provenance kind.Provenance, at time.Time) {
	origin, err := json.Marshal(provenance)
	if err != nil || provenance == nil {
		origin = []byte("{}") // a map of strings always marshals
	}
	b.Exec(`INSERT INTO resource_version (tenant_id, digest, kind, name, form, body, provenance, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (tenant_id, digest, form) DO NOTHING`,
		key.Tenant, digest, key.Kind, key.Name, form, string(body), string(origin), at)
}

func moveHead(b *db.Batch, tenant string, number int, sequence int64, at time.Time) {
	b.Exec(`INSERT INTO configuration_head (tenant_id, revision, sequence, updated_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant_id) DO UPDATE SET revision = excluded.revision, sequence = excluded.sequence, updated_at = excluded.updated_at`,
		tenant, number, sequence, at)
}

// updateTenant brings a row of the register in line with the Tenant resource. The state stays what it is, unless the
// tenant is merged into another or is merged no more.
func (s *store) updateTenant(ctx context.Context, t tenancy.Tenant) error {
	_, err := s.db.Exec(ctx, `UPDATE tenant SET title = $1, level = $2, division_code = $3, timezone = $4, succeeded_by = $6,
		succeeded_on = $7, status = CASE WHEN $5 = 'merged' OR status = 'merged' THEN $5 ELSE status END, row_version = row_version + 1 WHERE tenant_id = $8`, t.Title, t.Level, t.DivisionCode, t.Timezone.String(), t.Status,
		t.SucceededBy, t.SucceededOn, t.Code)
	return wrap("update tenant", err)
}

// oldEntry is an entry of any revision with its authored document.
type oldEntry struct {
	entryRow
	extendsTenant, extendsName, parent string
}

// entryByDigest finds the newest entry of a name whose effective document has the digest, in the nearest of the tenants.
func (s *store) entryByDigest(ctx context.Context, tenants []string, key Key, digest string) (oldEntry, error) {
	where, args := among("e.tenant_id", tenants, []any{key.Kind, key.Name, digest})
	var found oldEntry
	err := s.db.QueryRow(ctx, `SELECT e.tenant_id, e.kind, e.name, v.digest, v.body, e.extends_tenant, e.extends_name, e.parent_digest
		FROM configuration_entry e JOIN resource_version v ON v.tenant_id = e.tenant_id AND v.digest = e.digest AND v.form = 'authored'
		WHERE e.kind = $1 AND e.name = $2 AND e.effective_digest = $3 AND `+where+` ORDER BY e.from_revision DESC LIMIT 1`, args...).
		Scan(&found.tenant, &found.kind, &found.name, &found.digest, (*json.RawMessage)(&found.body), &found.extendsTenant, &found.extendsName, &found.parent)
	return found, err
}

// inTx runs fn in a transaction; its tenants are entered inside.
func (s *store) inTx(ctx context.Context, fn func(ctx context.Context) error) error {
	if tenancy.Acting(ctx) == "" {
		ctx = tenancy.Public(ctx)
	}
	return s.db.InTx(ctx, fn)
}

// provenance is where the values of an effective document come from: path → tenant.
func (s *store) provenance(ctx context.Context, tenant, digest string) (kind.Provenance, error) {
	var text json.RawMessage
	err := s.db.QueryRow(ctx, "SELECT provenance FROM resource_version WHERE tenant_id = $1 AND digest = $2 AND form = 'effective'", tenant, digest).Scan(&text)
	if err != nil {
		return nil, wrap("read provenance", err)
	}
	var out kind.Provenance
	return out, wrap("read provenance", json.Unmarshal(text, &out))
}

// history lists the versions of a tenant's own resource, newest first.
func (s *store) history(ctx context.Context, key Key) ([]Version, error) {
	var out []Version
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		v := Version{Revised: Revision{Tenant: key.Tenant}}
		err := scan(&v.Revision, &v.Digest, &v.Revised.Message, &v.Revised.Author, &v.Revised.Reviewer, &v.Revised.CreatedAt)
		v.Revised.Number = v.Revision
		out = append(out, v)
		return err
	}, `SELECT e.from_revision, e.digest, r.message, r.author, r.reviewer, r.created_at FROM configuration_entry e
		JOIN configuration_revision r ON r.tenant_id = e.tenant_id AND r.number = e.from_revision
		WHERE e.tenant_id = $1 AND e.kind = $2 AND e.name = $3 ORDER BY e.from_revision DESC LIMIT 100`, key.Tenant, key.Kind, key.Name)
	return out, wrap("read history", err)
}

func (s *store) revisions(ctx context.Context, tenant string, before, first int) ([]Revision, error) {
	if before <= 0 {
		before = maxRevision
	}
	var out []Revision
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		r := Revision{Tenant: tenant}
		err := scan(&r.Number, &r.Message, &r.Author, &r.Reviewer, &r.Change, &r.RolledBackTo, &r.Terms.Deadline, &r.Terms.OnOverdue, &r.CreatedAt)
		out = append(out, r)
		return err
	}, fmt.Sprintf(`SELECT number, message, author, reviewer, change_id, rolled_back_to, review_deadline, on_overdue, created_at
		FROM configuration_revision
		WHERE tenant_id = $1 AND number < $2 ORDER BY number DESC LIMIT %d`, first), tenant, before)
	return out, wrap("read revisions", err)
}

// maxRevision is beyond every revision number: the column is a 32-bit integer.
const maxRevision = 1<<31 - 1
