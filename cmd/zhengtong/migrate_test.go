package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMigrate moves a case that was begun under a promise of 5 days to the version of 4 on
// a running server: previewed, submitted by one person, approved by another, done in the
// background, told case by case.
// R-CFG-04, R-MGT-03
func TestMigrate(t *testing.T) {
	w := openTown(t)
	w.accept(t)
	reviewer := signIn(t, w.origin, "shenhe", "431321")
	dir := t.TempDir()
	at := []string{"--server", w.origin, "--token", w.author.token}
	if err := os.WriteFile(filepath.Join(dir, "food.yaml"), []byte(faster(t, 4)), 0o600); err != nil {
		t.Fatal(err)
	}
	expect(t, dir, append([]string{"apply", "-m", "提速", "food.yaml", "--approve", reviewer.token}, at...), exitClean, "publishChange：完成")
	lines, code := command(t, dir, append([]string{"matter", "versions", "food-business-licence"}, at...)...)
	if code != exitClean || strings.Count(lines, "\n") != 2 || !strings.Contains(lines, "在办 1 件\n") || !strings.Contains(lines, "在办 0 件（现行）") {
		t.Fatalf("%d\n%s", code, lines)
	}
	compare := append([]string{"matter", "compare", "food-business-licence", "--from", "1"}, at...)
	expect(t, dir, compare, exitClean, "431321 食品经营许可（新办）：", "承诺 5个工作日", " → ", "承诺 4个工作日")
	expect(t, dir, append(compare, "--to", "1", "--json"), exitClean, `"promisedLimit":"5个工作日"`)
	expect(t, dir, append(compare, "--to", "99"), exitCouldNot, "NOT_FOUND")
	from := lines[:64]
	migrate := append([]string{"matter", "migrate", "food-business-licence", "--as", "to-four", "--from", from}, at...)
	w.unchanged(t, func() {
		expect(t, dir, append(migrate, "--preview"), exitClean, "+ "+w.kase.CaseNumber, "承诺期限 2026-03-09 → 2026-03-06", "可迁移 1 件，不迁移 0 件")
		expect(t, dir, append(migrate, "--preview", "--json"), exitClean, `"outcome":"ready"`)
		expect(t, dir, append(migrate, "--preview", "--node", "review=decided"), exitErrors, "$.nodes.review", "V-56")
		expect(t, dir, append(migrate, "-m", "换版", "--node", "review=decided"), exitErrors, "$.spec.nodes.review", "V-56")
		expect(t, dir, append(migrate, "-m", "换版", "--field", "shoe_size=area_sqm"), exitErrors, "$.spec.fields.shoe_size", "V-56")
		expect(t, dir, migrate, exitCouldNot, "-m")
		expect(t, dir, append([]string{"matter", "migrate", "food-business-licence", "--from", strings.Repeat("0", 64), "--preview"}, at...), exitCouldNot, "CONFLICT")
		expect(t, dir, append([]string{"matter", "migrated", "to-four"}, at...), exitCouldNot, "NOT_FOUND")
		expect(t, dir, append([]string{"matter", "versions", "no-such-matter"}, at...), exitCouldNot, "NOT_FOUND")
	})
	expect(t, dir, append(migrate, "-m", "按四日承诺办理", "--approve", w.author.token), exitCouldNot, "已提交", "FORBIDDEN")
	expect(t, dir, append(migrate, "-m", "按四日承诺办理", "--approve", reviewer.token), exitClean, "publishChange：完成")
	w.settle(t)
	expect(t, dir, append([]string{"matter", "migrated", "to-four"}, at...), exitClean, "✓ "+w.kase.CaseNumber, "已完成，已迁移 1 件，不迁移 0 件")
	seen := w.firm.must(t, `query($id: ID!) { case(id: $id) { matter { promisedLimit { n } } promisedDueOn timeline(first: 100) { type title payload } } }`,
		map[string]any{"id": w.kase.CaseID})
	if seen.at("case.matter.promisedLimit.n") != float64(4) || seen.text("case.promisedDueOn") != "2026-03-06" || strings.Count(seen.Body, `"case.migrated"`) != 1 {
		t.Errorf("%s", seen.Body)
	}
	expect(t, dir, append([]string{"tenant", "export", "out"}, at...), exitClean, "已导出修订")
	expect(t, dir, append([]string{"plan", "out"}, at...), exitClean, "共变更 0 个资源") // a migration that was carried out is history
}
