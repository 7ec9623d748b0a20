// Package card decides what supervision rules (监察规则, R-SUP-09) say of a case:
// which clocks and events raise a warning, a yellow or a red card, of what score
// and for whom. It is a pure core (docs/architecture.md I6): verdicts are a function of
// rule data, the ledger of the clocks, the events and the calendar, so that a rule is
// tried on a simulated case and replayed on past ones before it is published.
//
// A rule on clocks is judged day by day: on each civil day the clock is read as its
// ledger stood when the day began, which is when a rung of deadline fires. Hour limits
// are judged by the day too. Of one object a rule gives its highest level; each rise
// is a verdict of its own, and Standing keeps the last word. What a rule accumulates over
// the objects of one case or of several (three yellow make a red) is judged by
// Accumulate from their verdicts; who the respondent of each is, its caller says.
package card
