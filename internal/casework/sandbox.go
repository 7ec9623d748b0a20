package casework

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/fee"
	"zhengtong/internal/workflow"
)

// SandboxConfig names what a sandbox needs. People are all who act in it: the
// applicant, and staff with the roles they hold.
type SandboxConfig struct {
	Clock  clock.Clock
	Matter *configuration.Matter
	Live   *configuration.Live
	Authz  *authz.Authorizer
	People []authz.Principal
}

// Sandbox carries one case in memory with the verbs of Service themselves: the
// same code moves the net, the clocks and the documents, and only what it would
// write to the database stays here. A matter whose flow needs a service that is not
// there yet (payment, sub-case, external system) runs too: such a node waits for
// its event to be reported, and Unserved names it.
type Sandbox struct {
	Verbs
	memory  *memory
	service *Service
}

// NewSandbox checks that nothing is missing.
func NewSandbox(c SandboxConfig) (*Sandbox, error) {
	if c.Clock == nil || c.Matter == nil || c.Live == nil || c.Authz == nil {
		return nil, errors.New("casework: a sandbox needs Clock, Matter, Live and Authz")
	}
	m := newMemory(c.Matter, c.Live, c.People)
	s := &Service{book: m, clock: c.Clock, configuration: only{c.Matter, c.Live}, authz: c.Authz, log: slog.New(slog.DiscardHandler),
		wake: func() {}, algorithm: chain.SHA256, numbers: numbers{blocks: map[string]*block{}}, effects: sandboxEffects(), serves: simulable}
	return &Sandbox{Verbs: s, memory: m, service: s}, nil
}

// Upload puts a file for a material into the sandbox, of a type and size that its
// terms allow; material may also be a file field of a report. It answers the file's id.
func (s *Sandbox) Upload(ctx context.Context, owner uuid.UUID, material string) uuid.UUID {
	f := FileObject{ID: uuid.Must(uuid.NewV4()), Owner: owner, Material: material, Filename: material + ".pdf", Size: 1024, MIME: "application/pdf",
		SHA256: fmt.Sprintf("%064x", len(s.memory.uploads)+1), Status: FileStored, CreatedBy: authz.From(ctx).Account}
	if i := s.memory.termOf(material); i >= 0 {
		f.Filename, f.MIME = fileFor(material, s.memory.matter.Materials[i].Spec.Formats)
	}
	s.memory.uploads = append(s.memory.uploads, f)
	return f.ID
}

func fileFor(name string, formats []string) (filename, mime string) {
	for _, format := range formats {
		if types := mimeOf[format]; len(types) > 0 {
			return name + "." + format, types[0]
		}
	}
	return name + ".pdf", "application/pdf"
}

// Occur reports an event at a node whose service is not there yet, such as paid.
func (s *Sandbox) Occur(ctx context.Context, token, event string) error {
	ctx = asSystem(ctx)
	d, err := s.service.open(ctx, s.memory.caseID())
	if err != nil {
		return err
	}
	c := s.service.newChange(ctx, d)
	if err := c.step(workflow.Occur(token, event)); err != nil {
		return err
	}
	return s.service.Commit(ctx, c)
}

// NextTimer is the earliest instant at which a clock of the case reaches a rung.
func (s *Sandbox) NextTimer(context.Context) (id uuid.UUID, at time.Time, ok bool) {
	if s.memory.kept == nil {
		return uuid.Nil, time.Time{}, false
	}
	for _, t := range s.memory.kept.timers {
		if t.State == timerWaiting && (!ok || t.FireAt.Before(at)) {
			id, at, ok = t.ID, t.FireAt, true
		}
	}
	return id, at, ok
}

// Told is one event of the sandbox's case with its fields in clear.
type Told struct {
	Type   string
	Actor  string
	At     time.Time
	Fields map[string]any
}

// Events returns what has happened to the case, in order.
func (s *Sandbox) Events() []Told { return s.memory.told }

// Unserved names the nodes of a flow that single cases do not run yet, which is
// why applications for the matter are refused ("not_servable"); nil for none.
func Unserved(net *workflow.Net) []workflow.Node {
	var out []workflow.Node
	for _, n := range net.Nodes() {
		if !servedNodes[n.Type] || n.Foreach != "" {
			out = append(out, n)
		}
	}
	return out
}

// simulable refuses a flow of a bundle: its members are cases of their own.
func simulable(net *workflow.Net) error {
	for _, n := range Unserved(net) {
		if _, known := sandboxEffects()[openOf[n.Type]]; !known {
			return servable(net)
		}
	}
	return nil
}

// openOf are the effects with which the outside nodes begin.
var openOf = map[workflow.NodeType]workflow.EffectKind{
	workflow.Payment: workflow.EffectOpenPayment, workflow.Subcase: workflow.EffectStartSubcase, workflow.External: workflow.EffectSendExternal,
}

// sandboxEffects are those of single cases, and for nodes whose service is not
// there yet a task that waits for the event to be reported.
func sandboxEffects() map[workflow.EffectKind]func(*Change, workflow.Effect) error {
	table := effectTable()
	for kind, f := range map[workflow.EffectKind]func(*Change, workflow.Effect) error{
		workflow.EffectOpenPayment: (*Change).openPayment, workflow.EffectClosePayment: (*Change).closePayment, workflow.EffectCancelPayment: (*Change).cancelTask,
		workflow.EffectStartSubcase: (*Change).openOutside, workflow.EffectCloseSubcase: (*Change).closeWait, workflow.EffectCancelSubcase: (*Change).cancelTask,
		workflow.EffectSendExternal: (*Change).openOutside, workflow.EffectCloseExternal: (*Change).closeWait, workflow.EffectCancelExternal: (*Change).cancelTask,
		workflow.EffectBillCreated: nothing,
	} {
		table[kind] = f
	}
	return table
}

func (c *Change) openOutside(e workflow.Effect) error {
	node, _ := c.matter.Net.Node(e.Node)
	task := c.newTask(e, node)
	task.State = TaskInProgress
	return nil
}

// openPayment issues the bill and starts the payer's clock, as the fee schedule says.
func (c *Change) openPayment(e workflow.Effect) error {
	if err := c.openOutside(e); err != nil {
		return err
	}
	task := c.openTask(e.Token)
	if spec := c.matter.FeeSpec; spec != nil && spec.Due != nil {
		clock, err := c.startClock(deadline.Payment, deadline.Payer, limitOf(spec.Due.Limit), task.ID)
		if err != nil {
			return err
		}
		task.DueOn = clock.DueOn
	}
	c.record("bill.issued", c.bill)
	return nil
}

func (c *Change) closePayment(e workflow.Effect) error {
	if e.Event == "paid" {
		c.record("bill.paid", c.bill)
	}
	return c.closeWait(e)
}

// Bill computes what a case of a matter costs; ok is false where nothing is charged.
func Bill(m *configuration.Matter, live *configuration.Live, k *Case) (bill fee.Bill, ok bool, err error) {
	if m.Fee == nil {
		return fee.Bill{}, false, nil
	}
	bill, err = m.Fee.Compute(fee.Input{Form: k.Form, Applicant: k.Applicant.fields(), Calendar: live.Calendar})
	return bill, true, err
}

// billFields are the variable `bill` of a case in a sandbox.
func billFields(m *configuration.Matter, live *configuration.Live, k *Case) (map[string]any, error) {
	bill, charged, err := Bill(m, live, k)
	if err != nil || !charged {
		return nil, err
	}
	return expr.Bill{TotalFen: bill.Fen, ComputedFen: bill.Fen}.Vars(), nil
}

var _ Verbs = (*Service)(nil)
