package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhengtong/internal/testkit"
)

// create founds a tenant and returns its first accounts' passwords by role.
func create(t *testing.T, data string, args ...string) map[string]firstAccount {
	t.Helper()
	cmd := append([]string{"tenant", "create", "--data", data, "--json", "--log-level", "error"}, args...)
	output, exit := command(t, t.TempDir(), cmd...)
	var made founded
	if exit != exitClean || json.Unmarshal([]byte(output[strings.Index(output, "{"):]), &made) != nil {
		t.Fatalf("exit %d: %s", exit, output)
	}
	byRole := map[string]firstAccount{}
	for _, a := range made.Accounts {
		byRole[a.Role] = a
	}
	return byRole
}

// lasting is the password that everybody of the journey chooses.
const lasting = "Lasting#2026"

// as signs an account in for the first time: the one-time password is changed, and nothing else is allowed before.
func (a firstAccount) as(t *testing.T, origin, tenant string) caller {
	t.Helper()
	var home any
	if tenant != "" {
		home = tenant
	}
	c := caller{origin: origin}
	opened := c.must(t, `mutation($l: String!, $p: String!, $t: String) { signIn(input: {login: $l, password: $p, tenant: $t}) { token viewer { mustChangePassword } } }`,
		map[string]any{"l": a.Login, "p": a.Password, "t": home})
	c.token = opened.text("signIn.token")
	if opened.at("signIn.viewer.mustChangePassword") != true {
		t.Errorf("%s: %s", a.Login, opened.Body)
	}
	c.do(t, `{ matters { edges { node { title } } } }`, nil).refused(t, "FORBIDDEN", "password_change_required")
	changed := c.must(t, `mutation($p: String!, $n: String!) { changePassword(input: {current: $p, new: $n}) { viewer { mustChangePassword } } }`,
		map[string]any{"p": a.Password, "n": lasting})
	if changed.at("changePassword.viewer.mustChangePassword") != false {
		t.Errorf("%s: %s", a.Login, changed.Body)
	}
	return c
}

// split writes the smallest pack as two, one of each tenant, leaving out the tenants and files that nobody has here.
func split(t *testing.T) (province, county string) {
	t.Helper()
	province, county = t.TempDir(), t.TempDir()
	folder := filepath.Join(testkit.Root(), "internal/configuration/testdata/check/base")
	for _, name := range []string{"documents.yaml", "flow.yaml", "matter.yaml", "roles.yaml", "tenants.yaml"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		kept := map[string][]string{}
		bare := strings.ReplaceAll(string(text), `, sample: "asset:samples/application.pdf", blank: "asset:blanks/application.pdf"`, "")
		for document := range strings.SplitSeq(bare, "\n---\n") {
			switch {
			case strings.Contains(document, "kind: Tenant"):
			case strings.Contains(document, `{tenant: "110000"`):
				kept[province] = append(kept[province], document)
			default:
				kept[county] = append(kept[county], document)
			}
		}
		for dir, documents := range kept {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Join(documents, "\n---\n")), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return province, county
}

// hire makes a member of staff of the county and signs them in for the first time.
func (c caller) hire(t *testing.T, login, number string, roles ...string) caller {
	t.Helper()
	var held []any
	for _, role := range roles {
		held = append(held, map[string]any{"role": role})
	}
	made := c.must(t, `mutation($input: CreateStaffInput!) { createStaff(input: $input) { password staff { login status roles { role department { name } } } } }`,
		map[string]any{"input": map[string]any{"login": login, "name": login, "staffNo": number, "department": "bureau", "roles": held}})
	return firstAccount{Login: login, Password: made.text("createStaff.password")}.as(t, c.origin, "110101")
}

// file uploads a paper for a material of a draft.
func (c caller) file(t *testing.T, draft, material string) string {
	t.Helper()
	content := []byte("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Size 2 /Root 1 0 R >>\n%%EOF\n")
	asked := c.must(t, `mutation($input: RequestUploadInput!) { requestUpload(input: $input) { file { id } url method headers } }`,
		map[string]any{"input": map[string]any{"owner": draft, "material": material, "filename": "a.pdf", "size": len(content),
			"sha256": fmt.Sprintf("%x", sha256.Sum256(content)), "mime": "application/pdf"}})
	header := http.Header{}
	for name, value := range asked.at("requestUpload.headers").(map[string]any) {
		header.Set(name, value.(string))
	}
	sent, err := caller{origin: c.origin}.send(t.Context(), asked.text("requestUpload.method"), asked.text("requestUpload.url"), header, content)
	if err != nil || sent.Status/100 != 2 {
		t.Fatalf("%v: %d %s", err, sent.Status, sent.Body)
	}
	id := asked.text("requestUpload.file.id")
	c.must(t, `mutation($f: ID!) { completeUpload(input: {file: $f}) { file { status } } }`, map[string]any{"f": id})
	return id
}

// act does one action of the case's task at a node, after issuing the paper that unlocks it.
func (c caller) act(t *testing.T, kase, action string, paper bool, opinion any) {
	t.Helper()
	seen := c.must(t, `query($id: ID!) { case(id: $id) { version } tasks { edges { node { id } } } }`, map[string]any{"id": kase})
	task := seen.text("tasks.edges.0.node.id")
	if paper {
		c.must(t, `mutation($t: ID!, $a: String!) { issueDocument(input: {task: $t, action: $a}) { document { number } } }`, map[string]any{"t": task, "a": action})
		seen = c.must(t, `query($id: ID!) { case(id: $id) { version } }`, map[string]any{"id": kase})
	}
	c.must(t, `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { id } } }`,
		map[string]any{"input": map[string]any{"task": task, "action": action, "version": seen.at("case.version"), "opinion": opinion}})
}

// On an installation without the demonstration a province and a county are founded from the template. The county's own
// people publish its first matter through the command line, by configuration alone, and everybody can read its guide;
// its administrator makes staff, and puts it in service once somebody can do every step. An applicant applies, and the
// county's people accept and decide.
// R-CFG-01, SM-01, V-27, V-28
func TestFoundTenants(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	province := create(t, data, "110000", "--title", "测试省", "--uscc", "11430000006120011E")
	county := create(t, data, "110101", "--title", "测试县", "--parent", "110000", "--uscc", "11431321MB1A002124")
	if len(province) != 3 || len(county) != 3 || county["config-author"].Password == county["config-reviewer"].Password {
		t.Fatalf("%+v, %+v", province, county)
	}
	for name, args := range map[string][]string{
		"twice":          {"110101", "--title", "测试县", "--parent", "110000", "--uscc", "11431321MB1A002124"},
		"a retired code": {"110103", "--title", "崇文区", "--parent", "110000", "--uscc", "11431321MB1A002124"},
		"a wrong parent": {"110102", "--title", "测试县", "--parent", "220000", "--uscc", "11431321MB1A002124"},
		"a wrong code":   {"110102", "--title", "测试县", "--parent", "110000", "--uscc", "11431321MB1A002120"},
	} {
		if output, exit := command(t, t.TempDir(), append([]string{"tenant", "create", "--data", data, "--log-level", "error"}, args...)...); exit == exitClean {
			t.Errorf("%s: %s", name, output)
		}
	}
	made, exit := command(t, t.TempDir(), "account", "create", "shenqingren", "--name", "李申请", "--level", "L3", "--data", data, "--json", "--log-level", "error")
	var person firstAccount
	if exit != exitClean || json.Unmarshal([]byte(made[strings.Index(made, "{"):]), &person) != nil || person.Password == "" {
		t.Fatalf("exit %d: %s", exit, made)
	}
	for name, args := range map[string][]string{
		"twice":        {"shenqingren", "--name", "李申请"},
		"a wrong USCC": {"firm", "--name", "某公司", "--type", "legal_person", "--uscc", "91431321MA4L00011X"},
	} {
		if output, exit := command(t, t.TempDir(), append([]string{"account", "create", "--data", data, "--log-level", "error"}, args...)...); exit == exitClean {
			t.Errorf("an account, %s: %s", name, output)
		}
	}

	server := startServer(t, "--data", data)
	above, own := split(t)
	run := func(args ...string) (string, int) {
		return command(t, own, append(args, "--server", server.origin)...)
	}
	clean := func(args ...string) {
		t.Helper()
		if output, exit := run(args...); exit != exitClean {
			t.Fatalf("%s: exit %d: %s", strings.Join(args[:2], " "), exit, output)
		}
	}
	signed := func(accounts map[string]firstAccount, role, tenant string) caller {
		return accounts[role].as(t, server.origin, tenant)
	}
	author, reviewer := signed(province, "config-author", "110000"), signed(province, "config-reviewer", "110000")
	clean("apply", above, "--token", author.token, "--approve", reviewer.token, "-m", "目录")
	clerk, second := signed(county, "config-author", "110101"), signed(county, "config-reviewer", "110101")
	clean("apply", own, "--token", clerk.token, "--approve", second.token, "-m", "首个事项")
	visitor := caller{origin: server.origin, tenant: "110101"}
	guide := visitor.must(t, `{ matter(name: "permit") { id title open department { title } materials { title } steps { title } } tenant(code: "110101") { title divisionCode status } }`, nil)
	if guide.text("matter.title") != "测试许可" || guide.at("matter.open") != false || guide.text("matter.department.title") != "测试县许可局" || guide.text("tenant.status") != "draft" {
		t.Errorf("%s", guide.Body)
	}
	matter := guide.at("matter.id")
	applicant := person.as(t, server.origin, "")
	applicant.tenant = "110101"
	save := func() answer {
		return applicant.do(t, `mutation($m: ID!) { saveDraft(input: {matter: $m, form: {name: "李家铺子", area: 20}}) { draft { id } } }`, map[string]any{"m": matter})
	}
	save().refused(t, "CONFLICT", "tenant_draft")

	// Nobody can do anything yet; then one person could do both steps that two persons must do.
	admin := signed(county, "tenant-admin", "110101")
	activate := func(want ...string) {
		t.Helper()
		output, exit := run("tenant", "activate", "--token", admin.token)
		for _, text := range want {
			if exit != exitErrors || !strings.Contains(output, text) {
				t.Errorf("exit %d without %s: %s", exit, text, output)
			}
		}
	}
	activate("V-28", "V-11", "测试许可", "决定", "110101/Workflow/permit-flow", "nodes[id=decide].assign.role", "为角色绑定人员")
	officer := admin.hire(t, "jingban", "2001", "officer", "approver", "head")
	activate("V-27", "review、decide", "separation_of_duty[0]", "测试许可")
	clerk.do(t, `mutation { activateTenant(input: {}) { tenant { status } } }`, nil).refused(t, "FORBIDDEN", "permission")
	approver := admin.hire(t, "shenpi", "2002", "approver")
	clean("tenant", "activate", "--token", admin.token, "--reason", "人员到位")
	admin.do(t, `mutation { activateTenant(input: {}) { tenant { status } } }`, nil).refused(t, "CONFLICT", "tenant_active")
	if staff := admin.must(t, `{ staffMembers(first: 1) { edges { node { login } } pageInfo { hasNextPage } } }`, nil); staff.at("staffMembers.pageInfo.hasNextPage") != true {
		t.Errorf("%s", staff.Body)
	}

	saved := save()
	draft := saved.text("saveDraft.draft.id")
	if draft == "" {
		t.Fatal(saved.Body)
	}
	paper := applicant.file(t, draft, "application")
	applicant.must(t, `mutation($d: ID!, $m: ID!, $f: ID!) { saveDraft(input: {draft: $d, matter: $m, form: {name: "李家铺子", area: 20}, materials: [{ref: "application", files: [$f]}]}) { draft { id } } }`,
		map[string]any{"d": draft, "m": matter, "f": paper})
	kase := applicant.must(t, `mutation($d: ID!) { submitApplication(input: {draft: $d, statement: true}) { case { id } } }`, map[string]any{"d": draft}).text("submitApplication.case.id")
	clean("tenant", "suspend", "--token", admin.token, "--reason", "系统检修")
	save().refused(t, "CONFLICT", "tenant_suspended")
	officer.act(t, kase, "accept", true, nil) // open cases go on
	officer.act(t, kase, "submit", false, "符合条件")
	approver.act(t, kase, "grant", true, nil)
	if seen := applicant.must(t, `query($id: ID!) { case(id: $id) { status outcome } }`, map[string]any{"id": kase}); seen.text("case.outcome") != "granted" {
		t.Errorf("%s", seen.Body)
	}
	clean("tenant", "resume", "--token", admin.token)

	// 挂起 of the one matter by the command line, by the county's own two people.
	clean("matter", "suspend", "permit", "--token", clerk.token, "--approve", second.token,
		"--reason", "系统升级", "--basis", "县政办〔2026〕1号", "--transition", "请于下周再来")
	guide = visitor.must(t, `{ matter(name: "permit") { open standing { action reason transition } } tenant(code: "110101") { status } }`, nil)
	if guide.at("matter.open") != false || guide.text("matter.standing.action") != "suspend" || guide.text("matter.standing.transition") != "请于下周再来" || guide.text("tenant.status") != "active" {
		t.Errorf("%s", guide.Body)
	}
	clean("account", "password", person.Login, "--old", lasting, "--new", "Another#2026")
}
