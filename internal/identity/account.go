package identity

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// Account is somebody who can sign in.
type Account struct {
	ID           uuid.UUID
	Type         string
	Login        string
	PasswordHash string
	Level        string
	Status       string
	MustChange   bool // the password is a one-time password
	Failures     int
	LockedUntil  time.Time
	Name         string
	USCC         string
	ObjectType   string
}

// NewAccount is an account to create in the acting tenant. Identity number,
// mobile and e-mail are kept encrypted with a blind index (R-PRF-09).
type NewAccount struct {
	Type       string // natural_person, legal_person, other_org, staff
	Login      string
	Password   string
	OneTime    bool   // the password must be changed before anything else
	hash       string // of the password, when already known
	Level      string
	Name       string
	IDType     string
	IDNo       string
	USCC       string
	ObjectType string
	LegalRep   string
	Mobile     string
	Email      string
	Staff      *NewStaff // for type staff
}

// NewStaff is the staff side of an account.
type NewStaff struct {
	StaffNo    string
	Department string
	Division   string
	Roles      []RoleHeld
}

// RoleHeld binds a role; Department is the staff member's own when empty.
type RoleHeld struct {
	Role       string
	Department string
}

// Create adds an account, with its staff row and role bindings, in one
// transaction. A login already taken is db.ErrDuplicate.
func (s *Service) Create(ctx context.Context, in NewAccount) (uuid.UUID, error) {
	var err error
	if in.hash == "" {
		if in.hash, err = s.passwords.Hash(ctx, in.Password); err != nil {
			return uuid.Nil, fmt.Errorf("identity: password of %s: %w", in.Login, err)
		}
	}
	now := s.clock.Now()
	row := accountRow{NewAccount: in, ID: db.NewID(now), PasswordHash: in.hash, CreatedAt: now, by: authz.From(ctx)}
	for _, field := range []struct {
		name, value string
		into        *sealed
	}{{"id_no", in.IDNo, &row.idNo}, {"mobile", in.Mobile, &row.mobile}, {"email", in.Email, &row.email}} {
		if *field.into, err = s.seal(ctx, field.name, field.value, row.ID); err != nil {
			return uuid.Nil, err
		}
	}
	return row.ID, s.store.create(ctx, row)
}

// sealed is a field as stored: ciphertext and blind index, both empty for an empty field.
type sealed struct{ text, index string }

func (s *Service) seal(ctx context.Context, field, value string, id uuid.UUID) (sealed, error) {
	if value == "" {
		return sealed{}, nil
	}
	tenant := tenancy.Acting(ctx)
	text, err := s.keys.Seal(fieldScope(tenant, field, id), []byte(value))
	if err != nil {
		return sealed{}, err
	}
	index, err := s.keys.BlindIndex(tenant, field, value)
	return sealed{text: hex.EncodeToString(text), index: hex.EncodeToString(index)}, err
}

func fieldScope(tenant, field string, id uuid.UUID) crypt.Scope {
	return crypt.Scope{Tenant: tenant, Field: field, Row: id.String()}
}

// Email returns where an account of the acting tenant wants mail, "" when it has none.
func (s *Service) Email(ctx context.Context, account uuid.UUID) (string, error) {
	text, err := s.store.email(ctx, account)
	if err != nil || text == "" {
		return "", err
	}
	raw, err := hex.DecodeString(text)
	if err != nil {
		return "", err
	}
	plain, err := s.keys.Open(fieldScope(tenancy.Acting(ctx), "email", account), raw)
	return string(plain), err
}

// Person is an account as others may see it.
type Person struct {
	ID         uuid.UUID
	Staff      uuid.UUID
	Type       string
	Name       string
	Login      string
	Level      string
	StaffNo    string
	Department string
}

// People returns accounts of the acting tenant by account or staff id.
func (s *Service) People(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]Person, error) {
	return s.store.people(ctx, ids)
}

// Holders returns the active staff that hold a role in a department.
func (s *Service) Holders(ctx context.Context, role, department string, limit int) ([]Person, error) {
	return s.store.holders(ctx, role, department, limit)
}
