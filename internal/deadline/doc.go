// Package deadline computes legal time limits: civil dates, working-day
// calendars, clocks with suspensions and extensions, and the instants at which
// a clock warns or expires. It implements the timing rules T-01 to T-26 of the
// domain model.
//
// The package is pure. It performs no I/O and never asks for the current time:
// every function takes the day or the instant it needs. A Clock is a plain value
// that serialises to JSON; each event on it returns a new value.
//
// Limits are counted in civil dates of the tenant's time zone; only hour limits
// look at the time of day. The due date is always derived from the clock and a
// Calendar, never stored as truth, so that a newly published calendar moves it
// (T-20).
package deadline
