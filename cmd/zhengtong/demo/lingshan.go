package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
)

// energyCast: the same firm builds a central kitchen in Lingshan and asks for its
// energy review, a matter carried from the county's published record
// (tenants/guangxi). A review by an institution stops both clocks
// (行政许可法 art. 45); the result is a reply, not a licence.
func energyCast() *cast {
	return &cast{
		matter: Energy, words: "节能审查", county: "450721", province: "450000",
		applicant: person{"湘味餐饮（建设单位）", "xiangwei"}, clerk: person{"黄窗（窗口）", "ls-chuangkou"}, approver: person{"宁决（分管领导）", "ls-jueding"},
		supervisor: person{"韦督（自治区联动监察）", "gx-jiancha"},
		reviewers:  []person{{"梁审（审查）", "ls-shencha"}, {"劳审（审查）", "ls-shencha2"}},
		form: map[string]any{
			"unit_name": "双峰县湘味餐饮有限公司", "uscc": "91431321MA4L00011P", "project_name": "湘味中央厨房及冷链仓储",
			"project_code": "2602-450721-04-01-000018", "project_division": "450721", "project_address": "灵山县三海街道十里工业园6号",
			"project_kind": "new", "approval_level": "county", "two_high": false, "investment_wan_yuan": 12600.5,
			"annual_energy_tce": 1860.4, "annual_power_wan_kwh": 912.5, "energy_kinds": []string{"electricity", "natural_gas"},
			"report_author": "南宁某节能咨询有限公司", "contact_name": "李湘", "contact_phone": "13900000001", "truth_commitment": true,
		},
		papers:   []paper{{"energy-review-application", "申请书.pdf"}, {"energy-conservation-report", "节能报告.pdf"}},
		accepted: "机构评审自动开始，法定时限和承诺时限都中止",
		opinion:  "评审意见认为报告可行，拟通过节能审查",
		granted:  "通过节能审查，作出批复",
		receiver: map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"},
		chapters: []func(*journey, context.Context) error{(*journey).find, (*journey).fill, (*journey).misfile, (*journey).submit,
			(*journey).acceptNextDay, (*journey).appraise, (*journey).review, (*journey).decide, (*journey).deliver,
			(*journey).archive, (*journey).oversee, (*journey).progress},
	}
}

// coordinator commissions the institution and enters what it says.
var coordinator = person{"陆评（评审组织）", "ls-pingshen"}

// misfile: a project approved by the region belongs to the region's authority, and
// the matter's situations (情形) say so before any case exists.
func (j *journey) misfile(ctx context.Context) error {
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	wrong := maps.Clone(j.cast.form)
	wrong["approval_level"] = "region"
	if err := j.saveDraft(ctx, firm, wrong, nil, "region"); err != nil {
		return err
	}
	err := firm.again(ctx, submission, map[string]any{"input": map[string]any{"draft": j.drafts, "statement": true}}, j.key("submit", "region"), nil)
	var r *refusal
	if !errors.As(err, &r) || r.Code != "VALIDATION" {
		return fmt.Errorf("applying at the wrong level: want VALIDATION, got %v", err)
	}
	if err := j.tell(ctx, firm.name, "误填为自治区核准的项目：不予收件，告知去处", r.Message); err != nil {
		return err
	}
	return j.saveDraft(ctx, firm, j.cast.form, nil, "county")
}

func (j *journey) acceptNextDay(ctx context.Context) error {
	if err := j.morning(ctx, 1); err != nil {
		return err
	}
	return j.accept(ctx)
}

// appraise: a result without the institution's report is refused; with it both
// clocks go on, each moved by the working days of the appraisal.
func (j *journey) appraise(ctx context.Context) error {
	if err := j.morning(ctx, 6); err != nil {
		return err
	}
	organiser := j.staff(coordinator)
	if err := organiser.signIn(ctx); err != nil {
		return err
	}
	special, err := j.runningSpecial(ctx, organiser)
	if err != nil {
		return err
	}
	accounts, err := j.accounts(ctx, coordinator)
	if err != nil {
		return err
	}
	report := map[string]any{"result": "passed", "institution": "广西某工程咨询中心", "opinion": "能源消费量测算正确，节能措施可行"}
	err = j.report(ctx, organiser, special, report, accounts, "bare")
	var r *refusal
	if !errors.As(err, &r) || r.Code != "VALIDATION" {
		return fmt.Errorf("a result without its report: want VALIDATION, got %v", err)
	}
	if err := j.tell(ctx, organiser.name, "没有评审报告的结果：被拒绝", r.Message); err != nil {
		return err
	}
	file, err := organiser.upload(ctx, j.caseID, "report_file", "评审报告.pdf", samplePDF("评审报告"))
	if err != nil {
		return err
	}
	report["report_file"] = []string{file}
	if err := j.report(ctx, organiser, special, report, accounts); err != nil {
		return err
	}
	seen, err := j.look(ctx, organiser)
	if err != nil {
		return err
	}
	if err := seen.movedAlike("promised", "statutory"); err != nil {
		return err
	}
	return j.tell(ctx, organiser.name, "登记评审意见：通过，两个时限恢复计算", seen.summary()...)
}

// movedAlike checks that clocks were suspended once, over the same days and with the same shift.
func (c *caseSeen) movedAlike(kinds ...string) error {
	found := []string{}
	for _, k := range c.Clocks {
		for _, kind := range kinds {
			if k.Kind == kind && k.State == "running" && len(k.Segments) == 1 && k.Segments[0].Shift > 0 {
				found = append(found, fmt.Sprint(k.Segments[0]))
			}
		}
	}
	if len(found) != len(kinds) || strings.Count(strings.Join(found, ""), found[0]) != len(kinds) {
		return fmt.Errorf("the clocks %v were not suspended alike: %v", kinds, c.Clocks)
	}
	return nil
}

// progress: anyone with number and query code sees how far it is.
func (j *journey) progress(ctx context.Context) error {
	public := &actor{journey: j, name: "任何人", acting: j.cast.county}
	var out struct {
		CaseProgress struct{ StatusText, TenantTitle, MatterTitle string }
	}
	err := public.again(ctx, `query($n: String!, $q: String!) { caseProgress(number: $n, queryCode: $q) { statusText tenantTitle matterTitle } }`,
		map[string]any{"n": j.result.CaseNumber, "q": j.result.QueryCode}, "", &out)
	if err != nil {
		return err
	}
	return j.tell(ctx, public.name, "凭编号和查询码查进度", out.CaseProgress.TenantTitle+" "+out.CaseProgress.MatterTitle, "进度："+out.CaseProgress.StatusText)
}
