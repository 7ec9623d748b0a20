package casework

import (
	"fmt"

	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// legallyNoWorse refuses a version whose law gives the applicant less time security than
// the one that the case is on (R-CFG-04): a longer limit before it has begun to run, a
// longer extension, or a stop of the statutory clock that there was not before.
func (c *Change) legallyNoWorse(m *mover) error {
	was, is := m.from.Spec, m.to.Spec
	if c.kase.State.Phase == workflow.PreAcceptance {
		if was.StatutoryLimit != nil && longer(was.StatutoryLimit, is.StatutoryLimit) {
			return stays(ReasonLegalLimitWorse, "新版本的法定期限（%s）长于或不能比于原来的 %s", limitText(is.StatutoryLimit), limitText(was.StatutoryLimit))
		}
		if w := was.AcceptanceWindow; w != nil {
			v := is.AcceptanceWindow
			if v == nil || longer(&w.Limit, &v.Limit) || w.From != v.From && v.From == "dispatch" ||
				w.OnExpiry == "deemed_accepted" && v.OnExpiry != w.OnExpiry {
				return stays(ReasonLegalLimitWorse, "新版本的受理期限对申请人更不利")
			}
		}
	}
	if e := is.Extension; e != nil {
		w := was.Extension
		if w == nil || w.MaxTimes < e.MaxTimes || longer(&kind.Limit{N: w.N, Unit: w.Unit}, &kind.Limit{N: e.N, Unit: e.Unit}) {
			return stays(ReasonLegalLimitWorse, "新版本可以延期更久")
		}
	}
	for name, s := range m.to.Specials {
		if s.ClockEffect.Statutory != "suspend" {
			continue
		}
		w := m.from.Specials[name]
		if w == nil || w.ClockEffect.Statutory != "suspend" || w.MaxTimes < s.MaxTimes || longer(&w.Max, &s.Max) {
			return stays(ReasonLegalLimitWorse, "新版本的“%s”中止法定期限更久", s.Title)
		}
	}
	return c.waitsNoLonger(m)
}

// waitsNoLonger holds the waits of the new flow that stop the statutory clock to those of the old.
func (c *Change) waitsNoLonger(m *mover) error {
	limits := map[string]*workflow.Limit{}
	for _, n := range m.from.Net.Nodes() {
		if n.Clock.StatutorySuspended {
			limits[m.passage.Node(n.ID)] = n.Limit
		}
	}
	for _, n := range m.to.Net.Nodes() {
		if !n.Clock.StatutorySuspended {
			continue
		}
		w, stopped := limits[n.ID]
		if !stopped || w != nil && (n.Limit == nil || longer(&kind.Limit{N: w.N, Unit: w.Unit}, &kind.Limit{N: n.Limit.N, Unit: n.Limit.Unit})) {
			return stays(ReasonLegalLimitWorse, "新版本的“%s”中止法定期限更久", n.Title)
		}
	}
	return nil
}

// longer reports that a limit gives more time than another, or may: none at all does, and so do units without a fixed ratio.
func longer(was, is *kind.Limit) bool {
	if is == nil {
		return was != nil
	}
	order, comparable := limitOf(*is).Compare(limitOf(*was))
	return !comparable || order > 0
}

func limitText(l *kind.Limit) string {
	if l == nil {
		return "无"
	}
	return limitOf(*l).String()
}

// relimit gives the running clocks of the case the limits of the new version. A legal limit
// only ever gets shorter. A promise may get longer, of which the applicant is told, but not
// beyond the statutory due date. No limit is taken that would have run out already. Clocks
// of single tasks keep the time that they were given.
func (c *Change) relimit(m *mover, move *Move) {
	was, is := m.from.Spec, m.to.Spec
	c.relimitOne(move, deadline.Statutory, was.StatutoryLimit, is.StatutoryLimit)
	if w, v := was.AcceptanceWindow, is.AcceptanceWindow; w != nil && v != nil {
		c.relimitOne(move, deadline.Acceptance, &w.Limit, &v.Limit)
	}
	c.relimitOne(move, deadline.Promised, was.PromisedLimit, is.PromisedLimit)
	if c.kase.State.Phase == workflow.PreAcceptance && was.PromisedLimit != nil && longer(was.PromisedLimit, is.PromisedLimit) {
		move.Worse = append(move.Worse, Worsening{Area: configuration.AlteredLimit, Name: string(deadline.Promised), Title: deadline.Promised.Title(),
			Before: limitText(was.PromisedLimit), After: limitText(is.PromisedLimit)})
	}
}

func (c *Change) relimitOne(move *Move, of deadline.Kind, was, is *kind.Limit) {
	clock := c.caseClock(of)
	if clock == nil || !clock.Body.Live() {
		return
	}
	moved := ClockMove{Kind: of, LimitBefore: clock.Body.Limit.String(), LimitAfter: clock.Body.Limit.String(), Before: clock.DueOn, After: clock.DueOn}
	if limitText(was) == limitText(is) {
		move.Clocks = append(move.Clocks, moved)
		return
	}
	if body, ok := c.relimited(clock, is); ok {
		clock.Body = body
		c.settle(clock)
		moved.LimitAfter, moved.After = body.Limit.String(), clock.DueOn
	} else {
		moved.Kept = true
	}
	move.Clocks = append(move.Clocks, moved)
	if moved.After.After(moved.Before) {
		move.Worse = append(move.Worse, Worsening{Area: configuration.AlteredLimit, Name: string(of), Title: of.Title() + "届满日",
			Before: moved.Before.String(), After: moved.After.String()})
	}
}

// relimited is the clock with the new limit, where it may have it.
func (c *Change) relimited(clock *Clock, to *kind.Limit) (deadline.Clock, bool) {
	if to == nil {
		return clock.Body, false
	}
	limit := limitOf(*to)
	body, err := clock.Body.Relimit(limit)
	if err != nil {
		return clock.Body, false
	}
	before, after := clock.Body.DueAsOf(c.today, c.live.Calendar).On, body.DueAsOf(c.today, c.live.Calendar).On
	if after.Before(c.today) {
		return clock.Body, false
	}
	if clock.Body.Kind != deadline.Promised {
		order, comparable := limit.Compare(clock.Body.Limit)
		return body, comparable && order <= 0 && !after.After(before)
	}
	statutory := c.caseClock(deadline.Statutory)
	beyond := statutory != nil && after.After(statutory.DueOn) && after.After(before)
	return body, !beyond
}

// relist brings the list of materials to that of the new version. Before acceptance what is
// newly asked for is missing, and the applicant is told; afterwards the application was
// complete, and nothing more is asked (行政许可法 art. 32).
func (c *Change) relist(move *Move) error {
	before := c.kase.State.Phase == workflow.PreAcceptance
	in := c.dossier.input(c.today)
	asked := map[string]bool{}
	for _, term := range c.matter.Materials {
		asked[term.Ref] = true
		if err := c.relistOne(term, in, before, move); err != nil {
			return err
		}
	}
	for _, m := range c.materials {
		if !asked[m.Ref] && m.Required {
			m.Required, m.UpdatedAt, m.dirty = false, c.now, true
		}
	}
	return nil
}

func (c *Change) relistOne(term configuration.MaterialTerm, in expr.Input, before bool, move *Move) error {
	required, err := requiredNow(term, in)
	if err != nil {
		return fmt.Errorf("casework: whether %s is required: %w", term.Ref, err)
	}
	m := c.material(term.Ref)
	if m == nil {
		m = &Material{row: row{fresh: true}, ID: c.service.newID(c.now), CaseID: c.kase.ID, Ref: term.Ref, Title: term.Spec.Title, Status: MaterialWaived}
		c.materials = append(c.materials, m)
	}
	absent := m.Status == MaterialMissing || m.Status == MaterialWaived
	if m.UpdatedAt.IsZero() {
		m.UpdatedAt = c.now
	}
	if m.Required == required || absent && required && !before {
		return nil
	}
	m.Required, m.UpdatedAt, m.dirty = required, c.now, !m.fresh
	if absent {
		m.Status = MaterialMissing
		c.settleMissing(m, term.Spec)
	}
	if m.Required && (m.Status == MaterialMissing || m.Status == MaterialTolerated) {
		move.Worse = append(move.Worse, Worsening{Area: configuration.AlteredMaterial, Name: m.Ref, Title: m.Title})
	}
	return nil
}

// recharge compares what the case costs with what it cost, in fen.
func (c *Change) recharge(before int64, move *Move) error {
	bill, charged, err := Bill(c.matter, c.live, c.kase)
	if err != nil {
		return stays(ReasonFeeUnknown, "新版本的收费不能计算：%v", err)
	}
	if charged && bill.Fen > before {
		move.Worse = append(move.Worse, Worsening{Area: configuration.AlteredFee, Name: c.matter.Spec.Fee, Title: "收费", Before: yuan(before), After: yuan(bill.Fen)})
	}
	return nil
}

func yuan(fen int64) string { return fmt.Sprintf("%d.%02d元", fen/100, fen%100) }
