package record

import (
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/code"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// Tenant is what records refer to in the tenant that takes them in.
type Tenant struct {
	Code        string
	Departments map[string]Department // by unified social credit code
	Catalogue   map[string]string     // basic code → name of the CatalogueItem
	Matters     map[string]string     // basic code → name of the tenant's own matter, which a record changes
	Template    Template
}

// Department is a body that may implement a matter.
type Department struct{ Name, Title, Phone, Complaint string }

// Template gives form, workflow, fee, documents and whatever else a record does not say.
type Template struct {
	Spec    map[string]any // copied below what the record says; nil when Extends is given
	Extends *kind.Extends  // an ancestor's abstract matter to stand on
	Charges bool           // its fee schedule charges something
}

// Source is one record with the place of its fields, for problems.
type Source struct {
	Record Record
	Row    int
	At     func(path string) (line, column int, place string) // nil for JSON: the record's number, and the field's path
}

// Item is a record that became resources: the matter first, then its materials.
type Item struct {
	Source    Source
	Resources []*kind.Resource
	Facts     Facts // of the record
}

// own are the fields of a template that belong to that matter alone.
var own = []string{"title", "abstract", "item_type", "basic_code", "implementation_code", "handling_item_code", "catalogue_item", "legal_basis", "authority_division",
	"exercise_content", "service_objects", "statutory_limit", "promised_limit", "case_type", "materials", "situations", "prerequisites", "intermediaries", "exchange",
	"plan_cancel_on", "visits", "onsite_reason", "quantity_limit", "auto_approval", "entrusted_department", "entrustment_basis", "lead_department", "joint_departments"}

// Convert makes resources of records. A record with an error gives nothing; of several with the same code the one with
// the highest task_version is taken. Problems are by record, in their order.
func Convert(sources []Source, tenant Tenant) ([]Item, problem.List) {
	var items []Item
	var problems problem.List
	newest := map[string]int{}
	for i, s := range sources {
		key := keyOf(s.Record)
		if other, twice := newest[key]; key != "" && (!twice || version(s.Record) > version(sources[other].Record)) {
			newest[key] = i
		}
	}
	for i, s := range sources {
		c := &converter{source: s, tenant: tenant, facts: FactsOf(s.Record), spec: map[string]any{}}
		if key := keyOf(s.Record); key != "" && newest[key] != i {
			c.fail("AUDIT_ITEM.task_code", "V-08", "只保留一条", "编码 %s 重复，已采用第 %d 条", strings.TrimSuffix(key, " "), sources[newest[key]].Row)
		} else {
			c.convert()
		}
		problems = append(problems, c.problems...)
		if c.problems.HasErrors() {
			continue
		}
		items = append(items, Item{Source: s, Facts: c.facts, Resources: c.resources()})
	}
	return items, problems
}

func keyOf(r Record) string {
	text, _ := r.field("AUDIT_ITEM.task_code")
	more, _ := r.field("AUDIT_ITEM.ywcode")
	if text == "" {
		text, _ = r.field("AUDIT_ITEM.catalog_code")
	}
	return strings.TrimSpace(text + " " + more)
}

func version(r Record) int {
	row, _ := r["AUDIT_ITEM"].(map[string]any)
	return number(row["task_version"])
}

// converter takes one record.
type converter struct {
	source     Source
	tenant     Tenant
	facts      Facts
	department Department
	name       string
	basic      string
	spec       map[string]any
	materials  []map[string]any
	problems   problem.List
}

func (c *converter) report(severity problem.Severity, path, code, hint, format string, args ...any) {
	p := problem.Problem{Line: c.source.Row, Column: 1, Path: "$." + path, Code: code, Hint: hint, Message: fmt.Sprintf(format, args...), Severity: severity}
	if c.source.At != nil {
		p.Line, p.Column, p.Path = c.source.At(path)
	}
	c.problems = append(c.problems, p)
}

func (c *converter) fail(path, code, hint, format string, args ...any) {
	c.report(problem.SeverityError, path, code, hint, format, args...)
}

func (c *converter) warn(path, code, hint, format string, args ...any) {
	c.report(problem.SeverityWarning, path, code, hint, format, args...)
}

// say takes a fact over into the spec; need names the fact when it must be there.
func (c *converter) say(field, fact, need string) string {
	text := c.facts.Fields["AUDIT_ITEM."+fact]
	if text == "" && need != "" {
		c.fail("AUDIT_ITEM."+fact, "V-13", "", "缺少%s（%s）", need, fact)
	}
	if text != "" && field != "" {
		c.spec[field] = text
	}
	return text
}

func (c *converter) convert() {
	c.say("title", "task_name", "事项名称")
	c.codes()
	c.body()
	c.limits()
	c.words("handling_forms", "handle_type", forms)
	c.words("service_objects", "serve_type", objects)
	if c.spec["service_objects"] == nil && c.tenant.Template.Extends == nil {
		if given := c.tenant.Template.Spec["service_objects"]; given != nil {
			c.spec["service_objects"] = given
		}
	}
	c.say("exercise_content", "exercise_content", "")
	c.say("authority_division", "authority_division", "")
	if text := c.facts.Fields["AUDIT_ITEM_EXTEND.scene_reason"]; text != "" {
		c.spec["onsite_reason"] = text
	}
	if text := c.facts.Fields["AUDIT_ITEM.limit_scene_num"]; text != "" {
		if n, ok := c.count("AUDIT_ITEM.limit_scene_num", text); ok {
			c.spec["visits"] = n
		}
	}
	if fee, _ := c.source.Record.field("AUDIT_ITEM.is_fee"); fee == "1" && !c.tenant.Template.Charges {
		c.fail("AUDIT_ITEM.is_fee", "V-12", "选用有收费标准的模板", "该事项收费，模板不收费")
	}
	c.bases()
	c.papers()
	c.guide()
	if n := len(c.source.Record.rows("AUDIT_ITEM_SPECIAL")); n > 0 {
		c.warn("AUDIT_ITEM_SPECIAL", "record", "特别程序（SpecialProcedure）另行配置", "%d 个特别程序没有导入，记录中保留", n)
	}
}

// codes checks the codes of the matter against one another and against the catalogue.
func (c *converter) codes() {
	basic, task := c.facts.Fields["AUDIT_ITEM.catalog_code"], c.facts.Fields["AUDIT_ITEM.task_code"]
	switch {
	case basic != "":
	case len(task) == 31:
		basic = task[19:] // credit code 18, level 1, basic code 12
	default:
		c.say("", "catalog_code", "基本编码")
	}
	c.basic = basic
	c.spec["basic_code"] = basic
	if err := code.CheckBasic(basic); basic != "" && err != nil {
		c.fail("AUDIT_ITEM.catalog_code", "V-07", "编码按文本填写，不要丢失前导零", "%q：%v", basic, err)
		basic = ""
	}
	itemType := c.facts.Fields["AUDIT_ITEM.task_type"]
	if basic != "" && itemType == "" {
		itemType = basic[2:4]
	}
	switch name := code.ItemTypeName(itemType); {
	case itemType == "":
	case name == "":
		c.fail("AUDIT_ITEM.task_type", "V-08", "01 至 10、20", "未知的事项类型 %q", itemType)
	case basic != "" && basic[2:4] != itemType:
		c.fail("AUDIT_ITEM.task_type", "V-08", "", "事项类型 %s 与基本编码第 3、4 位 %s 不符", itemType, basic[2:4])
	default:
		c.spec["item_type"] = name
	}
	if item, ok := c.tenant.Catalogue[basic]; ok {
		c.spec["catalogue_item"] = item
	} else if basic != "" {
		c.fail("AUDIT_ITEM.catalog_code", "V-03", "先导入目录清单", "目录清单中没有基本编码 %s", basic)
	}
	handling := c.say("handling_item_code", "ywcode", "")
	if err := code.CheckHandlingItem(handling); handling != "" && err != nil {
		c.fail("AUDIT_ITEM.ywcode", "V-07", "", "%q：%v", handling, err)
	}
	c.name = "matter-" + basic
	if len(handling) == 33 {
		c.name += "-" + handling[31:]
	}
	if name, ok := c.tenant.Matters[basic]; ok {
		c.name = name // the record changes the matter that is there
	}
}

// body finds the department and checks the implementation code, which its credit code begins.
func (c *converter) body() {
	level := c.say("", "use_level", "行使层级")
	if word := levels.word(level); word != "" {
		c.spec["exercise_level"] = word
	} else if level != "" {
		c.fail("AUDIT_ITEM.use_level", "V-01", "1 国家、2 省、3 市、4 县、5 乡、6 村", "未知的行使层级 %q", level)
	}
	if area := c.facts.Fields["AUDIT_ITEM.areacode"]; area != "" && !strings.HasPrefix(area, c.tenant.Code) {
		c.fail("AUDIT_ITEM.areacode", "V-04", "由该租户自己导入", "区划代码 %s 不是本租户 %s", area, c.tenant.Code)
	}
	uscc := c.say("", "dept_code", "实施主体编码")
	if uscc == "" {
		return
	}
	department, known := c.tenant.Departments[uscc]
	switch err := code.CheckUSCC(uscc); {
	case err != nil:
		c.fail("AUDIT_ITEM.dept_code", "V-07", "核对统一社会信用代码", "%q：%v", uscc, err)
		return
	case !known:
		c.fail("AUDIT_ITEM.dept_code", "V-05", "先建立部门（Department）", "本租户没有统一社会信用代码为 %s 的部门", uscc)
		return
	}
	c.department = department
	c.spec["implementing_department"] = department.Name
	if name := c.facts.Fields["AUDIT_ITEM.dept_name"]; name != "" && name != department.Title {
		c.warn("AUDIT_ITEM.dept_name", "V-05", "", "部门名称 %q 与登记的 %q 不同", name, department.Title)
	}
	task := c.facts.Fields["AUDIT_ITEM.task_code"]
	if task == "" {
		return
	}
	if err := code.CheckImplementation(task); err != nil {
		c.fail("AUDIT_ITEM.task_code", "V-07", "", "%q：%v", task, err)
	} else if want := uscc + level + c.basic; task != want {
		c.fail("AUDIT_ITEM.task_code", "V-08", "应为 "+want, "实施编码应由实施主体编码、层级和基本编码组成")
	}
}

func (c *converter) count(path, text string) (json.Number, bool) {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 9999 {
		c.fail(path, "V-01", "写不带单位的整数", "%q 不是 0 至 9999 的整数", text)
		return "", false
	}
	return json.Number(strconv.Itoa(n)), true
}

// limits reads the two limits; a promise may not be longer than the law, nor the explanation say another number.
func (c *converter) limits() {
	read := func(name string) (int, string) {
		text := c.facts.Fields["AUDIT_ITEM."+name+"_day"]
		if text == "" {
			return 0, ""
		}
		n, ok := c.count("AUDIT_ITEM."+name+"_day", text)
		unit := units.word(cmp.Or(c.facts.Fields["AUDIT_ITEM."+name+"_type"], "1"))
		if unit == "" {
			c.fail("AUDIT_ITEM."+name+"_type", "V-01", "1 工作日、2 自然日", "未知的时限单位 %q", c.facts.Fields["AUDIT_ITEM."+name+"_type"])
		}
		if !ok || unit == "" {
			return 0, ""
		}
		c.spec[map[string]string{"promise": "promised_limit", "anticipate": "statutory_limit"}[name]] = map[string]any{"n": n, "unit": unit}
		days, _ := strconv.Atoi(string(n)) // count has read it
		explained, _ := c.source.Record.field("AUDIT_ITEM." + name + "_day_explain")
		if other, found := daysIn(explained); found && other != days {
			c.warn("AUDIT_ITEM."+name+"_day_explain", "V-09", "核对后更正其一", "时限为 %d，说明却写 %d：%s", days, other, explained)
		}
		return days, unit
	}
	promised, unit := read("promise")
	if c.facts.Fields["AUDIT_ITEM.promise_day"] == "" {
		c.fail("AUDIT_ITEM.promise_day", "V-13", "", "缺少承诺办结时限（promise_day）")
	}
	statutory, statutoryUnit := read("anticipate")
	if unit != "" && unit == statutoryUnit && promised > statutory {
		c.fail("AUDIT_ITEM.promise_day", "V-09", "", "承诺 %d 日长于法定 %d 日", promised, statutory)
	}
	kindOf := c.facts.Fields["AUDIT_ITEM.project_type"]
	switch word := caseTypes.word(cmp.Or(kindOf, "2")); word {
	case "":
		c.fail("AUDIT_ITEM.project_type", "V-01", "1 即办件、2 承诺件", "未知的办件类型 %q", kindOf)
	default:
		c.spec["case_type"] = word
	}
}

var dayCount = regexp.MustCompile(`(\d{1,4})\s*个?(?:工作日|自然日|日内|天)`)

// daysIn is the one number of days that an explanation names; false for none or several.
func daysIn(text string) (int, bool) {
	found := dayCount.FindAllStringSubmatch(text, 2)
	if len(found) != 1 {
		return 0, false
	}
	n, err := strconv.Atoi(found[0][1])
	return n, err == nil
}

func (c *converter) words(field, fact string, table pairs) {
	text := c.facts.Fields["AUDIT_ITEM."+fact]
	if text == "" {
		return
	}
	words, unknown := table.words(text)
	if unknown != "" {
		c.fail("AUDIT_ITEM."+fact, "V-01", "", "未知的代码 %q", unknown)
		return
	}
	c.spec[field] = words
}

func (c *converter) bases() {
	var out []any
	for _, fact := range c.facts.Lists["AUDIT_ITEM_BYLAW"] {
		basis := map[string]any{"law": fact["law_name"]}
		for field, name := range map[string]string{"document_no": "law_number", "article": "clause_number"} {
			if fact[name] != "" {
				basis[field] = fact[name]
			}
		}
		out = append(out, basis)
	}
	if len(out) == 0 {
		c.fail("AUDIT_ITEM_BYLAW", "V-12", "", "没有设定依据")
		return
	}
	c.spec["legal_basis"] = out
}

// papers makes a Material of each row; formats and size are what a record does not say.
func (c *converter) papers() {
	rows := slices.DeleteFunc(c.source.Record.rows("AUDIT_MATERIAL"), func(row map[string]any) bool {
		return factOf("AUDIT_MATERIAL", lists["AUDIT_MATERIAL"], row) == nil
	})
	var refs []any
	for i, fact := range c.facts.Lists["AUDIT_MATERIAL"] {
		name := fmt.Sprintf("%s-m%02d", c.name, i+1)
		need := needs.word(fact["is_need"])
		if need == "" {
			c.fail("AUDIT_MATERIAL", "V-01", "1 必要、2 非必要", "材料 %q 的 is_need 为 %q", fact["material_name"], fact["is_need"])
		}
		copies, ok := c.count("AUDIT_MATERIAL", fact["copies"])
		if !ok {
			continue
		}
		source, _ := textOf(rows[i]["source_type"])
		word := cmp.Or(sources.word(source), "applicant")
		material := map[string]any{"title": fact["material_name"], "source": word, "copies": copies, "formats": []any{"pdf", "ofd", "jpg", "png"}, "max_mb": json.Number("50")}
		if explained, _ := textOf(rows[i]["source_explain"]); word == "government_issued" {
			material["issuing_body"] = cmp.Or(explained, "政府部门")
		}
		c.materials = append(c.materials, map[string]any{"name": name, "spec": material})
		refs = append(refs, map[string]any{"ref": name, "required": need == "true", "copies": copies})
	}
	if len(refs) > 0 {
		c.spec["materials"] = refs
	}
}

// guide keeps place, hours and answered questions when the department can be called.
func (c *converter) guide() {
	var faq []any
	for _, fact := range c.facts.Lists["AUDIT_QA"] {
		faq = append(faq, map[string]any{"q": fact["question"], "a": fact["answer"]})
	}
	var address, hours string
	if windows := c.source.Record.rows("AUDIT_ITEM_WINDOW"); len(windows) > 0 {
		address, _ = textOf(windows[0]["transact_addr"])
		hours, _ = textOf(windows[0]["transact_time"])
	}
	if address == "" || hours == "" || c.department.Phone == "" || c.department.Complaint == "" {
		if len(faq) > 0 {
			c.facts.Lists["AUDIT_QA"] = nil
			c.warn("AUDIT_QA", "record", "部门写明电话（places）后再导入", "地点、时间或电话不全，办事指南取部门的，常见问题没有导入")
		}
		return
	}
	guide := map[string]any{"address": address, "hours": hours, "phone": c.department.Phone, "complaint": c.department.Complaint}
	if len(faq) > 0 {
		guide["faq"] = faq
	}
	c.spec["guide"] = guide
}

// resources are the matter over its template, and its materials.
func (c *converter) resources() []*kind.Resource {
	spec := c.spec
	metadata := kind.Metadata{Tenant: c.tenant.Code, Name: c.name, Extends: c.tenant.Template.Extends}
	if metadata.Extends == nil {
		spec, _ = clone(c.tenant.Template.Spec).(map[string]any)
		for _, field := range own {
			delete(spec, field)
		}
		if guide, ok := spec["guide"].(map[string]any); ok {
			delete(guide, "faq")
		}
		for field, value := range c.spec {
			spec[field] = value
		}
	} else {
		spec["abstract"] = false
	}
	spec["exchange"] = map[string]any{"record": clone(map[string]any(c.source.Record))}
	out := []*kind.Resource{{APIVersion: kind.APIVersion, Kind: "Matter", Metadata: metadata, Doc: spec}}
	for _, m := range c.materials {
		doc, _ := m["spec"].(map[string]any)
		name, _ := m["name"].(string)
		out = append(out, &kind.Resource{APIVersion: kind.APIVersion, Kind: "Material", Metadata: kind.Metadata{Tenant: c.tenant.Code, Name: name}, Doc: doc})
	}
	return out
}
