package configuration

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// The jobs of this package. Their handlers are Service.Republish, Service.PublishScheduled and, after
// Service.SpreadCalendar, casework.Service.RecomputeClocks.
const (
	JobRepublish = "configuration.republish" // {"tenant", "revision", "after"}: bring the tenants below up to date
	JobPublish   = "configuration.publish"   // {"change"}: its effective instant has come
	JobMigrate   = "case.migrate"            // MigrationJob: move running cases to another version
	JobCalendar  = "calendar.recompute"      // CalendarJob: carry open clocks over to the calendar in force

	JobGuideReview = "configuration.guide_review" // GuideReview: tell the authors that a guide is past its review date
)

// storedPlan is the plan column: the plan with what only this service needs again.
type storedPlan struct {
	Plan
	Written   []string       `json:"written"`
	Terms     Terms          `json:"terms"`
	Revisions map[string]int `json:"revisions,omitempty"`
	Bases     map[string]int `json:"bases,omitempty"`
}

func (c *Change) stored() storedPlan {
	return storedPlan{Plan: c.Plan, Written: c.Tenants, Terms: c.Terms, Revisions: c.Revisions, Bases: c.Bases}
}

// storedFile is a kind.File in JSON.
type storedFile struct {
	Path    string `json:"path"`
	Content string `json:"content"`
	Digest  string `json:"digest,omitempty"`
}

const changeColumns = `id, state, message, files, deletes, report, plan, base_revision, author, reviewer, reason, effective_from, created_at,
	decided_at, row_version`

func (s *store) insertChange(ctx context.Context, c *Change) error {
	files := make([]storedFile, len(c.Files))
	for i, f := range c.Files {
		files[i] = storedFile{Path: f.Path, Content: string(f.Content), Digest: f.Digest}
	}
	text, err := asJSON(files, append([]Key{}, c.Deletes...), c.Report, c.stored())
	if err != nil {
		return err
	}
	_, err = s.db.Exec(ctx, `INSERT INTO change_request (tenant_id, id, state, message, files, deletes, report, plan, base_revision, author,
		effective_from, created_at, row_version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
		c.Tenant, c.ID, string(c.Status), c.Message, text[0], text[1], text[2], text[3], c.BaseRevision, c.Author, c.EffectiveFrom, c.CreatedAt)
	return wrap("insert change", err)
}

func asJSON(values ...any) ([]string, error) {
	out := make([]string, len(values))
	for i, value := range values {
		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		out[i] = string(text)
	}
	return out, nil
}

// change returns a change request of the acting tenant; NotFound when there is none.
func (s *store) change(ctx context.Context, id uuid.UUID) (*Change, error) {
	list, err := s.changesWhere(ctx, "id = $2", 1, id)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, problem.Missing()
	}
	return list[0], nil
}

// changesWhere lists change requests of the acting tenant, newest first.
func (s *store) changesWhere(ctx context.Context, where string, limit int, args ...any) ([]*Change, error) {
	tenant := tenancy.Acting(ctx)
	var out []*Change
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		c := &Change{Tenant: tenant}
		var files, deletes, report, plan json.RawMessage
		var status string
		if err := scan(&c.ID, &status, &c.Message, &files, &deletes, &report, &plan, &c.BaseRevision, &c.Author, &c.Reviewer, &c.Reason,
			&c.EffectiveFrom, &c.CreatedAt, &c.DecidedAt, &c.Version); err != nil {
			return err
		}
		c.Status = ChangeStatus(status)
		var texts []storedFile
		var worked storedPlan
		if err := errors.Join(json.Unmarshal(files, &texts), json.Unmarshal(deletes, &c.Deletes), json.Unmarshal(report, &c.Report),
			json.Unmarshal(plan, &worked)); err != nil {
			return err
		}
		for _, f := range texts {
			file := kind.File{Path: f.Path, Digest: f.Digest}
			if f.Digest == "" {
				file.Content = []byte(f.Content)
			}
			c.Files = append(c.Files, file)
		}
		c.Plan, c.Tenants, c.Revisions, c.Terms, c.Bases = worked.Plan, worked.Written, worked.Revisions, worked.Terms, worked.Bases
		out = append(out, c)
		return nil
	}, fmt.Sprintf("SELECT %s FROM change_request WHERE tenant_id = $1 AND %s ORDER BY id DESC LIMIT %d", changeColumns, where, limit),
		append([]any{tenant}, args...)...)
	return out, wrap("read change requests", err)
}

// updateChange writes the state of a change request; Conflict "stale_version" when another was faster.
func (s *store) updateChange(ctx context.Context, c *Change) error {
	plan, err := asJSON(c.stored())
	if err != nil {
		return err
	}
	var revision *int
	if number, ok := c.Revisions[c.Tenant]; ok {
		revision = &number
	}
	b := s.db.NewBatch()
	b.Require(`UPDATE change_request SET state = $1, reviewer = $2, reason = $3, decided_at = $4, plan = $5, revision = $6, row_version = row_version + 1
		WHERE tenant_id = $7 AND id = $8 AND row_version = $9`,
		string(c.Status), c.Reviewer, c.Reason, c.DecidedAt, plan[0], revision, c.Tenant, c.ID, c.Version)
	if err := s.db.Run(ctx, b); err != nil {
		return err
	}
	c.Version++
	return nil
}

// renewChange writes the plan and report of a change that was brought up to date, and that it is to be reviewed again;
// Conflict "stale_version" when another was faster.
func (s *store) renewChange(ctx context.Context, c *Change, by authz.Principal, now time.Time) error {
	text, err := asJSON(c.Report, c.stored())
	if err != nil {
		return err
	}
	b := s.db.NewBatch()
	b.Require(`UPDATE change_request SET state = $1, reviewer = '', reason = '', decided_at = NULL, report = $2, plan = $3, row_version = row_version + 1
		WHERE tenant_id = $4 AND id = $5 AND row_version = $6`, string(c.Status), text[0], text[1], c.Tenant, c.ID, c.Version)
	writeAudit(b, c.Tenant, by, "config.author", "change "+c.ID.String(), now)
	if err := s.db.Run(ctx, b); err != nil {
		return err
	}
	c.Version++
	return nil
}

// schedule books a change for its effective instant, once.
func (s *store) schedule(ctx context.Context, c *Change, now time.Time) error {
	b := s.db.NewBatch()
	booking{c.Tenant, JobPublish, "publish/" + c.ID.String(), map[string]any{"change": c.ID}, *c.EffectiveFrom}.once(b, now)
	return s.db.Run(ctx, b)
}

// republishJob brings the tenants below up to date after a publication.
func republishJob(b *db.Batch, tenant string, revision int, at time.Time) {
	b.Exec(`INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		tenant, db.NewID(at), JobRepublish, fmt.Sprintf("republish/%s/%d", tenant, revision),
		fmt.Sprintf(`{"tenant":%q,"revision":%d}`, tenant, revision), at)
}

// continueJob goes on with following a revision after a tenant.
func continueJob(b *db.Batch, tenant string, revision int, after string, at time.Time) {
	b.Exec(`INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $6)`,
		tenant, db.NewID(at), JobRepublish, fmt.Sprintf("republish/%s/%d/%s", tenant, revision, db.NewID(at)),
		fmt.Sprintf(`{"tenant":%q,"revision":%d,"after":%q}`, tenant, revision, after), at)
}

// only runs nothing but what with adds.
func (s *store) only(ctx context.Context, with func(*db.Batch)) error {
	if with == nil {
		return nil
	}
	b := s.db.NewBatch()
	with(b)
	return s.db.Run(ctx, b)
}

// patchesOf are the entries of tenants below that stand on a resource of the acting tenant.
func (s *store) patchesOf(ctx context.Context, key Key, limit int) ([]Key, error) {
	var out []Key
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var k Key
		err := scan(&k.Tenant, &k.Kind, &k.Name)
		out = append(out, k)
		return err
	}, fmt.Sprintf(`SELECT tenant_id, kind, name FROM configuration_entry WHERE extends_tenant = $1 AND kind = $2 AND extends_name = $3
		AND to_revision IS NULL ORDER BY tenant_id LIMIT %d`, limit), key.Tenant, key.Kind, key.Name)
	return out, wrap("read patches", err)
}

// openCases counts a tenant's open cases of some matters, at most maxLiveCases in all.
func (s *store) openCases(ctx context.Context, tenant string, matters []string) (map[string]int, error) {
	where, args := among("matter_name", matters, []any{tenant})
	out := map[string]int{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var name string
		var n int
		err := scan(&name, &n)
		out[name] = n
		return err
	}, fmt.Sprintf(`SELECT matter_name, count(*) FROM (SELECT matter_name FROM case_file WHERE tenant_id = $1 AND status NOT IN ('ended', 'archived')
		AND %s LIMIT %d) live GROUP BY matter_name`, where, maxLiveCases), args...)
	return out, wrap("count open cases", err)
}
