package casework

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// View is a case as its caller may see it: the dossier, and what the caller may do.
type View struct {
	*dossier
	principal authz.Principal
	service   *Service
	today     deadline.Date
	Decision  authz.Decision // of case.view: its obligations
}

// View returns a case that the caller may see; NotFound otherwise.
func (s *Service) View(ctx context.Context, id uuid.UUID) (*View, error) {
	d, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	decision, err := s.authz.Require(ctx, "case.view", d.object())
	if err != nil {
		return nil, err
	}
	if decision.Obliged("record_look") {
		if err := s.book.recordLook(ctx, clamp(s.clock.Now()), id); err != nil {
			return nil, err
		}
	}
	v := s.view(ctx, d)
	v.Decision = decision
	return v, nil
}

// ViewByNumber finds a case of the acting tenant by its number.
func (s *Service) ViewByNumber(ctx context.Context, number string) (*View, error) {
	id, err := s.store.caseByNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	return s.View(ctx, id)
}

// ViewOf returns the case that a task, special run, extension, document or file belongs to.
func (s *Service) ViewOf(ctx context.Context, part Part, id uuid.UUID) (*View, error) {
	caseID, err := s.book.caseOf(ctx, string(part), id)
	if err != nil {
		return nil, err
	}
	return s.View(ctx, caseID)
}

// Part names a table of parts of cases.
type Part string

// The parts that have ids of their own outside.
const (
	PartTask      Part = "task"
	PartSpecial   Part = "special_run"
	PartExtension Part = "extension"
	PartDocument  Part = "issued_document"
)

func (s *Service) view(ctx context.Context, d *dossier) *View {
	return &View{dossier: d, principal: authz.From(ctx), service: s, today: deadline.DateOf(s.clock.Now(), d.live.Location)}
}

// The parts of the case.
func (v *View) Case() *Case                   { return v.kase }
func (v *View) Matter() *configuration.Matter { return v.matter }
func (v *View) Live() *configuration.Live     { return v.live }
func (v *View) Tasks() []*Task                { return v.tasks }
func (v *View) Materials() []*Material        { return v.materials }
func (v *View) Corrections() []*Correction    { return v.corrections }
func (v *View) Specials() []*SpecialRun       { return v.specials }
func (v *View) Extensions() []*Extension      { return v.extensions }
func (v *View) Clocks() []*Clock              { return v.clocks }
func (v *View) Documents() []*Document        { return v.documents }

// Owner reports whether the caller is the applicant, who alone sees the query code.
func (v *View) Owner() bool { return v.principal.Account == v.kase.ApplicantID }

// Form is the form as the caller may see it: fields that the form declares
// sensitive are shown to the owner and to whoever has an open task in the case.
func (v *View) Form() form.Data {
	own := authz.Visibility{Owner: v.principal.Account, Assignee: v.principal.Staff, Candidates: v.principal.Bindings}
	if v.principal.Type == authz.TypeSystem || own.Match(v.objectWith(func(t *Task) bool { return t.Open() })) {
		return v.kase.Form
	}
	return masked(v.kase.Form, v.matter.FormSpec.Sensitive)
}

func masked(data form.Data, paths []string) form.Data {
	out := form.Data{}
	for name, value := range data {
		if nested, ok := value.(map[string]any); ok {
			var below []string
			for _, p := range paths {
				if rest, ok := strings.CutPrefix(p, name+"."); ok {
					below = append(below, rest)
				}
			}
			value = masked(nested, below)
		}
		if text, ok := value.(string); ok && slices.Contains(paths, name) {
			value = maskCode(text)
		}
		out[name] = value
	}
	return out
}

// Remaining is how many units a clock has left today; negative when overdue.
func (v *View) Remaining(c *Clock) int {
	if overdue := c.Body.Overdue(v.today, v.live.Calendar); overdue > 0 {
		return -overdue
	}
	return c.Body.Remaining(v.today, v.live.Calendar)
}

// Explain derives a clock's due date line by line.
func (v *View) Explain(c *Clock) []string {
	return c.Body.ExplainAsOf(v.today, v.live.Calendar).Explain
}

// DaysLeft is how many working days a task has left; ok is false without a limit.
func (v *View) DaysLeft(t *Task) (days int, ok bool) {
	for _, c := range v.clocks {
		if c.Owner == t.ID {
			return v.Remaining(c), true
		}
	}
	return 0, false
}

// TaskAction is something the caller may do on a task, or why not yet.
type TaskAction struct {
	workflow.Action
	Inputs        []InputField
	DocumentTitle string
	Issued        *Document
	Unlocked      bool
	LockedReason  string
	LockedMessage string
	Procedures    []string
}

// Offers is what the net offers on a task now, to whoever may act.
func (v *View) Offers(t *Task) ([]workflow.Offer, error) {
	return workflow.Offered(v.matter.Net, v.kase.State, t.Token, guardEnv(v.dossier, v.today))
}

// Actions computes what configuration, state and policy offer on a task.
func (v *View) Actions(ctx context.Context, t *Task) ([]TaskAction, error) {
	if !t.Open() || v.principal.Type != authz.TypeStaff {
		return nil, nil
	}
	offers, err := v.Offers(t)
	if err != nil {
		return nil, err
	}
	actions := make([]TaskAction, 0, len(offers))
	for _, offer := range offers {
		action, err := v.action(ctx, t, offer)
		if err != nil {
			return nil, err
		}
		actions = append(actions, action)
	}
	return actions, nil
}

func (v *View) action(ctx context.Context, t *Task, offer workflow.Offer) (TaskAction, error) {
	a := TaskAction{Action: offer.Action, Procedures: offer.Procedures, Inputs: inputsOf(v.matter.FlowSpec, t.Node, &offer.Action), Unlocked: true}
	if document, ok := v.matter.Documents[offer.Document]; ok {
		a.DocumentTitle = document.Spec.Title
		a.Issued = v.document(t.ID, offer.ID, v.today)
	}
	decision, err := v.service.authz.Decide(ctx, "task.act", v.taskObject(t, permissionOf(v.dossier, t, offer.ID)))
	if err != nil {
		return a, err
	}
	switch {
	case !decision.Allow:
		a.Unlocked, a.LockedReason, a.LockedMessage = false, decision.Reason, messageOf(authz.Refusal(decision))
	case locks(v.dossier, &offer.Action) && a.Issued == nil:
		a.Unlocked, a.LockedReason, a.LockedMessage = false, "document_required", "先出具“"+a.DocumentTitle+"”"
	}
	return a, nil
}

// Verb is a verb on the case as a whole that SM-05 allows now.
type Verb struct {
	ID        workflow.CaseVerb
	Title     string
	Permitted bool
	Reason    string
}

// verbActions are the actions of policies/actions.yaml behind the verbs served.
var verbActions = map[workflow.CaseVerb]string{
	workflow.CaseWithdraw: "case.withdraw", workflow.CaseVoid: "case.void", workflow.CaseDelete: "case.delete", workflow.CaseLapse: "case.void",
	workflow.CaseRequestExtension: "extension.request", workflow.CaseStartSpecial: "special.request", workflow.CaseRecordEvent: "case.record_event",
}

// Verbs lists the case verbs with whether the caller may use them.
func (v *View) Verbs(ctx context.Context) ([]Verb, error) {
	var verbs []Verb
	for _, id := range workflow.CaseVerbs(v.kase.State) {
		action, served := verbActions[id]
		if !served {
			continue
		}
		if id == workflow.CaseWithdraw && v.principal.Type == authz.TypeStaff {
			action = "case.withdraw_on_behalf"
		}
		decision, err := v.service.authz.Decide(ctx, action, v.object())
		if err != nil {
			return nil, err
		}
		verb := Verb{ID: id, Title: verbText[id], Permitted: decision.Allow}
		if !decision.Allow {
			verb.Reason = messageOf(authz.Refusal(decision))
		}
		verbs = append(verbs, verb)
	}
	return verbs, nil
}

func messageOf(err error) string {
	var refusal *problem.Error
	if errors.As(err, &refusal) {
		return refusal.Message
	}
	return ""
}

func asProblems(err error) (problem.List, bool) {
	var refusal *problem.Error
	if errors.As(err, &refusal) && refusal.Code == problem.Validation {
		return refusal.Problems, true
	}
	return nil, false
}
