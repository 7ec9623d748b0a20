package record

import (
	"slices"
	"strings"

	"zhengtong/internal/code"
	"zhengtong/internal/interchange/table"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// catalogueHead are the headings of a list of catalogue items (目录清单).
var catalogueHead = []string{"事项名称", "基本编码", "事项类型", "行使层级", "设定依据", "子项"}

// CatalogueRows writes catalogue items as a list that Catalogue reads.
func CatalogueRows(items []*kind.CatalogueItem) [][]string {
	rows := [][]string{catalogueHead}
	for _, item := range items {
		var bases, subs []string
		for _, b := range item.LegalBasis {
			bases = append(bases, strings.TrimRight(b.Law+"｜"+b.DocumentNo+"｜"+b.Article, "｜"))
		}
		for _, sub := range item.SubItems {
			subs = append(subs, sub.Code+"｜"+sub.Title)
		}
		rows = append(rows, []string{item.Title, item.BasicCode, code.ItemTypeDigits(item.ItemType), levels.codes(item.ExerciseLevels), strings.Join(bases, "\n"), strings.Join(subs, "\n")})
	}
	return rows
}

// CatalogueEntry is one row that became a CatalogueItem.
type CatalogueEntry struct {
	Row      int
	Resource *kind.Resource
}

// Catalogue reads a list of catalogue items of a tenant; names are those of its own items by basic code. A row with an
// error gives nothing.
func Catalogue(rows [][]string, tenant string, names map[string]string) ([]CatalogueEntry, problem.List) {
	var problems problem.List
	at := map[string]int{}
	for i, heading := range rows[0] {
		if heading = strings.TrimSpace(heading); heading == "" {
			continue
		}
		if _, twice := at[heading]; twice || !slices.Contains(catalogueHead, heading) {
			problems = append(problems, cell(1, i+1, "V-01", "未知或重复的列 %q", heading))
		}
		at[heading] = i
	}
	for _, heading := range catalogueHead[:5] {
		if _, ok := at[heading]; !ok {
			problems = append(problems, cell(1, 1, "V-13", "缺少列 %q", heading))
		}
	}
	if problems.HasErrors() {
		return nil, problems
	}
	var out []CatalogueEntry
	seen := map[string]int{}
	for i, row := range rows[1:] {
		line := i + 2
		text := func(heading string) string {
			c, ok := at[heading]
			if !ok {
				return ""
			}
			return strings.TrimSpace(valueAt(row, c))
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			continue
		}
		before := len(problems)
		fail := func(heading, code, hint, format string, args ...any) {
			p := cell(line, at[heading]+1, code, format, args...)
			p.Hint = hint
			problems = append(problems, p)
		}
		basic := text("基本编码")
		if err := code.CheckBasic(basic); err != nil {
			fail("基本编码", "V-07", "编码按文本填写，不要丢失前导零", "%q：%v", basic, err)
		}
		if other, twice := seen[basic]; twice {
			fail("基本编码", "V-08", "只保留一行", "基本编码 %s 与 %s 重复", basic, table.Cell(other, at["基本编码"]+1))
		}
		seen[basic] = line
		itemType := code.ItemTypeName(text("事项类型"))
		if itemType == "" {
			fail("事项类型", "V-08", "01 至 10、20", "未知的事项类型 %q", text("事项类型"))
		}
		exercised, unknown := levels.words(text("行使层级"))
		if unknown != "" || text("行使层级") == "" {
			fail("行使层级", "V-01", "1 国家、2 省、3 市、4 县、5 乡、6 村，用逗号分隔", "未知的行使层级 %q", unknown)
		}
		spec := map[string]any{"title": text("事项名称"), "item_type": itemType, "basic_code": basic, "exercise_levels": exercised}
		if text("事项名称") == "" {
			fail("事项名称", "V-13", "", "缺少事项名称")
		}
		if bases := basesOf(text("设定依据")); len(bases) > 0 {
			spec["legal_basis"] = bases
		} else {
			fail("设定依据", "V-12", "每行一条：法律名称｜文号｜条款", "没有设定依据")
		}
		var subs []any
		for _, sub := range strings.Split(text("子项"), "\n") {
			if number, title, ok := strings.Cut(strings.ReplaceAll(sub, "|", "｜"), "｜"); ok {
				subs = append(subs, map[string]any{"code": strings.TrimSpace(number), "title": strings.TrimSpace(title)})
			} else if strings.TrimSpace(sub) != "" {
				fail("子项", "V-01", "每行一项：编码｜名称", "%q 没有编码和名称", sub)
			}
		}
		if len(subs) > 0 {
			spec["sub_items"] = subs
		}
		if len(problems) > before {
			continue
		}
		name := names[basic]
		if name == "" {
			name = "item-" + basic
		}
		out = append(out, CatalogueEntry{Row: line, Resource: &kind.Resource{APIVersion: kind.APIVersion, Kind: "CatalogueItem",
			Metadata: kind.Metadata{Tenant: tenant, Name: name}, Doc: spec}})
	}
	return out, problems
}

// basesOf reads bases of law, one a line; a part may be empty.
func basesOf(text string) []any {
	var out []any
	for _, line := range strings.Split(text, "\n") {
		parts := append(strings.Split(strings.ReplaceAll(line, "|", "｜"), "｜"), "", "")
		if strings.TrimSpace(parts[0]) == "" {
			continue
		}
		basis := map[string]any{"law": strings.TrimSpace(parts[0])}
		for i, field := range []string{"document_no", "article"} {
			if part := strings.TrimSpace(parts[i+1]); part != "" {
				basis[field] = part
			}
		}
		out = append(out, basis)
	}
	return out
}
