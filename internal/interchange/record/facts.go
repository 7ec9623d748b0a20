package record

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/code"
	"zhengtong/schema/kind"
)

// Facts are what a record and a matter both say, in the record's words: field path → text, and rows of the tables of many.
type Facts struct {
	Fields map[string]string
	Lists  map[string][]map[string]string
}

// Body is what a tenant brings to a matter: who carries it out, and where.
type Body struct {
	Tenant, Department, USCC, ImplementationCode string
	Address, Hours                               string
}

// The closed lists of the exchange tables as far as a matter says the same.
var (
	levels    = pairs{{"1", "nation"}, {"2", "province"}, {"3", "city"}, {"4", "county"}, {"5", "township"}, {"6", "village"}}
	caseTypes = pairs{{"1", "instant"}, {"2", "promised"}}
	units     = pairs{{"1", "workday"}, {"2", "day"}}
	objects   = pairs{{"1", "natural_person"}, {"2", "enterprise"}, {"3", "public_institution"}, {"4", "social_organisation"}, {"5", "unincorporated_enterprise"}, {"6", "administrative_organ"}, {"9", "other"}}
	forms     = pairs{{"1", "window"}, {"2", "online"}, {"3", "courier"}}
	needs     = pairs{{"1", "true"}, {"2", "false"}}
	sources   = pairs{{"10", "applicant"}, {"20", "government_issued"}}
)

// pairs is a small two-way table: the exchange's code and our word.
type pairs [][2]string

func (p pairs) word(code string) string {
	for _, pair := range p {
		if pair[0] == code {
			return pair[1]
		}
	}
	return ""
}

func (p pairs) code(word string) string {
	for _, pair := range p {
		if pair[1] == word {
			return pair[0]
		}
	}
	return ""
}

// codes are those of several words, in the order of the table; "" when a word has none.
func (p pairs) codes(words []string) string {
	var out []string
	for _, pair := range p {
		if slices.Contains(words, pair[1]) {
			out = append(out, pair[0])
		}
	}
	if len(out) != len(words) {
		return ""
	}
	return strings.Join(out, ",")
}

// words are those of a list of codes; the first code without a word is returned too.
func (p pairs) words(codes string) (words []any, unknown string) {
	for _, c := range strings.Split(codes, ",") {
		word := p.word(strings.TrimSpace(c))
		if word == "" {
			return words, strings.TrimSpace(c)
		}
		words = append(words, word)
	}
	return words, ""
}

// lists are the tables of many whose rows a matter has: fields, the first of which names the row.
var lists = map[string][]string{
	"AUDIT_ITEM_BYLAW": {"law_name", "law_number", "clause_number"},
	"AUDIT_MATERIAL":   {"material_name", "is_need", "copies"},
	"AUDIT_QA":         {"question", "answer"},
}

// mapped are the fields of the tables of one row that a matter has.
var mapped = []string{"AUDIT_ITEM.task_name", "AUDIT_ITEM.task_code", "AUDIT_ITEM.ywcode", "AUDIT_ITEM.catalog_code", "AUDIT_ITEM.task_type", "AUDIT_ITEM.use_level",
	"AUDIT_ITEM.areacode", "AUDIT_ITEM.dept_name", "AUDIT_ITEM.dept_code", "AUDIT_ITEM.project_type", "AUDIT_ITEM.promise_day", "AUDIT_ITEM.promise_type",
	"AUDIT_ITEM.anticipate_day", "AUDIT_ITEM.anticipate_type", "AUDIT_ITEM.handle_type", "AUDIT_ITEM.serve_type", "AUDIT_ITEM.limit_scene_num",
	"AUDIT_ITEM.exercise_content", "AUDIT_ITEM.authority_division", "AUDIT_ITEM_EXTEND.scene_reason"}

// FactsOf reads the facts of a record.
func FactsOf(r Record) Facts {
	f := Facts{Fields: map[string]string{}, Lists: map[string][]map[string]string{}}
	for _, path := range mapped {
		if text, ok := r.field(path); ok && text != "" {
			f.Fields[path] = text
		}
	}
	for _, path := range []string{"AUDIT_ITEM.handle_type", "AUDIT_ITEM.serve_type"} {
		if text, ok := f.Fields[path]; ok {
			parts := strings.Split(text, ",")
			slices.Sort(parts)
			f.Fields[path] = strings.Join(slices.Compact(parts), ",")
		}
	}
	for table, fields := range lists {
		if _, there := r[table]; !there {
			continue
		}
		f.Lists[table] = []map[string]string{}
		for _, row := range r.rows(table) {
			if fact := factOf(table, fields, row); fact != nil {
				f.Lists[table] = append(f.Lists[table], fact)
			}
		}
	}
	return f
}

// factOf is a row as far as a matter says it; nil for one that it cannot, such as a question without an answer.
func factOf(table string, fields []string, row map[string]any) map[string]string {
	fact := map[string]string{}
	for _, name := range fields {
		if text, ok := textOf(row[name]); ok && text != "" {
			fact[name] = text
		}
	}
	if table == "AUDIT_MATERIAL" {
		fact["copies"] = strconv.Itoa(number(row["original_amount"]) + number(row["copy_amount"]))
	}
	if fact[fields[0]] == "" || table == "AUDIT_QA" && fact["answer"] == "" {
		return nil
	}
	return fact
}

func number(value any) int {
	text, _ := textOf(value)
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// FactsOfMatter says in the record's words what a matter of a tenant says.
func FactsOfMatter(m *kind.Matter, materials map[string]*kind.Material, body Body) Facts {
	f := Facts{Fields: map[string]string{}, Lists: map[string][]map[string]string{}}
	put := func(name, value string) {
		if value != "" {
			f.Fields["AUDIT_ITEM."+name] = strings.TrimSpace(value)
		}
	}
	put("task_name", m.Title)
	put("task_code", cmp.Or(m.ImplementationCode, body.ImplementationCode))
	put("ywcode", m.HandlingItemCode)
	put("catalog_code", m.BasicCode)
	put("task_type", code.ItemTypeDigits(m.ItemType))
	put("use_level", levels.code(m.ExerciseLevel))
	put("areacode", body.Tenant)
	put("dept_name", body.Department)
	put("dept_code", body.USCC)
	put("project_type", caseTypes.code(m.CaseType))
	limit := func(name string, l *kind.Limit) {
		if l != nil && units.code(l.Unit) != "" {
			put(name+"_day", strconv.Itoa(l.N))
			put(name+"_type", units.code(l.Unit))
		}
	}
	limit("promise", m.PromisedLimit)
	limit("anticipate", m.StatutoryLimit)
	put("handle_type", forms.codes(m.HandlingForms))
	put("serve_type", objects.codes(m.ServiceObjects))
	if m.Visits != nil {
		put("limit_scene_num", strconv.Itoa(*m.Visits))
	}
	put("exercise_content", m.ExerciseContent)
	put("authority_division", m.AuthorityDivision)
	if m.OnsiteReason != "" {
		f.Fields["AUDIT_ITEM_EXTEND.scene_reason"] = m.OnsiteReason
	}
	row := func(table string, values ...string) {
		fact := map[string]string{}
		for i, name := range lists[table] {
			if values[i] != "" {
				fact[name] = strings.TrimSpace(values[i])
			}
		}
		f.Lists[table] = append(f.Lists[table], fact)
	}
	for _, basis := range m.LegalBasis {
		row("AUDIT_ITEM_BYLAW", basis.Law, basis.DocumentNo, basis.Article)
	}
	for _, item := range m.Materials {
		material := materials[item.Ref]
		if material == nil {
			continue
		}
		copies := material.Copies
		if item.Copies != nil {
			copies = *item.Copies
		}
		row("AUDIT_MATERIAL", material.Title, needs.code(strconv.FormatBool(item.Required)), strconv.Itoa(copies))
	}
	if m.Guide != nil {
		for _, faq := range m.Guide.FAQ {
			row("AUDIT_QA", faq.Q, faq.A)
		}
	}
	return f
}
