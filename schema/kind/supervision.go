package kind

import (
	"slices"
	"strings"
)

// SupervisionRule watches a clock or an event and warns or gives a card. It never changes a case.
type SupervisionRule struct {
	Title      string             `yaml:"title!" format:"title" doc:"规则名称"`
	Scope      *SupervisionScope  `yaml:"scope" alt:"on!" doc:"监察什么"`
	Schedule   string             `yaml:"schedule" format:"cron" alt:"on!" doc:"定时执行（cron）"`
	Levels     []SupervisionLevel `yaml:"levels!" merge:"key=level" doc:"级别；同一对象取最高一级"`
	Accumulate *Accumulate        `yaml:"accumulate" doc:"累计升级"`
	DedupeKey  string             `yaml:"dedupe_key" format:"path" doc:"去重字段"`
	ConfirmBy  string             `yaml:"confirm_by" ref:"Role" doc:"亮牌前由谁确认"`
	Appeal     *CardAppeal        `yaml:"appeal" doc:"申诉"`
	Notify     []string           `yaml:"notify" merge:"set" ref:"Role" doc:"通知的角色"`
	Response   *CardResponse      `yaml:"response" doc:"回应时限"`
}

// SupervisionScope is an event, or clocks.
type SupervisionScope struct {
	Event       string   `yaml:"event!" enum:"@supervision_events" code:"V-40" doc:"事件，或 clock"`
	Clock       []string `yaml:"clock" merge:"set" short:"*" enum:"@clocks" code:"V-40" doc:"时限种类，一个或列表"`
	Nodes       []string `yaml:"nodes" merge:"set" format:"id" doc:"只看这些节点"`
	Matters     []string `yaml:"matters" merge:"set" ref:"Matter" doc:"只看这些事项"`
	Departments []string `yaml:"departments" merge:"set" ref:"Department" doc:"只看这些部门"`
}

// SupervisionLevel is a condition with its consequence.
type SupervisionLevel struct {
	Level      string `yaml:"level!" enum:"info,warning,yellow,red" code:"V-40" doc:"提示、预警、黄牌、红牌"`
	When       string `yaml:"when!" expr:"supervision" doc:"条件（表达式）"`
	Score      *int   `yaml:"score" max:"0" code:"V-40" doc:"扣分，不大于 0"`
	Respondent string `yaml:"respondent" format:"path" doc:"由谁负责，如 task.assignee、department.head"`
	ConfirmBy  string `yaml:"confirm_by" ref:"Role" doc:"由谁确认"`
	Message    string `yaml:"message" format:"text" doc:"说明"`
	Order      bool   `yaml:"order" doc:"同时开督办单"`
}

// Accumulate turns several yellow cards against one respondent into a red one. Cards
// carry days, so that the window has no hours.
type Accumulate struct {
	Window      Limit `yaml:"window!" doc:"多长时间内，按日、工作日、月或年，由最后一张黄牌之日往回算"`
	YellowToRed int   `yaml:"yellow_to_red!" min:"2" max:"99" doc:"同一规则对同一责任人几张黄牌算一张红牌；算过的不再算"`
}

// CardAppeal lets the respondent object.
type CardAppeal struct {
	Within    Limit  `yaml:"within!" doc:"多久内申诉"`
	DecidedBy string `yaml:"decided_by!" ref:"Role" doc:"由谁裁定"`
}

// CardResponse is the time to explain or put right.
type CardResponse struct {
	Within   Limit  `yaml:"within!" doc:"多久内回应"`
	OnExpiry string `yaml:"on_expiry" enum:"escalate,none" default:"escalate" doc:"逾期"`
}

// validate checks V-40: levels with respondents and scores, clocks named when a clock is
// watched, yellow cards where they accumulate.
func (s *SupervisionRule) validate(v *visit) {
	if s.Scope != nil && (s.Scope.Event == "clock") != (len(s.Scope.Clock) > 0) {
		v.fail("scope", "V-40", "event: clock 与 clock 同时写", "时限监察须写明时限种类")
	}
	if len(s.Levels) == 0 {
		v.fail("levels", "V-40", "", "规则没有级别")
	}
	for i, level := range s.Levels {
		place := at("levels", i)
		card := level.Level == "yellow" || level.Level == "red"
		if card && level.Respondent == "" {
			v.fail(place, "V-40", "填写 respondent", "黄牌和红牌须写明由谁负责")
		}
		if level.Respondent != "" && !knownRespondent(level.Respondent) {
			v.fail(place+".respondent", "V-40", suggest(level.Respondent, Respondents()), "未知的责任人 %q", level.Respondent)
		}
		if !card && level.Score != nil && *level.Score != 0 {
			v.fail(place+".score", "V-40", "", "提示和预警不扣分")
		}
		if s.Scope != nil && s.Scope.Event == "clock" && !strings.Contains(level.When, "clock") {
			v.fail(place+".when", "V-40", "如 clock.expired", "时限监察的条件须用 clock")
		}
	}
	if s.Accumulate != nil {
		s.Accumulate.validate(v, s.Levels)
	}
}

func (a *Accumulate) validate(v *visit, levels []SupervisionLevel) {
	if !slices.ContainsFunc(levels, func(l SupervisionLevel) bool { return l.Level == "yellow" }) {
		v.fail("accumulate", "V-40", "写一个 level: yellow", "规则没有黄牌一级，无从累计")
	}
	if a.Window.Unit == "hour" {
		v.fail("accumulate.window.unit", "V-40", "workday、day、month 或 year", "黄牌记到日，累计期间不能以小时计")
	}
	if a.Window.N < 1 {
		v.fail("accumulate.window.n", "V-40", "", "累计期间至少为 1")
	}
}

// knownRespondent accepts the closed list and departments held in facts (facts.x, facts.x.head).
func knownRespondent(text string) bool {
	return slices.Contains(Respondents(), text) || strings.HasPrefix(text, "facts.")
}
