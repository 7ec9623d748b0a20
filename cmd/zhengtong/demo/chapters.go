package demo

import (
	"context"
	"errors"
	"fmt"
)

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
	err := firm.again(ctx, `query($text: String!) { matters(text: $text) { edges { node { id name title statutoryLimit { text } promisedLimit { text } } } } }`,
		map[string]any{"text": j.cast.words}, "", &out)
	if err != nil {
		return err
	}
	for _, e := range out.Matters.Edges {
		if e.Node.Name == j.cast.matter {
			j.matter = e.Node.ID
			return j.tell(ctx, firm.name, "查到事项 "+e.Node.Title, "法定时限 "+e.Node.StatutoryLimit.Text, "承诺时限 "+e.Node.PromisedLimit.Text)
		}
	}
	return fmt.Errorf("the matter %s is not listed", j.cast.matter)
}

// fill saves a draft and uploads what the matter asks for.
func (j *journey) fill(ctx context.Context) error {
	firm := j.firm()
	if err := firm.signIn(ctx); err != nil {
		return err
	}
	if err := j.saveDraft(ctx, firm, j.cast.form, nil); err != nil {
		return err
	}
	if err := j.tell(ctx, firm.name, "填写申请表并暂存"); err != nil {
		return err
	}
	materials, changes := []map[string]any{}, []string{}
	for _, p := range j.cast.papers {
		id, err := firm.upload(ctx, j.drafts, p.ref, p.file, samplePDF(p.file))
		if err != nil {
			return err
		}
		materials = append(materials, map[string]any{"ref": p.ref, "files": []string{id}})
		changes = append(changes, p.file+" 已核对大小、类型和 SHA-256")
	}
	for ref, title := range j.cast.commitments {
		materials = append(materials, map[string]any{"ref": ref, "commitment": true})
		changes = append(changes, title+"：告知承诺")
	}
	if err := j.saveDraft(ctx, firm, j.cast.form, materials); err != nil {
		return err
	}
	return j.tell(ctx, firm.name, "上传材料", changes...)
}

// saveDraft saves the form, and the materials when given; words tell one save from another.
func (j *journey) saveDraft(ctx context.Context, firm *actor, form map[string]any, materials []map[string]any, words ...string) error {
	var out struct {
		SaveDraft struct{ Draft struct{ ID string } }
	}
	input := map[string]any{"matter": j.matter, "form": form}
	key := append([]string{"draft"}, words...)
	if j.drafts != "" {
		input["draft"] = j.drafts
	}
	if materials != nil {
		input["materials"], key = materials, append(key, "materials")
	}
	err := firm.again(ctx, `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }`, map[string]any{"input": input}, j.key(key...), &out)
	if err == nil {
		j.drafts = out.SaveDraft.Draft.ID
		j.result.Draft = j.drafts
	}
	return err
}

const submission = `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number queryCode } } }`

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
		err := firm.again(ctx, submission, map[string]any{"input": map[string]any{"draft": j.drafts, "statement": true}}, j.key("submit"), &out)
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
	return j.tell(ctx, reviewer.name, "受理；"+j.cast.accepted, seen.summary()...)
}

// review: the first opinion, by a reviewer.
func (j *journey) review(ctx context.Context) error {
	reviewer, task, err := j.assignee(ctx, "review")
	if err != nil {
		return err
	}
	if err := j.act(ctx, reviewer, task, "submit", map[string]any{"recommend": "grant"}, j.cast.opinion); err != nil {
		return err
	}
	return j.tell(ctx, reviewer.name, "完成初审", "意见："+j.cast.opinion)
}

// decide: whoever reviewed may not decide; another person does, after the decision document exists.
func (j *journey) decide(ctx context.Context) error {
	if err := j.morning(ctx, 3); err != nil {
		return err
	}
	approver := j.staff(j.cast.approver)
	if err := approver.signIn(ctx); err != nil {
		return err
	}
	task, err := j.taskAt(ctx, approver, "decide")
	if err != nil {
		return err
	}
	for _, p := range j.cast.reviewers {
		reviewer := j.staff(p)
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
	if j.result.Decision, err = j.issue(ctx, approver, task, "grant", nil); err != nil {
		return err
	}
	if err := j.act(ctx, approver, task, "grant", nil, ""); err != nil {
		return err
	}
	seen, err := j.look(ctx, approver)
	if err != nil {
		return err
	}
	return j.tell(ctx, approver.name, j.cast.granted, append([]string{"决定书 " + j.result.Decision}, seen.summary()...)...)
}

// deliver: the window hands the result over, and the receiver signs.
func (j *journey) deliver(ctx context.Context) error {
	clerk := j.staff(j.cast.clerk)
	if err := clerk.signIn(ctx); err != nil {
		return err
	}
	task, err := j.taskAt(ctx, clerk, "deliver")
	if err != nil {
		return err
	}
	if err := j.act(ctx, clerk, task, "delivered", j.cast.receiver, ""); err != nil {
		return err
	}
	seen, err := j.look(ctx, clerk)
	if err != nil {
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
		map[string]any{"under": j.cast.county}, "", &out)
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

func short(text string) string {
	if len(text) <= 24 {
		return text
	}
	return text[:24] + "…"
}
