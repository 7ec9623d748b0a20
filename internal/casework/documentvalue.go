package casework

import (
	"slices"
	"strings"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// documentValues gathers the roots that a template's fields name (docs/kinds.md
// "Document roots"); nothing else enters the record. A field that the template
// requires and that has no value is a problem at that field.
func (c *Change) documentValues(t *configuration.Document, extra map[string]any) (map[string]any, error) {
	roots, err := c.roots(t)
	if err != nil {
		return nil, err
	}
	for name, value := range extra {
		roots[name] = value
	}
	values := map[string]any{}
	var problems problem.List
	for _, path := range t.Spec.Fields {
		value, found := lookUp(roots, path)
		if !found {
			if slices.Contains(t.Spec.Requires, path) {
				problems.Add("$.fields."+strings.TrimPrefix(path, "input."), "required", "文书“%s”需要 %s", t.Spec.Title, path)
			}
			continue
		}
		put(values, path, value)
	}
	return values, problem.Invalid(problems)
}

func (c *Change) roots(t *configuration.Document) (map[string]any, error) {
	k, b := c.kase, c.matter.Binding
	promised, statutory := c.previewDue()
	roots := map[string]any{
		"case": map[string]any{"no": k.No, "query_code": k.QueryCode, "received_at": k.ReceivedAt.In(c.live.Location).Format(time.RFC3339),
			"accepted_on": c.acceptedOn().String(), "promised_due_on": promised.String(), "statutory_due_on": statutory.String(),
			"status_text": StatusText(k.Status)},
		"matter":     map[string]any{"title": k.MatterTitle, "code": c.matter.Spec.BasicCode},
		"applicant":  map[string]any{"name": k.Applicant.Name, "id_masked": maskCode(k.Applicant.USCC)},
		"clerk":      c.clerk(),
		"department": map[string]any{"title": b.DepartmentTitle},
		"decision":   map[string]any{"date": c.today.String(), "basis": c.legalBasis()},
		"delivery":   map[string]any{"at": c.now.In(c.live.Location).Format(time.RFC3339), "way": c.inputOr("way", k.Delivery)},
		"receiver":   map[string]any{"name": c.inputOr("receiver_name", k.Applicant.Name), "id_last4": c.input("receiver_id_last4")},
		"form":       map[string]any(k.Form), "facts": map[string]any(k.Facts), "materials": c.materialList(), "opinions": c.opinionList(),
		"correction": c.correctionValues(),
	}
	if remedies := c.remedies(); remedies != "" {
		roots["remedies"] = remedies
	}
	if c.acting != nil {
		roots["input"] = map[string]any(c.acting.fields)
	}
	if slices.ContainsFunc(t.Spec.Fields, func(f string) bool { return aliasRoot(f) == "licence" }) {
		licence, err := c.licenceValues()
		if err != nil {
			return nil, err
		}
		roots["licence"] = licence
	}
	return roots, nil
}

// clerk is who draws the document up; filed online, it is the platform itself.
func (c *Change) clerk() map[string]any {
	if c.actor.StaffNo == "" {
		return map[string]any{"name": "网上受理系统", "staff_no": "—"}
	}
	return map[string]any{"name": c.actor.Name, "staff_no": c.actor.StaffNo}
}

// acceptedOn is the day of acceptance, or today while the notice of it is being drawn up.
func (c *Change) acceptedOn() deadline.Date {
	if c.kase.AcceptedOn.IsZero() {
		return c.today
	}
	return c.kase.AcceptedOn
}

// previewDue gives the promised and statutory due dates, as they would be if the
// case were accepted today when it is not yet.
func (c *Change) previewDue() (promised, statutory deadline.Date) {
	promised, statutory = c.kase.PromisedDue, c.kase.StatutoryDue
	if !c.kase.AcceptedOn.IsZero() {
		return promised, statutory
	}
	for kind, limit := range c.handlingLimits() {
		clock, err := deadline.Start(kind, deadline.Agency, limit, c.today, c.live.Calendar)
		if err != nil {
			continue
		}
		if due := clock.Due(c.live.Calendar).On; kind == deadline.Promised {
			promised = due
		} else {
			statutory = due
		}
	}
	return promised, statutory
}

func (c *Change) legalBasis() string {
	var cited []string
	for _, basis := range c.matter.Spec.LegalBasis {
		cited = append(cited, "《"+strings.Trim(basis.Law, "《》")+"》"+basis.Article)
	}
	return strings.Join(cited, "、")
}

// remedies states reconsideration and litigation from the matter's data (R-PRC-20).
func (c *Change) remedies() string {
	r := c.matter.Spec.Remedies
	if r == nil {
		return ""
	}
	var ways []string
	if r.Reconsideration != nil {
		ways = append(ways, sprintf("自收到本决定之日起%d日内向%s申请行政复议", r.Reconsideration.Days, r.Reconsideration.Body))
	}
	if r.Litigation != nil {
		ways = append(ways, sprintf("自收到本决定之日起%d个月内向%s提起行政诉讼", r.Litigation.Months, r.Litigation.Court))
	}
	text := "如不服本决定，可以" + strings.Join(ways, "，也可以") + "。"
	if r.Reconsideration != nil && r.Reconsideration.First {
		text += "对本决定应当先申请行政复议。"
	}
	return text
}

func (c *Change) materialList() []any {
	list := make([]any, 0, len(c.materials))
	for _, m := range c.materials {
		list = append(list, map[string]any{"ref": m.Ref, "title": m.Title, "required": m.Required, "status": m.Status,
			"status_text": materialText[m.Status], "copies": c.copies(m)})
	}
	return list
}

// copies is how many the matter asks for, 1 when it does not say.
func (c *Change) copies(m *Material) int64 {
	if term := c.term(m.Ref); term != nil && term.Spec.Copies > 0 {
		return int64(term.Spec.Copies)
	}
	return 1
}

var materialText = map[string]string{
	MaterialMissing: "未提交", MaterialSubmitted: "已提交", MaterialAccepted: "已核收", MaterialDefective: "待补正", MaterialWaived: "免于提交",
	MaterialCommitted: "已作告知承诺", MaterialTolerated: "容缺后补", MaterialReused: "共享调用",
}

func (c *Change) opinionList() []any {
	var list []any
	for _, t := range c.tasks {
		if t.State == TaskDone && t.Opinion != "" {
			list = append(list, map[string]any{"node": t.Title, "opinion": t.Opinion, "by": t.Actor.String(), "on": deadline.DateOf(t.ClosedAt, c.live.Location).String()})
		}
	}
	return list
}

// correctionValues are those of the notice being drawn up, or of the live one.
func (c *Change) correctionValues() map[string]any {
	if c.acting != nil && c.acting.fields["item_list"] != nil {
		items, err := c.correctionItems()
		if err != nil {
			return nil
		}
		return map[string]any{"items": itemList(items), "count": int64(len(items)), "due_on": c.correctionDue().String()}
	}
	if live := c.liveCorrection(); live != nil {
		return map[string]any{"items": itemList(live.Items), "count": int64(len(live.Items)), "due_on": live.DueOn.String()}
	}
	return nil
}

// correctionDue is the applicant's due date if the notice goes out today (T-06).
func (c *Change) correctionDue() deadline.Date {
	node, ok := c.matter.Net.Node(c.acting.action.To)
	if !ok || node.Limit == nil {
		return deadline.Date{}
	}
	return c.live.Calendar.Add(c.today, deadline.Limit{N: node.Limit.N, Unit: deadline.Unit(node.Limit.Unit)}, true)
}

func lookUp(roots map[string]any, path string) (any, bool) {
	var value any = roots
	for step := range strings.SplitSeq(path, ".") {
		fields, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = fields[step]; !ok {
			return nil, false
		}
	}
	return value, value != nil && value != ""
}

func put(into map[string]any, path string, value any) {
	steps := strings.Split(path, ".")
	for _, step := range steps[:len(steps)-1] {
		next, ok := into[step].(map[string]any)
		if !ok {
			next = map[string]any{}
			into[step] = next
		}
		into = next
	}
	into[steps[len(steps)-1]] = value
}

func maskCode(s string) string {
	if len(s) < 8 {
		return s
	}
	return s[:4] + strings.Repeat("*", len(s)-8) + s[len(s)-4:]
}
