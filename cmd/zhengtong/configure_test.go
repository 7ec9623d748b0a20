package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"zhengtong/cmd/zhengtong/demo"
	"zhengtong/internal/testkit"
)

// faster is the county's matter with a promise of so many working days; the shipped one promises 5.
func faster(t *testing.T, days int) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(testkit.Root(), "tenants/hunan/loudi/shuangfeng/matters/food.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(content), "promised_limit: {n: 5,", fmt.Sprintf("promised_limit: {n: %d,", days), 1)
	if edited == string(content) {
		t.Fatal("the shipped matter no longer promises 5 days")
	}
	return edited
}

const (
	proposing  = `mutation($files: [FileInput!]!) { submitChange(input: {files: $files, message: "承诺提速"}) { change { id status decidable plan { digest tenants { entries { fields { path before after } } } liveCases { matter count } } } } }`
	approving  = `mutation($id: ID!) { approveChange(input: {change: $id}) { change { status publishable reviewer { name } } } }`
	publishing = `mutation($id: ID!) { publishChange(input: {change: $id}) { change { status revisions { number author reviewer } } } }`
	returning  = `mutation($n: Int!) { rollbackConfiguration(input: {tenant: "431321", toRevision: $n, message: "退回"}) { revision { number } } }`
)

// TestConfigure tightens the county's promise from 5 days to 4 on a running server:
// by two people, without touching the case that was begun under 5, and back again.
// R-CFG-02, R-MGT-03, design.md I4
func TestConfigure(t *testing.T) {
	w := openTown(t)
	reviewer := signIn(t, w.origin, "shenhe", "431321")
	t.Run("command line", func(t *testing.T) { w.byCommandLine(t, reviewer) })
	t.Run("export", w.export)
	t.Run("locks", w.locks)
	t.Run("separation", func(t *testing.T) { w.separation(t, reviewer) })
	t.Run("publish and roll back", func(t *testing.T) { w.publish(t, reviewer) })
}

func file(name, content string) []any {
	return []any{map[string]any{"path": name, "content": content}}
}

// promise is what the county promises now, in words.
func (w *town) promise(t *testing.T) string {
	t.Helper()
	return w.firm.must(t, `{ matter(name: "food-business-licence") { promisedLimit { text } } }`, nil).text("matter.promisedLimit.text")
}

// locks: what the province fixed or lets only tighten is refused at its place (V-06).
func (w *town) locks(t *testing.T) {
	titled := strings.Replace(faster(t, 4), "spec:\n  abstract: false", "spec:\n  abstract: false\n  title: 食品经营许可", 1)
	for path, content := range map[string]string{"$.spec.promised_limit": faster(t, 9), "$.spec.title": titled} {
		w.unchanged(t, func() {
			a := w.author.do(t, proposing, map[string]any{"files": file("food.yaml", content)})
			a.refused(t, "VALIDATION", "")
			if p := a.problems(); len(p) != 1 || p[0].Path != path || p[0].Code != "V-06" || p[0].File != "food.yaml" || p[0].Line == 0 || p[0].Column == 0 || p[0].Hint == "" {
				t.Errorf("%s: %+v", path, p)
			}
		})
	}
}

// separation: nobody approves an own change, with the permission or without.
func (w *town) separation(t *testing.T, reviewer caller) {
	proposed := w.author.must(t, proposing, map[string]any{"files": file("role.yaml", `apiVersion: zhengtong/v1
kind: Role
metadata: {tenant: "431321", name: config-reviewer, extends: {tenant: "430000", name: config-reviewer}}
spec: {permissions: [config.read, config.author, config.review, config.publish]}
`)})
	id := map[string]any{"id": proposed.text("submitChange.change.id")}
	w.unchanged(t, func() {
		w.author.do(t, approving, id).refused(t, "FORBIDDEN", "permission")
		w.reviewer.do(t, approving, id).refused(t, "FORBIDDEN", "permission")
		reviewer.do(t, publishing, id).refused(t, "CONFLICT", "not_approved")
	})
	reviewer.must(t, approving, id)
	reviewer.must(t, publishing, id)
	own := reviewer.must(t, proposing, map[string]any{"files": file("food.yaml", faster(t, 3))})
	id = map[string]any{"id": own.text("submitChange.change.id")}
	w.unchanged(t, func() {
		if decidable, _ := own.at("submitChange.change.decidable").(bool); decidable {
			t.Error("an author is offered to decide an own change")
		}
		reviewer.do(t, approving, id).refused(t, "FORBIDDEN", "separation")
		reviewer.do(t, publishing, id).refused(t, "CONFLICT", "not_approved")
	})
}

// publish: the plan says what changes and how many cases are open; new cases have 4
// days, the one begun before keeps its 5; the old revision comes back.
func (w *town) publish(t *testing.T, reviewer caller) {
	proposed := w.author.must(t, proposing, map[string]any{"files": file("food.yaml", faster(t, 4))})
	told := fmt.Sprint(proposed.at("submitChange.change.plan.tenants"), proposed.at("submitChange.change.plan.liveCases"))
	if told != "[map[entries:[map[fields:[map[after:4 before:5 path:spec.promised_limit.n]]]]]] [map[count:1 matter:food-business-licence]]" {
		t.Errorf("the plan says %s", told)
	}
	base := w.revision(t)
	id := map[string]any{"id": proposed.text("submitChange.change.id")}
	reviewer.must(t, approving, id)
	published := reviewer.must(t, publishing, id)
	if published.text("publishChange.change.revisions.0.author") != "蒋编" || published.text("publishChange.change.revisions.0.reviewer") != "沈核" || w.revision(t) != base+1 {
		t.Errorf("the revision is %s", published.Body)
	}
	if w.promise(t) != "4个工作日" {
		t.Errorf("after publishing, the county promises %s", w.promise(t))
	}
	w.accept(t)
	later, _ := walk(t, demo.Options{Server: w.origin, Steps: 11})
	clerk := signIn(t, w.origin, "shencha", "431321")
	for caseID, want := range map[string]int{w.kase.CaseID: 5, later.CaseID: 4} {
		seen := clerk.must(t, `query($id: ID!) { case(id: $id) { matter { promisedLimit { n } } clocks { kind n } } }`, map[string]any{"id": caseID})
		if !strings.Contains(seen.Body, fmt.Sprintf(`{"kind":"promised","n":%d}`, want)) || seen.at("case.matter.promisedLimit.n") != float64(want) {
			t.Errorf("a case begun under a promise of %d days: %s", want, seen.Body)
		}
	}
	w.author, reviewer = signIn(t, w.origin, "bianzhi", "431321"), signIn(t, w.origin, "shenhe", "431321")
	w.firm = signIn(t, w.origin, "xiangwei", "")
	w.unchanged(t, func() {
		w.author.do(t, returning, map[string]any{"n": base}).refused(t, "FORBIDDEN", "permission")
		reviewer.do(t, returning, map[string]any{"n": base + 9}).refused(t, "NOT_FOUND", "")
	})
	reviewer.must(t, returning, map[string]any{"n": base})
	if w.promise(t) != "5个工作日" || w.revision(t) != base+2 {
		t.Errorf("after rolling back, revision %d promises %s", w.revision(t), w.promise(t))
	}
}

func (w *town) revision(t *testing.T) int {
	t.Helper()
	n, _ := w.author.must(t, `{ revisions(first: 1) { edges { node { number } } } }`, nil).at("revisions.edges.0.node.number").(float64)
	return int(n)
}

// accept takes the town's case through pre-review and acceptance.
func (w *town) accept(t *testing.T) {
	t.Helper()
	act := func(action string) {
		w.reviewer.must(t, acting, map[string]any{"input": map[string]any{"task": w.task, "action": action, "version": w.version(t)}})
	}
	act("pass")
	w.task = w.reviewer.must(t, `{ tasks { edges { node { id } } } }`, nil).text("tasks.edges.0.node.id")
	w.reviewer.must(t, issuing, map[string]any{"input": map[string]any{"task": w.task, "action": "accept"}})
	act("accept")
}

// export: what `tenant export` writes changes nothing when it is applied (R-CFG-07); a folder with content is left alone.
func (w *town) export(t *testing.T) {
	dir := t.TempDir()
	at := []string{"--server", w.origin, "--token", w.author.token, "--tenant", "431321"}
	expect(t, dir, append([]string{"tenant", "export", "out"}, at...), exitClean, "已导出修订")
	for _, name := range []string{"tenant.yaml", "matters/food-business-licence.yaml", "templates/receipt.yaml"} {
		if _, err := os.Stat(filepath.Join(dir, "out", name)); err != nil {
			t.Error(err)
		}
	}
	expect(t, dir, append([]string{"plan", "out"}, at...), exitClean, "共变更 0 个资源")
	expect(t, dir, append([]string{"export", "workflow", "food-business-flow", "flow.bpmn"}, at...), exitClean, "已导出")
	expect(t, dir, append([]string{"import", "workflow", "flow.bpmn", "--name", "food-business-flow", "--out", "back"}, at...), exitClean, "可导入 1 行：0 个错误")
	expect(t, dir, append([]string{"plan", "back"}, at...), exitClean, "共变更 0 个资源")
	for _, name := range []string{"matters.csv", "matters.xlsx", "matters.json"} {
		expect(t, dir, append([]string{"export", "list", "matters", name}, at...), exitClean, "已导出")
	}
	expect(t, dir, append([]string{"import", "matters", "matters.xlsx", "--template", "food-business-licence"}, at...), exitErrors, "V-02") // it extends the province's
	expect(t, dir, append([]string{"tenant", "export", "out"}, at...), exitCouldNot, "is not empty")
	expect(t, dir, append([]string{"tenant", "export", "bad", "--kinds", "Metter"}, at...), exitErrors, "V-01")
	expect(t, dir, append([]string{"tenant", "export", "none", "--revision", "99"}, at...), exitCouldNot, "NOT_FOUND")
	expect(t, dir, append([]string{"tenant", "export", "other"}, append(at, "--tenant", "450721")...), exitCouldNot, "the token acts in 431321")
}

// byCommandLine: `plan` and `apply` say the same with their exit codes.
func (w *town) byCommandLine(t *testing.T, reviewer caller) {
	dir := t.TempDir()
	for name, content := range map[string]string{"good.yaml": faster(t, 4), "loose.yaml": faster(t, 9), "slow.yaml": faster(t, 3)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := []string{"--server", w.origin, "--token", w.author.token}
	for _, c := range []struct {
		name  string
		args  []string
		code  int
		wants []string
	}{
		{"a plan", append([]string{"plan", "good.yaml"}, at...), exitClean, []string{"~ Matter/food-business-licence", "spec.promised_limit.n: 5 → 4", "1 件在办"}},
		{"a plan as JSON", append([]string{"plan", "--json", "good.yaml"}, at...), exitClean, []string{`"path":"spec.promised_limit.n","before":5,"after":4`}},
		{"a plan of what is locked", append([]string{"plan", "loose.yaml"}, at...), exitErrors, []string{"loose.yaml:14:19 $.spec.promised_limit: ", "[V-06]"}},
		{"applying what is locked", append([]string{"apply", "-m", "放宽", "loose.yaml"}, at...), exitErrors, []string{"loose.yaml:14:19 $.spec.promised_limit: ", "[V-06]"}},
		{"a file that is not there", append([]string{"plan", "none.yaml"}, at...), exitCouldNot, []string{"none.yaml"}},
		{"a token that nobody gave", []string{"plan", "good.yaml", "--server", w.origin, "--token", "nobody"}, exitCouldNot, []string{"UNAUTHENTICATED"}},
		{"no server", []string{"plan", "good.yaml", "--server", "http://127.0.0.1:1", "--token", "x"}, exitCouldNot, []string{"refused"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.unchanged(t, func() { expect(t, dir, c.args, c.code, c.wants...) })
		})
	}
	revision := w.revision(t)
	expect(t, dir, append([]string{"apply", "-m", "提速", "slow.yaml", "--approve", w.author.token}, at...), exitCouldNot, "已提交", "FORBIDDEN")
	if w.revision(t) != revision {
		t.Error("an author's own approval published the change")
	}
	expect(t, dir, append([]string{"apply", "-m", "提速", "good.yaml", "--approve", reviewer.token}, at...), exitClean, "已提交", "publishChange：完成")
	if w.revision(t) != revision+1 || w.promise(t) != "4个工作日" {
		t.Errorf("after `apply --approve`, revision %d promises %s", w.revision(t), w.promise(t))
	}
	expect(t, dir, append([]string{"apply", "-m", "再提速", "slow.yaml", "--base", strconv.Itoa(revision)}, at...), exitErrors,
		"slow.yaml:14:23 $.spec.promised_limit.n: 自修订 "+strconv.Itoa(revision)+" 以来已由 5 改为 4，本次为 3", "[edit_conflict]")
	expect(t, dir, append([]string{"plan", "good.yaml", "--base", strconv.Itoa(revision)}, at...), exitClean, "共变更 0 个资源")
	w.outdated(t, revision)
	reviewer.must(t, returning, map[string]any{"n": revision})
}

// outdated: the change that the author could not approve conflicts with the one that was published, and says where.
func (w *town) outdated(t *testing.T, revision int) {
	t.Helper()
	listed := w.author.must(t, `{ resourceChanges(status: in_review, first: 1) { edges { node { id message baseRevision } } } }`, nil)
	id := map[string]any{"id": listed.text("resourceChanges.edges.0.node.id")}
	compared := w.author.must(t, `query($id: ID!) { compareChange(change: $id) { outdated fields { kind name path base theirs mine conflict } report { ok } } }`, id)
	if told := fmt.Sprint(compared.at("compareChange")); told != "map[fields:[map[base:5 conflict:true kind:Matter mine:3 name:food-business-licence path:spec.promised_limit.n theirs:4]] outdated:true report:map[ok:false]]" ||
		fmt.Sprint(listed.at("resourceChanges.edges.0.node.baseRevision")) != strconv.Itoa(revision) {
		t.Errorf("%s: %s", listed.text("resourceChanges.edges.0.node.message"), told)
	}
	refused := w.author.do(t, `mutation($id: ID!) { rebaseChange(input: {change: $id}) { change { status } } }`, id)
	if told := refused.problems(); len(told) != 1 || told[0].Code != "edit_conflict" || told[0].Line != 14 {
		t.Errorf("%+v", told)
	}
}

func expect(t *testing.T, dir string, args []string, code int, wants ...string) {
	t.Helper()
	output, got := command(t, dir, args...)
	for _, want := range wants {
		if !strings.Contains(output, want) {
			t.Errorf("zhengtong %s does not say %q:\n%s", args[0], want, output)
		}
	}
	if got != code {
		t.Errorf("zhengtong %v ended with %d, want %d:\n%s", args, got, code, output)
	}
}
