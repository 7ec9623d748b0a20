package main

import (
	"encoding/json"
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

// as signs a first account in.
func (a firstAccount) as(t *testing.T, origin, tenant string) caller {
	t.Helper()
	visitor := caller{origin: origin}
	token := visitor.must(t, `mutation($l: String!, $p: String!, $t: String) { signIn(input: {login: $l, password: $p, tenant: $t}) { token } }`,
		map[string]any{"l": a.Login, "p": a.Password, "t": tenant}).text("signIn.token")
	return caller{origin: origin, token: token}
}

// On an installation without the demonstration a province and a county are founded from the template, and two of the
// county's people publish its first matter through the command line, by configuration alone; everybody can read its guide.
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

	server := startServer(t, "--data", data)
	pack := t.TempDir()
	folder := filepath.Join(testkit.Root(), "internal/configuration/testdata/check/base")
	for _, name := range []string{"documents.yaml", "flow.yaml", "matter.yaml", "roles.yaml", "tenants.yaml"} {
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		var kept []string
		bare := strings.ReplaceAll(string(text), `, sample: "asset:samples/application.pdf", blank: "asset:blanks/application.pdf"`, "") // files that nobody has here
		for document := range strings.SplitSeq(bare, "\n---\n") {
			if !strings.Contains(document, "kind: Tenant") {
				kept = append(kept, document)
			}
		}
		if err := os.WriteFile(filepath.Join(pack, name), []byte(strings.Join(kept, "\n---\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	author := province["config-author"].as(t, server.origin, "110000")
	reviewer := province["config-reviewer"].as(t, server.origin, "110000")
	output, exit := command(t, pack, "apply", "--server", server.origin, "--token", author.token, "--approve", reviewer.token, "-m", "首个事项", pack)
	if exit != exitClean {
		t.Fatalf("exit %d: %s", exit, output)
	}
	visitor := caller{origin: server.origin, tenant: "110101"}
	guide := visitor.must(t, `{ matter(name: "permit") { title open department { title } materials { title } steps { title } } tenant(code: "110101") { title divisionCode } }`, nil)
	if guide.text("matter.title") != "测试许可" || guide.at("matter.open") != true || guide.text("matter.department.title") != "测试县许可局" || guide.text("tenant.title") != "测试县" {
		t.Errorf("%s", guide.Body)
	}
	// 挂起 by the command line, by the county's own two people.
	clerk, second := county["config-author"].as(t, server.origin, "110101"), county["config-reviewer"].as(t, server.origin, "110101")
	output, exit = command(t, pack, "matter", "suspend", "permit", "--server", server.origin, "--token", clerk.token, "--approve", second.token,
		"--reason", "系统升级", "--basis", "县政办〔2026〕1号", "--transition", "请于下周再来")
	if exit != exitClean {
		t.Fatalf("exit %d: %s", exit, output)
	}
	guide = visitor.must(t, `{ matter(name: "permit") { open standing { action reason transition } } }`, nil)
	if guide.at("matter.open") != false || guide.text("matter.standing.action") != "suspend" || guide.text("matter.standing.transition") != "请于下周再来" {
		t.Errorf("%s", guide.Body)
	}
}
