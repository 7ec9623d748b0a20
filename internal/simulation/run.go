package simulation

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/problem"
)

// Run simulates one application for a matter. Door gives the policies; the roles are
// the subject's. A step that is refused is no error: its path ends with a problem. The
// errors are of an input that cannot be run at all: VALIDATION.
func Run(ctx context.Context, s Subject, door *authz.Authorizer, script Script, startAt time.Time) (*Simulation, error) {
	if err := problem.Invalid(script.check()); err != nil {
		return nil, err
	}
	roles := door.With(fixed{s.Roles})
	play := func(choices []string) (Path, []fork, error) {
		people, err := castOf(s, script)
		if err != nil {
			return Path{}, nil, err
		}
		desk, err := newDesk(s, roles, people, startAt)
		if err != nil {
			return Path{}, nil, err
		}
		r := NewRunner(ctx, s, roles, desk, script, choices)
		r.cast = people
		path, err := r.Play()
		return path, r.forks, err
	}
	first, forks, err := play(nil)
	if err != nil {
		return nil, err
	}
	out := &Simulation{Tenant: s.Matter.Tenant, Matter: s.Matter.Name, Title: s.Matter.Spec.Title, Path: first}
	for _, n := range casework.Unserved(s.Matter.Net) {
		out.Unserved = append(out.Unserved, n.ID)
	}
	if script.Auto == AutoEvery {
		err = out.explore(play, forks)
	}
	return out, err
}

// fork is a choice that a path did not take, with the choices that lead to it.
type fork struct {
	taken []string
	other string
}

// explore plays every choice that has not been taken yet, each once, breadth first.
func (s *Simulation) explore(play func([]string) (Path, []fork, error), forks []fork) error {
	seen := map[string]bool{}
	for _, choice := range s.Choices {
		seen[choice] = true
	}
	for len(forks) > 0 {
		next := forks[0]
		forks = forks[1:]
		if seen[next.other] {
			continue
		}
		if len(s.Others) == maxPaths {
			s.Truncated = true
			return nil
		}
		path, more, err := play(append(append([]string{}, next.taken...), next.other))
		if err != nil {
			return err
		}
		for _, choice := range path.Choices {
			seen[choice] = true
		}
		seen[next.other] = true
		s.Others, forks = append(s.Others, path), append(forks, more...)
	}
	return nil
}

// sandboxDesk is a Desk in memory.
type sandboxDesk struct {
	*casework.Sandbox
	*clock.Manual
}

func newDesk(s Subject, door *authz.Authorizer, people *cast, startAt time.Time) (Desk, error) {
	manual := clock.NewManual(startAt)
	box, err := casework.NewSandbox(casework.SandboxConfig{Clock: manual, Matter: s.Matter, Live: s.Live, Authz: door, People: people.people()})
	return sandboxDesk{box, manual}, err
}

// Runner plays one path on a desk.
type Runner struct {
	ctx     context.Context
	subject Subject
	door    *authz.Authorizer
	desk    Desk
	cast    *cast
	script  Script
	choices []string // of Auto: to follow
	forks   []fork
	path    Path
	kase    uuid.UUID
	node    string                        // of the last action
	told    int                           // events already in a moment
	fired   int                           // timers
	auto    bool                          // the script's steps are over
	pick    func(options []string) string // of Auto, in place of the first
}

// NewRunner prepares a path. Choices are those to follow before Auto takes the first of each node.
func NewRunner(ctx context.Context, s Subject, door *authz.Authorizer, desk Desk, script Script, choices []string) *Runner {
	return &Runner{ctx: ctx, subject: s, door: door, desk: desk, script: script, choices: choices,
		path: Path{Moments: []Moment{}, Clocks: []ClockReport{}, Documents: []Issued{}, Cards: []Card{}}}
}

// Play files the application, takes the steps, goes on by itself where the script says
// so, and answers what became of the case.
func (r *Runner) Play() (Path, error) {
	if err := r.apply(); err != nil {
		if !r.refusal(err, ScriptPath+".form") {
			return r.path, err
		}
		return r.path, nil
	}
	for i, step := range r.script.Steps {
		if len(r.path.Moments) >= maxMoments {
			break
		}
		ended, err := r.take(i, step)
		if err != nil {
			return r.path, err
		}
		if ended {
			return r.path, r.finish()
		}
	}
	if r.auto = true; r.script.Auto != AutoNone {
		if err := r.goOn(); err != nil && !r.refusal(err, ScriptPath+".auto") {
			return r.path, err
		}
	}
	return r.path, r.finish()
}

// refusal keeps a refusal as the problem with which the path ends; other errors are not for the script's author.
func (r *Runner) refusal(err error, path string) bool {
	e, ok := err.(*problem.Error)
	if !ok || e.Code == problem.Internal || e.Code == problem.Unavailable {
		return false
	}
	if len(e.Problems) > 0 {
		for _, p := range e.Problems {
			p.Path = path + ": " + p.Path
			r.path.Problems = append(r.path.Problems, p)
		}
		return true
	}
	r.path.Problems = append(r.path.Problems, problem.Problem{Path: path, Code: codeOf(e), Message: e.Message, Severity: problem.SeverityError})
	return true
}

func codeOf(e *problem.Error) string {
	if e.Reason != "" {
		return e.Reason
	}
	return string(e.Code)
}

func (r *Runner) as(p authz.Principal) context.Context { return r.subject.acting(r.ctx, p) }

func (r *Runner) view() (*casework.View, error) { return r.desk.View(r.as(authz.System()), r.kase) }

// apply fills in the form and the materials and submits.
func (r *Runner) apply() error {
	ctx, name := r.as(r.cast.applicant), r.subject.Matter.Name
	form := r.script.Form
	if len(form) == 0 {
		form = []byte("{}")
	}
	draft, err := r.desk.SaveDraft(ctx, casework.DraftInput{Matter: name, Form: form})
	if err != nil {
		return err
	}
	given, err := r.papers(ctx, draft)
	if err != nil {
		return err
	}
	if draft, err = r.desk.SaveDraft(ctx, casework.DraftInput{ID: draft.ID, Matter: name, Form: form, Materials: given}); err != nil {
		return err
	}
	view, err := r.desk.Submit(ctx, casework.SubmitInput{Draft: draft.ID, Statement: true, Channel: r.script.Channel, Delivery: r.script.Delivery})
	if err != nil {
		return err
	}
	r.kase = view.Case().ID
	return r.moment(-1, r.cast.applicant, "提交申请", "")
}

// papers hands in what the script says, and else a file for what the matter asks for.
func (r *Runner) papers(ctx context.Context, draft *casework.Draft) ([]casework.MaterialInput, error) {
	var given []casework.MaterialInput
	for _, term := range r.subject.Matter.Materials {
		way := r.script.Materials[term.Ref]
		if way == "" {
			way = "file"
			if term.Spec.GeneratedFromForm || !term.Required && term.RequiredWhen == nil {
				way = "none"
			}
		}
		switch way {
		case "commitment":
			given = append(given, casework.MaterialInput{Ref: term.Ref, Commitment: true})
		case "file":
			given = append(given, casework.MaterialInput{Ref: term.Ref, Files: []uuid.UUID{r.desk.Upload(ctx, draft.ID, term.Ref)}})
		}
	}
	return given, nil
}
