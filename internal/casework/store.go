package casework

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"
	lru "github.com/hashicorp/golang-lru/v2"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct {
	db        *db.DB
	matterIDs *lru.Cache[string, uuid.UUID] // by tenant/name
}

// maxMatterIDs bounds how many ids of matters a node remembers.
const maxMatterIDs = 16_384

func newStore(d *db.DB) (*store, error) {
	ids, err := lru.New[string, uuid.UUID](maxMatterIDs)
	return &store{db: d, matterIDs: ids}, err
}

// load reads a case with all its working parts in one round trip. Case and
// parts belong to the acting tenant; another tenant's case is not found.
func (s *store) load(ctx context.Context, id uuid.UUID) (*dossier, error) {
	tenant := tenancy.Acting(ctx)
	d := &dossier{}
	var cases []*Case
	b := s.db.NewBatch()
	b.Query(collect[Case](&cases), "SELECT "+caseColumns+" FROM case_file WHERE tenant_id = $1 AND id = $2", tenant, id)
	part := func(scan func(*db.Rows) error, columns, table, order string) {
		b.Query(scan, "SELECT "+columns+" FROM "+table+" WHERE tenant_id = $1 AND case_id = $2 ORDER BY "+order, tenant, id)
	}
	part(collect[Task](&d.tasks), taskColumns, "task", "opened_at, id")
	part(collect[Material](&d.materials), materialColumns, "case_material", "ref")
	part(collect[Correction](&d.corrections), correctionColumns, "correction", "sequence")
	part(collect[SpecialRun](&d.specials), specialColumns, "special_run", "created_at, id")
	part(collect[Extension](&d.extensions), extensionColumns, "extension", "requested_at, id")
	part(collect[Clock](&d.clocks), clockColumns, "clock", "created_at, id")
	part(collect[Timer](&d.timers), timerColumns, "timer", "id")
	part(collect[Document](&d.documents), documentColumns, "issued_document", "issued_at, id")
	if err := s.db.Run(ctx, b); err != nil {
		return nil, err
	}
	if len(cases) == 0 {
		return nil, problem.Missing()
	}
	d.kase = cases[0]
	d.kase.Tenant = tenant
	return d, nil
}

// caseOf finds the case that a part belongs to, by the part's own id.
func (s *store) caseOf(ctx context.Context, table string, id uuid.UUID) (uuid.UUID, error) {
	var found uuid.UUID
	err := s.db.QueryRow(ctx, "SELECT case_id FROM "+table+" WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id).Scan(&found)
	if err == db.ErrNoRows {
		return uuid.Nil, problem.Missing()
	}
	return found, err
}

// caseByNumber finds a case of the acting tenant by its number.
func (s *store) caseByNumber(ctx context.Context, number string) (uuid.UUID, error) {
	var found uuid.UUID
	err := s.db.QueryRow(ctx, "SELECT id FROM case_file WHERE tenant_id = $1 AND case_no = $2", tenancy.Acting(ctx), number).Scan(&found)
	if err == db.ErrNoRows {
		return uuid.Nil, problem.Missing()
	}
	return found, err
}

// holder is a staff member who holds a role in a department now.
type holder struct {
	Staff        uuid.UUID
	Account      uuid.UUID
	StaffNo      string
	Name         string
	Relatives    []string  // declared related parties: account ids or unified social credit codes
	Load         int       // tasks in progress; weighed for least_loaded
	LastAssigned time.Time // zero = never; weighed for round_robin
}

// holders lists the active holders of a role in a department of the acting
// tenant, or in any when it is "", on a day.
func (s *store) holders(ctx context.Context, role, department string, on deadline.Date) ([]holder, error) {
	rows, err := s.db.Query(ctx, `SELECT s.id, s.account_id, s.staff_no, s.name, s.relatives
		FROM staff s WHERE s.tenant_id = $1 AND s.status = 'active' AND EXISTS (SELECT 1 FROM role_binding b
		WHERE b.tenant_id = s.tenant_id AND b.staff_id = s.id AND b.role = $3
		AND (b.valid_from = '' OR b.valid_from <= $2) AND (b.valid_to = '' OR b.valid_to >= $2)
		AND ($4 = '' OR b.department = $4 OR (b.department = '' AND s.department = $4))) ORDER BY s.staff_no`, tenancy.Acting(ctx), on.String(), role, department)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []holder
	for rows.Next() {
		var h holder
		r := &reader{}
		r.plain(&h.Staff, &h.Account, &h.StaffNo, &h.Name).json(&h.Relatives)
		if err := r.scan(rows.Scan); err != nil {
			return nil, err
		}
		found = append(found, h)
	}
	return found, rows.Err()
}

// weigh fills in what a strategy compares holders by: each by an index of its own,
// so that the cost does not grow with the tasks of the tenant.
func (s *store) weigh(ctx context.Context, holders []holder, strategy string) error {
	column := map[string]string{
		"least_loaded": "(SELECT count(*) FROM task t WHERE t.tenant_id = s.tenant_id AND t.assignee = s.id AND t.state = 'in_progress'), NULL",
		"round_robin":  "0, (SELECT max(t.opened_at) FROM task t WHERE t.tenant_id = s.tenant_id AND t.assignee = s.id)",
	}[strategy]
	if column == "" || len(holders) < 2 {
		return nil
	}
	args := []any{tenancy.Acting(ctx)}
	places := map[uuid.UUID]int{}
	for i, h := range holders {
		args, places[h.Staff] = append(args, h.Staff), i
	}
	return s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var h holder
		r := &reader{}
		if err := r.plain(&h.Staff, &h.Load).time(&h.LastAssigned).scan(scan); err != nil {
			return err
		}
		holders[places[h.Staff]].Load, holders[places[h.Staff]].LastAssigned = h.Load, h.LastAssigned
		return nil
	}, "SELECT s.id, "+column+" FROM staff s WHERE s.tenant_id = $1 AND s.id IN ("+db.Placeholders(2, len(holders))+")", args...)
}

// reserve takes a block of n numbers of a series outside the change's own
// transaction: case and licence numbers may have gaps (invariant 13).
func (s *store) reserve(ctx context.Context, key string, n int64) (first int64, err error) {
	b := s.db.NewBatch()
	b.Exec(`INSERT INTO number_series (tenant_id, key, next) VALUES ($1, $2, $3)
		ON CONFLICT (tenant_id, key) DO UPDATE SET next = number_series.next + $3`, tenancy.Acting(ctx), key, n)
	b.Query(func(rows *db.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&first); err != nil {
				return err
			}
		}
		first -= n - 1
		return rows.Err()
	}, "SELECT next FROM number_series WHERE tenant_id = $1 AND key = $2", tenancy.Acting(ctx), key)
	err = s.db.Run(ctx, b)
	return first, err
}

// recordLook writes down that somebody read a case outside their own tasks (R-PRF-10).
func (s *store) recordLook(ctx context.Context, at time.Time, caseID uuid.UUID) error {
	p := authz.From(ctx)
	_, err := s.db.Exec(ctx, "INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		tenancy.Acting(ctx), db.NewID(at), at, p.Actor(), p.Home, "case.view", "case:"+caseID.String())
	return err
}
