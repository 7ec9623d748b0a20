package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"zhengtong/internal/code"
	"zhengtong/internal/db"
	"zhengtong/internal/identity"
	"zhengtong/internal/settings"
	"zhengtong/internal/tenancy"
)

type accountCommands struct {
	Create   accountCreateCommand   `cmd:"" help:"Make an applicant's account on the database itself; its one-time password is printed once."`
	Password accountPasswordCommand `cmd:"" help:"Change a password on a running server, a one-time password first of all."`
}

// accountCreateCommand works on the database itself, like tenant create: applicants cannot register themselves.
type accountCreateCommand struct {
	settings.Settings
	Login      string `arg:"" help:"Login name, unique in the realm."`
	Name       string `help:"Name of the person or organisation." required:""`
	Type       string `help:"natural_person or legal_person." enum:"natural_person,legal_person" default:"natural_person"`
	Level      string `help:"Level of identity proof." enum:"L1,L2,L3,L4" default:"L2"`
	USCC       string `name:"uscc" help:"Unified social credit code, of a legal person."`
	ObjectType string `help:"Service object of an organisation, such as enterprise or individual_business." default:"enterprise"`
	JSON       bool   `help:"Print one JSON object."`
}

// Run makes the account.
func (c accountCreateCommand) Run(ctx context.Context) (err error) {
	if problems := c.Settings.Validate(); problems.HasErrors() {
		return fmt.Errorf("settings:\n%s", problems)
	}
	in, err := c.account()
	if err != nil {
		return err
	}
	a, err := openApp(ctx, c.Settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.close()) }()
	if err := a.loadBase(ctx); err != nil {
		return err
	}
	realm, err := a.tree.ActAs(ctx, tenancy.Realm, "make an applicant's account")
	if err != nil {
		return err
	}
	_, err = a.identity.Create(realm, in)
	if db.IsDuplicate(err) {
		return fmt.Errorf("登录名 %s 已被使用", c.Login)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]string{"login": c.Login, "name": c.Name, "password": in.Password})
	}
	fmt.Printf("已建立账户 %s（%s）。一次性口令只显示这一次，登录后须先修改：\n  %s\n", c.Login, c.Name, in.Password)
	return nil
}

// account is what is to be made, with a password of chance.
func (c accountCreateCommand) account() (identity.NewAccount, error) {
	in := identity.NewAccount{Type: c.Type, Login: c.Login, Password: identity.OneTimePassword(), OneTime: true, Level: c.Level, Name: c.Name,
		ObjectType: "natural_person"}
	if c.Type != "legal_person" {
		if c.USCC != "" {
			return in, errors.New("--uscc 只用于 --type legal_person")
		}
		return in, nil
	}
	if err := code.CheckUSCC(c.USCC); err != nil {
		return in, fmt.Errorf("--uscc %q: %w", c.USCC, err)
	}
	in.USCC, in.ObjectType = c.USCC, c.ObjectType
	return in, nil
}

// accountPasswordCommand signs in with a password and replaces it.
type accountPasswordCommand struct {
	Server string `help:"Origin of the running server." default:"http://127.0.0.1:8080"`
	Login  string `arg:"" help:"Login name."`
	Tenant string `help:"Code of the tenant, for staff." placeholder:"CODE"`
	Old    string `name:"old" help:"Present password; better given by the environment." required:"" env:"ZHENGTONG_OLD_PASSWORD"`
	New    string `name:"new" help:"Password to come; better given by the environment." required:"" env:"ZHENGTONG_NEW_PASSWORD"`
	JSON   bool   `help:"Print one JSON object."`
}

// Run changes the password and ends the session that it was changed in.
func (c accountPasswordCommand) Run(ctx context.Context) error {
	r := remote{Server: c.Server, JSON: c.JSON}
	variables := map[string]any{"l": c.Login, "p": c.Old}
	if c.Tenant != "" {
		variables["t"] = c.Tenant
	}
	var opened struct{ SignIn struct{ Token string } }
	err := r.call(ctx, "", `mutation($l: String!, $p: String!, $t: String) { signIn(input: {login: $l, password: $p, tenant: $t}) { token } }`,
		variables, &opened)
	if err != nil {
		return r.found(err)
	}
	passwords := map[string]any{"old": c.Old, "new": c.New}
	for _, query := range []string{`mutation($old: String!, $new: String!) { changePassword(input: {current: $old, new: $new}) { ended } }`, `mutation { signOut { ended } }`} {
		if err := r.call(ctx, opened.SignIn.Token, query, passwords, nil); err != nil {
			return r.found(err)
		}
	}
	fmt.Printf("已修改 %s 的口令\n", c.Login)
	return nil
}
