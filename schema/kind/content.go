package kind

import (
	"math"
	"strconv"
)

// ContentChannel is a column of the portal.
type ContentChannel struct {
	Title  string         `yaml:"title!" format:"title" doc:"栏目名称"`
	Scope  string         `yaml:"scope" enum:"public,internal,tenant,subtree" doc:"可见范围"`
	Review []string       `yaml:"review" ref:"Role" doc:"依次审核的角色"`
	Fields []ContentField `yaml:"fields" merge:"key=name" doc:"内容字段"`
	Expiry *Limit         `yaml:"expiry" doc:"多久后下线"`
}

// ContentField is one field of a piece of content.
type ContentField struct {
	Name     string `yaml:"name!" format:"var" doc:"字段"`
	Title    string `yaml:"title!" format:"title" doc:"名称"`
	Type     string `yaml:"type!" enum:"text,rich_text,date,image,file,link" doc:"类型"`
	Required bool   `yaml:"required" doc:"是否必填"`
}

// Survey asks the public or staff.
type Survey struct {
	Title      string           `yaml:"title!" format:"title" doc:"调查名称"`
	Questions  []SurveyQuestion `yaml:"questions!" merge:"key=id" doc:"问题"`
	Audience   []string         `yaml:"audience" merge:"set" enum:"public,applicants,staff" doc:"对象"`
	Period     Effectivity      `yaml:"period!" doc:"起止日期"`
	Visibility string           `yaml:"visibility" enum:"public,private,after_close" doc:"结果是否公开"`
}

// SurveyQuestion is one question.
type SurveyQuestion struct {
	ID       string   `yaml:"id!" format:"id" doc:"标识"`
	Text     string   `yaml:"text!" format:"text" doc:"问题"`
	Type     string   `yaml:"type!" enum:"single,multiple,score,text" doc:"单选、多选、打分、文字"`
	Options  []string `yaml:"options" format:"text" doc:"选项"`
	Required bool     `yaml:"required" doc:"是否必答"`
}

func (s *Survey) validate(v *visit) {
	for i, q := range s.Questions {
		if choice := q.Type == "single" || q.Type == "multiple"; choice && len(q.Options) < 2 {
			v.fail(at("questions", i), "V-13", "填写 options", "选择题至少两个选项")
		}
	}
}

// PortalTheme is how a tenant's portal looks.
type PortalTheme struct {
	Title   string       `yaml:"title!" format:"title" doc:"名称"`
	Brand   *Brand       `yaml:"brand" doc:"标识和颜色"`
	Menu    []MenuItem   `yaml:"menu" merge:"key=id" doc:"菜单"`
	Pages   []PortalPage `yaml:"pages" merge:"key=id" doc:"页面"`
	Locales []string     `yaml:"locales" merge:"set" doc:"语言，如 zh-CN、en"`
}

// Brand is emblem and colour.
type Brand struct {
	Logo   string `yaml:"logo" format:"asset" doc:"标识图，asset: 引用"`
	Colour string `yaml:"colour" format:"colour" doc:"主色，如 \"#0b5fff\"；白字须能看清（对比度不低于 4.5）"`
	Name   string `yaml:"name" format:"title" doc:"门户名称"`
}

// MenuItem leads to a page or an address.
type MenuItem struct {
	ID    string `yaml:"id!" format:"id" doc:"标识"`
	Title string `yaml:"title!" format:"title" doc:"名称"`
	Page  string `yaml:"page" format:"id" alt:"to!" doc:"页面"`
	URL   string `yaml:"url" format:"url" alt:"to!" doc:"网址"`
}

// PortalPage is made of named parts.
type PortalPage struct {
	ID    string   `yaml:"id!" format:"id" doc:"标识"`
	Title string   `yaml:"title!" format:"title" doc:"名称"`
	Parts []string `yaml:"parts" enum:"search,themes,hot,progress,verify,notices,halls,complaint,survey,links" doc:"内容块"`
}

// minContrast is what WCAG 2.2 (1.4.3) asks of text: the portal writes in white on its colour.
const minContrast = 4.5

func (p *PortalTheme) validate(v *visit) {
	if p.Brand != nil && colour.MatchString(p.Brand.Colour) {
		if ratio := contrastWithWhite(p.Brand.Colour); ratio < minContrast {
			v.fail("brand.colour", "V-01", "换深一些的颜色", "主色 %s 上的白字看不清：对比度 %.1f，应不低于 4.5（WCAG 2.2 1.4.3）", p.Brand.Colour, ratio)
		}
	}
	var pages []string
	for _, page := range p.Pages {
		pages = append(pages, page.ID)
	}
	for i, item := range p.Menu {
		known := item.Page == ""
		for _, id := range pages {
			known = known || id == item.Page
		}
		if !known {
			v.fail(at("menu", i)+".page", "V-03", suggest(item.Page, pages), "没有页面 %q", item.Page)
		}
	}
}

// contrastWithWhite is the contrast ratio of WCAG 2.2 between #rrggbb and white, 1 to 21.
func contrastWithWhite(colour string) float64 {
	luminance := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		part, _ := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8) // two hex digits: the format was checked
		c := float64(part) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		luminance += weight * c
	}
	return 1.05 / (luminance + 0.05)
}

// Scenario leads an applicant by questions to the matters that fit.
type Scenario struct {
	Title       string             `yaml:"title!" format:"title" doc:"场景名称"`
	Audience    []string           `yaml:"audience" merge:"set" enum:"natural_person,enterprise" doc:"对象"`
	Media       []ScenarioMedia    `yaml:"media" doc:"图文和视频"`
	Start       string             `yaml:"start!" format:"id" doc:"第一个问题"`
	Questions   []ScenarioQuestion `yaml:"questions!" merge:"key=id" doc:"问题"`
	Outcomes    []ScenarioOutcome  `yaml:"outcomes!" merge:"key=id" doc:"结果"`
	KeepAnswers bool               `yaml:"keep_answers" doc:"答案带入表单"`
}

// ScenarioMedia explains; a transcript is always needed.
type ScenarioMedia struct {
	Type       string `yaml:"type!" enum:"image,video,audio" doc:"类型"`
	File       string `yaml:"file!" format:"asset" doc:"文件，asset: 引用"`
	Transcript string `yaml:"transcript!" format:"text" doc:"文字说明（无障碍）"`
}

// ScenarioQuestion offers options.
type ScenarioQuestion struct {
	ID      string           `yaml:"id!" format:"id" doc:"标识"`
	Text    string           `yaml:"text!" format:"text" doc:"问题"`
	Options []ScenarioOption `yaml:"options!" doc:"选项"`
}

// ScenarioOption leads to a question or an outcome and may set answers.
type ScenarioOption struct {
	Label string         `yaml:"label!" format:"title" doc:"选项文字"`
	To    string         `yaml:"to!" format:"id" doc:"下一问题或结果"`
	Sets  map[string]any `yaml:"sets" doc:"带入的答案：字段到值"`
}

// ScenarioOutcome is where a path ends.
type ScenarioOutcome struct {
	ID         string   `yaml:"id!" format:"id" doc:"标识"`
	Title      string   `yaml:"title" format:"title" doc:"名称"`
	Matters    []string `yaml:"matters" merge:"set" ref:"Matter" alt:"what!" doc:"可办的事项"`
	Situations []string `yaml:"situations" merge:"set" format:"id" doc:"对应的情形"`
	Bundle     string   `yaml:"bundle" ref:"Bundle" alt:"what!" doc:"可办的联办"`
}
