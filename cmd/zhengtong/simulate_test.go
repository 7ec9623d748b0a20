package main

import (
	"encoding"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"zhengtong/internal/simulation"
	"zhengtong/internal/testkit"
)

// TestSimulateOnServer simulates over what is published on a running server: as the shipped
// want files say, with a draft and without, every mistake told at its place.
// R-CFG-07
func TestSimulateOnServer(t *testing.T) {
	server := startServer(t, "--demo", "--limit-requests-per-min", "100000", "--data", filepath.Join(t.TempDir(), "data"))
	author, clerk := signIn(t, server.origin, "bianzhi", "431321"), signIn(t, server.origin, "shencha", "431321")
	packs := filepath.Join(testkit.Root(), "tenants")
	cases := filepath.Join(packs, "hunan/loudi/shuangfeng/cases")
	first := filepath.Join(cases, "01-correction-and-inspection.yaml")
	dir := t.TempDir()
	for name, content := range map[string]string{
		"good.yaml":  faster(t, 4),
		"loose.yaml": faster(t, 9),
		"role.yaml":  "tenant: \"431321\"\nmatter: food-business-licence\npeople:\n  zhang: {roles: [nobody]}\n",
		"empty.yaml": "matter: food-business-licence\nsteps:\n  - {act: pass}\n",
		"typo.yaml":  "matter: food-business-licence\nsteps:\n  - {akt: pass}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	with := func(token string, args ...string) []string {
		return append([]string{"simulate", "--server", server.origin, "--token", token}, args...)
	}
	simulate := func(args ...string) []string { return with(author.token, args...) }
	lingshan := filepath.Join(packs, "guangxi/qinzhou/lingshan/cases")
	food := []string{"--matter", "food-business-licence"}
	for _, c := range []struct {
		name  string
		args  []string
		code  int
		wants []string
	}{
		{"sample cases", simulate("--cases", cases), exitClean, []string{"3 个样例，0 个与预期不符"}},
		{"sample cases of another author", with(signIn(t, server.origin, "ls-bianzhi", "450721").token, "--cases", lingshan), exitClean, []string{"2 个样例，0 个与预期不符"}},
		{"a draft", simulate("good.yaml", "--script", first), exitClean, []string{"结果 ended granted", "4个工作日"}},
		{"sample cases under a draft", simulate("good.yaml", "--cases", cases), exitErrors, []string{"不符", "01-correction-and-inspection.yaml", `+           "due_on": "2026-03-10"`}},
		{"a draft that breaks a lock", simulate("loose.yaml", "--script", first), exitErrors, []string{"loose.yaml:14:19 $.spec.promised_limit: ", "[V-06]"}},
		{"sample cases under such a draft", simulate("loose.yaml", "--cases", cases), exitErrors, []string{"loose.yaml:14:19 $.spec.promised_limit: ", "1 个错误"}},
		{"a person of no role", simulate("--script", "role.yaml"), exitErrors, []string{"role.yaml:4:10 $.people.zhang: ", "[role]"}},
		{"an empty form", simulate("--script", "empty.yaml"), exitErrors, []string{"empty.yaml:1:1 $.form: $.", "[required]"}},
		{"an unknown field", simulate("--script", "typo.yaml"), exitErrors, []string{`typo.yaml:3:6 $.steps[0].akt: 未知字段 "akt" (是不是 "act"？) [V-01]`}},
		{"cases of another tenant", simulate("--cases", lingshan), exitCouldNot, []string{"the token acts in 431321, not in 450721"}},
		{"another tenant", simulate("--matter", "energy-review", "--tenant", "450721"), exitCouldNot, []string{"the token acts in 431321, not in 450721"}},
		{"an unknown matter", simulate("--matter", "nothing"), exitCouldNot, []string{"NOT_FOUND"}},
		{"somebody who may not", with(clerk.token, food...), exitCouldNot, []string{"FORBIDDEN", "config.simulate"}},
		{"no token", with("", food...), exitCouldNot, []string{"needs --token"}},
		{"a token that nobody gave", with("nobody", food...), exitCouldNot, []string{"UNAUTHENTICATED"}},
		{"offline without packs", []string{"simulate", "--matter", "food-business-licence", "--tenant", "431321"}, exitCouldNot, []string{"name the packs"}},
	} {
		t.Run(c.name, func(t *testing.T) { expect(t, dir, c.args, c.code, c.wants...) })
	}
	t.Run("as offline", func(t *testing.T) {
		for _, how := range [][]string{{"--json"}, {"--json", "--auto", "every_choice"}, {}} {
			args := append([]string{"--script", first}, how...)
			here, code := command(t, dir, append([]string{"simulate", filepath.Join(packs, "hunan")}, args...)...)
			there, same := command(t, dir, simulate(args...)...)
			if here != there || code != exitClean || same != exitClean {
				t.Errorf("%v: offline %d\n%s\non the server %d\n%s", how, code, here, same, there)
			}
		}
	})
}

// The query asks for every field that a simulation has, so that a server's answer prints as one that ran here.
func TestSimulateQueryIsWhole(t *testing.T) {
	var look func(of reflect.Type)
	look = func(of reflect.Type) {
		for of.Kind() == reflect.Slice || of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() != reflect.Struct || of.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || of.Implements(reflect.TypeFor[json.Marshaler]()) {
			return
		}
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if name == "" && !field.Anonymous || name == "-" {
				t.Errorf("%s.%s has no name in JSON", of, field.Name)
			}
			if name != "" && !regexp.MustCompile(`\b`+name+`\b`).MatchString(simulateQuery) {
				t.Errorf("the query leaves %s of %s out", name, of)
			}
			look(field.Type)
		}
	}
	look(reflect.TypeFor[simulation.Simulation]())
}
