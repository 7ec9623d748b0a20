package kind_test

import (
	"encoding/json"
	"slices"
	"testing"

	"zhengtong/schema/kind"
)

const room = `apiVersion: zhengtong/v1
kind: Matter
metadata: {tenant: national, pack: oa-meeting, name: meeting-room}
spec: {title: "会议室申请（${param.place}）", item_type: internal_meeting, implementing_department: "${param.office}", service_objects: [administrative_organ], case_type: instant, promised_limit: {n: "${param.days}", unit: workday}, form: room-form, workflow: room-flow, fee: none, archive_class: arc-office}
`

// TestInstall fills a pack's parameters in and checks what comes out (V-55).
func TestInstall(t *testing.T) {
	resources, problems := kind.ReadFiles([]kind.File{{Path: "room.yaml", Content: []byte(room)}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r := resources[0]
	if got := kind.Parameters(r); !slices.Equal(got, []string{"days", "office", "place"}) {
		t.Errorf("parameters %v", got)
	}
	with := map[string]any{"office": "zwfwj", "place": "三楼", "days": json.Number("2")}
	installed, problems := r.Install("431321", with)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	m := installed.Spec.(*kind.Matter)
	if m.Title != "会议室申请（三楼）" || m.ImplementingDepartment != "zwfwj" || m.PromisedLimit.N != 2 || installed.Metadata.Tenant != "431321" {
		t.Errorf("installed %+v %+v", installed.Metadata, m)
	}
	with["days"] = "soon"
	if _, problems := r.Install("431321", with); !problems.HasErrors() {
		t.Error("a parameter of the wrong type is accepted")
	}
	delete(with, "days")
	if _, problems := r.Install("431321", with); len(problems) != 1 || problems[0].Code != "V-55" || problems[0].Line == 0 {
		t.Errorf("a missing parameter: %v", problems)
	}
}

// TestLayoutPath looks beside the resource's file and then upwards.
func TestLayoutPath(t *testing.T) {
	have := map[string]bool{"hunan/templates/a.yaml": true, "hunan/loudi/templates/b.yaml": true}
	exists := func(p string) bool { return have[p] }
	for name, want := range map[string]string{"templates/a.yaml": "hunan/templates/a.yaml", "templates/b.yaml": "hunan/loudi/templates/b.yaml", "templates/c.yaml": ""} {
		if got, ok := kind.LayoutPath("hunan/loudi/documents/x.yaml", name, exists); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v", name, got, ok)
		}
	}
}
