package identity

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"zhengtong/internal/authz"
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
// staff in their tenants with their roles. It is for an empty installation.
func (s *Service) LoadRoster(ctx context.Context, file []byte) error {
	var r roster
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&r); err != nil {
		return fmt.Errorf("identity: roster: %w", err)
	}
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "load the roster")
	if err != nil {
		return err
	}
	for _, a := range r.Applicants {
		_, err := s.Create(realm, NewAccount{Type: a.Type, Login: a.Login, Password: r.Password, Level: a.Level, Name: a.Name, IDType: a.IDType, IDNo: a.IDNo,
			USCC: a.USCC, ObjectType: a.ObjectType, LegalRep: a.LegalRep, Mobile: a.Mobile, Email: a.Email})
		if err != nil {
			return fmt.Errorf("identity: roster: %s: %w", a.Login, err)
		}
	}
	for _, tenant := range slices.Sorted(maps.Keys(r.Staff)) {
		there, err := s.tree.ActAs(ctx, tenant, "load the roster")
		if err != nil {
			return err
		}
		for _, c := range r.Staff[tenant] {
			if _, err := s.Create(there, c.account(r.Password)); err != nil {
				return fmt.Errorf("identity: roster: %s: %w", c.Login, err)
			}
		}
	}
	return nil
}

func (c clerk) account(password string) NewAccount {
	staff := &NewStaff{StaffNo: c.StaffNo, Department: c.Department, Division: c.Division}
	for _, role := range c.Roles {
		staff.Roles = append(staff.Roles, RoleHeld{Role: role, Department: c.Department})
	}
	return NewAccount{Type: authz.TypeStaff, Login: c.Login, Password: password, Level: "L3", Name: c.Name, Staff: staff}
}
