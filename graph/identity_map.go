package graph

import (
	"context"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Identity knows accounts and sessions (identity.Service).
type Identity interface {
	SignIn(ctx context.Context, in identity.SignInInput) (*identity.Session, error)
	SignOut(ctx context.Context) (bool, error)
	EndOtherSessions(ctx context.Context) (int, error)
	Themes(ctx context.Context) ([]string, error)
	SubscribeThemes(ctx context.Context, themes []string) ([]string, error)
	People(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]identity.Person, error)
	Holders(ctx context.Context, role, department string, limit int) ([]identity.Person, error)
	PrincipalOf(ctx context.Context, account uuid.UUID) (authz.Principal, error)
	ChangePassword(ctx context.Context, in identity.PasswordChange) (int, error)
	CreateStaff(ctx context.Context, in identity.NewMember) (*identity.StaffMember, string, error)
	BindRole(ctx context.Context, in identity.RoleBinding) (*identity.StaffMember, error)
	UnbindRole(ctx context.Context, in identity.RoleBinding) (*identity.StaffMember, error)
	DisableStaff(ctx context.Context, staff uuid.UUID, reason string) (*identity.StaffMember, error)
	EnableStaff(ctx context.Context, staff uuid.UUID) (*identity.StaffMember, string, error)
	Member(ctx context.Context, id uuid.UUID) (*identity.StaffMember, error)
	Staff(ctx context.Context, after string, first int) ([]*identity.StaffMember, error)
}

// accountModel shows an account to somebody else; own adds what only its owner sees.
func accountModel(tenant string, p identity.Person, own bool) *model.Account {
	out := &model.Account{ID: relay.Of(relay.Account, tenant, p.ID), Type: model.AccountType(p.Type), Name: p.Name, StaffNo: opt(p.StaffNo), Unit: p.Department}
	if own {
		out.Login, out.Level = opt(p.Login), opt(p.Level)
	}
	return out
}

// viewer is the principal of the request, nil when nobody is signed in.
func (r *Resolver) viewer(ctx context.Context) (*model.Viewer, error) {
	p := authz.From(ctx)
	if p.Account == uuid.Nil {
		return nil, nil
	}
	return r.viewerOf(ctx, p)
}

// viewerOf shows a principal to itself, also one that signed in just now.
func (r *Resolver) viewerOf(ctx context.Context, p authz.Principal) (*model.Viewer, error) {
	acting := tenancy.Acting(ctx)
	if authz.From(ctx).Account != p.Account {
		acting = p.Home
	}
	ctx, err := r.acting(authz.With(ctx, p), p.Home)
	if err != nil {
		return nil, err
	}
	person, err := load(ctx, r.loadersOf(ctx).people, key{p.Home, p.Account})
	if err != nil {
		return nil, err
	}
	return &model.Viewer{Principal: p, Acting: acting, Account: accountModel(p.Home, person, true), MustChangePassword: p.MustChange}, nil
}

// staff shows a member of staff by staff or account id; nil for nobody.
func (r *Resolver) staff(ctx context.Context, tenant string, id uuid.UUID) (*model.Account, error) {
	if id == uuid.Nil {
		return nil, nil
	}
	person, err := load(ctx, r.loadersOf(ctx).people, key{tenant, id})
	if err != nil {
		return orNull[*model.Account](nil, err)
	}
	return accountModel(tenant, person, person.ID == authz.From(ctx).Account), nil
}

// actor shows who did something in a case, as its events name them:
// "staff:<id>", "account:<id>", "system" or "public". The account is nil for the engine.
func (r *Resolver) actor(ctx context.Context, v *casework.View, by string) (*model.Account, string, error) {
	kind, text, _ := strings.Cut(by, ":")
	id := uuid.FromStringOrNil(text)
	k := v.Case()
	switch {
	case kind == "account" && id == k.ApplicantID:
		a := applicantAccount(k)
		return a, a.Name, nil
	case kind == "account":
		return nil, "申请人", nil
	case kind != "staff":
		return nil, "系统", nil
	}
	a, err := r.staff(ctx, k.Tenant, id)
	if err != nil || a == nil {
		return nil, "工作人员", err
	}
	return a, a.Name, nil
}

// applicantAccount shows the applicant as at submission; the account itself is in the realm.
func applicantAccount(k *casework.Case) *model.Account {
	t := model.AccountTypeLegalPerson
	if k.Applicant.Type == "natural_person" {
		t = model.AccountTypeNaturalPerson
	}
	return &model.Account{ID: relay.Of(relay.Account, tenancy.Realm, k.ApplicantID), Type: t, Name: k.Applicant.Name}
}

// colleagues finds the staff ids behind accounts of the acting tenant; NotFound for any other.
func (r *Resolver) colleagues(ctx context.Context, ids ...*relay.ID) ([]uuid.UUID, error) {
	home := authz.From(ctx).Home
	staff := make([]uuid.UUID, len(ids))
	for i, id := range ids {
		if err := id.Expect(relay.Account); err != nil {
			return nil, err
		}
		if id.Tenant != home {
			return nil, problem.Missing()
		}
		person, err := load(ctx, r.loadersOf(ctx).people, key{id.Tenant, id.UUID()})
		if err != nil {
			return nil, err
		}
		if person.Staff == uuid.Nil {
			return nil, problem.Missing()
		}
		staff[i] = person.Staff
	}
	return staff, nil
}

// roles are the viewer's bindings with the titles and reaches their roles have now.
func (r *Resolver) roles(ctx context.Context, p authz.Principal) ([]*model.RoleBinding, error) {
	if len(p.Bindings) == 0 {
		return []*model.RoleBinding{}, nil
	}
	live, err := r.live(ctx, p.Home)
	if err != nil {
		return nil, err
	}
	return each(p.Bindings, func(b authz.Binding) *model.RoleBinding {
		return roleModel(p.Home, live, identity.RoleBound{Role: b.Role, Department: b.Department})
	}), nil
}

// somebody is staff for a field that is never null: one who has gone keeps the id.
func (r *Resolver) somebody(ctx context.Context, tenant string, id uuid.UUID) (*model.Account, error) {
	a, err := r.staff(ctx, tenant, id)
	if err != nil || a != nil {
		return a, err
	}
	return &model.Account{ID: relay.Of(relay.Account, tenant, id), Type: model.AccountTypeStaff, Name: "工作人员"}, nil
}

func (r *Resolver) everybody(ctx context.Context, tenant string, ids []uuid.UUID) ([]*model.Account, error) {
	out := make([]*model.Account, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = r.somebody(ctx, tenant, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// subscribe replaces the themes that the caller has subscribed to.
func (r *Resolver) subscribe(ctx context.Context, in model.SubscribeThemesInput) (*model.SubscribeThemesPayload, error) {
	p := authz.From(ctx)
	if _, err := r.Authz.Require(ctx, "theme.subscribe", authz.Object{Kind: "account", Tenant: p.Home, Owner: p.Account}); err != nil {
		return nil, err
	}
	do := func(ctx context.Context) ([]string, error) { return r.Identity.SubscribeThemes(ctx, in.Themes) }
	// Done again it is the same: a repetition is answered by what is kept.
	_, err := kept(ctx, r, "themes", func([]string) string { return "" }, func(ctx context.Context, _ string) ([]string, error) { return r.Identity.Themes(ctx) }, do)
	if err != nil {
		return nil, err
	}
	viewer, err := r.viewer(ctx)
	return &model.SubscribeThemesPayload{Viewer: viewer, ClientMutationID: in.ClientMutationID}, err
}
