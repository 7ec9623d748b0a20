package authz

import (
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"
	"go.yaml.in/yaml/v3"

	"zhengtong/policies"
)

var update = flag.Bool("update", false, "rewrite policies/matrix.yaml from what is decided (then review it by eye)")

var (
	ownerAccount = uuid.Must(uuid.FromString("00000000-0000-7000-8000-000000000001"))
	otherAccount = uuid.Must(uuid.FromString("00000000-0000-7000-8000-000000000002"))
	taskID       = uuid.Must(uuid.FromString("00000000-0000-7000-8000-0000000000aa"))
)

// countyRoles are those of the county of the demo (and of its province, inherited).
type countyRoles struct{}

func (countyRoles) RoleSet(context.Context, string) (RoleSet, error) {
	return RoleSet{Digest: "county", Roles: []Role{
		{Name: "window-clerk", Scope: ScopeHall, Permissions: []string{"case.receive", "case.print_receipt", "case.issue_result", "case.withdraw_on_behalf", "material.upload"}},
		{Name: "reviewer", Scope: ScopeDepartment, Permissions: []string{"case.pre_review", "case.accept", "case.correct", "case.refuse_acceptance", "case.review", "case.void", "case.delete", "special.request", "extension.request"}},
		{Name: "inspector", Scope: ScopeAssigned, Permissions: []string{"special.execute", "special.report"}},
		{Name: "approver", Scope: ScopeDepartment, Permissions: []string{"case.decide", "special.approve", "extension.approve"}},
		{Name: "config-author", Scope: ScopeTenant, Permissions: []string{"config.read", "config.author"}},
		{Name: "config-reviewer", Scope: ScopeTenant, Permissions: []string{"config.read", "config.review", "config.publish"}},
		{Name: "auditor", Scope: ScopeTenant, Permissions: []string{"audit.read"}},
		{Name: "linked-supervisor", Scope: ScopeSubtree, Permissions: []string{"supervision.linked", "statistics.view"}},
		{Name: "tenant-admin", Scope: ScopeTenant, Permissions: []string{"tenant.administer", "staff.manage", "role.bind"}},
		{Name: "dispatcher", Scope: ScopeTenant, Permissions: []string{"task.reassign", "case.record_event"}},
	}}, nil
}

func staffMember(n byte, home, department, role string) Principal {
	id := uuid.UUID{15: n}
	return Principal{Type: TypeStaff, Account: id, Staff: id, Home: home, Department: department,
		Bindings: []Binding{{Role: role, Department: department}}}
}

func subjects() map[string]Principal {
	return map[string]Principal{
		"public":              {Type: TypePublic},
		"owner":               {Type: TypeApplicant, Account: ownerAccount, Home: "national", Level: "L2"},
		"owner_L1":            {Type: TypeApplicant, Account: ownerAccount, Home: "national", Level: "L1"},
		"stranger":            {Type: TypeApplicant, Account: otherAccount, Home: "national", Level: "L2"},
		"clerk":               staffMember(11, "431321", "zwfwj", "window-clerk"),
		"reviewer":            staffMember(12, "431321", "scjgj", "reviewer"),
		"reviewer_elsewhere":  staffMember(13, "431321", "zjj", "reviewer"),
		"reviewer_separated":  staffMember(14, "431321", "scjgj", "reviewer"),
		"reviewer_neighbour":  staffMember(15, "431322", "scjgj", "reviewer"),
		"inspector":           staffMember(16, "431321", "scjgj", "inspector"),
		"approver":            staffMember(17, "431321", "scjgj", "approver"),
		"config_author":       staffMember(18, "431321", "zwfwj", "config-author"),
		"config_reviewer":     staffMember(19, "431321", "zwfwj", "config-reviewer"),
		"auditor":             staffMember(20, "431321", "zwfwj", "auditor"),
		"administrator":       staffMember(23, "431321", "zwfwj", "tenant-admin"),
		"dispatcher":          staffMember(21, "431321", "zwfwj", "dispatcher"),
		"province_supervisor": staffMember(22, "430000", "scjgj", "linked-supervisor"),
		"system":              System(),
	}
}

func caseObject(p Principal) Object {
	task := TaskFacts{ID: taskID, State: "offered", Department: "scjgj", Role: "reviewer"}
	o := Object{Kind: "case", Tenant: "431321", Owner: ownerAccount, Department: "scjgj", Permission: "case.accept", MinLevel: "L2",
		Parties: []string{ownerAccount.String()}, Tasks: []TaskFacts{task}, Task: &task,
		Excluded: []uuid.UUID{{15: 14}}}
	if p.Home == "430000" {
		o.Relation = RelationSubtree
	}
	return o
}

// TestDecisionMatrix holds every action × subject, on a case of the county with
// one open review task, to policies/matrix.yaml. An action without a row fails.
// R-PRC-15, R-SUP-14, R-CFG-02
func TestDecisionMatrix(t *testing.T) {
	ctx := context.Background()
	door, err := New(ctx, countyRoles{})
	if err != nil {
		t.Fatal(err)
	}
	actions, err := policies.Actions()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]map[string]string{}
	for action := range actions {
		got[action] = map[string]string{}
		for name, p := range subjects() {
			d, err := door.DecideFor(ctx, p, action, caseObject(p))
			if err != nil {
				t.Fatalf("%s %s: %v", name, action, err)
			}
			got[action][name] = describe(d)
		}
	}
	if *update {
		writeMatrix(t, got)
	}
	compareMatrix(t, got)
}

func describe(d Decision) string {
	verdict := "deny"
	if d.Allow {
		verdict = "allow"
	}
	parts := []string{verdict, d.Reason}
	for _, o := range d.Obligations {
		parts = append(parts, "+"+o.Type)
	}
	return strings.Join(parts, " ")
}

func writeMatrix(t *testing.T, got map[string]map[string]string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("# The decision matrix: action × subject, on a county's case with one open review task (internal/authz/matrix_test.go\n" +
		"# describes the subjects). Rewritten by `go test ./internal/authz -run Matrix -update`, reviewed by eye.\n")
	for _, action := range slices.Sorted(maps.Keys(got)) {
		fmt.Fprintf(&b, "%s:\n", action)
		for _, subject := range slices.Sorted(maps.Keys(got[action])) {
			fmt.Fprintf(&b, "  %s: %s\n", subject, got[action][subject])
		}
	}
	if err := os.WriteFile("../../policies/matrix.yaml", []byte(b.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

func compareMatrix(t *testing.T, got map[string]map[string]string) {
	t.Helper()
	text, err := os.ReadFile("../../policies/matrix.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]map[string]string
	if err := yaml.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	for action, row := range got {
		if len(want[action]) == 0 {
			t.Errorf("%s has no row in policies/matrix.yaml", action)
			continue
		}
		for subject, verdict := range row {
			if want[action][subject] != verdict {
				t.Errorf("%s by %s: got %q, the matrix says %q", action, subject, verdict, want[action][subject])
			}
		}
	}
	for action := range want {
		if got[action] == nil {
			t.Errorf("policies/matrix.yaml has a row for the unknown action %s", action)
		}
	}
}
