package guide

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"zhengtong/internal/configuration"
	"zhengtong/schema/kind"
)

// Trait is one thing by which governments carry out the same item differently.
type Trait struct {
	Field string // of the kind Matter, such as `promised_limit`
	Title string
	Value string // "" when nothing is declared
}

// Profile is what a matter asks of an applicant and promises, in words that can be
// compared between governments (比对分析, R-MGT-08). The order of the traits is fixed.
func Profile(source configuration.Source, name string, s *kind.Matter) []Trait {
	c := &composer{source: source, matter: &configuration.Matter{Name: name, Spec: s}, parts: map[string]bool{}}
	visits := ""
	if s.Visits != nil {
		visits = strconv.Itoa(*s.Visits) + "次"
	}
	window := ""
	if s.AcceptanceWindow != nil {
		window = limit(&s.AcceptanceWindow.Limit)
	}
	return []Trait{
		{"statutory_limit", "法定办结时限", limit(s.StatutoryLimit)},
		{"promised_limit", "承诺办结时限", limit(s.PromisedLimit)},
		{"acceptance_window", "受理时限", window},
		{"visits", "到现场次数", visits},
		{"materials", "申请材料", c.materialTitles()},
		{"fee", "收费", c.feeText()},
		{"conditions", "受理条件", strings.Join(s.Conditions, "；")},
		{"special_procedures", "特别程序", c.specialTitles()},
		{"results", "办理结果", c.resultTitles()},
		{"channels", "申请渠道", each("channel", s.Channels)},
		{"online_depth", "网办深度", s.OnlineDepth},
	}
}

// materialTitles are sorted: an order of materials is no difference.
func (c *composer) materialTitles() string {
	var out []string
	for _, m := range c.matter.Spec.Materials {
		title := m.Ref
		if found := spec[kind.Material](c, "Material", m.Ref); found != nil {
			title = found.Title
		}
		switch {
		case m.RequiredWhen != "":
			title += "（符合条件时）"
		case !m.Required:
			title += "（可选）"
		}
		out = append(out, title)
	}
	slices.Sort(out)
	return strings.Join(out, "、")
}

func (c *composer) feeText() string {
	f := spec[kind.FeeSchedule](c, "FeeSchedule", c.matter.Spec.Fee)
	switch {
	case f == nil:
		return ""
	case f.Charge == "none":
		return charge(f)
	}
	return f.Title + "：" + charge(f)
}

func (c *composer) specialTitles() string {
	var out []string
	for _, name := range c.matter.Spec.SpecialProcedures {
		title := name
		if s := spec[kind.SpecialProcedure](c, "SpecialProcedure", name); s != nil {
			title = s.Title
		}
		out = append(out, title)
	}
	slices.Sort(out)
	return strings.Join(out, "、")
}

func (c *composer) resultTitles() string {
	var out []string
	for _, r := range c.matter.Spec.Results {
		title := cmp.Or(r.LicenceType, r.Document)
		if l := spec[kind.LicenceType](c, "LicenceType", r.LicenceType); l != nil {
			title = l.Title
		} else if d := spec[kind.DocumentTemplate](c, "DocumentTemplate", r.Document); d != nil {
			title = d.Title
		}
		out = append(out, title)
	}
	return strings.Join(out, "、")
}
