package graph

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/gofrs/uuid/v5"
	"github.com/vektah/gqlparser/v2/ast"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// Cases reads cases and does the verbs on a case as a whole (casework.Service).
type Cases interface {
	View(ctx context.Context, id uuid.UUID) (*casework.View, error)
	ViewByNumber(ctx context.Context, number string) (*casework.View, error)
	ViewOf(ctx context.Context, part casework.Part, id uuid.UUID) (*casework.View, error)
	List(ctx context.Context, f casework.CaseFilter, order casework.CaseOrder, page casework.Page) ([]*casework.Summary, bool, error)
	Count(ctx context.Context, f casework.CaseFilter, limit int) (int, error)
	Summaries(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*casework.Summary, error)
	OpenTasks(ctx context.Context, cases []uuid.UUID) (map[uuid.UUID][]*casework.Task, error)
	MyCases(ctx context.Context, page casework.Page) ([]casework.MyCase, bool, error)
	Timeline(ctx context.Context, v *casework.View, after int64, first int) ([]*casework.Event, error)
	MatterID(ctx context.Context, name string) (uuid.UUID, error)

	Submit(ctx context.Context, in casework.SubmitInput) (*casework.View, error)
	Resubmit(ctx context.Context, in casework.ResubmitInput) (*casework.View, error)
	Withdraw(ctx context.Context, in casework.VerbInput) (*casework.View, error)
	Void(ctx context.Context, in casework.VerbInput) (*casework.View, error)
	Delete(ctx context.Context, in casework.VerbInput, cause workflow.DeleteCause) (*casework.View, error)
	Lapse(ctx context.Context, in casework.VerbInput) (*casework.View, error)
	RecordEvent(ctx context.Context, in casework.RecordEventInput) (*casework.View, error)
}

// parts are the parts of cases by which a case is found.
var parts = map[relay.Type]casework.Part{
	relay.Task: casework.PartTask, relay.SpecialRun: casework.PartSpecial, relay.Extension: casework.PartExtension, relay.IssuedDocument: casework.PartDocument,
	relay.Correction: "correction",
}

// caseModel shows a whole case.
func caseModel(v *casework.View) *model.Case {
	k := v.Case()
	out := caseHead(&casework.Summary{
		Tenant: k.Tenant, ID: k.ID, No: k.No, Status: k.Status, Outcome: k.Outcome, FinishCode: k.FinishCode, Source: k.Source, Channel: k.Channel,
		MatterDigest: k.MatterDigest, EventHash: k.EventHash, ReceivedAt: k.ReceivedAt, AcceptedOn: k.AcceptedOn, Deemed: k.Deemed, DecidedOn: k.DecidedOn,
		PromisedDue: k.PromisedDue, StatutoryDue: k.StatutoryDue, FinishedAt: k.FinishedAt, Version: k.Version, Applicant: k.Applicant,
	})
	out.View = v
	return out
}

// caseInList shows a case as lists read it; what more is asked for is loaded then.
func caseInList(s *casework.Summary) *model.Case {
	out := caseHead(s)
	out.Summary = s
	return out
}

func caseHead(s *casework.Summary) *model.Case {
	return &model.Case{
		ID: relay.Of(relay.Case, s.Tenant, s.ID), Number: s.No, Status: model.CaseStatus(s.Status), StatusText: casework.StatusText(s.Status),
		Outcome: opt(s.Outcome), FinishCode: optNumber(s.FinishCode), Source: s.Source, Channel: s.Channel, MatterDigest: s.MatterDigest, Digest: s.EventHash,
		ReceivedAt: s.ReceivedAt, AcceptedOn: optDate(s.AcceptedOn), DeemedAccepted: s.Deemed, DecidedOn: optDate(s.DecidedOn),
		FinishedAt: optTime(s.FinishedAt), PromisedDueOn: optDate(s.PromisedDue), StatutoryDueOn: optDate(s.StatutoryDue), Version: s.Version,
		Applicant: applicant(s.Applicant),
	}
}

func optNumber(text string) *int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return nil
	}
	return &n
}

// whole returns the whole case behind a node, and a context that acts in its tenant.
func (r *Resolver) whole(ctx context.Context, c *model.Case) (context.Context, *casework.View, error) {
	ctx, err := r.within(ctx, c.ID.Tenant)
	if err != nil || c.View != nil {
		return ctx, c.View, err
	}
	v, err := r.view(ctx, c.ID.Tenant, c.ID.UUID())
	return ctx, v, err
}

// view reads a case once an answer.
func (r *Resolver) view(ctx context.Context, tenant string, id uuid.UUID) (*casework.View, error) {
	return r.loadersOf(ctx).views.get(key{tenant, id}, func() (*casework.View, error) { return r.Casework.View(ctx, id) })
}

// caseOf returns the case that an id names or that one of its parts belongs to.
func (r *Resolver) caseOf(ctx context.Context, id relay.ID) (*casework.View, error) {
	ctx, err := r.within(ctx, id.Tenant)
	if err != nil {
		return nil, err
	}
	if id.Type == relay.Case {
		return r.view(ctx, id.Tenant, id.UUID())
	}
	return r.Casework.ViewOf(ctx, parts[id.Type], id.UUID())
}

// applicant shows who applies, as at submission.
func applicant(a casework.Applicant) *model.Applicant {
	return &model.Applicant{Type: a.Type, Name: a.Name, Uscc: opt(a.USCC)}
}

// data writes typed form data as JSON, numbers by their exact text.
func data(d form.Data) (json.RawMessage, error) {
	if d == nil {
		d = form.Data{}
	}
	return form.Canonical(d)
}

// caseFilter reads the filter of a case list in the acting tenant.
func (r *Resolver) caseFilter(ctx context.Context, f *model.CaseFilter) (casework.CaseFilter, error) {
	var out casework.CaseFilter
	if f == nil {
		return out, nil
	}
	for _, s := range f.Status {
		out.Status = append(out.Status, string(s))
	}
	out.Department, out.Text, out.Overdue = or(f.Department, ""), or(f.Text, ""), or(f.Overdue, false)
	var err error
	if out.ReceivedFrom, err = dateOf(f.ReceivedFrom); err != nil {
		return out, err
	}
	if out.ReceivedTo, err = dateOf(f.ReceivedTo); err != nil {
		return out, err
	}
	out.Matter, err = r.matterKey(ctx, f.Matter)
	return out, err
}

// matterKey finds the id by which a matter's cases are listed; nil without a filter.
func (r *Resolver) matterKey(ctx context.Context, id *relay.ID) (uuid.UUID, error) {
	if id == nil {
		return uuid.Nil, nil
	}
	if err := id.Expect(relay.Matter); err != nil {
		return uuid.Nil, err
	}
	ctx, err := r.within(ctx, id.Tenant)
	if err != nil {
		return uuid.Nil, err
	}
	return r.Casework.MatterID(ctx, id.Key)
}

// casePage carries a page to casework: cursors hold the sort key and the id.
func casePage(page relay.Page) casework.Page {
	out := casework.Page{First: page.First}
	if page.After != nil {
		out.AfterKey, out.AfterID = page.After[0], uuid.FromStringOrNil(page.After[1])
	}
	return out
}

// caseKeys are the cursor keys of a row by the order of its list.
func caseKeys(order casework.CaseOrder) func(*casework.Summary) []string {
	return func(s *casework.Summary) []string {
		if order == casework.DueAsc {
			due := "9999-12-31" // cases without a due date come last
			if !s.DueOn.IsZero() {
				due = s.DueOn.String()
			}
			return []string{due, s.ID.String()}
		}
		return []string{instant(s.CreatedAt), s.ID.String()}
	}
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func caseConnection(page relay.Page, rows []*casework.Summary, more bool, keys func(*casework.Summary) []string) *model.CaseConnection {
	list, info := edges(page, rows, more, keys, func(cursor string, s *casework.Summary) *model.CaseEdge {
		return &model.CaseEdge{Cursor: cursor, Node: caseInList(s)}
	})
	return &model.CaseConnection{Edges: list, PageInfo: info}
}

// verb reads the input that case verbs have in common and does one.
func (r *Resolver) verb(ctx context.Context, id relay.ID, reason string, version int, do func(context.Context, casework.VerbInput) (*casework.View, error)) (*model.CasePayload, error) {
	ctx, key, err := r.target(ctx, id, relay.Case)
	if err != nil {
		return nil, err
	}
	return payload(r.onCase(ctx, func(ctx context.Context) (*casework.View, error) {
		return do(ctx, casework.VerbInput{Case: key, Reason: reason, Version: seen(version)})
	}))
}

// seen is the version that a caller must have read. Versions start at 1; the
// services' 0 stands for "whatever it is now", which these callers may not say.
func seen(version int) int {
	if version == 0 {
		return -1
	}
	return version
}

func payload(v *casework.View, err error) (*model.CasePayload, error) {
	if err != nil {
		return nil, err
	}
	return &model.CasePayload{Case: caseModel(v)}, nil
}

// queryCode is the secret of the owner (R-APP-13).
func queryCode(v *casework.View) *string {
	if !v.Owner() {
		return nil
	}
	return opt(v.Case().QueryCode)
}

// isStaff reports whether a member of staff is asking.
func isStaff(ctx context.Context) bool { return authz.From(ctx).Type == authz.TypeStaff }

// pinnedHead is what lists know of the matter that a case is pinned to.
func pinnedHead(s *casework.Summary) *model.Matter {
	return &model.Matter{ID: relay.Named(relay.Matter, s.Tenant, s.MatterName), Name: s.MatterName, Title: s.MatterTitle, Digest: s.MatterDigest}
}

// asksForHead reports whether the selection of a case's matter names nothing but
// what lists know of it (pinnedHead). The rows of a list share the selection, so it
// is looked through once an answer.
func (r *Resolver) asksForHead(ctx context.Context) bool {
	only, _ := r.loadersOf(ctx).heads.get(graphql.GetFieldContext(ctx).Field.Field, func() (bool, error) {
		for _, name := range graphql.CollectAllFields(ctx) {
			switch name {
			case "__typename", "id", "name", "title", "digest", "tenant":
			default:
				return false, nil
			}
		}
		return true, nil
	})
	return only
}

// ahead reads the open tasks of a list's cases in one query a tenant when they are
// asked for; the elements of such a list are resolved one after the other.
func (r *Resolver) ahead(ctx context.Context, rows []*casework.Summary) error {
	if len(rows) == 0 || !selects(ctx, []string{"CaseConnection", "CaseEdge", "Case", "Node"}, "edges", "node", "tasks") {
		return nil
	}
	ids := map[string][]uuid.UUID{}
	for _, s := range rows {
		ids[s.Tenant] = append(ids[s.Tenant], s.ID)
	}
	tasks := r.loadersOf(ctx).tasks
	for tenant, cases := range ids {
		found, err := inTenant(ctx, r, tenant, cases, r.openTasks)
		if err != nil {
			return err
		}
		for id, list := range found {
			tasks.Prime(key{tenant, id}, list)
		}
	}
	return nil
}

// selects reports whether the field being resolved asks for this path of fields;
// types are those along it, on which fragments may stand.
func selects(ctx context.Context, types []string, path ...string) bool {
	operation := graphql.GetOperationContext(ctx)
	var within func(set ast.SelectionSet, path []string) bool
	within = func(set ast.SelectionSet, path []string) bool {
		for _, field := range graphql.CollectFields(operation, set, types) {
			if field.Name == path[0] && (len(path) == 1 || within(field.Selections, path[1:])) {
				return true
			}
		}
		return false
	}
	return within(graphql.GetFieldContext(ctx).Field.Selections, path)
}

// findCase finds a case by exactly one of id and number. A number is looked for
// where its division says, when the viewer is an applicant, else in the acting tenant.
func (r *Resolver) findCase(ctx context.Context, id *relay.ID, number *string) (*model.Case, error) {
	if (id == nil) == (number == nil) {
		return nil, problem.New(problem.BadRequest, "one_of", "id、number 须且只须给出一项")
	}
	if id != nil {
		if err := id.Expect(relay.Case); err != nil {
			return nil, err
		}
		v, err := r.caseOf(ctx, *id)
		if err != nil {
			return nil, err
		}
		return caseModel(v), nil
	}
	var err error
	if authz.From(ctx).Type == authz.TypeApplicant {
		if ctx, err = r.within(ctx, r.handling(ctx, *number)); err != nil {
			return nil, err
		}
	}
	v, err := r.Casework.ViewByNumber(ctx, *number)
	if err != nil {
		return nil, err
	}
	return caseModel(v), nil
}
