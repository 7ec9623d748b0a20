package workflow

import "slices"

// startRun starts a special procedure beside the flow.
func (r *run) startRun(procedure string) error {
	if procedure == "" || procedure == Requested || !r.startable(procedure) {
		return notOffered("特别程序 %q 不能启动", procedure)
	}
	bump(&r.s.Procedures, procedure)
	x := Run{ID: r.s.next("s"), Procedure: procedure}
	r.s.Runs = append(r.s.Runs, x)
	r.emit(Effect{Kind: EffectOpenSpecial, Token: x.ID, Procedure: procedure, Visit: r.s.Procedures[procedure]})
	return nil
}

// runOccur handles an event of a run; done is false if the event is of a token.
func (r *run) runOccur(e Event) (done bool, err error) {
	i := slices.IndexFunc(r.s.Runs, func(x Run) bool { return x.ID == e.Token })
	if i < 0 {
		return false, nil
	}
	if e.Name == eventOverrun {
		r.s.Runs[i].Suspends = false // it goes on until its result (SM-08)
		r.refresh()
		return true, nil
	}
	x := r.s.Runs[i]
	r.s.Runs = slices.Delete(r.s.Runs, i, i+1)
	r.emit(Effect{Kind: EffectCloseSpecial, Token: x.ID, Event: e.Name, Procedure: x.Procedure})
	r.refresh()
	return true, nil
}

// specialStarted: the notice is sent and the procedure runs; from now on it may
// suspend a clock (SM-08).
func (r *run) specialStarted(e Event) error {
	for i := range r.s.Runs {
		if r.s.Runs[i].ID == e.Token {
			r.s.Runs[i].Suspends = e.Suspends
			r.refresh()
			return nil
		}
	}
	for i := range r.s.Tokens {
		if r.s.Tokens[i].ID != e.Token {
			continue
		}
		if n, ok := r.net.Node(r.s.Tokens[i].Node); !ok || n.Type != Special {
			return notOffered("该环节不是特别程序")
		}
		r.s.Tokens[i].Suspends = e.Suspends
		r.refresh()
		return nil
	}
	return r.ignored(e.Token)
}

// specialRejected: a request is rejected, or a run cancelled; the flow goes back to
// the node that asked. One that the flow started itself cannot be rejected.
func (r *run) specialRejected(e Event) error {
	if i := slices.IndexFunc(r.s.Runs, func(x Run) bool { return x.ID == e.Token }); i >= 0 {
		x := r.s.Runs[i]
		r.s.Runs = slices.Delete(r.s.Runs, i, i+1)
		r.emit(Effect{Kind: EffectCancelSpecial, Token: x.ID, Procedure: x.Procedure, Cause: "rejected"})
		r.refresh()
		return nil
	}
	t, ok := r.s.Token(e.Token)
	if !ok {
		return r.ignored(e.Token)
	}
	if t.From == "" {
		return notOffered("该特别程序由流程自动启动，不能驳回")
	}
	t, n, _ := r.lift(t.ID)
	r.emit(Effect{Kind: EffectCancelSpecial, Token: t.ID, Node: n.ID, Procedure: t.Procedure, Cause: "rejected"})
	back := t.From
	t.From, t.Procedure = "", ""
	return r.move(t, back)
}
