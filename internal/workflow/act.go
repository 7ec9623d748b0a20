package workflow

import "slices"

// Offer is an action that a person may take now, as far as the flow is concerned;
// permissions and documents are checked by others.
type Offer struct {
	Action
	// Procedures lists what the requester may pick for an action that starts
	// `$requested`; empty otherwise.
	Procedures []string
}

// Offered lists the actions of the task on a token: their condition holds, they
// are not past max_times, SM-05 allows their effect, and their target is not
// exhausted (rule 4). It is empty for a token that has gone.
func Offered(n *Net, s State, token string, env Env) ([]Offer, error) {
	t, ok := s.Token(token)
	if !ok {
		return nil, nil
	}
	node, ok := n.Node(t.Node)
	if !ok || node.Type != Human {
		return nil, nil
	}
	r := run{net: n, s: &s, env: env}
	var out []Offer
	for i := range node.Actions {
		a := &node.Actions[i]
		why, err := r.withheld(node, a)
		if err != nil {
			return nil, err
		}
		if why == "" {
			out = append(out, Offer{Action: *a, Procedures: r.pickable(a)})
		}
	}
	return out, nil
}

// withheld says why an action is not offered, "" if it is.
func (r *run) withheld(n *Node, a *Action) (string, error) {
	switch {
	case a.MaxTimes > 0 && r.s.Times[timesKey(n.ID, a.ID)] >= a.MaxTimes:
		return "已达到最多办理次数", nil
	case !r.s.allows(a.Effect):
		return "办件当前状态不允许", nil
	case r.exhausted(a.To):
		return "目标环节已达到最多办理次数", nil
	case !r.canStart(a):
		return "没有可以启动的特别程序", nil
	}
	ok, err := r.eval(a.When)
	if err != nil || ok {
		return "", err
	}
	return "条件不满足", nil
}

func (r *run) exhausted(node string) bool {
	n, ok := r.net.Node(node)
	return ok && n.MaxVisits > 0 && r.s.Visits[n.ID] >= n.MaxVisits
}

// procedureOf is what a start_special action starts: a name, Requested, or "".
func (r *run) procedureOf(a *Action) string {
	if a.Effect != VerbStartSpecial {
		return ""
	}
	if a.SpecialProcedure != "" {
		return a.SpecialProcedure
	}
	if n, ok := r.net.Node(a.To); ok {
		return n.SpecialProcedure
	}
	return ""
}

// canStart checks the max_times of the special procedure an action starts; for
// `$requested` one must be left (rule 10).
func (r *run) canStart(a *Action) bool {
	switch p := r.procedureOf(a); p {
	case "":
		return true
	case Requested:
		return r.env.Procedures == nil || len(r.pickable(a)) > 0
	default:
		return r.startable(p)
	}
}

// startable reports whether a procedure is still under its max_times.
func (r *run) startable(name string) bool {
	if r.env.Procedures == nil {
		return true
	}
	p, ok := r.env.Procedures[name]
	return ok && (p.MaxTimes == 0 || r.s.Procedures[name] < p.MaxTimes)
}

// pickable lists the procedures the requester may choose from, sorted.
func (r *run) pickable(a *Action) []string {
	if r.procedureOf(a) != Requested {
		return nil
	}
	return slices.DeleteFunc(sortedKeys(r.env.Procedures), func(p string) bool { return !r.startable(p) })
}

// act takes an action.
func (r *run) act(e Event) error {
	t, ok := r.s.Token(e.Token)
	if !ok {
		return notOffered("该任务已经办结或已取消")
	}
	n, ok := r.net.Node(t.Node)
	if !ok || n.Type != Human {
		return notOffered("该环节不由人员办理")
	}
	a, ok := r.net.Action(n.ID, e.Action)
	if !ok {
		return notOffered("环节“%s”没有动作 %q", titleOf(n), e.Action)
	}
	why, err := r.withheld(n, a)
	if err != nil {
		return err
	}
	if why != "" {
		return notOffered("动作“%s”当前不能办理：%s", actionTitle(a), why)
	}
	procedure := r.procedureOf(a)
	if procedure == Requested {
		if e.Procedure == "" || !r.startable(e.Procedure) {
			return notOffered("特别程序 %q 不能启动", e.Procedure)
		}
		procedure = e.Procedure
	}
	t, _, _ = r.lift(t.ID)
	r.emit(Effect{Kind: EffectCloseTask, Token: t.ID, Node: n.ID, Visit: t.Visit, Action: a.ID})
	bump(&r.s.Times, timesKey(n.ID, a.ID))
	if r.s.Last == nil {
		r.s.Last = map[string]string{}
	}
	r.s.Last[n.ID] = a.ID
	if err := r.verb(a.Effect, Effect{Node: n.ID, Action: a.ID, Document: a.Document, Licence: a.LicenceType, Ground: a.Ground}); err != nil {
		return err
	}
	if procedure != "" {
		t.From, t.Procedure = n.ID, procedure
	}
	return r.move(t, a.To)
}

func actionTitle(a *Action) string {
	if a.Title != "" {
		return a.Title
	}
	return a.ID
}

// verb applies a declared effect: the row of the table, then what is particular to
// it. base carries what the effects should name.
func (r *run) verb(v Verb, base Effect) error {
	rule := verbRules[v]
	if !r.s.allows(v) {
		return notOffered("办件当前状态不允许“%s”", v)
	}
	base.Verb = v
	if base.Document != "" {
		r.emit(Effect{Kind: EffectIssue, Node: base.Node, Action: base.Action, Verb: v, Document: base.Document})
	}
	r.cross(v, rule)
	switch v {
	case VerbNone:
		r.plain()
	case VerbReturnToWindow:
		r.s.RefusalPending = true
	case VerbDispatchMembers:
		r.dispatchMembers()
	case VerbRecordDelivery:
		r.s.Abnormal = ""
	}
	if rule.tells != "" {
		r.emit(r.told(rule.tells, v, base))
	}
	if rule.members != "" {
		r.emit(Effect{Kind: rule.members, Members: r.memberIDs(), Deemed: base.Deemed, Ground: base.Ground})
	}
	if v == VerbRecordDelivery && len(r.s.Members) > 0 {
		r.emit(Effect{Kind: EffectDeliverMembers, Members: r.memberIDs()})
	}
	if rule.next != "" {
		r.setBase(rule.next)
	}
	return nil
}

// cross takes the case over a boundary between phases and notes what decided it.
func (r *run) cross(v Verb, rule verbRule) {
	switch rule.crosses {
	case crossesAcceptance:
		r.s.Phase = Handling
	case crossesDecision:
		r.s.Phase = PostDecision
		r.s.RefusalPending = false
		r.s.Outcome = rule.outcome
		if rule.outcome == "" {
			r.s.Outcome = r.membersOutcome()
		}
		r.cancelRuns("decided")
	}
	for _, verbs := range drawnBy {
		if slices.Contains(verbs, v) {
			r.s.DecidedBy = v
			return
		}
	}
}

// plain is the row "none": pre_review, processing (no refusal pending any more) or unchanged, by phase.
func (r *run) plain() {
	switch {
	case r.s.Base == StatusReceived:
		r.setBase(StatusPreReview)
	case r.s.Phase == Handling:
		r.s.RefusalPending = false
		r.setBase(StatusProcessing)
	}
}

// told keeps of base what an effect of this kind carries.
func (r *run) told(kind EffectKind, v Verb, base Effect) Effect {
	e := Effect{Kind: kind, Node: base.Node, Action: base.Action}
	switch kind {
	case EffectAccepted:
		e.Deemed = base.Deemed
	case EffectRefusedAcceptance:
		e.Ground = base.Ground
	case EffectDecided:
		e.Outcome = r.s.Outcome
	case EffectLicenceIssued:
		e.Licence = base.Licence
	case EffectEnforcement:
		e.Verb = v
	case EffectDispatchMembers:
		e.Members = r.memberIDs()
	}
	return e
}
