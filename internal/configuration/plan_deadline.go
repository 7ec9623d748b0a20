package configuration

import (
	"time"

	"zhengtong/internal/deadline"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// DeadlineMove is a limit that would run out on another day, or be another, for an
// application received today in a tenant. The clocks of handling are shown as if it
// were accepted on the day of receipt. Before or After is nil where there is no such limit.
type DeadlineMove struct {
	Tenant string  `json:"tenant"`
	Matter string  `json:"matter"`
	Title  string  `json:"title"`
	Clock  string  `json:"clock"`        // acceptance, promised, statutory or special
	Of     string  `json:"of,omitempty"` // name of the special procedure
	Before *DueDay `json:"before,omitempty"`
	After  *DueDay `json:"after,omitempty"`
}

// DueDay is a limit with the day on which it runs out.
type DueDay struct {
	Limit string        `json:"limit"`
	DueOn deadline.Date `json:"due_on"`
}

// maxDeadlines bounds the moved deadlines that a plan lists.
const maxDeadlines = 500

// clockName names one limit of a matter.
type clockName struct{ clock, of string }

// deadlineMoves compares the limits of the touched matters, and where the calendar
// changes of all that the tenant offers, at an instant.
func deadlineMoves(concerned []reached, now time.Time) (moves []DeadlineMove, truncated bool) {
	moves = []DeadlineMove{}
	for _, r := range concerned {
		for _, name := range r.compared() {
			found, title := r.moves(name, now)
			for _, m := range found {
				if len(moves) == maxDeadlines {
					return moves, true
				}
				m.Tenant, m.Matter, m.Title = r.tenant.Code, name, title
				moves = append(moves, m)
			}
		}
	}
	return moves, false
}

// compared are the matters whose deadlines may move: the touched ones that the tenant
// implements before or after, and all of them when its calendar changes.
func (r reached) compared() []string {
	names := map[string]bool{}
	all := r.calendarChanges()
	for _, v := range []*view{r.before, r.after} {
		if all {
			for _, f := range v.Offered() {
				names[f.Resource.Metadata.Name] = true
			}
			continue
		}
		for name := range r.touched {
			if _, ok := v.Offer(name); ok {
				names[name] = true
			}
		}
	}
	return sortedKeys(names)
}

func (r reached) calendarChanges() bool {
	before, after := calendarOf(r.before), calendarOf(r.after)
	return before != nil && after != nil && before.Digest() != after.Digest()
}

func (r reached) moves(name string, now time.Time) (moves []DeadlineMove, title string) {
	before, after := limitsOf(r.before, name, now), limitsOf(r.after, name, now)
	for _, f := range []*view{r.before, r.after} {
		if found, ok := f.Offer(name); ok {
			title = found.Resource.Title()
		}
	}
	order := []clockName{{clock: "acceptance"}, {clock: "promised"}, {clock: "statutory"}}
	specials := map[string]bool{}
	for _, side := range []map[clockName]DueDay{before, after} {
		for at := range side {
			if at.of != "" {
				specials[at.of] = true
			}
		}
	}
	for _, special := range sortedKeys(specials) {
		order = append(order, clockName{"special", special})
	}
	for _, at := range order {
		was, had := before[at]
		is, has := after[at]
		if had == has && was == is {
			continue
		}
		move := DeadlineMove{Clock: at.clock, Of: at.of}
		if had {
			move.Before = &was
		}
		if has {
			move.After = &is
		}
		moves = append(moves, move)
	}
	return moves, title
}

// limitsOf are the limits of a matter that a tenant offers, counted from a receipt now.
func limitsOf(v *view, name string, now time.Time) map[clockName]DueDay {
	out := map[clockName]DueDay{}
	found, ok := v.Offer(name)
	cal := calendarOf(v)
	if !ok || cal == nil {
		return out
	}
	spec := found.Resource.Spec.(*kind.Matter)
	on := receiptOn(v, cal, now)
	put := func(at clockName, limit kind.Limit, roll bool) {
		l := deadline.Limit{N: limit.N, Unit: deadline.Unit(limit.Unit)}
		clock, err := deadline.Start(deadline.Kind(at.clock), deadline.Agency, l, on, cal)
		if err != nil {
			return
		}
		clock.NoRoll = !roll
		out[at] = DueDay{Limit: l.String(), DueOn: clock.Due(cal).On}
	}
	if spec.AcceptanceWindow != nil {
		put(clockName{clock: "acceptance"}, spec.AcceptanceWindow.Limit, true)
	}
	if spec.PromisedLimit != nil {
		put(clockName{clock: "promised"}, *spec.PromisedLimit, true)
	}
	if spec.StatutoryLimit != nil {
		put(clockName{clock: "statutory"}, *spec.StatutoryLimit, true)
	}
	for _, special := range spec.SpecialProcedures {
		if f, ok := v.Find("SpecialProcedure", special); ok {
			put(clockName{"special", special}, f.Resource.Spec.(*kind.SpecialProcedure).Max, false)
		}
	}
	return out
}

func limitText(l kind.Limit) string {
	return deadline.Limit{N: l.N, Unit: deadline.Unit(l.Unit)}.String()
}

// receiptOn is the day of receipt of what is filed now, by the tenant's rule for days off (T-03).
func receiptOn(v *view, cal *deadline.Calendar, now time.Time) deadline.Date {
	policy, loc := deadline.SameDay, china
	if f, ok := v.Find("Tenant", v.Tenant()); ok {
		tenant := f.Resource.Spec.(*kind.Tenant)
		if zone, err := tenancy.Zone(tenant.Timezone); err == nil {
			loc = zone
		}
		if p := tenant.Policies; p != nil && p.OffHoursReceipt != "" {
			policy = deadline.ReceiptPolicy(p.OffHoursReceipt)
		}
	}
	return deadline.ReceiptDate(now, loc, policy, cal)
}

// china is the civil time of a tenant that says nothing.
var china = time.FixedZone("Asia/Shanghai", 8*60*60)
