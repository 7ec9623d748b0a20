package nation

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/schema/kind"
)

// R-CAT-08: when the nation renames a step of a flow, the rows of every tenant that
// takes the matter over tell the new title, patched or not, though the matter is as it was.
func TestStepsFollow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := openCountry(t, d, Size{Tenants: 8, Matters: 4, Every: 2}, 0)
		var flow []byte
		for document := range bytes.SplitSeq(m.Catalogue()[0].Content, []byte("---\n")) {
			if bytes.Contains(document, []byte("kind: Workflow")) && bytes.Contains(document, []byte(`"title":"预审"`)) {
				flow = bytes.Replace(document, []byte(`"title":"预审"`), []byte(`"title":"材料核对"`), 1)
				break
			}
		}
		revision, err := Change(m.in(t, kind.National), m.service, []kind.File{{Path: "catalogue/flow.yaml", Content: flow}}, "环节改名")
		if err != nil {
			t.Fatal(err)
		}
		if err := m.service.Republish(m.in(t, kind.National), revision, nil); err != nil {
			t.Fatal(err)
		}
		for _, tenant := range m.Tenants {
			var flow string
			err := m.db.QueryRow(m.in(t, tenant.Code), "SELECT flow FROM matter WHERE tenant_id = $1 AND name = $2", tenant.Code, MatterName(0)).Scan(&flow)
			if err != nil || !slices.Contains(strings.Split(flow, "\n"), "材料核对") || strings.Contains(flow, "预审") {
				t.Errorf("%s: %q, %v", tenant.Code, flow, err)
			}
		}
	})
}
