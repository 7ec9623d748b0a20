package deadline

// Window bounds the day on which a special procedure's result may be recorded (T-15).
type Window struct {
	Earliest Date `json:"earliest"`        // the last day of the minimum; the starting day without one
	Latest   Date `json:"latest,omitzero"` // the last day of the maximum; zero without one
}

// SpecialWindow returns the window of a special procedure that starts on day on. The
// starting day is not counted and the ends do not roll: a notice is posted, and an
// inspection lasts, through days off. A zero limit means none.
func SpecialWindow(on Date, minimum, maximum Limit, cal *Calendar) Window {
	w := Window{Earliest: on}
	if !minimum.IsZero() {
		w.Earliest = cal.Add(on, minimum, false)
	}
	if !maximum.IsZero() {
		w.Latest = cal.Add(on, maximum, false)
	}
	return w
}

// Allows reports whether a result may be recorded on day on: not before the minimum.
func (w Window) Allows(on Date) bool { return !on.Before(w.Earliest) }

// Overrun reports whether the maximum has passed on day on.
func (w Window) Overrun(on Date) bool { return !w.Latest.IsZero() && on.After(w.Latest) }

// ResumeOn returns the day on which the suspension ends for a result recorded on day
// on: that day, but never after the maximum.
func (w Window) ResumeOn(on Date) Date {
	if w.Overrun(on) {
		return w.Latest
	}
	return on
}
