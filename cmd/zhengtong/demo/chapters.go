package demo

import (
	"context"
	"errors"
	"fmt"
)

const (
	county   = "431321"
	province = "430000"
)

func (j *journey) firm() *actor {
	return &actor{journey: j, name: "湘味餐饮（申请人）", login: "xiangwei", acting: county}
}
func (j *journey) inspector() *actor { return j.staff("孙核（核查员）", "hecha") }
func (j *journey) approver() *actor  { return j.staff("周决（分管领导）", "jueding") }
func (j *journey) clerk() *actor     { return j.staff("刘窗（窗口）", "chuangkou") }
func (j *journey) supervisor() *actor {
	return &actor{journey: j, name: "陈督（省联动监察）", login: "sheng-jiancha", home: province}
}

func (j *journey) staff(name, login string) *actor {
	return &actor{journey: j, name: name, login: login, home: county}
}

func (j *journey) chapters() []func(context.Context) error {
	return []func(context.Context) error{j.find, j.fill, j.submit, j.correct, j.resubmit, j.accept, j.inspect, j.review, j.decide, j.deliver, j.archive, j.oversee, j.verify}
}

// find signs the firm in and looks the matter up.
func (j *journey) find(ctx context.Context) error {
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	if err := j.tell(ctx, firm.name, "登录办事大厅"); err != nil {
		return err
	}
	var out struct {
		Matters struct {
			Edges []struct {
				Node struct {
					ID, Name, Title               string
					StatutoryLimit, PromisedLimit struct{ Text string }
				}
			}
		}
	}
	err := firm.again(ctx, `query { matters(text: "食品经营") { edges { node { id name title statutoryLimit { text } promisedLimit { text } } } } }`, nil, "", &out)
	if err != nil {
		return err
	}
	for _, e := range out.Matters.Edges {
		if e.Node.Name == "food-business-licence" {
			j.matter = e.Node.ID
			return j.tell(ctx, firm.name, "查到事项 "+e.Node.Title, "法定时限 "+e.Node.StatutoryLimit.Text, "承诺时限 "+e.Node.PromisedLimit.Text)
		}
	}
	return errors.New("the matter food-business-licence is not listed")
}

func application() map[string]any {
	return map[string]any{
		"operator_name": "双峰县湘味餐饮有限公司", "uscc": "91431321MA4L00011P", "legal_rep": "李湘", "legal_rep_id": "431321199003070013",
		"premises_division": "431321", "premises_address": "双峰县永丰街道城中路18号", "business_mode": "catering_service",
		"categories": []string{"catering", "cold_dish"}, "area_sqm": 86.5, "contact_phone": "13900000001", "truth_commitment": true,
	}
}

// fill saves a draft and uploads what the matter asks for.
func (j *journey) fill(ctx context.Context) error {
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	if err := j.saveDraft(ctx, firm, nil); err != nil {
		return err
	}
	if err := j.tell(ctx, firm.name, "填写申请表并暂存"); err != nil {
		return err
	}
	materials, changes := []map[string]any{}, []string{}
	for _, m := range []struct{ ref, file string }{{"business-licence-copy", "营业执照.pdf"}, {"premises-layout", "平面布局图.pdf"}, {"safety-rules", "食品安全制度.pdf"}} {
		id, err := firm.upload(ctx, j.drafts, m.ref, m.file, samplePDF(m.file))
		if err != nil {
			return err
		}
		materials = append(materials, map[string]any{"ref": m.ref, "files": []string{id}})
		changes = append(changes, m.file+" 已核对大小、类型和 SHA-256")
	}
	materials = append(materials, map[string]any{"ref": "food-safety-manager-cert", "commitment": true})
	if err := j.saveDraft(ctx, firm, materials); err != nil {
		return err
	}
	return j.tell(ctx, firm.name, "上传材料", append(changes, "食品安全管理员证明：告知承诺")...)
}

func (j *journey) saveDraft(ctx context.Context, firm *actor, materials []map[string]any) error {
	var out struct {
		SaveDraft struct{ Draft struct{ ID string } }
	}
	input := map[string]any{"matter": j.matter, "form": application()}
	key := j.key("draft")
	if j.drafts != "" {
		input["draft"], input["materials"], key = j.drafts, materials, j.key("draft", "materials")
	}
	err := firm.again(ctx, `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }`, map[string]any{"input": input}, key, &out)
	if err == nil {
		j.drafts = out.SaveDraft.Draft.ID
	}
	return err
}

// submit files the application twice with one key: one case results.
func (j *journey) submit(ctx context.Context) error {
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	var numbers [2]string
	for i := range numbers {
		var out struct {
			SubmitApplication struct {
				Case struct{ ID, Number, QueryCode string }
			}
		}
		err := firm.again(ctx, `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number queryCode } } }`,
			map[string]any{"input": map[string]any{"draft": j.drafts, "statement": true}}, j.key("submit"), &out)
		if err != nil {
			return err
		}
		c := out.SubmitApplication.Case
		numbers[i], j.caseID = c.Number, c.ID
		j.result.CaseID, j.result.CaseNumber, j.result.QueryCode = c.ID, c.Number, c.QueryCode
	}
	if numbers[0] != numbers[1] {
		return fmt.Errorf("two submissions of one draft made two cases: %v", numbers)
	}
	seen, err := j.look(ctx, firm)
	if err != nil {
		return err
	}
	return j.tell(ctx, firm.name, "提交申请（重复点击仍是同一办件）", append([]string{"办件编号 " + numbers[0], "查询码 " + j.result.QueryCode}, seen.summary()...)...)
}

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

// accept: pre-review passes, the acceptance notice is issued, then the case is accepted.
func (j *journey) accept(ctx context.Context) error {
	if err := j.later(ctx, 90); err != nil {
		return err
	}
	reviewer, task, err := j.assignee(ctx, "pre_review")
	if err != nil {
		return err
	}
	if err := j.act(ctx, reviewer, task, "pass", nil, ""); err != nil {
		return err
	}
	if err := j.tell(ctx, reviewer.name, "预审通过"); err != nil {
		return err
	}
	if reviewer, task, err = j.assignee(ctx, "acceptance"); err != nil {
		return err
	}
	number, err := j.issue(ctx, reviewer, task, "accept", nil)
	if err != nil {
		return err
	}
	if err := j.tell(ctx, reviewer.name, "出具受理通知书", "文号 "+number); err != nil {
		return err
	}
	if err := j.act(ctx, reviewer, task, "accept", nil, ""); err != nil {
		return err
	}
	seen, err := j.look(ctx, reviewer)
	if err != nil {
		return err
	}
	return j.tell(ctx, reviewer.name, "受理；现场核查自动开始，只中止承诺时限", seen.summary()...)
}

// inspect: one inspector is refused, two with photographs and position are taken.
func (j *journey) inspect(ctx context.Context) error {
	if err := j.morning(ctx, 2); err != nil {
		return err
	}
	inspector := j.inspector()
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
	accounts, err := j.candidates(ctx)
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

// review: the first opinion, by a reviewer.
func (j *journey) review(ctx context.Context) error {
	reviewer, task, err := j.assignee(ctx, "review")
	if err != nil {
		return err
	}
	opinion := "材料齐全，现场核查合格，拟准予许可"
	if err := j.act(ctx, reviewer, task, "submit", map[string]any{"recommend": "grant"}, opinion); err != nil {
		return err
	}
	return j.tell(ctx, reviewer.name, "完成初审", "意见："+opinion)
}

// decide: whoever reviewed may not decide; another person does, after the decision document exists.
func (j *journey) decide(ctx context.Context) error {
	if err := j.morning(ctx, 3); err != nil {
		return err
	}
	approver := j.approver()
	if err := approver.signIn(ctx); err != nil {
		return err
	}
	task, err := j.taskAt(ctx, approver, "decide")
	if err != nil {
		return err
	}
	for _, login := range []string{"shencha", "shencha2"} {
		reviewer := j.staff("审查人员", login)
		if err := reviewer.signIn(ctx); err != nil {
			return err
		}
		err = j.act(ctx, reviewer, task, "grant", nil, "")
		var r *refusal
		if !errors.As(err, &r) || r.Code != "FORBIDDEN" && r.Code != "NOT_FOUND" {
			return fmt.Errorf("a reviewer deciding: want FORBIDDEN, got %v", err)
		}
	}
	if err := j.tell(ctx, "审查人员", "自己审查的办件不能自己决定：被拒绝"); err != nil {
		return err
	}
	number, err := j.issue(ctx, approver, task, "grant", nil)
	if err != nil {
		return err
	}
	if err := j.act(ctx, approver, task, "grant", nil, ""); err != nil {
		return err
	}
	seen, err := j.look(ctx, approver)
	if err != nil {
		return err
	}
	return j.tell(ctx, approver.name, "准予许可", append([]string{"决定书 " + number}, seen.summary()...)...)
}

// deliver: the licence is made by the engine; the window hands it over.
func (j *journey) deliver(ctx context.Context) error {
	if err := j.later(ctx, 30); err != nil {
		return err
	}
	clerk := j.clerk()
	seen, err := j.wait(ctx, clerk, "the licence", func(c *caseSeen) bool { return c.Licence.Identifier != "" && c.Status == "awaiting_delivery" })
	if err != nil {
		return err
	}
	j.result.LicenceNo, j.result.Identifier = seen.Licence.LicenceNo, seen.Licence.Identifier
	err = j.tell(ctx, "系统", "制发"+seen.Licence.Title, "证号 "+seen.Licence.LicenceNo, "电子证照标识 "+seen.Licence.Identifier,
		"有效期 "+seen.Licence.ValidFrom+" 至 "+seen.Licence.ValidTo, "二维码 "+short(seen.Licence.QR))
	if err != nil {
		return err
	}
	task, err := j.taskAt(ctx, clerk, "deliver")
	if err != nil {
		return err
	}
	if err := j.act(ctx, clerk, task, "delivered", map[string]any{"way": "pickup", "receiver_name": "李湘", "receiver_id_last4": "0013"}, ""); err != nil {
		return err
	}
	if seen, err = j.look(ctx, clerk); err != nil {
		return err
	}
	return j.tell(ctx, clerk.name, "发件，领取人签收", seen.summary()...)
}

// archive: the package forms by itself.
func (j *journey) archive(ctx context.Context) error {
	if err := j.later(ctx, 30); err != nil {
		return err
	}
	seen, err := j.wait(ctx, j.firm(), "the archive package", func(c *caseSeen) bool { return c.Archive.Digest != "" })
	if err != nil {
		return err
	}
	j.result.Archive = seen.Archive.Digest
	return j.tell(ctx, "系统", "归档", "案卷摘要 "+short(seen.Archive.Digest), "保管至 "+seen.Archive.RetentionUntil,
		fmt.Sprintf("事件 %d 条，链尾 %s", len(seen.Timeline), short(seen.Digest)))
}

// oversee: the province sees the case in its linked view, masked.
func (j *journey) oversee(ctx context.Context) error {
	supervisor := j.supervisor()
	if err := supervisor.signIn(ctx); err != nil {
		return err
	}
	var out struct {
		LinkedCases struct {
			Edges []struct {
				Node struct{ Number, TenantTitle, MatterTitle, ApplicantMasked, Status string }
			}
		}
	}
	err := supervisor.again(ctx, `query($under: String!) { linkedCases(under: $under) { edges { node { number tenantTitle matterTitle applicantMasked status } } } }`,
		map[string]any{"under": county}, "", &out)
	if err != nil {
		return err
	}
	for _, e := range out.LinkedCases.Edges {
		if e.Node.Number == j.result.CaseNumber {
			return j.tell(ctx, supervisor.name, "在联动视图中看到该办件", e.Node.TenantTitle+" "+e.Node.MatterTitle, "申请人 "+e.Node.ApplicantMasked, "状态 "+e.Node.Status)
		}
	}
	return errors.New("the province does not see the case")
}

// verify: anyone checks progress and licence without signing in.
func (j *journey) verify(ctx context.Context) error {
	public := &actor{journey: j, name: "任何人", acting: county}
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

func short(text string) string {
	if len(text) <= 24 {
		return text
	}
	return text[:24] + "…"
}
