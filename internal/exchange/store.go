package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

// source is what is projected of a case.
type source struct {
	number, matterName, matterTitle, department string
	applicantID                                 uuid.UUID
	agentID                                     uuid.NullUUID
	applicant                                   struct{ Type, Name string }
	status, outcome                             string
	receivedAt                                  time.Time
	receivedOn, acceptedOn, dueOn               string
	finishedAt                                  *time.Time
	version                                     int
}

func (s store) load(ctx context.Context, id uuid.UUID) (*source, error) {
	c := &source{}
	var applicant string
	err := s.db.QueryRow(ctx, `SELECT case_no, matter_name, matter_title, department, applicant_id, agent_id, applicant, status, outcome, received_at, received_on,
		accepted_on, due_on, finished_at, row_version FROM case_file WHERE tenant_id = $1 AND id = $2`, tenancy.Acting(ctx), id).
		Scan(&c.number, &c.matterName, &c.matterTitle, &c.department, &c.applicantID, &c.agentID, &applicant, &c.status, &c.outcome, &c.receivedAt,
			&c.receivedOn, &c.acceptedOn, &c.dueOn, &c.finishedAt, &c.version)
	if errors.Is(err, db.ErrNoRows) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal([]byte(applicant), &c.applicant); err != nil {
		return nil, fmt.Errorf("applicant of %s: %w", c.number, err)
	}
	return c, nil
}

// grantees are the tenants that the acting tenant lets supervise a matter on a day.
func (s store) grantees(ctx context.Context, matter, on string) ([]string, error) {
	var found []string
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var to, text string
		var matters []string
		if err := scan(&to, &text); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &matters); err != nil {
			return err
		}
		if len(matters) == 0 || slices.Contains(matters, matter) {
			found = append(found, to)
		}
		return nil
	}, `SELECT to_tenant, matters FROM tenant_grant WHERE tenant_id = $1 AND scope = $2 AND valid_from <= $3 AND (valid_to = '' OR valid_to >= $3)
		ORDER BY to_tenant`, tenancy.Acting(ctx), tenancy.GrantSupervise, on)
	return found, err
}

const linkedColumns = "case_tenant, case_id, case_no, matter_title, department, applicant, status, outcome, received_on, accepted_on, due_on, finished_on, updated_at"

// project writes the readers' rows, each as its own tenant, and runs with in the tenant of ctx.
func (s store) project(ctx context.Context, overseers []context.Context, realm context.Context, l Linked, c *source, with func(*db.Batch)) error {
	return s.db.InTx(ctx, func(tx context.Context) error {
		for _, overseer := range overseers {
			if err := s.link(as(tx, overseer), l); err != nil {
				return err
			}
		}
		accounts := []uuid.UUID{c.applicantID}
		if c.agentID.Valid && c.agentID.UUID != c.applicantID {
			accounts = append(accounts, c.agentID.UUID)
		}
		for _, account := range accounts {
			if err := s.mine(as(tx, realm), account, l, c); err != nil {
				return err
			}
		}
		b := s.db.NewBatch()
		with(b)
		return s.db.Run(tx, b)
	})
}

// as returns the transaction of tx in the scope of there.
func as(tx, there context.Context) context.Context {
	scope, _ := tenancy.From(there)
	return tenancy.With(tx, scope)
}

func (s store) link(ctx context.Context, l Linked) error {
	_, err := s.db.Exec(ctx, "INSERT INTO linked_case (tenant_id, "+linkedColumns+", case_version) VALUES ("+db.Placeholders(1, 15)+`)
		ON CONFLICT (tenant_id, case_tenant, case_id) DO UPDATE SET case_no = excluded.case_no, matter_title = excluded.matter_title, department = excluded.department,
		applicant = excluded.applicant, status = excluded.status, outcome = excluded.outcome, received_on = excluded.received_on, accepted_on = excluded.accepted_on,
		due_on = excluded.due_on, finished_on = excluded.finished_on, updated_at = excluded.updated_at, case_version = excluded.case_version
		WHERE linked_case.case_version < excluded.case_version`,
		tenancy.Acting(ctx), l.Tenant, l.Case, l.Number, l.MatterTitle, l.Department, l.Applicant, l.Status, l.Outcome, l.ReceivedOn, l.AcceptedOn, l.DueOn,
		l.FinishedOn, l.UpdatedAt, l.version)
	return err
}

func (s store) mine(ctx context.Context, account uuid.UUID, l Linked, c *source) error {
	_, err := s.db.Exec(ctx, `INSERT INTO my_case (tenant_id, account_id, case_tenant, case_id, case_no, matter_title, status, submitted_at, case_version, updated_at)
		VALUES (`+db.Placeholders(1, 10)+`) ON CONFLICT (tenant_id, account_id, case_tenant, case_id) DO UPDATE SET status = excluded.status,
		case_version = excluded.case_version, updated_at = excluded.updated_at WHERE my_case.case_version < excluded.case_version`,
		tenancy.Acting(ctx), account, l.Tenant, l.Case, l.Number, l.MatterTitle, l.Status, c.receivedAt, l.version, l.UpdatedAt)
	return err
}

// list reads one case more than the page holds. Tenants nil means all.
func (s store) list(ctx context.Context, tenants []string, f Filter, today string, p Page) ([]*Linked, error) {
	w := where{args: []any{tenancy.Acting(ctx)}}
	if tenants != nil {
		w.in("case_tenant", tenants)
	}
	if len(f.Status) > 0 {
		w.in("status", f.Status)
	}
	if f.Text != "" {
		w.and("(case_no LIKE ? ESCAPE '\\' OR matter_title LIKE ? ESCAPE '\\')", literal(f.Text)+"%", "%"+literal(f.Text)+"%")
	}
	if f.Overdue {
		w.and("due_on <> '' AND due_on < ? AND finished_on = ''", today)
	}
	if p.AfterID != uuid.Nil {
		w.and("(updated_at, case_id) < (?, ?)", p.AfterAt, p.AfterID)
	}
	w.args = append(w.args, p.First+1)
	var found []*Linked
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		l := &Linked{}
		found = append(found, l)
		return scan(&l.Tenant, &l.Case, &l.Number, &l.MatterTitle, &l.Department, &l.Applicant, &l.Status, &l.Outcome, &l.ReceivedOn, &l.AcceptedOn, &l.DueOn,
			&l.FinishedOn, &l.UpdatedAt)
	}, "SELECT "+linkedColumns+" FROM linked_case WHERE tenant_id = $1"+w.sql.String()+" ORDER BY updated_at DESC, case_id DESC LIMIT $"+
		strconv.Itoa(len(w.args)), w.args...)
	return found, err
}

// where builds conditions with numbered parameters.
type where struct {
	sql  strings.Builder
	args []any
}

// and adds a condition; each ? becomes the next parameter.
func (w *where) and(condition string, args ...any) {
	w.sql.WriteString(" AND ")
	for _, arg := range args {
		before, after, _ := strings.Cut(condition, "?")
		w.args = append(w.args, arg)
		w.sql.WriteString(before + "$" + strconv.Itoa(len(w.args)))
		condition = after
	}
	w.sql.WriteString(condition)
}

func (w *where) in(column string, values []string) {
	w.sql.WriteString(" AND " + column + " IN (" + db.Placeholders(len(w.args)+1, len(values)) + ")")
	for _, value := range values {
		w.args = append(w.args, value)
	}
}

// literal escapes what LIKE would read as a pattern.
func literal(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}
