package identity

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// roster is a file of accounts to load into an empty installation.
type roster struct {
	Password   string             `yaml:"password"`
	Applicants []rosterApplicant  `yaml:"applicants"`
	Staff      map[string][]clerk `yaml:"staff"` // by tenant
}

type rosterApplicant struct {
	Login      string `yaml:"login"`
	Type       string `yaml:"type"`
	ObjectType string `yaml:"object_type"`
	Level      string `yaml:"level"`
	Name       string `yaml:"name"`
	USCC       string `yaml:"uscc"`
	LegalRep   string `yaml:"legal_rep"`
	IDType     string `yaml:"id_type"`
	IDNo       string `yaml:"id_no"`
	Mobile     string `yaml:"mobile"`
	Email      string `yaml:"email"`
}

type clerk struct {
	Login      string   `yaml:"login"`
	Name       string   `yaml:"name"`
	StaffNo    string   `yaml:"staff_no"`
	Department string   `yaml:"department"`
	Division   string   `yaml:"division"`
	Roles      []string `yaml:"roles"`
}

// LoadRoster creates the accounts of a roster file: applicants in the realm,
// staff in their tenants with their roles. Accounts that exist are left alone, so
// that a load that was interrupted can be repeated. The one password is hashed once.
func (s *Service) LoadRoster(ctx context.Context, file []byte) error {
	var r roster
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&r); err != nil {
		return fmt.Errorf("identity: roster: %w", err)
	}
	hash, err := s.passwords.Hash(ctx, r.Password)
	if err != nil {
		return fmt.Errorf("identity: roster: %w", err)
	}
	accounts := map[string][]NewAccount{}
	for _, a := range r.Applicants {
		accounts[tenancy.Realm] = append(accounts[tenancy.Realm], NewAccount{Type: a.Type, Login: a.Login, Level: a.Level, Name: a.Name, IDType: a.IDType,
			IDNo: a.IDNo, USCC: a.USCC, ObjectType: a.ObjectType, LegalRep: a.LegalRep, Mobile: a.Mobile, Email: a.Email})
	}
	for tenant, clerks := range r.Staff {
		for _, c := range clerks {
			accounts[tenant] = append(accounts[tenant], c.account())
		}
	}
	for _, tenant := range slices.Sorted(maps.Keys(accounts)) {
		if err := s.loadAccounts(ctx, tenant, accounts[tenant], hash); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) loadAccounts(ctx context.Context, tenant string, accounts []NewAccount, hash string) error {
	there, err := s.tree.ActAs(ctx, tenant, "load the roster")
	if err != nil {
		return fmt.Errorf("identity: roster: %w", err)
	}
	for _, a := range accounts {
		if _, err := s.store.accountByLogin(there, a.Login); err == nil {
			continue
		} else if !errors.Is(err, db.ErrNoRows) {
			return err
		}
		a.hash = hash
		if _, err := s.Create(there, a); err != nil {
			return fmt.Errorf("identity: roster: %s: %w", a.Login, err)
		}
	}
	return nil
}

func (c clerk) account() NewAccount {
	staff := &NewStaff{StaffNo: c.StaffNo, Department: c.Department, Division: c.Division}
	for _, role := range c.Roles {
		staff.Roles = append(staff.Roles, RoleHeld{Role: role, Department: c.Department})
	}
	return NewAccount{Type: authz.TypeStaff, Login: c.Login, Level: "L3", Name: c.Name, Staff: staff}
}
