package main

import (
	"bytes"
	"context"
	_ "embed" // the template
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/template"

	"zhengtong/internal/authz"
	"zhengtong/internal/code"
	"zhengtong/internal/identity"
	"zhengtong/internal/problem"
	"zhengtong/internal/settings"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

//go:embed tenant.tmpl.yaml
var tenantTemplate string

type tenantCommands struct {
	Create   tenantCreateCommand   `cmd:"" help:"Found a tenant from the template under a published parent, with its first accounts; their one-time passwords are printed once."`
	Activate tenantActivateCommand `cmd:"" help:"Put the tenant of the token in service (启用), or tell everything that it lacks."`
	Suspend  tenantSuspendCommand  `cmd:"" help:"Take no new applications for now (暂停); open cases go on."`
	Resume   tenantResumeCommand   `cmd:"" help:"Take applications again (恢复)."`
	Export   tenantExportCommand   `cmd:"" help:"Write a tenant's own configuration into a folder that applies back to the identical digests."`
}

// tenantCreateCommand works on the database itself: the first tenant of an
// installation is founded before anybody can sign in.
type tenantCreateCommand struct {
	settings.Settings
	Code    string   `arg:"" help:"Division code, which becomes the tenant's code."`
	Title   string   `help:"Name, such as 双峰县." required:""`
	Parent  string   `help:"Code of the tenant above." default:"national"`
	USCC    string   `name:"uscc" help:"Unified social credit code of the office that manages services." required:""`
	Adopt   []string `help:"Lines of work (条线) whose matters are taken over from the parent."`
	Account []string `help:"An account LOGIN:NAME:ROLE; several may be given. Administrator, author and reviewer when left out." placeholder:"LOGIN:NAME:ROLE"`
	JSON    bool     `help:"Print one JSON object."`
}

// founded is what is printed, once.
type founded struct {
	Tenant   string         `json:"tenant"`
	Title    string         `json:"title"`
	Accounts []firstAccount `json:"accounts"`
}

type firstAccount struct {
	Login    string `json:"login"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Password string `json:"password"`
}

// firstRoles are declared with a tenant when no tenant above has them: who manages people, who writes and who reviews configuration.
var firstRoles = []struct{ Name, Title, Permissions string }{
	{"tenant-admin", "租户管理员", "tenant.administer, staff.manage, role.bind, calendar.publish, audit.read"},
	{"config-author", "事项编制人", "config.read, config.author, config.simulate"},
	{"config-reviewer", "事项审核发布人", "config.read, config.review, config.publish"},
}

// Run founds the tenant. Nothing is left behind when a check refuses it.
func (c tenantCreateCommand) Run(ctx context.Context) (err error) {
	if problems := c.Validate(); problems.HasErrors() {
		return fmt.Errorf("settings:\n%s", problems)
	}
	accounts, err := c.accounts()
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
	if err := c.found(ctx, a); err != nil {
		var refused *problem.Error
		if errors.As(err, &refused) && len(refused.Problems) > 0 {
			return show(os.Stdout, refused.Problems, c.JSON, "建立租户")
		}
		return err
	}
	there, err := a.tree.ActAs(ctx, c.Code, "found the tenant")
	if err != nil {
		return err
	}
	for i, first := range accounts {
		_, err := a.identity.Create(there, identity.NewAccount{Type: authz.TypeStaff, Login: first.Login, Password: first.Password, OneTime: true, Level: "L3", Name: first.Name,
			Staff: &identity.NewStaff{StaffNo: fmt.Sprintf("%s%02d", c.Code, i+1), Department: "zwfwj", Roles: []identity.RoleHeld{{Role: first.Role}}}})
		if err != nil {
			return fmt.Errorf("account %s: %w", first.Login, err)
		}
	}
	return c.tell(accounts)
}

// accounts reads who gets one, and makes their passwords.
func (c tenantCreateCommand) accounts() ([]firstAccount, error) {
	asked := c.Account
	if len(asked) == 0 {
		for _, r := range firstRoles {
			asked = append(asked, fmt.Sprintf("%s-%s:%s:%s", c.Code, r.Name, r.Title, r.Name))
		}
	}
	out := make([]firstAccount, len(asked))
	for i, text := range asked {
		parts := strings.Split(text, ":")
		if len(parts) != 3 || parts[0] == "" || parts[1] == "" || parts[2] == "" {
			return nil, fmt.Errorf("--account %q: want LOGIN:NAME:ROLE", text)
		}
		out[i] = firstAccount{Login: parts[0], Name: parts[1], Role: parts[2], Password: identity.OneTimePassword()}
	}
	return out, nil
}

// found publishes the filled-in template.
func (c tenantCreateCommand) found(ctx context.Context, a *app) error {
	if _, known := a.tree.Get(c.Code); known {
		return fmt.Errorf("租户 %s 已经存在", c.Code)
	}
	if retired, ok := code.RetiredDivision(c.Code); ok {
		return fmt.Errorf("区划代码 %s（%s）已于 %d 年停用，不能用于新租户", c.Code, retired.Name, retired.To)
	}
	level, err := code.DivisionLevel(c.Code)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Code, err)
	}
	above, err := a.tree.ActAs(ctx, c.Parent, "found a tenant below")
	if err != nil {
		return err
	}
	source, err := a.configuration.Source(above)
	if err != nil {
		return err
	}
	values := struct {
		Code, Title, Parent, Level, USCC string
		Adopt                            []string
		Roles                            []struct{ Name, Title, Permissions string }
	}{Code: c.Code, Title: c.Title, Parent: c.Parent, Level: level.String(), USCC: c.USCC, Adopt: c.Adopt}
	for _, r := range firstRoles {
		if _, inherited := source.Find("Role", r.Name); !inherited {
			values.Roles = append(values.Roles, r)
		}
	}
	for _, text := range append([]string{c.Title}, c.Adopt...) {
		if strings.ContainsAny(text, "\"\\\n") {
			return fmt.Errorf("%q: 名称不能含有引号、反斜线和换行", text)
		}
	}
	layout, err := template.New("tenant").Parse(tenantTemplate)
	if err != nil {
		return err
	}
	var text bytes.Buffer
	if err := layout.Execute(&text, values); err != nil {
		return err
	}
	return a.configuration.Found(tenancy.Public(ctx), "建立租户 "+c.Title, kind.File{Path: "tenant.yaml", Content: text.Bytes()})
}

func (c tenantCreateCommand) tell(accounts []firstAccount) error {
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(founded{Tenant: c.Code, Title: c.Title, Accounts: accounts})
	}
	fmt.Printf("已建立租户 %s %s。以下一次性口令只显示这一次，登录后须先修改：\n", c.Code, c.Title)
	for _, first := range accounts {
		fmt.Printf("  %-28s %s（%s）  %s\n", first.Login, first.Name, first.Role, first.Password)
	}
	fmt.Printf("租户现为筹备状态，事项可看而不能申请。接下来：\n"+
		"  1. 各人修改口令：zhengtong account password LOGIN --tenant %s\n"+
		"  2. 管理员建立工作人员并绑定角色（createStaff、bindRole）\n"+
		"  3. 编制人提交、审核人发布事项：zhengtong apply\n"+
		"  4. 管理员启用租户：zhengtong tenant activate，有不具备的条件会逐条列出\n", c.Code)
	return nil
}
