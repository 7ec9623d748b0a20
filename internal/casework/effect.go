package casework

import (
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// effectTable says what each effect of the net means for the case. An effect that
// is not here belongs to a node type this engine does not run for single cases;
// servable refuses such a matter before anything is opened.
func effectTable() map[workflow.EffectKind]func(*Change, workflow.Effect) error {
	return map[workflow.EffectKind]func(*Change, workflow.Effect) error{
		workflow.EffectOpenTask:          (*Change).openHumanTask,
		workflow.EffectCloseTask:         (*Change).closeTask,
		workflow.EffectCancelTask:        (*Change).cancelTask,
		workflow.EffectOpenWait:          (*Change).openWait,
		workflow.EffectCloseWait:         (*Change).closeWait,
		workflow.EffectCancelWait:        (*Change).cancelTask,
		workflow.EffectOpenSpecial:       (*Change).openSpecialRun,
		workflow.EffectCloseSpecial:      (*Change).closeSpecialRun,
		workflow.EffectCancelSpecial:     (*Change).cancelSpecialRun,
		workflow.EffectRunAuto:           (*Change).runAuto,
		workflow.EffectCloseAuto:         (*Change).closeWait,
		workflow.EffectCancelAuto:        (*Change).cancelTask,
		workflow.EffectOpenJoin:          nothing,
		workflow.EffectCloseJoin:         nothing,
		workflow.EffectCancelJoin:        nothing,
		workflow.EffectSkipNode:          (*Change).skipNode,
		workflow.EffectIssue:             (*Change).issueByEngine,
		workflow.EffectCorrectionIssued:  (*Change).correctionIssued,
		workflow.EffectAccepted:          (*Change).accepted,
		workflow.EffectRefusedAcceptance: (*Change).refusedAcceptance,
		workflow.EffectDispatched:        (*Change).dispatched,
		workflow.EffectOpinionGiven:      (*Change).opinionGiven,
		workflow.EffectReturnedToWindow:  (*Change).returnedToWindow,
		workflow.EffectDecided:           (*Change).decided,
		workflow.EffectLicenceIssued:     (*Change).licenceIssued,
		workflow.EffectDelivered:         (*Change).resultDelivered,
		workflow.EffectForwarded:         (*Change).movedOn,
		workflow.EffectTransferred:       (*Change).movedOn,
		workflow.EffectStatusChanged:     (*Change).statusChanged,
		workflow.EffectEnterAbnormal:     (*Change).enterAbnormal,
		workflow.EffectRaise:             (*Change).raise,
		workflow.EffectEnded:             (*Change).ended,
		workflow.EffectIgnored:           (*Change).ignored,
	}
}

func (c *Change) apply(e workflow.Effect) error {
	f, known := c.service.effects[e.Kind]
	if !known {
		return problem.New(problem.Conflict, "not_servable", "流程环节 %s 需要的服务（%s）尚未启用", e.Node, e.Kind)
	}
	return f(c, e)
}

func nothing(*Change, workflow.Effect) error { return nil }

// servedNodes are the node types that single cases run.
var servedNodes = map[workflow.NodeType]bool{
	workflow.Human: true, workflow.Auto: true, workflow.Xor: true, workflow.Wait: true, workflow.Special: true, workflow.End: true,
	workflow.AndSplit: true, workflow.AndJoin: true, workflow.InclusiveSplit: true, workflow.InclusiveJoin: true,
}

// servable refuses a matter whose flow needs a service that is not there,
// before the applicant fills in anything.
func servable(net *workflow.Net) error {
	for _, n := range net.Nodes() {
		if !servedNodes[n.Type] || n.Foreach != "" {
			return problem.New(problem.Conflict, "not_servable", "本事项流程含“%s”环节（%s），尚不能在线办理", n.Title, n.Type)
		}
	}
	return nil
}

func (c *Change) statusChanged(e workflow.Effect) error {
	c.kase.Status = e.To
	c.record("case.status_changed", map[string]any{"from": string(e.From), "to": string(e.To)})
	switch {
	case e.To == workflow.StatusSuspended:
		c.record("case.suspended", map[string]any{"promised_due_on": c.kase.PromisedDue.String(), "statutory_due_on": c.kase.StatutoryDue.String()})
	case e.From == workflow.StatusSuspended:
		c.record("case.resumed", map[string]any{"promised_due_on": c.kase.PromisedDue.String(), "statutory_due_on": c.kase.StatutoryDue.String()})
	case e.To == workflow.StatusAwaitingDelivery:
		c.record("case.ready_for_pickup", nil)
	}
	return nil
}

func (c *Change) skipNode(e workflow.Effect) error {
	c.record("task.skipped", map[string]any{"node": e.Node})
	return nil
}

func (c *Change) raise(e workflow.Effect) error {
	c.record("supervision.raised", map[string]any{"rule": e.Rule, "node": e.Node})
	return nil
}

func (c *Change) ignored(e workflow.Effect) error {
	c.record("case.event_ignored", map[string]any{"node": e.Node, "event": e.Event})
	return nil
}

func (c *Change) enterAbnormal(e workflow.Effect) error {
	c.record("case.abnormal", map[string]any{"reason": string(e.Reason)})
	return nil
}

func (c *Change) opinionGiven(e workflow.Effect) error {
	c.record("opinion.given", map[string]any{"node": e.Node, "action": e.Action})
	return nil
}

func (c *Change) returnedToWindow(workflow.Effect) error {
	c.record("case.returned_to_window", nil)
	return nil
}

func (c *Change) movedOn(e workflow.Effect) error {
	kind := "case.transferred"
	if e.Kind == workflow.EffectForwarded {
		kind = "case.forwarded"
	}
	c.record(kind, nil)
	return nil
}
