package casework

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

const summaryColumns = "c.id, c.case_no, c.status, c.outcome, c.finish_code, c.source, c.channel, c.matter_id, c.matter_name, c.matter_title, c.matter_digest, " +
	"c.department, c.applicant_id, c.applicant, c.received_at, c.accepted_on, c.deemed, c.decided_on, c.promised_due, c.statutory_due, c.due_on, " +
	"c.finished_at, c.event_hash, c.created_at, c.row_version"

func (k *Summary) read(scan func(...any) error) error {
	r := &reader{}
	r.plain(&k.ID, &k.No, &k.Status, &k.Outcome, &k.FinishCode, &k.Source, &k.Channel, &k.MatterID, &k.MatterName, &k.MatterTitle, &k.MatterDigest,
		&k.Department, &k.ApplicantID).json(&k.Applicant).plain(&k.ReceivedAt, &k.AcceptedOn, &k.Deemed, &k.DecidedOn, &k.PromisedDue,
		&k.StatutoryDue, &k.DueOn)
	return r.time(&k.FinishedAt).plain(&k.EventHash, &k.CreatedAt, &k.Version).scan(scan)
}

// where collects conditions with their arguments; $1 is the tenant.
type where struct {
	conditions []string
	args       []any
}

func newWhere(ctx context.Context, alias string) *where {
	return &where{conditions: []string{alias + ".tenant_id = $1"}, args: []any{tenancy.Acting(ctx)}}
}

// add appends a condition; each ? becomes the next placeholder.
func (w *where) add(condition string, args ...any) {
	for _, arg := range args {
		w.args = append(w.args, arg)
		condition = strings.Replace(condition, "?", fmt.Sprintf("$%d", len(w.args)), 1)
	}
	w.conditions = append(w.conditions, condition)
}

func (w *where) visible(v authz.Visibility, alias string) {
	var condition string
	condition, w.args = v.SQL(alias, w.args)
	w.conditions = append(w.conditions, condition)
}

func (w *where) String() string { return " WHERE " + strings.Join(w.conditions, " AND ") }

func (f CaseFilter) apply(w *where, today deadline.Date) {
	if len(f.Status) > 0 {
		args := make([]any, len(f.Status))
		for i, status := range f.Status {
			args[i] = status
		}
		w.add("c.status IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(args)), ", ")+")", args...)
	}
	if f.Matter != uuid.Nil {
		w.add("c.matter_id = ?", f.Matter)
	}
	if f.Department != "" {
		w.add("c.department = ?", f.Department)
	}
	if f.Text != "" {
		start := escapeLike(f.Text) + "%"
		w.add(`(c.case_no LIKE ? ESCAPE '\' OR c.applicant LIKE ? ESCAPE '\')`, start, `%"name":"`+start)
	}
	if !f.ReceivedFrom.IsZero() {
		w.add("c.received_on >= ?", f.ReceivedFrom.String())
	}
	if !f.ReceivedTo.IsZero() {
		w.add("c.received_on <= ?", f.ReceivedTo.String())
	}
	if f.Overdue {
		w.add("c.due_on <> '' AND c.due_on < ?", today.String())
	}
}

func escapeLike(text string) string {
	return strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text)
}

func (s *store) listCases(ctx context.Context, v authz.Visibility, f CaseFilter, order CaseOrder, page Page, today deadline.Date) ([]*Summary, bool, error) {
	w := newWhere(ctx, "c")
	w.visible(v, "c")
	f.applyFor(w, s.db.Dialect(), today)
	by := "c.created_at DESC, c.id DESC"
	switch order {
	case ReceivedAsc:
		by = "c.created_at, c.id"
	case DueAsc:
		by = "(CASE WHEN c.due_on = '' THEN '9999-12-31' ELSE c.due_on END), c.id"
	}
	if err := after(w, order, page); err != nil {
		return nil, false, err
	}
	w.args = append(w.args, page.First+1)
	var found []*Summary
	err := s.rows(ctx, collect[Summary](&found), "SELECT "+summaryColumns+" FROM case_file c"+w.String()+" ORDER BY "+by+fmt.Sprintf(" LIMIT $%d", len(w.args)), w.args)
	tenant := tenancy.Acting(ctx)
	for _, k := range found {
		k.Tenant = tenant
	}
	return cut(found, page.First), len(found) > page.First, err
}

// applyFor is apply with the one difference of the dialects: jsonb has no LIKE.
func (f CaseFilter) applyFor(w *where, dialect db.Dialect, today deadline.Date) {
	before := len(w.conditions)
	f.apply(w, today)
	if dialect != db.Postgres {
		return
	}
	for i := before; i < len(w.conditions); i++ {
		w.conditions[i] = strings.Replace(w.conditions[i], "c.applicant LIKE", "replace(c.applicant::text, '\": \"', '\":\"') LIKE", 1)
	}
}

func after(w *where, order CaseOrder, page Page) error {
	if page.AfterKey == "" {
		return nil
	}
	if order == DueAsc {
		w.add("((CASE WHEN c.due_on = '' THEN '9999-12-31' ELSE c.due_on END), c.id) > (?, ?)", page.AfterKey, page.AfterID)
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, page.AfterKey)
	if err != nil {
		return problem.New(problem.BadRequest, "bad_cursor", "游标无效")
	}
	compare := "<"
	if order == ReceivedAsc {
		compare = ">"
	}
	w.add("(c.created_at, c.id) "+compare+" (?, ?)", at, page.AfterID)
	return nil
}

func (s *store) countCases(ctx context.Context, v authz.Visibility, f CaseFilter, today deadline.Date, limit int) (int, error) {
	w := newWhere(ctx, "c")
	w.visible(v, "c")
	f.applyFor(w, s.db.Dialect(), today)
	w.args = append(w.args, limit)
	var n int
	err := s.db.QueryRow(ctx, "SELECT count(*) FROM (SELECT 1 FROM case_file c"+w.String()+fmt.Sprintf(" LIMIT $%d) AS found", len(w.args)), w.args...).Scan(&n)
	return n, err
}

func (s *store) summaries(ctx context.Context, v authz.Visibility, ids []uuid.UUID) (map[uuid.UUID]*Summary, error) {
	w := newWhere(ctx, "c")
	w.visible(v, "c")
	w.add("c.id IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(ids)), ", ")+")", anys(ids)...)
	var list []*Summary
	if err := s.rows(ctx, collect[Summary](&list), "SELECT "+summaryColumns+" FROM case_file c"+w.String(), w.args); err != nil {
		return nil, err
	}
	found := map[uuid.UUID]*Summary{}
	for _, k := range list {
		k.Tenant = tenancy.Acting(ctx)
		found[k.ID] = k
	}
	return found, nil
}

func (s *store) openTasks(ctx context.Context, cases []uuid.UUID) (map[uuid.UUID][]*Task, error) {
	w := newWhere(ctx, "t")
	w.add("t.state IN ('offered', 'in_progress')")
	w.add("t.case_id IN ("+strings.TrimSuffix(strings.Repeat("?, ", len(cases)), ", ")+")", anys(cases)...)
	var list []*Task
	if err := s.rows(ctx, collect[Task](&list), "SELECT "+taskColumns+" FROM task t"+w.String()+" ORDER BY opened_at, id", w.args); err != nil {
		return nil, err
	}
	found := map[uuid.UUID][]*Task{}
	for _, t := range list {
		found[t.CaseID] = append(found[t.CaseID], t)
	}
	return found, nil
}

func (s *store) listTasks(ctx context.Context, p authz.Principal, v authz.Visibility, f TaskFilter, order TaskOrder, page Page) ([]*Task, bool, error) {
	w := newWhere(ctx, "t")
	w.add("t.node_type IN ('human', 'special')")
	f.apply(w, p, v)
	due := "(CASE WHEN t.due_on = '' THEN '9999-12-31' ELSE t.due_on END)"
	key, direction, compare := due, "", ">"
	switch order {
	case TaskOpenedAsc:
		key = "t.opened_at"
	case TaskOpenedDesc:
		key, direction, compare = "t.opened_at", " DESC", "<"
	}
	if page.AfterKey != "" {
		var place any = page.AfterKey
		if key == "t.opened_at" {
			at, err := time.Parse(time.RFC3339Nano, page.AfterKey)
			if err != nil {
				return nil, false, problem.New(problem.BadRequest, "bad_cursor", "游标无效")
			}
			place = at
		}
		w.add("("+key+", t.id) "+compare+" (?, ?)", place, page.AfterID)
	}
	w.args = append(w.args, page.First+1)
	var found []*Task
	err := s.rows(ctx, collect[Task](&found), "SELECT "+prefixed("t", taskColumns)+" FROM task t"+w.String()+
		" ORDER BY "+key+direction+", t.id"+direction+fmt.Sprintf(" LIMIT $%d", len(w.args)), w.args)
	return cut(found, page.First), len(found) > page.First, err
}

func (f TaskFilter) apply(w *where, p authz.Principal, v authz.Visibility) {
	claimable := func() string {
		var offers []string
		for _, b := range p.Bindings {
			w.args = append(w.args, b.Role, b.Department)
			offers = append(offers, fmt.Sprintf("(t.role = $%d AND t.department = $%d)", len(w.args)-1, len(w.args)))
		}
		if len(offers) == 0 {
			return "FALSE"
		}
		return "(t.state = 'offered' AND (" + strings.Join(offers, " OR ") + "))"
	}
	mine := func() string {
		w.args = append(w.args, p.Staff)
		return fmt.Sprintf("(t.state = 'in_progress' AND t.assignee = $%d)", len(w.args))
	}
	switch f.View {
	case TasksMine:
		w.conditions = append(w.conditions, mine())
	case TasksClaimable:
		w.conditions = append(w.conditions, claimable())
	case TasksDone:
		w.add("t.state = 'done' AND t.actor = ?", p.Staff)
	case TasksAll:
		w.add("t.state IN ('offered', 'in_progress')")
		condition, args := v.SQL("c", w.args)
		w.args = args
		w.conditions = append(w.conditions, "EXISTS (SELECT 1 FROM case_file c WHERE c.tenant_id = t.tenant_id AND c.id = t.case_id AND "+condition+")")
	default:
		w.conditions = append(w.conditions, "("+mine()+" OR "+claimable()+")")
	}
	if f.Node != "" {
		w.add("t.node_id = ?", f.Node)
	}
	if !f.DueBefore.IsZero() {
		w.add("t.due_on <> '' AND t.due_on <= ?", f.DueBefore.String())
	}
	if f.Matter != uuid.Nil {
		w.add("EXISTS (SELECT 1 FROM case_file k WHERE k.tenant_id = t.tenant_id AND k.id = t.case_id AND k.matter_id = ?)", f.Matter)
	}
	if f.Number != "" {
		w.add(`EXISTS (SELECT 1 FROM case_file k WHERE k.tenant_id = t.tenant_id AND k.id = t.case_id AND k.case_no LIKE ? ESCAPE '\')`, escapeLike(f.Number)+"%")
	}
}

// myCases reads the applicant's list in the realm; the caller acts in the realm.
func (s *store) myCases(ctx context.Context, account uuid.UUID, page Page) ([]MyCase, bool, error) {
	w := newWhere(ctx, "m")
	w.add("m.account_id = ?", account)
	if page.AfterKey != "" {
		at, err := time.Parse(time.RFC3339Nano, page.AfterKey)
		if err != nil {
			return nil, false, problem.New(problem.BadRequest, "bad_cursor", "游标无效")
		}
		w.add("(m.submitted_at, m.case_id) < (?, ?)", at, page.AfterID)
	}
	w.args = append(w.args, page.First+1)
	rows, err := s.db.Query(ctx, "SELECT m.case_tenant, m.case_id, m.submitted_at FROM my_case m"+w.String()+
		fmt.Sprintf(" ORDER BY m.submitted_at DESC, m.case_id DESC LIMIT $%d", len(w.args)), w.args...)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	var found []MyCase
	for rows.Next() {
		var m MyCase
		if err := rows.Scan(&m.Tenant, &m.CaseID, &m.At); err != nil {
			return nil, false, err
		}
		found = append(found, m)
	}
	return cut(found, page.First), len(found) > page.First, rows.Err()
}

func (s *store) events(ctx context.Context, caseID uuid.UUID, after int64, first int) ([]*Event, error) {
	var found []*Event
	err := s.rows(ctx, collect[Event](&found), "SELECT "+eventColumns+" FROM case_event WHERE tenant_id = $1 AND case_id = $2 AND seq > $3 ORDER BY seq LIMIT $4",
		[]any{tenancy.Acting(ctx), caseID, after, first})
	return found, err
}

func (s *store) rows(ctx context.Context, scan func(*db.Rows) error, sql string, args []any) error {
	rows, err := s.db.Query(ctx, sql, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	return scan(rows)
}

func cut[T any](list []T, n int) []T {
	if len(list) > n {
		return list[:n]
	}
	return list
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}

func prefixed(alias, columns string) string {
	return alias + "." + strings.ReplaceAll(columns, ", ", ", "+alias+".")
}
