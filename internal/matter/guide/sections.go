package guide

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

func (c *composer) basic() []Block {
	s, b := c.matter.Spec, c.matter.Binding
	visits := ""
	if s.Visits != nil {
		visits = strconv.Itoa(*s.Visits) + "次"
		if s.OnsiteReason != "" && *s.Visits > 0 {
			visits += "（" + s.OnsiteReason + "）"
		}
	}
	depth := s.OnlineDepth
	if depth != "" {
		depth += "级"
	}
	area := ""
	if s.CrossArea != "" {
		area = word("area", s.CrossArea)
		if len(s.CrossModes) > 0 {
			area += "（" + each("mode", s.CrossModes) + "）"
		}
	}
	return facts(
		Fact{"事项名称", s.Title},
		Fact{"事项类型", word("item_type", s.ItemType)},
		Fact{"基本编码", s.BasicCode},
		Fact{"实施编码", cmp.Or(b.ImplementationCode, s.ImplementationCode)},
		Fact{"业务办理项编码", s.HandlingItemCode},
		Fact{"实施主体", c.implementing()},
		Fact{"受委托部门", c.entrusted()},
		Fact{"牵头部门", c.department(s.LeadDepartment)},
		Fact{"联办部门", c.departments(s.JointDepartments)},
		Fact{"受理机构", c.accepting()},
		Fact{"行使层级", word("level", s.ExerciseLevel)},
		Fact{"权限划分", s.AuthorityDivision},
		Fact{"行使内容", s.ExerciseContent},
		Fact{"服务对象", each("object", s.ServiceObjects)},
		Fact{"主题分类", strings.Join(s.Themes, "、")},
		Fact{"启动方式", word("initiation", s.Initiation)},
		Fact{"办件类型", word("case_type", s.CaseType)},
		Fact{"申请渠道", each("channel", s.Channels)},
		Fact{"办理形式", each("form", s.HandlingForms)},
		Fact{"网办深度", depth},
		Fact{"到现场次数", visits},
		Fact{"通办范围", area},
		Fact{"网上申请的身份要求", word("user_level", s.MinUserLevel)},
	)
}

func (c *composer) implementing() string {
	name := c.matter.Binding.Department
	if name == "" {
		return ""
	}
	title := c.department(name)
	if nature := c.matter.Spec.BodyNature; nature != "" {
		title += "（" + word("body_nature", nature) + "）"
	}
	return title
}

func (c *composer) entrusted() string {
	s := c.matter.Spec
	if s.EntrustedDepartment == "" {
		return ""
	}
	if s.EntrustmentBasis != "" {
		return c.department(s.EntrustedDepartment) + "（委托依据：" + s.EntrustmentBasis + "）"
	}
	return c.department(s.EntrustedDepartment)
}

func (c *composer) departments(names []string) string {
	titles := make([]string, len(names))
	for i, name := range names {
		titles[i] = c.department(name)
	}
	return strings.Join(titles, "、")
}

// accepting is the body that takes the application in: the windows of a hall where
// there are some, else whoever handles it.
func (c *composer) accepting() string {
	var at []string
	for _, f := range c.source.All("Hall") {
		hall := f.Resource.Spec.(*kind.Hall)
		if windows := windowsFor(hall, c.matter.Name); len(windows) > 0 {
			c.parts["Hall/"+f.Resource.Metadata.Name] = true
			at = append(at, hall.Title+"（"+strings.Join(windows, "、")+"）")
		}
	}
	if len(at) > 0 {
		return strings.Join(at, "、")
	}
	return c.department(cmp.Or(c.matter.Spec.EntrustedDepartment, c.matter.Binding.Department))
}

// windowsFor are the titles of the windows of a hall that take a matter.
func windowsFor(hall *kind.Hall, matter string) []string {
	var out []string
	for _, w := range hall.Windows {
		if slices.Contains(w.Matters, matter) || slices.Contains(w.Matters, "*") {
			out = append(out, w.Title)
		}
	}
	return out
}

func (c *composer) basis() []Block {
	var items []string
	for _, b := range c.matter.Spec.LegalBasis {
		text := "《" + strings.Trim(b.Law, "《》") + "》" + b.Article
		if b.DocumentNo != "" {
			text += "（" + b.DocumentNo + "）"
		}
		if b.Text != "" {
			text += "：" + b.Text
		}
		items = append(items, text)
	}
	return listed(items)
}

func (c *composer) conditions() []Block {
	s := c.matter.Spec
	out := listed(s.Conditions)
	if q := s.QuantityLimit; q != nil {
		out = append(out, Block{Text: fmt.Sprintf("数量限制：总量 %d。", q.Total)})
	}
	var before []string
	for _, p := range s.Prerequisites {
		if p.Matter != "" {
			before = append(before, "先办理“"+c.title(p.Matter)+"”")
			continue
		}
		before = append(before, p.Text)
	}
	if len(before) > 0 {
		out = append(out, Block{Text: "前置条件："}, Block{List: before})
	}
	for _, i := range s.Intermediaries {
		text := "中介服务：" + i.Name
		if i.Basis != "" {
			text += "（" + i.Basis + "）"
		}
		out = append(out, Block{Text: text})
	}
	if len(s.Situations) > 0 {
		t := &Table{Head: []string{"办理情形", "怎样办理"}, Shares: []int{3, 6}}
		for _, situation := range s.Situations {
			t.Rows = append(t.Rows, []string{situation.Title, c.situation(situation)})
		}
		out = append(out, Block{Table: t})
	}
	return out
}

func (c *composer) situation(s kind.Situation) string {
	parts := []string{word("situation", s.Outcome)}
	if s.RedirectTo != "" {
		parts[0] += "：" + c.title(s.RedirectTo)
	}
	if s.Message != "" {
		parts = append(parts, s.Message)
	}
	var extra []string
	for _, ref := range s.Materials {
		if m := spec[kind.Material](c, "Material", ref); m != nil {
			extra = append(extra, m.Title)
		}
	}
	if len(extra) > 0 {
		parts = append(parts, "另需："+strings.Join(extra, "、"))
	}
	return strings.Join(parts, "。")
}

func (c *composer) materials() []Block {
	if len(c.matter.Materials) == 0 {
		return []Block{{Text: "不需要提交材料。"}}
	}
	copies := map[string]*int{}
	for _, m := range c.matter.Spec.Materials {
		copies[m.Ref] = m.Copies
	}
	t := &Table{Head: []string{"序号", "材料名称", "来源", "形式", "必要性", "要求"}, Shares: []int{2, 6, 5, 4, 3, 9}}
	for i, term := range c.matter.Materials {
		c.parts["Material/"+term.Ref] = true
		n := term.Spec.Copies
		if copies[term.Ref] != nil {
			n = *copies[term.Ref]
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), term.Spec.Title, origin(term.Spec), shape(term.Spec, n), need(term), terms(term.Spec)})
	}
	blocks := []Block{{Table: t}}
	if links := c.papers(); len(links) > 0 {
		blocks = append(blocks, Block{Links: links})
	}
	return blocks
}

// papers are the blank forms and the filled samples of the materials, under addresses
// that stay while the files change (R-CAT-10).
func (c *composer) papers() []Link {
	var links []Link
	for _, term := range c.matter.Materials {
		for _, paper := range Papers {
			if _, ok := paper.Of(term); ok {
				links = append(links, Link{Title: term.Spec.Title + paper.Title, URL: PaperPath(c.matter.Tenant, c.matter.Name, paper.Name, term.Ref)})
			}
		}
	}
	return links
}

func origin(m *kind.Material) string {
	if m.IssuingBody != "" {
		return word("source", m.Source) + "（" + m.IssuingBody + "）"
	}
	return word("source", m.Source)
}

func shape(m *kind.Material, copies int) string {
	return fmt.Sprintf("%s %d 份", cmp.Or(word("form_kind", m.FormKind), "不限"), copies)
}

func need(t configuration.MaterialTerm) string {
	switch {
	case t.Required:
		return "必需"
	case t.RequiredWhen != nil:
		return "符合条件时必需"
	}
	return "可选"
}

// terms are what else is to be known of a material, in sentences.
func terms(m *kind.Material) string {
	formats := make([]string, len(m.Formats))
	for i, f := range m.Formats {
		formats[i] = strings.ToUpper(f)
	}
	out := []string{fmt.Sprintf("电子件为 %s，单个文件不超过 %d MB", strings.Join(formats, "、"), m.MaxMB)}
	for _, says := range []struct {
		is   bool
		text string
	}{
		{m.GeneratedFromForm, "由系统按所填内容生成，无需自备"},
		{m.WaiveWhenFound, "能从登记信息查到的，免于提交"},
		{m.Commitment != nil, "可以书面承诺代替（告知承诺）"},
		{len(m.CheckPoints) > 0, "审查要点：" + strings.Join(m.CheckPoints, "、")},
	} {
		if says.is {
			out = append(out, says.text)
		}
	}
	if m.Tolerance != nil {
		out = append(out, "可以先受理，"+limit(&m.Tolerance.Due)+"内补齐（容缺）")
	}
	return strings.Join(out, "；")
}

func (c *composer) limits() []Block {
	s := c.matter.Spec
	var list []Fact
	if s.CaseType == "instant" {
		list = append(list, Fact{"办结时限", "即时办结"})
	}
	if s.StatutoryLimit != nil {
		list = append(list, Fact{"法定办结时限", limit(s.StatutoryLimit) + "，自受理之日的次日起算"})
	}
	if s.PromisedLimit != nil && s.CaseType != "instant" {
		list = append(list, Fact{"承诺办结时限", limit(s.PromisedLimit) + "，自受理之日的次日起算"})
	}
	if w := s.AcceptanceWindow; w != nil {
		text := limit(&w.Limit) + "内决定是否受理，材料不齐的一次性告知需要补正的全部内容"
		if w.OnExpiry == "deemed_accepted" {
			text += "；逾期不告知的，自收到申请之日起即为受理"
		}
		list = append(list, Fact{"受理时限", text})
	}
	if e := s.Extension; e != nil {
		text := fmt.Sprintf("经负责人批准可以延长%s", limit(&kind.Limit{N: e.N, Unit: e.Unit}))
		if e.MaxTimes > 1 {
			text += fmt.Sprintf("，最多 %d 次", e.MaxTimes)
		}
		if e.NotifyApplicant {
			text += "，并告知申请人延长的理由"
		}
		list = append(list, Fact{"延长", text})
	}
	if o := s.OnOverdue; o != nil && o.Mode == "deemed_granted" {
		list = append(list, Fact{"逾期未决定", "视为准予（" + o.Basis + "）"})
	}
	return facts(list...)
}

func (c *composer) specials() []Block {
	if len(c.matter.Spec.SpecialProcedures) == 0 {
		return nil
	}
	t := &Table{Head: []string{"名称", "种类", "最长时间", "承诺时限", "法定时限", "启动", "依据"}, Shares: []int{4, 4, 4, 3, 3, 5, 7}}
	for _, name := range c.matter.Spec.SpecialProcedures {
		s := c.matter.Specials[name]
		c.parts["SpecialProcedure/"+name] = true
		t.Rows = append(t.Rows, []string{s.Title, word("procedure", s.ProcedureType), limit(&s.Max), word("effect", s.ClockEffect.Promised),
			word("effect", s.ClockEffect.Statutory), word("start", s.Start), s.LegalBasis})
	}
	return []Block{{Text: "下列程序所需的时间是否计入办理时限，见表中两栏；开始和结束都会书面告知申请人。"}, {Table: t}}
}

func (c *composer) results() []Block {
	s := c.matter.Spec
	var out []Block
	for _, r := range s.Results {
		var list []Fact
		if r.LicenceType != "" {
			if l := spec[kind.LicenceType](c, "LicenceType", r.LicenceType); l != nil {
				list = append(list, Fact{"结果名称", l.Title}, Fact{"结果类型", "证照"}, Fact{"有效期", validity(l.Validity)}, Fact{"照面内容", surface(l)})
			}
		} else if d := spec[kind.DocumentTemplate](c, "DocumentTemplate", r.Document); d != nil {
			list = append(list, Fact{"结果名称", d.Title}, Fact{"结果类型", "文书"})
		}
		out = append(out, facts(list...)...)
	}
	return append(out, facts(Fact{"送达方式", each("delivery", s.Delivery)})...)
}

func validity(v kind.Validity) string {
	switch {
	case v.Permanent:
		return "长期"
	case v.Years > 0:
		return fmt.Sprintf("%d 年", v.Years)
	case v.Days > 0:
		return fmt.Sprintf("%d 日", v.Days)
	}
	return "按批准的内容确定"
}

// surface lists what is printed on a licence.
func surface(l *kind.LicenceType) string {
	var titles []string
	for _, f := range l.Fields {
		if f.Title != "" {
			titles = append(titles, f.Title)
		}
	}
	return strings.Join(titles, "、")
}

func (c *composer) places() []Block {
	b := c.matter.Binding
	out := facts(Fact{"办理地点", b.Address}, Fact{"办理时间", b.Hours})
	for _, f := range c.source.All("Hall") {
		hall := f.Resource.Spec.(*kind.Hall)
		windows := windowsFor(hall, c.matter.Name)
		if len(windows) == 0 || hall.Places == nil {
			continue
		}
		out = append(out, facts(Fact{"办事大厅", hall.Title}, Fact{"窗口", strings.Join(windows, "、")}, Fact{"地址", hall.Places.Address},
			Fact{"开放时间", hall.Places.Hours}, Fact{"电话", hall.Places.Phone})...)
	}
	return out
}

func (c *composer) supervision() []Block {
	list := []Fact{{"咨询电话", c.matter.Binding.Phone}, {"监督投诉电话", c.matter.Binding.Complaint}}
	if t := c.tenant(); t != nil && t.Portal != nil {
		list = append(list, Fact{"政务服务热线", t.Portal.Hotline}, Fact{"政务服务监督电话", t.Portal.SupervisionPhone})
	}
	if e := c.matter.Spec.Evaluation; e != nil && e.Enabled {
		list = append(list, Fact{"好差评", fmt.Sprintf("办结后可以评价，共 %d 档", e.Levels)})
	}
	return facts(list...)
}

func (c *composer) remedies() []Block {
	r := c.matter.Spec.Remedies
	if r == nil {
		return nil
	}
	var items []string
	if v := r.Reconsideration; v != nil {
		text := fmt.Sprintf("行政复议：对决定不服的，可自知道之日起 %d 日内向%s申请行政复议。", v.Days, v.Body)
		if v.First {
			text += "提起诉讼前应先申请复议。"
		}
		items = append(items, text)
	}
	if l := r.Litigation; l != nil {
		items = append(items, fmt.Sprintf("行政诉讼：可在 %d 个月内向%s提起行政诉讼。", l.Months, l.Court))
	}
	return listed(items)
}

func (c *composer) questions() []Block {
	if c.matter.Spec.Guide == nil {
		return nil
	}
	var list []Fact
	for _, q := range c.matter.Spec.Guide.FAQ {
		list = append(list, Fact{q.Q, q.A})
	}
	return facts(list...)
}
