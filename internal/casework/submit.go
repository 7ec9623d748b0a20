package casework

import (
	"context"
	"crypto/rand"
	"hash/crc32"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/code"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/workflow"
)

// SubmitInput files a draft. Statement is the applicant's declaration of truth
// (行政许可法 art. 31).
type SubmitInput struct {
	Draft     uuid.UUID
	Statement bool
	Channel   string // web when empty
	Delivery  string // the matter's first way when empty
}

// Submit turns a draft into a case: the form is held to the schema, the
// materials to their terms, the matter's head to what was read (invariant I4);
// the case gets its number and query code, its receipt, its acceptance clock and
// first tasks. A draft makes one case, however often it is submitted (R-APP-14).
// Conflict "draft_outdated" when what is asked has changed since the draft was saved:
// the draft shows how, and saving it says that this was seen.
func (s *Service) Submit(ctx context.Context, in SubmitInput) (*View, error) {
	draft, err := s.book.draft(ctx, in.Draft)
	if err != nil {
		return nil, err
	}
	p := authz.From(ctx)
	if draft.CaseID != uuid.Nil && draft.Account == p.Account {
		return s.View(ctx, draft.CaseID)
	}
	matter, err := s.configuration.Current(ctx, draft.Matter)
	if err != nil {
		return nil, err
	}
	object := authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: draft.Account, MinLevel: matter.Spec.MinUserLevel}
	if _, err := s.authz.Require(ctx, "case.submit", object); err != nil {
		return nil, err
	}
	if err := s.serves(matter.Net); err != nil {
		return nil, err
	}
	if changes, err := s.alterations(ctx, draft, matter); err != nil {
		return nil, err
	} else if len(changes) > 0 {
		return nil, problem.New(problem.Conflict, reasonDraftOutdated, "保存草稿后，本事项的要求有 %d 处变化；请查看变化，保存后再提交", len(changes))
	}
	c, err := s.newCase(ctx, draft, matter, in)
	if err != nil {
		return nil, err
	}
	err = s.Commit(ctx, c)
	if db.IsDuplicate(err, "case_file_tenant_id_draft_id_key") || problem.ReasonOf(err) == reasonDraftFiled {
		return s.filed(ctx, draft.ID)
	}
	if err != nil {
		return nil, err
	}
	return s.view(ctx, c.dossier), nil
}

// filed answers a submission that a twin won: the one case of the draft.
func (s *Service) filed(ctx context.Context, draft uuid.UUID) (*View, error) {
	d, err := s.book.draft(ctx, draft)
	if err != nil {
		return nil, err
	}
	return s.View(ctx, d.CaseID)
}

func (s *Service) newCase(ctx context.Context, draft *Draft, matter *configuration.Matter, in SubmitInput) (*Change, error) {
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return nil, err
	}
	filled, err := matter.Form.Decode([]byte(draft.formText))
	if err != nil {
		return nil, err // the form has changed since the draft was saved
	}
	p := authz.From(ctx)
	kase := &Case{
		Tenant: tenancy.Acting(ctx), Source: "native", Channel: in.Channel, Delivery: in.Delivery, MatterName: matter.Name,
		MatterTitle: matter.Spec.Title, MatterDigest: matter.Digest, Pins: matter.Pins, Department: matter.Binding.Department,
		ApplicantID: draft.Account, DraftID: draft.ID, Form: matter.Form.ApplyDefaults(filled), Facts: form.Data{},
		Applicant: Applicant{Type: p.ObjectType, Name: p.Name, Level: p.Level, USCC: p.USCC}, Version: 1,
	}
	c := s.newChange(ctx, &dossier{kase: kase, matter: matter, live: live})
	c.fresh, c.draft = true, draft
	if kase.Channel == "" {
		kase.Channel = "web"
	}
	if kase.Delivery == "" && len(matter.Spec.Delivery) > 0 {
		kase.Delivery = matter.Spec.Delivery[0]
	}
	if kase.MatterID, err = s.book.matterID(ctx, matter.Name); err != nil {
		return nil, err
	}
	if err := c.checkApplication(ctx, draft, in.Statement); err != nil {
		return nil, err
	}
	return c, c.receive(ctx)
}

// receive stamps the receipt and starts the flow.
func (c *Change) receive(ctx context.Context) error {
	k := c.kase
	k.ID, k.CreatedAt, k.ReceivedAt = c.service.newID(c.now), c.now, c.now
	k.ReceivedOn = deadline.ReceiptDate(c.now, c.live.Location, c.receiptPolicy(), c.live.Calendar)
	var err error
	if k.No, err = c.caseNumber(ctx); err != nil {
		return err
	}
	if k.QueryCode, err = code.QueryCode(rand.Reader); err != nil {
		return err
	}
	if k.FormDigest, err = form.Digest(k.Form); err != nil {
		return err
	}
	for _, m := range c.materials {
		m.CaseID = k.ID
	}
	k.Status = workflow.StatusReceived
	c.record("case.submitted", map[string]any{"matter": k.MatterName, "matter_digest": k.MatterDigest, "channel": k.Channel,
		"form_digest": k.FormDigest, "materials": c.materialDigests(), "statement": true})
	c.record("case.received", map[string]any{"no": k.No, "received_on": k.ReceivedOn.String()})
	if c.matter.Spec.AcceptanceWindow.From != "dispatch" {
		if err := c.startAcceptance(k.ReceivedOn); err != nil {
			return err
		}
	}
	return c.step(workflow.Submit())
}

// receiptPolicy is the tenant's rule for filings on days off, same_day unless it says otherwise (T-03).
func (c *Change) receiptPolicy() deadline.ReceiptPolicy {
	if p := c.live.Tenant.Policies; p != nil && p.OffHoursReceipt != "" {
		return deadline.ReceiptPolicy(p.OffHoursReceipt)
	}
	return deadline.SameDay
}

// caseNumber formats the next number of the tenant's rule; numbers may have gaps.
func (c *Change) caseNumber(ctx context.Context) (string, error) {
	seq, err := c.service.number(ctx, c.kase.Tenant, "case/"+c.today.String()[:4])
	if err != nil {
		return "", err
	}
	values := c.numberValues(c.matter.Binding.DepartmentShort, seq)
	values.MatterSeq = int64(crc32.ChecksumIEEE([]byte(c.kase.MatterName))%9999) + 1
	return c.matter.CaseNumber.Format(values)
}

func (c *Change) materialDigests() []any {
	list := []any{}
	for _, m := range c.materials {
		for _, f := range m.Files {
			list = append(list, map[string]any{"ref": m.Ref, "filename": f.Filename, "sha256": f.SHA256, "size": f.Size})
		}
	}
	return list
}

// checkApplication collects everything that is wrong with form and materials at once.
func (c *Change) checkApplication(ctx context.Context, draft *Draft, statement bool) error {
	var problems problem.List
	if !statement {
		problems.Add("$.statement", "required", "须声明所填内容和材料真实")
	}
	misfits := c.matter.Form.Validate(c.kase.Form, c.circumstances())
	problems = append(problems, misfits...)
	if misfits.HasErrors() {
		return problem.Invalid(problems) // what follows reads the form by expressions
	}
	in := c.dossier.input(c.today)
	problems = append(problems, checkSituations(c.matter, in)...)
	found, err := c.takeMaterials(ctx, draft.ID, draft.Materials, in)
	if err != nil {
		return err
	}
	return problem.Invalid(append(problems, found...))
}

// circumstances are what form rules may look at besides the form.
func (c *Change) circumstances() form.Circumstances {
	return form.Circumstances{Today: c.today, Calendar: c.live.Calendar, Applicant: c.kase.Applicant.fields()}
}

// checkSituations refuses an application whose situation leads elsewhere (情形).
func checkSituations(m *configuration.Matter, in expr.Input) problem.List {
	var problems problem.List
	for _, situation := range m.Situations {
		if holds, err := situation.When.Bool(in); err == nil && holds && situation.Spec.Outcome != "continue" {
			problems.Add("$.form", "situation:"+situation.ID, "%s：%s", situation.Spec.Title, situation.Spec.Message)
		}
	}
	return problems
}
