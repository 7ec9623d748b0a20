package kind

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// SpecialProcedure is a step outside the handling time or beside it: hearing, testing, expert review, site survey, public notice.
type SpecialProcedure struct {
	Title           string               `yaml:"title!" format:"title" doc:"名称"`
	ProcedureType   string               `yaml:"procedure_type!" enum:"hearing,tender,auction,inspection,testing,inspection_test,quarantine,appraisal,expert_review,site_survey,public_notice,custom" doc:"种类"`
	ClockEffect     ClockEffect          `yaml:"clock_effect!" doc:"两个时限是否中止"`
	LegalBasis      string               `yaml:"legal_basis" format:"text" doc:"法定时限中止的依据"`
	Start           string               `yaml:"start!" enum:"automatic,on_request" doc:"automatic 到节点自动开始；on_request 由人提出"`
	Approval        string               `yaml:"approval!" enum:"none,role" doc:"是否须批准"`
	ApproverRole    string               `yaml:"approver_role" ref:"Role" doc:"批准的角色"`
	Min             *Limit               `yaml:"min" doc:"最短时间，之前不得有结果（公示、听证必填）"`
	Max             Limit                `yaml:"max!" missing:"V-32" doc:"最长时间，逾期恢复计时（T-15）"`
	MaxTimes        int                  `yaml:"max_times" min:"1" max:"9" default:"1" doc:"每件最多几次"`
	NotifyApplicant string               `yaml:"notify_applicant!" ref:"DocumentTemplate" doc:"告知申请人的文书"`
	Executors       Executors            `yaml:"executors!" doc:"由谁执行"`
	ReportForm      map[string]FieldSpec `yaml:"report_form!" doc:"结果报告；必须有 result 枚举，听证还须有 record"`
	ReportApproval  []ReportApproval     `yaml:"report_approval" doc:"哪些结果须批准"`
	WritesBack      map[string]WriteBack `yaml:"writes_back" doc:"结果写回的字段，如 form.area_sqm"`
	Publishes       *Publishes           `yaml:"publishes" doc:"公开"`
	JointSurvey     *JointSurvey         `yaml:"joint_survey" doc:"联合踏勘"`
	OnOverrun       OnOverrun            `yaml:"on_overrun!" missing:"V-32" doc:"超时怎样"`
}

// Executors are a role inside or a body outside.
type Executors struct {
	Role           string   `yaml:"role" ref:"Role" alt:"who!" doc:"执行的角色"`
	External       string   `yaml:"external" format:"id" alt:"who!" doc:"外部机构种类，如 registered_institution、expert_pool"`
	MinimumPersons int      `yaml:"minimum_persons" min:"1" max:"99" default:"1" doc:"至少几人"`
	RandomDraw     bool     `yaml:"random_draw" doc:"是否随机抽取"`
	Recusal        string   `yaml:"recusal" enum:"declared_interest,none" doc:"回避规则"`
	Exclude        []string `yaml:"exclude" merge:"set" format:"id" doc:"这些节点的经办人不得执行"`
}

// ReportApproval is a result that needs consent.
type ReportApproval struct {
	Result string `yaml:"result!" format:"id" doc:"结果"`
	Role   string `yaml:"role!" ref:"Role" doc:"批准的角色"`
}

// WriteBack copies a reported value into the case.
type WriteBack struct {
	From     string `yaml:"from!" format:"path" doc:"报告中的字段，如 report.measured_area_sqm"`
	Requires string `yaml:"requires" enum:"applicant_confirmation,approval,none" default:"none" doc:"写回的条件"`
}

// Publishes shows the procedure to the public.
type Publishes struct {
	Channel string `yaml:"channel!" format:"name" doc:"栏目"`
	Title   string `yaml:"title!" format:"title" doc:"标题"`
}

// JointSurvey merges with the surveys of other members.
type JointSurvey struct {
	MergeWith string `yaml:"merge_with!" enum:"bundle" doc:"与联办中的其他踏勘合并"`
}

// OnOverrun says what happens when Max passes without a result.
type OnOverrun struct {
	ResumeClock bool   `yaml:"resume_clock!" doc:"恢复计时"`
	Raise       string `yaml:"raise" ref:"SupervisionRule" doc:"触发的监察规则"`
}

// listedInLaw are the procedures whose time 行政许可法 art. 45 leaves out of the statutory limit.
func listedInLaw(procedure string) bool {
	return slices.Contains([]string{"hearing", "tender", "auction", "inspection", "testing", "inspection_test", "quarantine", "appraisal", "expert_review"}, procedure)
}

var (
	licensingLaw = regexp.MustCompile(`(中华人民共和国)?行政许可法》?(第?[0-9一二三四五六七八九十百]+条)?`)
	aLaw         = regexp.MustCompile(`法|条例|规定|办法|细则|规则|决定|令`)
)

// citesOtherLaw reports whether a basis names a rule beside 行政许可法.
func citesOtherLaw(basis string) bool {
	return aLaw.MatchString(licensingLaw.ReplaceAllString(basis, ""))
}

// validate checks V-31 (suspension has a basis) and V-32 (bounds, result, record).
func (s *SpecialProcedure) validate(v *visit) {
	if s.ClockEffect.Statutory == "suspend" {
		switch {
		case s.LegalBasis == "":
			v.fail("legal_basis", "V-31", "填写 legal_basis，或 statutory: run", "中止法定时限须有法定依据")
		case !listedInLaw(s.ProcedureType) && !citesOtherLaw(s.LegalBasis):
			v.fail("legal_basis", "V-31", "引用其他法律，或 statutory: run", "行政许可法第四十五条不包括 %s，依据须是其他法律法规", s.ProcedureType)
		}
	}
	timed := s.ProcedureType == "public_notice" || s.ProcedureType == "hearing"
	if timed && s.Min == nil {
		v.fail("min", "V-32", "", "公示和听证须有最短时间")
	}
	if s.Min != nil {
		if order, known := s.Min.Compare(s.Max); !known || order > 0 {
			v.fail("min", "V-32", "", "最短时间 %s 长于最长时间 %s，或单位无法比较", s.Min, s.Max)
		}
	}
	if s.Max.N < 1 {
		v.fail("max", "V-32", "", "最长时间至少为 1")
	}
	if s.Approval == "role" && s.ApproverRole == "" {
		v.fail("approver_role", "V-13", "", "须批准的特别程序要写明批准角色")
	}
	result, ok := s.ReportForm["result"]
	if !ok || len(result.Enum) == 0 {
		v.fail("report_form", "V-32", "result: {enum: [passed, failed], required: true}", "结果报告须有 result 枚举")
	}
	if _, ok := s.ReportForm["record"]; !ok && s.ProcedureType == "hearing" {
		v.fail("report_form", "V-32", "加入 record", "听证须有笔录")
	}
	for i, a := range s.ReportApproval {
		if len(result.Enum) > 0 && !slices.Contains(result.Enum, a.Result) {
			v.fail(at("report_approval", i)+".result", "V-32", suggest(a.Result, result.Enum), "%q 不是可能的结果", a.Result)
		}
	}
	for _, target := range sortedKeys(anyMap(s.WritesBack)) {
		from := strings.TrimPrefix(s.WritesBack[target].From, "report.")
		if _, ok := s.ReportForm[from]; !ok {
			v.fail(fmt.Sprintf("writes_back[%q].from", target), "V-16", suggest(from, sortedKeys(anyMap(s.ReportForm))), "报告中没有字段 %q", from)
		}
	}
}
