package simulation

import (
	"context"

	"zhengtong/internal/authz"
	"zhengtong/internal/card"
	"zhengtong/internal/casework"
)

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

// ReplayUnder replays past cases under a subject of the caller.
func (s *Service) ReplayUnder(ctx context.Context, in ReplayInput, after Subject, published []*card.Rule) (*Replay, error) {
	return s.replay(ctx, in, after, published)
}

// Against resolves the respondent of a verdict on a case.
func Against(d docket, events []casework.Told, v card.Verdict) string {
	return answerable{d, events}.against(v)
}
