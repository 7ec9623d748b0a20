package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

const accountColumns = "a.id, a.type, a.login, a.password_hash, a.level, a.status, a.must_change, a.failures, a.locked_until, a.name, a.uscc, a.object_type"

func (a *Account) read(scan func(...any) error, more ...any) error {
	var locked *time.Time
	dest := append([]any{&a.ID, &a.Type, &a.Login, &a.PasswordHash, &a.Level, &a.Status, &a.MustChange, &a.Failures, &locked, &a.Name, &a.USCC, &a.ObjectType}, more...)
	if err := scan(dest...); err != nil {
		return err
	}
	if locked != nil {
		a.LockedUntil = *locked
	}
	return nil
}

func (s *store) accountByLogin(ctx context.Context, login string) (*Account, error) {
	a := &Account{}
	row := s.db.QueryRow(ctx, "SELECT "+accountColumns+" FROM account a WHERE a.tenant_id = $1 AND a.login = $2", tenancy.Acting(ctx), login)
	if err := a.read(row.Scan); err != nil {
		return nil, err
	}
	return a, nil
}

func (s *store) recordFailure(ctx context.Context, id uuid.UUID, locked time.Time) error {
	if locked.IsZero() {
		_, err := s.db.Exec(ctx, "UPDATE account SET failures = failures + 1 WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id)
		return err
	}
	_, err := s.db.Exec(ctx, "UPDATE account SET failures = 0, locked_until = $3 WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id, locked)
	return err
}

type sessionRow struct {
	ID        uuid.UUID
	Account   uuid.UUID
	TokenHash string
	CreatedAt time.Time
	LastSeen  time.Time
	ExpiresAt time.Time
	Address   string
}

func (s *store) insertSession(ctx context.Context, r sessionRow) error {
	b := s.db.NewBatch()
	b.Exec("INSERT INTO session (tenant_id, id, account_id, token_hash, created_at, last_seen, expires_at, address) VALUES ($1, $2, $3, $4, $5, $5, $6, $7)",
		tenancy.Acting(ctx), r.ID, r.Account, r.TokenHash, r.CreatedAt, r.ExpiresAt, r.Address)
	b.Exec("UPDATE account SET failures = 0, locked_until = NULL WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), r.Account)
	return s.db.Run(ctx, b)
}

// session finds the session of a token with its account and, of staff, their side
// of the principal on the civil day: all that a request needs, in one read.
func (s *store) session(ctx context.Context, tokenHash, today string) (*sessionRow, *Account, *authz.Principal, error) {
	r, a := &sessionRow{}, &Account{}
	staff, err := s.staffRows(ctx, func(scan func(...any) error, side ...any) error {
		return a.read(scan, append([]any{&r.ID, &r.LastSeen, &r.ExpiresAt}, side...)...)
	}, "SELECT "+accountColumns+", n.id, n.last_seen, n.expires_at, "+staffColumns+` FROM session n
		JOIN account a ON a.tenant_id = n.tenant_id AND a.id = n.account_id LEFT JOIN staff s ON s.tenant_id = a.tenant_id AND s.account_id = a.id
			AND s.status = 'active'`+bindingsOn+` WHERE n.tenant_id = $1 AND n.token_hash = $2 AND n.revoked_at IS NULL ORDER BY b.role, b.department`,
		tenancy.Acting(ctx), tokenHash, today)
	return r, a, staff, err
}

func (s *store) touch(ctx context.Context, id uuid.UUID, at time.Time) error {
	_, err := s.db.Exec(ctx, "UPDATE session SET last_seen = $3 WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), id, at)
	return err
}

// revoke ends one session, or all others of the account.
func (s *store) revoke(ctx context.Context, account, session uuid.UUID, others bool, at time.Time) (int, error) {
	compare := "="
	if others {
		compare = "<>"
	}
	n, err := s.db.Exec(ctx, "UPDATE session SET revoked_at = $4 WHERE tenant_id = $1 AND account_id = $2 AND id "+compare+" $3 AND revoked_at IS NULL",
		tenancy.Acting(ctx), account, session, at)
	return int(n), err
}

const (
	staffColumns = `s.id, coalesce(s.staff_no, ''), coalesce(s.name, ''), coalesce(s.department, ''), coalesce(s.division, ''),
		s.relatives, coalesce(s.epoch, 0), coalesce(b.role, ''), coalesce(b.department, '')`
	// bindingsOn joins the roles held on the civil day $3.
	bindingsOn = ` LEFT JOIN role_binding b ON b.tenant_id = s.tenant_id AND b.staff_id = s.id
			AND (b.valid_from = '' OR b.valid_from <= $3) AND (b.valid_to = '' OR b.valid_to >= $3)`
)

// staff is the staff side of the principal of an account, with the bindings in force on the civil day.
func (s *store) staff(ctx context.Context, account uuid.UUID, today string) (*authz.Principal, error) {
	return s.staffRows(ctx, func(scan func(...any) error, side ...any) error { return scan(side...) },
		"SELECT "+staffColumns+" FROM staff s"+bindingsOn+" WHERE s.tenant_id = $1 AND s.account_id = $2 AND s.status = 'active' ORDER BY b.role, b.department",
		tenancy.Acting(ctx), account, today)
}

// staffRows reads rows that end in staffColumns, one a binding. Of somebody who is
// not staff it returns nil; ErrNoRows when there is no row at all.
func (s *store) staffRows(ctx context.Context, read func(scan func(...any) error, side ...any) error, sql string, args ...any) (*authz.Principal, error) {
	p := &authz.Principal{}
	var id uuid.NullUUID
	var relatives *string
	found := false
	err := s.db.Each(ctx, func(scan func(...any) error) error {
		var b authz.Binding
		if err := read(scan, &id, &p.StaffNo, &p.Name, &p.Department, &p.Division, &relatives, &p.Epoch, &b.Role, &b.Department); err != nil {
			return err
		}
		found = true
		if b.Department == "" {
			b.Department = p.Department
		}
		if b.Role != "" {
			p.Bindings = append(p.Bindings, b)
		}
		return nil
	}, sql, args...)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, db.ErrNoRows
	}
	if !id.Valid {
		return nil, nil
	}
	p.Staff = id.UUID
	if err := json.Unmarshal([]byte(*relatives), &p.Relatives); err != nil {
		return nil, fmt.Errorf("identity: relatives of staff %s: %w", p.StaffNo, err)
	}
	return p, nil
}

type accountRow struct {
	NewAccount
	ID                  uuid.UUID
	PasswordHash        string
	CreatedAt           time.Time
	by                  authz.Principal // who made it; nobody for the system's own work
	idNo, mobile, email sealed
}

func (s *store) create(ctx context.Context, r accountRow) error {
	tenant := tenancy.Acting(ctx)
	b := s.db.NewBatch()
	b.Exec(`INSERT INTO account (tenant_id, id, type, login, password_hash, level, name, id_type, id_no_enc, id_no_bidx, uscc, object_type, legal_rep,
		mobile_enc, mobile_bidx, email_enc, email_bidx, must_change, created_at) VALUES (`+db.Placeholders(1, 19)+")", tenant, r.ID, r.Type, r.Login, r.PasswordHash,
		r.Level, r.Name, r.IDType, r.idNo.text, r.idNo.index, r.USCC, r.ObjectType, r.LegalRep, r.mobile.text, r.mobile.index, r.email.text, r.email.index, r.OneTime, r.CreatedAt)
	if r.Staff != nil {
		staff := db.NewID(r.CreatedAt)
		b.Exec("INSERT INTO staff (tenant_id, id, account_id, staff_no, name, department, division, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
			tenant, staff, r.ID, r.Staff.StaffNo, r.Name, r.Staff.Department, r.Staff.Division, r.CreatedAt)
		for _, held := range r.Staff.Roles {
			b.Exec("INSERT INTO role_binding (tenant_id, id, staff_id, role, department, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
				tenant, db.NewID(r.CreatedAt), staff, held.Role, held.Department, r.CreatedAt)
		}
		if r.by.Type == authz.TypeStaff {
			s.audit(b, tenant, entry{by: r.by, action: "staff.create", object: "staff:" + staff.String(), detail: map[string]string{"login": r.Login}, at: r.CreatedAt})
		}
	}
	return s.db.Run(ctx, b)
}

func (s *store) email(ctx context.Context, account uuid.UUID) (string, error) {
	var text string
	err := s.db.QueryRow(ctx, "SELECT email_enc FROM account WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), account).Scan(&text)
	if errors.Is(err, db.ErrNoRows) {
		return "", nil
	}
	return text, err
}

const personColumns = "a.id, s.id, a.type, a.name, a.login, a.level, coalesce(s.staff_no, ''), coalesce(s.department, '')"

func (s *store) people(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	args := []any{tenancy.Acting(ctx)}
	for _, id := range ids {
		args = append(args, id)
	}
	in := db.Placeholders(2, len(ids))
	rows, err := s.db.Query(ctx, "SELECT "+personColumns+` FROM account a LEFT JOIN staff s ON s.tenant_id = a.tenant_id AND s.account_id = a.id
		WHERE a.tenant_id = $1 AND (a.id IN (`+in+") OR s.id IN ("+in+"))", args...)
	if err != nil {
		return nil, err
	}
	found := map[uuid.UUID]Person{}
	list, err := readPeople(rows)
	for _, p := range list {
		found[p.ID] = p
		if p.Staff != uuid.Nil {
			found[p.Staff] = p
		}
	}
	return found, err
}

func (s *store) holders(ctx context.Context, role, department string, limit int) ([]Person, error) {
	rows, err := s.db.Query(ctx, "SELECT "+strings.TrimSpace(personColumns)+` FROM staff s JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
		WHERE s.tenant_id = $1 AND s.status = 'active' AND EXISTS (SELECT 1 FROM role_binding b WHERE b.tenant_id = s.tenant_id AND b.staff_id = s.id
		AND b.role = $2 AND (b.department = $3 OR (b.department = '' AND s.department = $3))) ORDER BY s.staff_no LIMIT $4`,
		tenancy.Acting(ctx), role, department, limit)
	if err != nil {
		return nil, err
	}
	return readPeople(rows)
}

func readPeople(rows *db.Rows) ([]Person, error) {
	defer rows.Close()
	var list []Person
	for rows.Next() {
		var p Person
		var staff uuid.NullUUID
		if err := rows.Scan(&p.ID, &staff, &p.Type, &p.Name, &p.Login, &p.Level, &p.StaffNo, &p.Department); err != nil {
			return nil, err
		}
		p.Staff = staff.UUID
		list = append(list, p)
	}
	return list, rows.Err()
}

func (s *store) profile(ctx context.Context, account uuid.UUID) (profile, error) {
	var text string
	var p profile
	err := s.db.QueryRow(ctx, "SELECT profile FROM account WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), account).Scan(&text)
	if err == nil {
		err = json.Unmarshal([]byte(text), &p)
	}
	return p, err
}

func (s *store) keepProfile(ctx context.Context, account uuid.UUID, p profile) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	b := s.db.NewBatch()
	b.Require("UPDATE account SET profile = $3, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), account, string(text))
	return s.db.Run(ctx, b)
}
