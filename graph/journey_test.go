package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"zhengtong/graph/relay"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/db"
	"zhengtong/internal/queue"
)

var food = relay.Named(relay.Matter, county, "food-business-licence").String()

// draft fills an application as a firm, with every material.
func (w *town) draft(login string) string {
	w.Helper()
	var form map[string]any
	w.must(json.Unmarshal(caseworktest.Application(nil), &form))
	save := func(draft string, materials []any) answer {
		fields := map[string]any{"matter": food, "form": form}
		if draft != "" {
			fields["draft"], fields["materials"] = draft, materials
		}
		return w.do(login, `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id version problems { code path } materials { ref files { filename status url } commitment } } } }`, input(fields))
	}
	id := save("", nil).text("saveDraft", "draft", "id")
	materials := []any{map[string]any{"ref": "food-safety-manager-cert", "commitment": true}}
	for _, ref := range []string{"business-licence-copy", "premises-layout", "safety-rules"} {
		materials = append(materials, map[string]any{"ref": ref, "files": []any{w.upload(login, id, ref, caseworktest.PDF(ref+id))}})
	}
	saved := save(id, materials)
	if problems := saved.at("saveDraft", "draft", "problems").([]any); len(problems) > 0 {
		w.Fatalf("the draft has problems: %v", problems)
	}
	if saved.text("saveDraft", "draft", "materials", 1, "files", 0, "status") != "stored" || saved.text("saveDraft", "draft", "materials", 1, "files", 0, "url") == "" {
		w.Fatalf("%v", saved.Data)
	}
	return id
}

// upload announces, sends and completes a PDF, as a browser does.
func (w *town) upload(login, owner, material string, content []byte) string {
	w.Helper()
	sum := sha256.Sum256(content)
	a := w.do(login, `mutation($input: RequestUploadInput!) { requestUpload(input: $input) { file { id status url } url method headers } }`, input(map[string]any{
		"owner": owner, "material": material, "filename": material + ".pdf", "size": len(content), "sha256": hex.EncodeToString(sum[:]), "mime": "application/pdf"}))
	if a.at("requestUpload", "file", "url") != nil || a.text("requestUpload", "file", "status") != "pending" {
		w.Fatalf("%v", a.Data)
	}
	req, err := http.NewRequestWithContext(w.Context(), a.text("requestUpload", "method"), w.server.URL+a.text("requestUpload", "url"), bytes.NewReader(content))
	w.must(err)
	for name, value := range a.at("requestUpload", "headers").(map[string]any) {
		req.Header.Set(name, value.(string))
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	w.must(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		w.Fatalf("upload: %s", res.Status)
	}
	file := a.text("requestUpload", "file", "id")
	w.do(login, `mutation($input: CompleteUploadInput!) { completeUpload(input: $input) { file { status } } }`, input(map[string]any{"file": file}))
	return file
}

// apply files an application of a firm and answers the id and number of the case and its query code.
func (w *town) apply(login string) (id, number, code string) {
	w.Helper()
	a := w.do(login, `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number queryCode version } } }`,
		input(map[string]any{"draft": w.draft(login), "statement": true}))
	id = a.text("submitApplication", "case", "id")
	w.project(id)
	return id, a.text("submitApplication", "case", "number"), a.text("submitApplication", "case", "queryCode")
}

// project writes what others see of a case, as the worker does after each commit.
func (w *town) project(kase string) {
	w.Helper()
	id, err := relay.ParseID(kase)
	w.must(err)
	there, err := w.tree.ActAs(w.Context(), county, "test")
	w.must(err)
	w.must(w.linked.Project(there, id.UUID(), func(*db.Batch) {}))
}

// taskOf finds the open task of a case and who among some has it.
func (w *town) taskOf(kase string, logins ...string) (task, login string) {
	w.Helper()
	for _, login := range logins {
		a := w.do(login, `query($f: TaskFilter) { tasks(filter: $f) { edges { node { id case { id number applicant { name } matter { title } } assignee { name } remaining dueOn } } } }`, map[string]any{"f": map[string]any{"view": "todo"}})
		for i := range a.at("tasks", "edges").([]any) {
			if a.text("tasks", "edges", i, "node", "case", "id") == kase {
				return a.text("tasks", "edges", i, "node", "id"), login
			}
		}
	}
	w.Fatal("nobody has a task of the case")
	return "", ""
}

const everything = `query($id: ID!) { case(id: $id) { id number queryCode status statusText outcome finishCode source channel tenant { code title parent { code } portal { title } }
	matter { name title digest itemType basicCode department { title } materials { ref title maxMb } form { title schema sections { title fields } sensitive } fee { title charge } specialProcedures { name title max { text } }
	results { kind title } situations { id } steps { node title limit { text } } places { phone } remedies { litigationCourt } legalBasis { law } statutoryLimit { text } open provenance(path: "spec.title") { path tenant } }
	matterDigest facts digest applicant { name uscc } form materials { ref status files { filename url } } tasks(closed: true) { node title state assignee { name department { title } } candidates { name } opinion actions { id unlocked } form { name } }
	clocks { kind title state dueOn remaining n unit segments { shift } explain } timeline { seq type title actorName actor { name } payload prevHash hash algorithm } documents { title number class values issuedBy { name } file { url } }
	corrections { sequence } specials { title inputs { name } } extensions { n } licence { identifier } verbs { id title permitted reason } archive { digest } version } }`

// The first steps of a case, read in full by each side (docs/architecture.md, R-APP-13, R-PRC-14).
func TestACaseAsEachSideSeesIt(t *testing.T) {
	w := open(t)
	id, number, code := w.apply("xiangwei")
	task, login := w.taskOf(id, "shencha", "shencha2")
	actions := w.do(login, `query($id: ID!) { node(id: $id) { ... on Task { node actions { id unlocked lockedReason requires document issued { number } inputs { name type required } } } } }`, map[string]any{"id": task})
	if actions.text("node", "node") != "pre_review" || actions.at("node", "actions", 0) == nil {
		t.Fatalf("%v", actions.Data)
	}
	opinion := "材料齐全"
	w.do(login, `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { status version } } }`,
		input(map[string]any{"task": task, "action": "pass", "opinion": opinion, "version": w.version(login, id)}))
	owner, staff := w.do("xiangwei", everything, map[string]any{"id": id}), w.do(login, everything, map[string]any{"id": id})
	if owner.text("case", "queryCode") != code || staff.at("case", "queryCode") != nil {
		t.Error("the query code is the owner's alone")
	}
	for name, side := range map[string]answer{"owner": owner, "staff": staff} {
		text, err := json.Marshal(side.Data)
		w.must(err)
		if got := strings.Contains(string(text), code); got != (name == "owner") {
			t.Errorf("%s sees the query code: %t", name, got)
		}
		if strings.Contains(string(text), `"salt"`) {
			t.Errorf("%s sees salts", name)
		}
		if got := strings.Contains(string(text), opinion); got != (name == "staff") {
			t.Errorf("%s sees the opinion: %t", name, got)
		}
		if side.text("case", "matter", "title") == "" || side.text("case", "clocks", 0, "title") != "受理期限" || side.text("case", "timeline", 0, "title") != "提交申请" {
			t.Errorf("%s: %v", name, side.Data)
		}
	}
	if owner.text("case", "form", "legal_rep_id") != "431321199003070013" {
		t.Errorf("the owner's own form is masked: %v", owner.at("case", "form"))
	}
	progress := w.do("", `query($n: String!, $q: String!) { caseProgress(number: $n, queryCode: $q) { number tenantTitle matterTitle departmentTitle statusText waitingFor steps { title } flow { title state phase limit { text } } } }`,
		map[string]any{"n": number, "q": strings.ToLower(code)})
	if progress.text("caseProgress", "tenantTitle") != "双峰县" || progress.text("caseProgress", "waitingFor") != "agency" || progress.text("caseProgress", "steps", 0, "title") != "收件" {
		t.Errorf("%v", progress.Data)
	}
	if text := fmt.Sprint(progress.at("caseProgress", "flow")); !strings.Contains(text, "state:current") || strings.Contains(text, opinion) {
		t.Errorf("how far the case is (R-CAT-08): %s", text)
	}
	for _, wrong := range [][2]string{{number, "AAAAAAAA"}, {number + "1", code}, {"", ""}} {
		a := w.do("", `query($n: String!, $q: String!) { caseProgress(number: $n, queryCode: $q) { status } }`, map[string]any{"n": wrong[0], "q": wrong[1]})
		if a.at("caseProgress") != nil {
			t.Errorf("%v shows progress", wrong)
		}
	}
}

func (w *town) version(login, kase string) int {
	w.Helper()
	n, _ := w.do(login, `query($id: ID!) { case(id: $id) { version } }`, map[string]any{"id": kase}).at("case", "version").(float64)
	return int(n)
}

// Lists go on from their cursors, count only when asked, and read their cases' tasks at once.
func TestLists(t *testing.T) {
	w := open(t)
	var ids []string
	for range 3 {
		w.clock.Add(time.Minute)
		id, _, _ := w.apply("xiangwei")
		ids = append(ids, id)
	}
	const page = `query($after: String) { LIST(first: 2, after: $after) { edges { cursor node { id status applicant { name } matter { id title } tasks { title assignee { name } } tenant { title } } } pageInfo { hasNextPage endCursor } totalCount } }`
	for list, who := range map[string]string{"cases": "shencha", "myCases": "xiangwei"} {
		query := strings.Replace(page, "LIST", list, 1)
		first := w.do(who, query, nil)
		if first.at(list, "pageInfo", "hasNextPage") != true || first.text(list, "edges", 0, "node", "id") != ids[2] || first.text(list, "edges", 0, "node", "tasks", 0, "title") == "" {
			t.Errorf("%s: %v", list, first.Data)
		}
		if total, counted := first.at(list, "totalCount").(float64); counted != (list == "cases") || (counted && total != 3) {
			t.Errorf("%s counts %v", list, first.at(list, "totalCount"))
		}
		second := w.do(who, query, map[string]any{"after": first.text(list, "pageInfo", "endCursor")})
		if second.at(list, "pageInfo", "hasNextPage") != false || second.text(list, "edges", 0, "node", "id") != ids[0] {
			t.Errorf("%s: %v", list, second.Data)
		}
	}
	other := w.ask("shencha", `query($after: String) { tasks(after: $after) { edges { node { id } } } }`, map[string]any{"after": "W10"})
	if other.code() != "BAD_REQUEST" {
		t.Errorf("a foreign cursor: %+v", other.Errors)
	}
	filtered := w.do("xiangwei", `query($f: CaseFilter) { myCases(filter: $f) { edges { node { id } } } }`, map[string]any{"f": map[string]any{"status": []string{"ended"}}})
	if len(filtered.at("myCases", "edges").([]any)) != 0 {
		t.Errorf("%v", filtered.Data)
	}
	filtered = w.do("shencha", `query($f: CaseFilter) { cases(filter: $f, orderBy: due_asc) { edges { node { id } } } }`, map[string]any{"f": map[string]any{"matter": food}})
	if len(filtered.at("cases", "edges").([]any)) != 3 {
		t.Errorf("%v", filtered.Data)
	}
}

// What everybody may read: tenants, matters with their guides, kinds.
func TestPublicReads(t *testing.T) {
	w := open(t)
	a := w.do("", `query { tenant(code: "431321") { title level departments { title } parent { title } } tenants(parent: "430000", level: county, first: 1) { edges { node { code } } pageInfo { hasNextPage } }
		matters(text: "食品经营") { edges { node { id name title promisedLimit { text } materials { title } } } totalCount } viewer { account { id } } kinds { name title schema } }`, nil, "X-Tenant", county)
	if a.text("tenant", "title") != "双峰县" || a.text("tenant", "parent", "title") != "娄底市" || a.text("matters", "edges", 0, "node", "id") != food || a.at("viewer") != nil || a.text("kinds", 0, "title") == "" {
		t.Errorf("%v", a.Data)
	}
	m := w.do("shi-jiancha", `query($id: ID!) { matter(id: $id) { name open steps { title } provenance(path: "spec.promised_limit") { path tenant lock } } none: matter(name: "no-such") { id } }`, map[string]any{"id": food})
	if m.text("matter", "name") != "food-business-licence" || m.at("matter", "open") != true || m.at("none") != nil || m.at("matter", "provenance", 0) == nil {
		t.Errorf("%v", m.Data)
	}
	if e := w.ask("", `query { tenant(code: "431321") { code } }`, nil, "X-Tenant", "999999"); e.code() != "NOT_FOUND" {
		t.Errorf("a tenant that is not there: %+v", e.Errors)
	}
}

// Who asks, and why a decision comes out as it does.
func TestViewerAndDecisions(t *testing.T) {
	w := open(t)
	v := w.do("shencha", `query { viewer { account { id name login staffNo department { title } } home { code } actingTenant { code } roles { role title dataScope department { title } } permissions departments { name } } }`, nil, "X-Tenant", "431300")
	if v.text("viewer", "home", "code") != county || v.text("viewer", "actingTenant", "code") != county || v.text("viewer", "roles", 0, "title") == "" || v.text("viewer", "account", "login") != "shencha" {
		t.Errorf("staff act at home: %v", v.Data)
	}
	a := w.do("xiangwei", `query { viewer { home { code } actingTenant { code } roles { role } permissions account { type level } } }`, nil, "X-Tenant", county)
	if a.text("viewer", "home", "code") != "national" || a.text("viewer", "actingTenant", "code") != county || len(a.at("viewer", "roles").([]any)) != 0 {
		t.Errorf("%v", a.Data)
	}
	id, _, _ := w.apply("xiangwei")
	explain := `query($p: ID!, $a: String!, $o: ID!) { explainDecision(principal: $p, action: $a, object: $o) { allowed reason permission steps { rule passed } } }`
	account := v.text("viewer", "account", "id")
	e := w.ask("shencha", explain, map[string]any{"p": account, "a": "case.void", "o": id})
	if e.code() != "FORBIDDEN" || e.Errors[0].Extensions.Permission != "audit.read" {
		t.Errorf("%+v", e.Errors)
	}
	for action, allowed := range map[string]bool{"case.view": true, "case.decide": false} {
		d := w.do("shenji", explain, map[string]any{"p": account, "a": action, "o": id})
		if d.at("explainDecision", "allowed") != allowed || d.text("explainDecision", "reason") == "" {
			t.Errorf("%s: %v", action, d.Data)
		}
	}
}

// A change goes from its author over another's review into force.
func TestAChangeIsReviewedByAnother(t *testing.T) {
	w := open(t)
	file := map[string]any{"path": "notice.yaml", "content": "apiVersion: zhengtong/v1\nkind: Role\nmetadata: {tenant: \"431321\", name: night-clerk}\nspec: {title: 夜班窗口, permissions: [case.read], data_scope: assigned}\n"}
	plan := w.do("bianzhi", `query($f: [FileInput!]!) { planChange(files: $f) { tenants { tenant entries { action kind name } } report { ok problems { message } } digest } validateResources(files: $f) { ok } }`, map[string]any{"f": []any{file}})
	if plan.text("planChange", "tenants", 0, "entries", 0, "action") != "add" || plan.at("validateResources", "ok") != true {
		t.Fatalf("%v", plan.Data)
	}
	c := w.do("bianzhi", `mutation($input: SubmitChangeInput!) { submitChange(input: $input) { change { id status author { name } decidable plan { digest } } } }`, input(map[string]any{"files": []any{file}, "message": "增设夜班"}))
	id := c.text("submitChange", "change", "id")
	if c.at("submitChange", "change", "decidable") != false || c.text("submitChange", "change", "author", "name") != "蒋编" {
		t.Errorf("%v", c.Data)
	}
	approve := `mutation($input: ApproveChangeInput!) { approveChange(input: $input) { change { status reviewer { name } publishable } } }`
	if own := w.ask("bianzhi", approve, input(map[string]any{"change": id})); own.code() != "FORBIDDEN" {
		t.Errorf("%+v", own.Errors)
	}
	w.do("shenhe", approve, input(map[string]any{"change": id}))
	p := w.do("shenhe", `mutation($input: PublishChangeInput!) { publishChange(input: $input) { change { status revisions { tenant number author reviewer } } } }`, input(map[string]any{"change": id}))
	if p.text("publishChange", "change", "status") != "published" || p.text("publishChange", "change", "revisions", 0, "reviewer") != "沈核" {
		t.Errorf("%v", p.Data)
	}
	r := w.do("bianzhi", `query { resource(kind: "Role", name: "night-clerk") { title origin yaml effective history { revision author } provenance { path tenant } }
		resources(kind: "Role", first: 100) { edges { node { name origin } } } resourceChanges { edges { node { message } } } revisions { edges { node { number message } } } }`, nil)
	if r.text("resource", "origin") != "own" || !strings.Contains(r.text("resource", "yaml"), "夜班窗口") || r.text("resource", "history", 0, "author") != "蒋编" {
		t.Errorf("%v", r.Data)
	}
}

// The province reads what was written for it, a neighbour's staff nothing (R-CFG-02).
func TestLinkedOversight(t *testing.T) {
	w := open(t)
	_, number, _ := w.apply("xiangwei")
	query := `query($under: String!) { linkedCases(under: $under) { edges { node { number tenantTitle matterTitle applicantMasked status light receivedAt } } } subordinates(under: $under) { edges { node { code } } } }`
	a := w.do("sheng-jiancha", query, map[string]any{"under": county})
	if a.text("linkedCases", "edges", 0, "node", "number") != number || strings.Contains(a.text("linkedCases", "edges", 0, "node", "applicantMasked"), "餐饮") || a.text("linkedCases", "edges", 0, "node", "light") != "green" {
		t.Errorf("%v", a.Data)
	}
	for login, want := range map[string]string{"shi-jiancha": "NOT_FOUND", "shencha": "FORBIDDEN"} {
		under := map[string]string{"shi-jiancha": "430000", "shencha": county}[login]
		if e := w.ask(login, query, map[string]any{"under": under}); e.code() != want {
			t.Errorf("%s: %+v", login, e.Errors)
		}
	}
}

// A stream tells each event once, also what the bus did not carry.
func TestCaseChanged(t *testing.T) {
	w := open(t)
	id, _, _ := w.apply("xiangwei")
	events := w.stream("xiangwei", `subscription($id: ID!) { caseChanged(case: $id) { seq type title actorName } }`, map[string]any{"id": id})
	task, login := w.taskOf(id, "shencha", "shencha2")
	w.do(login, `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { version } } }`, input(map[string]any{"task": task, "action": "pass", "version": w.version(login, id)}))
	key, err := relay.ParseID(id)
	w.must(err)
	w.must(w.bus.Publish(t.Context(), queue.Topic{Tenant: county, Name: "case:" + key.Key}, ""))
	if e := <-events; e.text("caseChanged", "type") != "task.acted" {
		t.Errorf("%v", e.Data)
	}
	if e := <-w.stream("yongfeng", `subscription($id: ID!) { caseChanged(case: $id) { seq } }`, map[string]any{"id": id}); e.code() != "NOT_FOUND" {
		t.Errorf("%+v", e)
	}
}
