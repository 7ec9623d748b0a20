// Package workers does what happens later: the effects that follow a commit.
//
// Three tables hold what is to be done, and they are the truth (I1): `outbox`
// (events to tell others of), `timer` (rungs of legal clocks) and `job`
// (effects). The relay turns due outbox rows and timers into jobs, leases due
// jobs and puts a task for each attempt into the queue; a handler loads the
// row, acts as its tenant, does the work, and sets the row done in the
// transaction of the effect itself.
//
//	job: pending ─lease→ dispatched ─handler's transaction→ done
//	                      │    └─ attempts used up → dead (reason)
//	                      └─ lease over (crash, lost Redis, back-off) → leased again, attempt + 1
//
// Two times are kept apart. What is due (`run_at`, `fire_at`) is business time
// and follows the installation's clock, which may be virtual. Leases are
// machine time: a lease says how long a machine may be silent, and a virtual
// clock stands still while it works. Back-off is a longer lease, so that a
// failed job is retried on a virtual clock too.
package workers
