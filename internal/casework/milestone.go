package casework

import (
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
)

// The legal milestones of a case and what they do to its clocks.

// deliveryLimit is ten working days from the decision (行政许可法 art. 44, T-09).
var deliveryLimit = deadline.Limit{N: 10, Unit: deadline.Workday}

// startAcceptance starts the acceptance clock at receipt (T-05). It is met by
// acceptance, refusal or a correction notice.
func (c *Change) startAcceptance(on deadline.Date) error {
	window := c.matter.Spec.AcceptanceWindow
	limit := deadline.Limit{N: window.N, Unit: deadline.Unit(window.Unit)}
	_, err := c.startClockOn(deadline.Acceptance, deadline.Agency, limit, c.kase.ID, on)
	return err
}

func (c *Change) dispatched(workflow.Effect) error {
	c.record("case.dispatched", nil)
	if c.matter.Spec.AcceptanceWindow.From == "dispatch" {
		return c.startAcceptance(c.today)
	}
	return nil
}

// accepted meets the acceptance clock and starts the statutory and the promised
// one: on the day of acceptance, or from receipt when acceptance is deemed (T-05, T-07).
func (c *Change) accepted(e workflow.Effect) error {
	on := c.today
	if e.Deemed {
		on = c.kase.ReceivedOn
	} else if err := c.meet(c.caseClock(deadline.Acceptance)); err != nil {
		return err
	}
	c.kase.AcceptedOn, c.kase.Deemed = on, e.Deemed
	if err := c.startHandling(on); err != nil {
		return err
	}
	for _, m := range c.materials {
		if m.Status == MaterialSubmitted {
			m.Status, m.dirty = MaterialAccepted, true
		}
	}
	c.record("case.accepted", map[string]any{"on": on.String(), "deemed": e.Deemed, "promised_due_on": c.kase.PromisedDue.String(),
		"statutory_due_on": c.kase.StatutoryDue.String()})
	return nil
}

func (c *Change) startHandling(on deadline.Date) error {
	for kind, limit := range c.handlingLimits() {
		if _, err := c.startClockOn(kind, deadline.Agency, limit, c.kase.ID, on); err != nil {
			return err
		}
	}
	return nil
}

// handlingLimits are the limits that run from acceptance. A matter may have a
// statutory limit alone (T-10).
func (c *Change) handlingLimits() func(func(deadline.Kind, deadline.Limit) bool) {
	spec := c.matter.Spec
	return func(yield func(deadline.Kind, deadline.Limit) bool) {
		if spec.StatutoryLimit != nil && !yield(deadline.Statutory, limitOf(*spec.StatutoryLimit)) {
			return
		}
		if spec.PromisedLimit != nil {
			yield(deadline.Promised, limitOf(*spec.PromisedLimit))
		}
	}
}

func (c *Change) refusedAcceptance(e workflow.Effect) error {
	c.record("case.not_accepted", map[string]any{"ground": string(e.Ground), "reason": c.input("reason")})
	return c.meet(c.caseClock(deadline.Acceptance))
}

// decided stops the handling clocks; a grant starts the time for delivery.
func (c *Change) decided(e workflow.Effect) error {
	c.kase.DecidedOn, c.kase.Outcome = c.today, string(e.Outcome)
	for _, kind := range []deadline.Kind{deadline.Acceptance, deadline.Promised, deadline.Statutory} {
		if err := c.meet(c.caseClock(kind)); err != nil {
			return err
		}
	}
	c.record("case.decided", map[string]any{"outcome": string(e.Outcome), "on": c.today.String()})
	_, err := c.startClock(deadline.Delivery, deadline.Agency, deliveryLimit, c.kase.ID)
	return err
}

// licenceIssued follows an auto node whose job has issued the licence, or asks
// for it now when a person made it by hand.
func (c *Change) licenceIssued(e workflow.Effect) error {
	if c.acting != nil {
		c.later(JobLicence, "licence/"+c.kase.ID.String()+"/"+e.Licence, map[string]any{"licence": e.Licence})
	}
	return nil
}

// resultDelivered records the delivery (R-DOC-06): who received it, how, and when.
func (c *Change) resultDelivered(workflow.Effect) error {
	way := c.input("way")
	if way == "" {
		way = c.kase.Delivery
	}
	if way == "" {
		way = "pickup"
	}
	c.delivered = append(c.delivered, Delivery{ID: c.service.newID(c.now), Way: way, TrackingNo: c.input("tracking_no"),
		Receiver: c.input("receiver_name"), IDLast4: c.input("receiver_id_last4"), At: c.now})
	c.record("case.delivered", map[string]any{"way": way, "receiver": c.input("receiver_name")})
	return c.meet(c.caseClock(deadline.Delivery))
}

// ended closes everything that still runs and asks for the archive package (R-ARC-02).
func (c *Change) ended(e workflow.Effect) error {
	c.kase.Outcome, c.kase.FinishedAt = string(e.Outcome), c.now
	if e.FinishCode != nil {
		c.kase.FinishCode = finishCode(*e.FinishCode)
	}
	for _, clock := range c.clocks {
		if !clock.Body.StoppedOn.IsZero() {
			continue
		}
		stop := c.cancelClock
		if clock.Body.Kind == deadline.Delivery {
			stop = c.meet
		}
		if err := stop(clock); err != nil {
			return err
		}
	}
	for _, correction := range c.corrections {
		if correction.Status == correctionIssued {
			correction.Status, correction.dirty = correctionClosed, true
		}
	}
	c.record("case.ended", map[string]any{"outcome": string(e.Outcome), "finish_code": c.kase.FinishCode})
	c.later(JobArchive, "archive/"+c.kase.ID.String(), nil)
	return nil
}
