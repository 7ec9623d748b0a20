package simulation

import "zhengtong/internal/authz"

// With lets people of the caller act, by the names of the script, and draws the choices of Auto.
func (r *Runner) With(applicant authz.Principal, named map[string]authz.Principal, order []string, pick func([]string) string) *Runner {
	r.cast, r.pick = &cast{applicant: applicant, named: named}, pick
	for _, name := range order {
		r.cast.staff = append(r.cast.staff, named[name])
	}
	return r
}

// Sandboxed is a runner over memory with people of the caller.
func Sandboxed(r *Runner) (*Runner, error) {
	desk, err := newDesk(r.subject, r.door, r.cast, r.desk.Now())
	r.desk = desk
	return r, err
}
