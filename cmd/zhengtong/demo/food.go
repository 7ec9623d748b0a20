package demo

import (
	"context"
	"errors"
	"fmt"
)

// foodCast: a firm opens a restaurant in Shuangfeng. One correction round, a site
// inspection that stops the promised clock only, a licence that anyone can verify.
func foodCast() *cast {
	return &cast{
		matter: Food, words: "食品经营", county: "431321", province: "430000",
		applicant: person{"湘味餐饮（申请人）", "xiangwei"}, clerk: person{"刘窗（窗口）", "chuangkou"}, approver: person{"周决（分管领导）", "jueding"},
		supervisor: person{"陈督（省联动监察）", "sheng-jiancha"},
		reviewers:  []person{{"张审（审查）", "shencha"}, {"赵审（审查）", "shencha2"}},
		form: map[string]any{
			"operator_name": "双峰县湘味餐饮有限公司", "uscc": "91431321MA4L00011P", "legal_rep": "李湘", "legal_rep_id": "431321199003070013",
			"premises_division": "431321", "premises_address": "双峰县永丰街道城中路18号", "business_mode": "catering_service",
			"categories": []string{"catering", "cold_dish"}, "area_sqm": 86.5, "contact_phone": "13900000001", "truth_commitment": true,
		},
		papers:      []paper{{"business-licence-copy", "营业执照.pdf"}, {"premises-layout", "平面布局图.pdf"}, {"safety-rules", "食品安全制度.pdf"}},
		commitments: map[string]string{"food-safety-manager-cert": "食品安全管理员证明"},
		accepted:    "现场核查自动开始，只中止承诺时限",
		opinion:     "材料齐全，现场核查合格，拟准予许可",
		granted:     "准予许可",
		receiver:    map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"},
		chapters: []func(*journey, context.Context) error{(*journey).find, (*journey).fill, (*journey).submit, (*journey).correct,
			(*journey).resubmit, (*journey).accept, (*journey).inspect, (*journey).review, (*journey).decide, (*journey).license,
			(*journey).deliver, (*journey).archive, (*journey).oversee, (*journey).verify},
	}
}

// inspectors of the county; two of them go (行政许可法 art. 34).
var inspectors = [...]person{{"孙核（核查员）", "hecha"}, {"钱核（核查员）", "hecha2"}}

// correct: the reviewer cannot act before the notice exists, issues it, and asks once for a better drawing.
func (j *journey) correct(ctx context.Context) error {
	if err := j.morning(ctx, 1); err != nil {
		return err
	}
	reviewer, task, err := j.assignee(ctx, "pre_review")
	if err != nil {
		return err
	}
	fields := map[string]any{"reason": "平面布局图未标明操作流程", "item_list": []map[string]any{
		{"material": "premises-layout", "requirement": "标明设备设施位置和操作流程并加盖公章"}}}
	err = j.act(ctx, reviewer, task, "correct", fields, "")
	var r *refusal
	if !errors.As(err, &r) || r.Code != "CONFLICT" || r.Reason != "document_required" {
		return fmt.Errorf("acting before the notice exists: want CONFLICT document_required, got %v", err)
	}
	if err := j.tell(ctx, reviewer.name, "未出具告知书前不能发出补正：被拒绝", r.Error()); err != nil {
		return err
	}
	number, err := j.issue(ctx, reviewer, task, "correct", fields)
	if err != nil {
		return err
	}
	if err := j.act(ctx, reviewer, task, "correct", fields, ""); err != nil {
		return err
	}
	seen, err := j.look(ctx, reviewer)
	if err != nil {
		return err
	}
	return j.tell(ctx, reviewer.name, "一次性告知补正", append([]string{"文书 " + number}, seen.summary()...)...)
}

// resubmit: the firm answers within its own clock.
func (j *journey) resubmit(ctx context.Context) error {
	if err := j.morning(ctx, 1); err != nil {
		return err
	}
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	seen, err := j.look(ctx, firm)
	if err != nil {
		return err
	}
	id, err := firm.upload(ctx, j.caseID, "premises-layout", "平面布局图（标明流程）.pdf", samplePDF("平面布局图：备餐间、烹饪间、流程"))
	if err != nil {
		return err
	}
	err = firm.again(ctx, `mutation($input: ResubmitCorrectionInput!) { resubmitCorrection(input: $input) { case { id } } }`, map[string]any{"input": map[string]any{
		"case": j.caseID, "version": seen.Version, "materials": []map[string]any{{"ref": "premises-layout", "files": []string{id}}}}}, j.key("resubmit"), nil)
	if err != nil {
		return err
	}
	if seen, err = j.look(ctx, firm); err != nil {
		return err
	}
	return j.tell(ctx, firm.name, "补正后重新提交", seen.summary()...)
}

// inspect: one inspector is refused, two with photographs and position are taken.
func (j *journey) inspect(ctx context.Context) error {
	if err := j.morning(ctx, 2); err != nil {
		return err
	}
	inspector := j.staff(inspectors[0])
	if err := inspector.signIn(ctx); err != nil {
		return err
	}
	special, err := j.runningSpecial(ctx, inspector)
	if err != nil {
		return err
	}
	photos := []string{}
	for i := range 3 {
		id, err := inspector.upload(ctx, j.caseID, "site-photo", fmt.Sprintf("现场%d.png", i+1), samplePNG(i))
		if err != nil {
			return err
		}
		photos = append(photos, id)
	}
	accounts, err := j.accounts(ctx, inspectors[:]...)
	if err != nil {
		return err
	}
	report := map[string]any{"result": "passed", "findings": "布局与图纸一致，流程合理", "photos": photos, "gps": map[string]any{"lng": 112.2, "lat": 27.46},
		"signatures": []string{"孙核", "钱核"}}
	err = j.report(ctx, inspector, special, report, accounts[:1])
	var r *refusal
	if !errors.As(err, &r) || r.Code != "VALIDATION" {
		return fmt.Errorf("a report by one inspector: want VALIDATION, got %v", err)
	}
	if err := j.tell(ctx, inspector.name, "一人提交核查结果：被拒绝", r.Message); err != nil {
		return err
	}
	if err := j.report(ctx, inspector, special, report, accounts); err != nil {
		return err
	}
	seen, err := j.look(ctx, inspector)
	if err != nil {
		return err
	}
	return j.tell(ctx, inspector.name, "二人现场核查合格，承诺时限恢复计算", seen.summary()...)
}

// license: the engine makes the licence, half an hour later on the virtual clock.
func (j *journey) license(ctx context.Context) error {
	if err := j.later(ctx, 30); err != nil {
		return err
	}
	seen, err := j.wait(ctx, j.staff(j.cast.clerk), "the licence", func(c *caseSeen) bool { return c.Licence.Identifier != "" && c.Status == "awaiting_delivery" })
	if err != nil {
		return err
	}
	j.result.LicenceNo, j.result.Identifier = seen.Licence.LicenceNo, seen.Licence.Identifier
	return j.tell(ctx, "系统", "制发"+seen.Licence.Title, "证号 "+seen.Licence.LicenceNo, "电子证照标识 "+seen.Licence.Identifier,
		"有效期 "+seen.Licence.ValidFrom+" 至 "+seen.Licence.ValidTo, "二维码 "+short(seen.Licence.QR))
}

// verify: anyone checks progress and licence without signing in.
func (j *journey) verify(ctx context.Context) error {
	public := &actor{journey: j, name: "任何人", acting: j.cast.county}
	var out struct {
		CaseProgress  struct{ StatusText string }
		VerifyLicence struct{ Verdict, Message, LicenceNo string }
	}
	err := public.again(ctx, `query($n: String!, $q: String!, $i: String!) { caseProgress(number: $n, queryCode: $q) { statusText } verifyLicence(identifier: $i) { verdict message licenceNo } }`,
		map[string]any{"n": j.result.CaseNumber, "q": j.result.QueryCode, "i": j.result.Identifier}, "", &out)
	if err != nil {
		return err
	}
	if out.VerifyLicence.Verdict != "valid" {
		return fmt.Errorf("the licence verifies as %q", out.VerifyLicence.Verdict)
	}
	return j.tell(ctx, public.name, "凭编号和查询码查进度，核验证照", "进度："+out.CaseProgress.StatusText, "证照 "+out.VerifyLicence.LicenceNo+"："+out.VerifyLicence.Message)
}
