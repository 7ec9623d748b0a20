package casework

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// The outcomes of a Move.
const (
	MoveReady   = "ready"   // previewed: nothing stands against it
	MoveMoved   = "moved"   // done
	MoveRefused = "refused" // the case stays on its version; Reason says why
)

// The reasons for which a case is not moved, beside those of workflow.Passage and
// "not_servable", "stale_version" and "failed".
const (
	ReasonCaseUnknown     = "case_unknown"             // no case has this number
	ReasonOtherMatter     = "other_matter"             // the case is of another matter
	ReasonCaseEnded       = "case_ended"               // nothing is left to be done under any version
	ReasonCaseDecided     = "case_decided"             // what was decided stays under what it was decided by
	ReasonAlreadyThere    = "already_there"            // it is on the new version
	ReasonPinnedElsewhere = "pinned_elsewhere"         // it is on a third version
	ReasonLegalLimitWorse = "legal_limit_worse"        // the new version gives the applicant a worse legal limit
	ReasonFormInvalid     = "form_invalid"             // the new form does not take what was filled in
	ReasonFactLost        = "fact_without_counterpart" // what staff recorded is no fact of the new version
	ReasonProcedureLost   = "procedure_unknown"        // a special procedure under way is none of the new version
	ReasonSeparationLost  = "separation_lost"          // somebody kept from a node would be let in (R-PRC-15)
	ReasonFeeUnknown      = "fee_unknown"              // the new fee cannot be computed for the case
	ReasonFailed          = "failed"                   // a fault of the program or its surroundings, logged
)

// Move is what becomes of one case in a migration.
type Move struct {
	Case     uuid.UUID       `json:"case"` // Nil: the number is no case's
	No       string          `json:"no"`
	Status   workflow.Status `json:"status"`
	Outcome  string          `json:"outcome"`
	Reason   string          `json:"reason,omitempty"`
	Message  string          `json:"message,omitempty"`
	Nodes    []NodeMove      `json:"nodes,omitempty"`    // where it stands
	Renamed  []string        `json:"renamed,omitempty"`  // fields that got another name: old=new
	Dropped  []string        `json:"dropped,omitempty"`  // fields that are not kept
	Problems problem.List    `json:"problems,omitempty"` // of the data, by the new form
	Clocks   []ClockMove     `json:"clocks,omitempty"`   // that run on the case as a whole
	Worse    []Worsening     `json:"worse,omitempty"`    // for the applicant, who is told
}

// NodeMove is a node at which the case stands, and the one at which it goes on.
type NodeMove struct {
	From      string `json:"from"`
	FromTitle string `json:"from_title"`
	To        string `json:"to"`
	ToTitle   string `json:"to_title"`
}

// ClockMove is a live clock before and after. Kept: the new version says another limit,
// and the clock keeps the one it has, which is better for the applicant or still possible.
type ClockMove struct {
	Kind        deadline.Kind `json:"kind"`
	LimitBefore string        `json:"limit_before"`
	LimitAfter  string        `json:"limit_after"`
	Before      deadline.Date `json:"before"`
	After       deadline.Date `json:"after"`
	Kept        bool          `json:"kept,omitempty"`
}

// Worsening is something that gets worse for the applicant. Area is limit, material or fee.
type Worsening struct {
	Area   string `json:"area"`
	Name   string `json:"name"`
	Title  string `json:"title"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// String is the sentence that the applicant reads.
func (w Worsening) String() string {
	switch w.Area {
	case configuration.AlteredMaterial:
		return "需另交材料“" + w.Title + "”"
	default:
		return fmt.Sprintf("%s由%s改为%s", w.Title, w.Before, w.After)
	}
}

// mover carries the cases of one migration from version to version.
type mover struct {
	*Migration
	from, to *configuration.Matter
	passage  *workflow.Passage
}

// migrate makes the change that moves the case to another version of its matter, or says
// why it stays. The change of a case that stays must not be committed. Errors are faults.
func (c *Change) migrate(m *mover) (Move, error) {
	move := Move{Case: c.kase.ID, No: c.kase.No, Status: c.kase.Status, Outcome: MoveReady}
	err := c.moveTo(m, &move)
	var refusal *problem.Error
	if errors.As(err, &refusal) && refusal.Reason != "" {
		move.Outcome, move.Reason, move.Message = MoveRefused, refusal.Reason, refusal.Message
		return move, nil
	}
	return move, err
}

func stays(reason, format string, args ...any) error {
	return problem.New(problem.Conflict, reason, format, args...)
}

func (c *Change) moveTo(m *mover, move *Move) error {
	if err := c.movable(m); err != nil {
		return err
	}
	if err := c.legallyNoWorse(m); err != nil {
		return err
	}
	barred := c.barred(m.from.Net)
	fee, charged, _ := Bill(m.from, c.live, c.kase)
	if err := c.remark(m, move); err != nil {
		return err
	}
	filled := c.kase.FormDigest
	dropped, err := c.refill(m, move)
	if err != nil {
		return err
	}
	k := c.kase
	c.matter = m.to
	k.Pins, k.MatterDigest, k.MatterTitle = m.to.Pins, m.to.Digest, m.to.Spec.Title
	if err := c.retask(m); err != nil {
		return err
	}
	if err := c.separated(m, barred); err != nil {
		return err
	}
	if err := c.relist(move); err != nil {
		return err
	}
	c.relimit(m, move)
	if !charged {
		fee.Fen = 0
	}
	if err := c.recharge(fee.Fen, move); err != nil {
		return err
	}
	c.record(move.event(), map[string]any{"migration": m.Name, "revision": m.Revision, "author": m.Author, "reviewer": m.Reviewer, "version_from": m.From,
		"version_to": m.To, "nodes": move.Nodes, "fields": move.Renamed, "dropped": dropped, "form_from": filled, "form_to": k.FormDigest,
		"clocks": move.Clocks, "worse": move.Worse, "worse_text": move.worseText()})
	return nil
}

// The events of a moved case: of the two each has one. The second says that something is
// worse for the applicant, who is always told of it.
const (
	EventMigrated      = "case.migrated"
	EventMigratedWorse = "case.migrated_worse"
)

func (m Move) event() string {
	if len(m.Worse) > 0 {
		return EventMigratedWorse
	}
	return EventMigrated
}

func (m Move) worseText() string {
	text := ""
	for i, w := range m.Worse {
		if i > 0 {
			text += "；"
		}
		text += w.String()
	}
	return text
}

// movable refuses a case that is not the migration's.
func (c *Change) movable(m *mover) error {
	version := configuration.Pins(c.kase.Pins).Digest()
	switch {
	case c.kase.MatterName != m.Matter:
		return stays(ReasonOtherMatter, "办件属于其他事项")
	case c.kase.Status == workflow.StatusEnded || c.kase.Status == workflow.StatusArchived:
		return stays(ReasonCaseEnded, "办件已办结")
	case version == m.To:
		return stays(ReasonAlreadyThere, "办件已按新版本办理")
	case version != m.From:
		return stays(ReasonPinnedElsewhere, "办件按另一版本（%.12s…）办理", version)
	case c.kase.State.Phase == workflow.PostDecision || !c.kase.DecidedOn.IsZero():
		return stays(ReasonCaseDecided, "办件已作出决定，按作出决定时的版本办结")
	}
	return c.service.serves(m.to.Net)
}

// remark carries where the case stands into the new flow.
func (c *Change) remark(m *mover, move *Move) error {
	next, problems := m.passage.Carry(c.kase.State)
	for i, t := range c.kase.State.Tokens {
		was := NodeMove{From: t.Node, To: m.passage.Node(t.Node)}
		if n, ok := m.from.Net.Node(was.From); ok {
			was.FromTitle = n.Title
		}
		if n, ok := m.to.Net.Node(was.To); ok {
			was.ToTitle = n.Title
		}
		if !problems.HasErrors() {
			was.To = next.Tokens[i].Node
		}
		move.Nodes = append(move.Nodes, was)
	}
	if problems.HasErrors() {
		return stays(problems[0].Code, "%s", problems[0].Message)
	}
	for _, t := range next.Tokens {
		if t.Procedure != "" && m.to.Specials[t.Procedure] == nil {
			return stays(ReasonProcedureLost, "正在进行的特别程序 %s 不属于新版本", t.Procedure)
		}
	}
	for _, run := range c.specials {
		if run.open() && m.to.Specials[run.Procedure] == nil {
			return stays(ReasonProcedureLost, "正在进行的特别程序 %s 不属于新版本", run.Procedure)
		}
	}
	c.kase.State = next
	return nil
}

// refill names the fields as the new form does and holds the data to it, as of the day of
// receipt. It returns what is not kept, as JSON.
func (c *Change) refill(m *mover, move *Move) (json.RawMessage, error) {
	data, dropped := form.Data{}, form.Data{}
	for _, name := range slices.Sorted(maps.Keys(c.kase.Form)) {
		to, named := m.Maps.Fields[name]
		switch {
		case !named:
			data[name] = c.kase.Form[name]
		case to == "":
			dropped[name] = c.kase.Form[name]
			move.Dropped = append(move.Dropped, name)
		default:
			data[to] = c.kase.Form[name]
			if to != name {
				move.Renamed = append(move.Renamed, name+"="+to)
			}
		}
	}
	text, err := form.Canonical(data)
	if err != nil {
		return nil, err
	}
	given, err := m.to.Form.Decode(text)
	if err != nil {
		return nil, stays(ReasonFormInvalid, "新表单不能读取已填内容：%v", err)
	}
	full := m.to.Form.ApplyDefaults(given)
	at := c.circumstances()
	at.Today = c.kase.ReceivedOn
	if problems := m.to.Form.Validate(full, at); problems.HasErrors() {
		move.Problems = problems
		return nil, stays(ReasonFormInvalid, "已填内容不符合新表单，有 %d 处", len(problems))
	}
	c.kase.Form = full
	if c.kase.FormDigest, err = form.Digest(full); err != nil {
		return nil, err
	}
	lost, err := form.Canonical(dropped)
	if err != nil {
		return nil, err
	}
	return lost, c.refact(m)
}

// refact holds what staff recorded to the facts of the new version.
func (c *Change) refact(m *mover) error {
	for _, name := range slices.Sorted(maps.Keys(c.kase.Facts)) {
		was, is := m.from.Facts.Fields[name], m.to.Facts.Fields[name]
		if is.Type == nil || was.Type != nil && was.Type.Kind != is.Type.Kind {
			return stays(ReasonFactLost, "已登记的 %s 在新版本中没有对应", name)
		}
	}
	text, err := form.Canonical(c.kase.Facts)
	if err != nil {
		return err
	}
	c.kase.Facts, err = form.DecodeAs(m.to.Facts, text)
	return err
}

// retask names tasks by the nodes of the new flow, closed ones too, for who acted where
// decides who may act elsewhere. An open task whose role or department is another goes to
// those who hold it; documents that were drawn up for it and not used are void.
func (c *Change) retask(m *mover) error {
	for _, t := range c.tasks {
		if t.NodeType == string(workflow.Special) {
			continue // named by its procedure
		}
		if to := m.passage.Node(t.Node); to != t.Node {
			t.Node, t.dirty = to, true
		}
		node, known := m.to.Net.Node(t.Node)
		if !t.Open() || !known {
			continue
		}
		t.Title, t.dirty = node.Title, true
		if err := c.rehand(t, node); err != nil {
			return err
		}
		for _, d := range c.documents {
			if d.TaskID == t.ID && d.VoidedAt.IsZero() && d.UsedAt.IsZero() {
				d.VoidedAt, d.VoidedReason, d.dirty = c.now, "办件改按新版本办理", true
			}
		}
	}
	return nil
}

// rehand gives an open task to those who hold the role of its node.
func (c *Change) rehand(t *Task, node *workflow.Node) error {
	role, department, strategy := node.RecordBy, c.kase.Department, ""
	if node.Type == workflow.Human {
		var err error
		if department, err = c.resolveDepartment(node.Assign.Department); err != nil {
			return err
		}
		role, strategy = node.Assign.Role, node.Assign.Strategy
		t.MinimumPersons = max(1, node.Assign.MinimumPersons)
	}
	if role == "" {
		department = "" // it waits for the applicant, or for a job
	}
	barred := t.Assignee != uuid.Nil && slices.Contains(c.excluded(t.Node), t.Assignee)
	if t.Role == role && t.Department == department && !barred {
		return nil
	}
	t.Role, t.Department, t.Assignee, t.State = role, department, uuid.Nil, TaskOffered
	if role == "" {
		t.State = TaskInProgress
	}
	return c.assign(t, strategy)
}

// barred are the staff that separation of duty keeps from each node of a net.
func (c *Change) barred(net *workflow.Net) map[string][]uuid.UUID {
	out := map[string][]uuid.UUID{}
	for _, n := range net.Nodes() {
		if staff := c.excluded(n.ID); len(staff) > 0 {
			out[n.ID] = staff
		}
	}
	return out
}

// separated demands that whoever was kept from a node is kept from its counterpart (R-PRC-15).
func (c *Change) separated(m *mover, barred map[string][]uuid.UUID) error {
	for _, node := range slices.Sorted(maps.Keys(barred)) {
		to := m.passage.Node(node)
		if _, known := m.to.Net.Node(to); !known {
			continue
		}
		now := c.excluded(to)
		for _, staff := range barred[node] {
			if !slices.Contains(now, staff) {
				return stays(ReasonSeparationLost, "按原版本不得办理“%s”的人员，在新版本中可以办理", to)
			}
		}
	}
	return nil
}
