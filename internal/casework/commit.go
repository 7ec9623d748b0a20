package casework

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/idempotency"
	"zhengtong/internal/tenancy"
)

// Commit writes a change: the case with its version check first, its parts, its
// hash-linked events, its jobs and outbox rows, its documents with their gapless
// numbers last. On PostgreSQL it is one pipelined batch, on SQLite one immediate
// transaction; either all of it is there afterwards or none (invariant I5).
//
// A case that somebody else changed meanwhile is refused with Conflict
// "stale_version"; a repeated idempotency key surfaces as db.ErrDuplicate of
// the idempotency table, which the edge answers from the record.
func (s *Service) Commit(ctx context.Context, c *Change) error {
	c.kase.UpdatedAt, c.kase.DueOn = c.now, c.nearestDue()
	read := mark{version: c.kase.Version, seq: c.kase.EventSeq}
	if !c.fresh && !c.quiet {
		c.kase.Version++
	}
	chained, err := s.chainEvents(c)
	if err != nil {
		return err
	}
	if err := s.book.write(ctx, c, read, chained); err != nil {
		return err
	}
	s.wake()
	return nil
}

// write puts a change into the database, whole or not at all.
func (s *store) write(ctx context.Context, c *Change, read mark, chained []chain.Event) error {
	b := s.db.NewBatch()
	scope, _ := tenancy.From(ctx)
	w := &writer{batch: b, dialect: s.db.Dialect(), tenant: c.kase.Tenant, lineage: scope.Lineage}
	w.caseFile(c, read)
	writeParts(w, "task", taskColumns, c.tasks)
	writeParts(w, "case_material", materialColumns, c.materials)
	writeParts(w, "correction", correctionColumns, c.corrections)
	writeParts(w, "special_run", specialColumns, c.specials)
	writeParts(w, "extension", extensionColumns, c.extensions)
	writeParts(w, "clock", clockColumns, c.clocks)
	writeParts(w, "timer", timerColumns, c.timers)
	w.events(c, chained)
	w.jobs(c)
	w.deliveries(c)
	if err := keepResult(ctx, b, "case", c.kase.ID.String(), c.now); err != nil {
		return err
	}
	if c.with != nil {
		c.with(b)
	}
	w.usage(c)
	w.documents(c)
	if w.err != nil {
		return w.err
	}
	return s.db.Run(ctx, b)
}

// writer adds the statements of a change to a batch.
type writer struct {
	batch   *db.Batch
	dialect db.Dialect
	tenant  string
	lineage []string // from the root down to the tenant
	err     error
}

func (w *writer) exec(sql string, v *values) {
	if v.err != nil && w.err == nil {
		w.err = v.err
	}
	w.batch.Exec(sql, append([]any{w.tenant}, v.args...)...)
}

var updateCase = update("case_file", caseColumns)

// mark is the place in a case's life at which a change was made: another change
// committed meanwhile has moved it on, and this one is refused.
type mark struct {
	version int
	seq     int64
}

func (w *writer) caseFile(c *Change, read mark) {
	v := c.kase.values()
	if v.err != nil && w.err == nil {
		w.err = v.err
	}
	if c.fresh {
		w.newCase(c, v)
		return
	}
	args := append([]any{w.tenant}, v.args...)
	args = append(args, read.version, read.seq)
	w.batch.Require(updateCase+" AND row_version = $"+strconv.Itoa(len(args)-1)+" AND event_seq = $"+strconv.Itoa(len(args)), args...)
}

// newCase inserts the case only while the matter's head is what was read
// (invariant I4) and the draft has not become a case yet. The head is the nearest
// entry in force of the tenant and those above it: the row of the matter, which
// follows a publication above some seconds later, only says whether it is offered. Nor
// is one inserted while the tenant takes none (SM-01).
func (w *writer) newCase(c *Change, v *values) {
	n := len(v.args) + 1
	args := append(append([]any{w.tenant}, v.args...), c.matter.Digest)
	var among, nearest []string
	for depth, tenant := range w.lineage {
		args = append(args, tenant)
		place := "$" + strconv.Itoa(len(args))
		among = append(among, place)
		nearest = append(nearest, "WHEN "+place+" THEN "+strconv.Itoa(-depth))
	}
	head := "(SELECT e.effective_digest FROM configuration_entry e WHERE e.tenant_id IN (" + strings.Join(among, ", ") + ") AND e.kind = 'Matter'" +
		" AND e.name = m.name AND e.to_revision IS NULL AND e.effective_digest <> '' ORDER BY CASE e.tenant_id " + strings.Join(nearest, " ") + " END LIMIT 1)"
	w.batch.RequireOr("changed_head", "INSERT INTO case_file (tenant_id, "+caseColumns+") SELECT "+typed(w.dialect, "tenant_id, "+caseColumns, n)+
		" FROM matter m WHERE m.tenant_id = $1 AND m.id = $11 AND m.status = 'published'"+
		" AND EXISTS (SELECT 1 FROM tenant t WHERE t.tenant_id = $1 AND t.status = 'active') AND "+head+" = $"+strconv.Itoa(n+1), args...)
	if c.draft != nil {
		w.batch.RequireOr(reasonDraftFiled, "UPDATE draft SET case_id = $3, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND case_id IS NULL",
			w.tenant, c.draft.ID, c.kase.ID)
	}
}

// part is a record that knows whether it must be written.
type part interface {
	mark() row
	values() *values
}

func (t *Task) mark() row       { return t.row }
func (m *Material) mark() row   { return m.row }
func (n *Correction) mark() row { return n.row }
func (s *SpecialRun) mark() row { return s.row }
func (e *Extension) mark() row  { return e.row }
func (c *Clock) mark() row      { return c.row }
func (t *Timer) mark() row      { return t.row }

func writeParts[P part](w *writer, table, columns string, parts []P) {
	for _, p := range parts {
		switch mark := p.mark(); {
		case mark.fresh:
			w.exec(insert(table, columns), p.values())
		case mark.dirty:
			w.exec(update(table, columns), p.values())
		}
	}
}

// chainEvents links the change's events to the case's chain.
func (s *Service) chainEvents(c *Change) ([]chain.Event, error) {
	link := chain.Link{Seq: c.kase.EventSeq, Hash: c.kase.EventHash}
	if c.fresh {
		genesis, err := chain.Genesis(s.algorithm, c.kase.Tenant, c.kase.ID.String())
		if err != nil {
			return nil, err
		}
		link = genesis
	}
	linked := make([]chain.Event, 0, len(c.events))
	for _, e := range c.events {
		next, err := chain.Append(s.algorithm, link, chain.Draft{Type: e.kind, Actor: c.actor.Actor(), At: c.now, Payload: e.payload}, rand.Reader)
		if err != nil {
			return nil, fmt.Errorf("casework: event %s: %w", e.kind, err)
		}
		linked, link = append(linked, next), next.Link()
	}
	c.kase.EventSeq, c.kase.EventHash = link.Seq, link.Hash
	return linked, nil
}

func (w *writer) events(c *Change, linked []chain.Event) {
	for i, e := range linked {
		v := &values{}
		v.add(e.Seq, e.Type, e.Actor, c.role, c.now).json(e.Payload).add(e.Root, e.Prev, e.Hash, e.Algorithm)
		v.add(c.kase.ID)
		w.exec("INSERT INTO case_event (tenant_id, "+eventColumns+", case_id) VALUES ($1, "+db.Placeholders(2, 11)+")", v)
		out := &values{}
		out.add(db.NewID(c.now), e.Type, c.kase.ID).json(map[string]any{"seq": e.Seq, "version": c.kase.Version, "fields": c.events[i].payload}).add(c.now)
		w.exec("INSERT INTO outbox (tenant_id, id, topic, case_id, payload, created_at) VALUES ($1, $2, $3, $4, $5, $6)", out)
	}
}

func (w *writer) jobs(c *Change) {
	for _, j := range c.jobs {
		v := &values{}
		v.add(j.ID, j.Type, j.Key, c.kase.ID).json(j.Payload).add(j.RunAt, c.now)
		w.exec("INSERT INTO job (tenant_id, id, type, key, case_id, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", v)
	}
}

func (w *writer) deliveries(c *Change) {
	for _, d := range c.delivered {
		v := &values{}
		v.add(d.ID, c.kase.ID, d.Way, d.TrackingNo, d.Receiver, d.IDLast4, d.At)
		w.exec("INSERT INTO delivery_record (tenant_id, id, case_id, way, tracking_no, receiver, id_last4, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", v)
	}
}

// usageSpread is over how many rows the count of one day is spread, so that
// applications for one matter need not wait for each other's commit.
const usageSpread = 4

// usage counts a new case for its matter and day (R-CAT-05, R-MGT-05). The row is held until the commit: it comes late.
func (w *writer) usage(c *Change) {
	if !c.fresh {
		return
	}
	w.batch.Exec(`INSERT INTO matter_usage (tenant_id, day, matter_id, channel, spread, submitted) VALUES ($1, $2, $3, $4, $5, 1)
		ON CONFLICT (tenant_id, day, matter_id, channel, spread) DO UPDATE SET submitted = matter_usage.submitted + 1`,
		w.tenant, c.today.String(), c.kase.MatterID, c.kase.Channel, int(c.kase.ID[len(c.kase.ID)-1])%usageSpread)
}

// keepResult writes the record of the request's key into the batch that does the
// work, so that a repeat is answered from it (R-APP-14); without a key it does nothing.
func keepResult(ctx context.Context, b *db.Batch, kind, id string, at time.Time) error {
	key, ok := idempotency.From(ctx)
	if !ok {
		return nil
	}
	result, err := json.Marshal(map[string]string{"kind": kind, "id": id})
	if err != nil {
		return err
	}
	b.Exec("INSERT INTO idempotency (tenant_id, key, principal, body_hash, operation, result, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		tenancy.Acting(ctx), key.Key, authz.From(ctx).Account, hex.EncodeToString(key.BodyHash[:]), "", string(result), at)
	idempotency.Record(ctx)
	return nil
}

// documents writes records last, so that a gapless series is held for as short
// as can be. A record that is new takes the next number of its series.
func (w *writer) documents(c *Change) {
	fresh := slices.DeleteFunc(slices.Clone(c.documents), func(d *Document) bool { return !d.fresh })
	for _, d := range c.documents {
		if d.dirty && !d.fresh {
			v := &values{}
			v.add(d.ID).time(d.UsedAt).time(d.VoidedAt).add(d.VoidedReason)
			w.exec("UPDATE issued_document SET used_at = $3, voided_at = $4, voided_reason = $5 WHERE tenant_id = $1 AND id = $2", v)
		}
	}
	for _, d := range fresh {
		if d.CaseVersion == 0 {
			d.CaseVersion = c.kase.Version
		}
		w.document(d)
	}
}

func (w *writer) document(d *Document) {
	v := &values{}
	v.add(d.ID, d.CaseID).id(d.TaskID).add(d.Action, d.Alias, d.Template, d.TemplateDigest, d.Class, d.Title, d.Series)
	v.add(d.Values, d.ContentDigest, d.Seal, d.CaseVersion, d.CivilDate.String(), d.IssuedAt, d.IssuedBy).time(d.UsedAt)
	const columns = "tenant_id, id, case_id, task_id, action, alias, template, template_digest, class, title, series, field_values, content_digest, seal, " +
		"case_version, civil_date, issued_at, issued_by, used_at, seq, number"
	if d.Series == "" {
		w.exec("INSERT INTO issued_document ("+columns+") VALUES ("+db.Placeholders(1, 19)+", 0, '')", v)
		return
	}
	w.batch.Exec(`INSERT INTO number_series (tenant_id, key, next) VALUES ($1, $2, 1)
		ON CONFLICT (tenant_id, key) DO UPDATE SET next = number_series.next + 1`, w.tenant, d.Series)
	v.add(d.number.before, d.number.width, d.number.after)
	w.exec("INSERT INTO issued_document ("+columns+") SELECT "+typed(w.dialect, columns, 19)+`, s.next,
		CAST($20 AS text) || substr('000000000000', 1, CASE WHEN length(CAST(s.next AS text)) < CAST($21 AS integer)
		THEN CAST($21 AS integer) - length(CAST(s.next AS text)) ELSE 0 END) || CAST(s.next AS text) || CAST($22 AS text)
		FROM number_series s WHERE s.tenant_id = $1 AND s.key = $11`, v)
	w.batch.Query(func(rows *db.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&d.Seq, &d.Number); err != nil {
				return err
			}
		}
		return rows.Err()
	}, "SELECT seq, number FROM issued_document WHERE tenant_id = $1 AND id = $2", w.tenant, d.ID)
}

// columnTypes are the types of the columns that are not text.
var columnTypes = map[string]string{
	"id": "uuid", "case_id": "uuid", "task_id": "uuid", "matter_id": "uuid", "applicant_id": "uuid", "agent_id": "uuid", "draft_id": "uuid",
	"pins": "jsonb", "applicant": "jsonb", "form": "jsonb", "facts": "jsonb", "state": "jsonb", "deemed": "boolean", "event_seq": "bigint",
	"case_version": "integer", "row_version": "integer", "received_at": "timestamptz", "finished_at": "timestamptz", "archived_at": "timestamptz",
	"created_at": "timestamptz", "updated_at": "timestamptz", "issued_at": "timestamptz", "used_at": "timestamptz",
}

// typed lists the first n parameters with the types of their columns: in a SELECT
// list PostgreSQL has nothing else to infer them from. SQLite stores text.
func typed(dialect db.Dialect, columns string, n int) string {
	if dialect == db.SQLite {
		return db.Placeholders(1, n)
	}
	names := strings.Split(columns, ", ")
	list := make([]string, n)
	for i := range list {
		kind := columnTypes[names[i]]
		if kind == "" {
			kind = "text"
		}
		list[i] = "CAST($" + strconv.Itoa(i+1) + " AS " + kind + ")"
	}
	return strings.Join(list, ", ")
}
