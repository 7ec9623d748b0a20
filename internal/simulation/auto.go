package simulation

import (
	"context"
	"maps"
	"slices"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// goOn takes the first action of each node, or the choice that this path explores,
// until the case ends or nobody can do anything.
func (r *Runner) goOn() error {
	for len(r.path.Moments) < maxMoments {
		view, err := r.view()
		if err != nil {
			return err
		}
		step, found, err := r.something(view)
		if err != nil || !found {
			return err
		}
		if step.Event == "" && step.Act == "" { // what waits runs out by itself
			if over, err := r.await(step.Node); err != nil || over {
				return err
			}
			continue
		}
		if err := r.pass(); err != nil {
			return err
		}
		if view, err = r.view(); err != nil {
			return err
		}
		if !stillOpen(view, step) {
			continue // a clock was faster
		}
		actor, err := r.do(step)
		if err != nil {
			return err
		}
		if err := r.moment(-1, actor, r.did(step), ""); err != nil {
			return err
		}
		if err := r.jobs(Step{}); err != nil {
			return err
		}
	}
	return nil
}

// await lets time pass until a node is left; over says that nothing more will happen.
func (r *Runner) await(node string) (over bool, err error) {
	for {
		view, err := r.view()
		if err != nil || !slices.Contains(openNodes(view), node) {
			return false, err
		}
		_, at, ok := r.desk.NextTimer(r.ctx)
		if !ok {
			return true, nil
		}
		if err := r.advance(at); err != nil {
			return true, err
		}
	}
}

func stillOpen(view *casework.View, step Step) bool {
	return step.Node == "" || slices.Contains(openNodes(view), step.Node)
}

// pass lets the pace go by.
func (r *Runner) pass() error {
	pace := r.script.Pace
	if pace == "" {
		pace = "1wd"
	}
	to, err := r.later(r.desk.Now(), pace)
	if err != nil {
		return err
	}
	return r.advance(to)
}

// something is the next thing to do: what the first open task, procedure or wait asks for.
func (r *Runner) something(view *casework.View) (Step, bool, error) {
	for _, run := range view.Specials() {
		spec := view.Matter().Specials[run.Procedure]
		switch run.Status {
		case "requested", "reported":
			event := r.choose(run.Procedure+"/approval", "approve_special", "reject_special")
			return Step{Event: event, Procedure: run.Procedure, Reason: "模拟"}, true, nil
		case "running":
			result := r.choose(run.Procedure, append(resultsOf(spec), "overrun")...)
			if result == "overrun" || !run.EarliestOn.IsZero() && deadline.DateOf(r.desk.Now(), r.subject.Live.Location).Before(run.EarliestOn) {
				return Step{Node: run.Procedure}, true, nil // a result before the minimum is refused: wait
			}
			return Step{Event: "report", Procedure: run.Procedure, Fields: map[string]any{"result": result}}, true, nil
		}
	}
	for _, t := range view.Tasks() {
		if !t.Open() {
			continue
		}
		step, found, err := r.forTask(view, t)
		if err != nil || found {
			return step, found, err
		}
	}
	return Step{}, false, nil
}

func resultsOf(spec *kind.SpecialProcedure) []string { return spec.ReportForm["result"].Enum }

func (r *Runner) forTask(view *casework.View, t *casework.Task) (Step, bool, error) {
	node, known := view.Matter().Net.Node(t.Node)
	if !known {
		return Step{}, false, nil
	}
	switch node.Type {
	case workflow.Human:
		return r.forHuman(view, t)
	case workflow.Wait:
		event := r.choose(node.ID, waitEvents(node)...)
		switch event {
		case "expired":
			return Step{Node: node.ID}, true, nil
		case "resubmitted":
			event = "resubmit"
		}
		by := byApplicant
		if node.RecordBy != "" {
			by = node.RecordBy
		}
		return Step{Node: node.ID, Event: event, By: by}, true, nil
	case workflow.Payment:
		event := r.choose(node.ID, "paid", "overdue")
		if event == "overdue" {
			r.choices = append(r.choices, node.ID+"=paid") // it is paid late
		}
		return Step{Node: node.ID, Event: event}, true, nil
	case workflow.Subcase, workflow.External:
		events := slices.Sorted(maps.Keys(node.Events))
		events = append(events, slices.Sorted(maps.Keys(node.Maps))...)
		return Step{Node: node.ID, Event: r.choose(node.ID, events...)}, true, nil
	}
	return Step{}, false, nil
}

// waitEvents puts what the wait is for before its end.
func waitEvents(node *workflow.Node) []string {
	events := slices.Sorted(maps.Keys(node.Events))
	slices.SortStableFunc(events, func(a, b string) int {
		switch {
		case a == "expired" && b != "expired":
			return 1
		case b == "expired" && a != "expired":
			return -1
		}
		return 0
	})
	return events
}

// forHuman takes an action that the net offers, with everything it asks for.
func (r *Runner) forHuman(view *casework.View, t *casework.Task) (Step, bool, error) {
	actor, err := r.actor(view, t, Step{})
	if err != nil {
		return Step{}, false, err
	}
	if actor.Type != authz.TypeStaff {
		return Step{}, false, nil
	}
	seen, err := r.desk.View(r.as(actor), r.kase)
	if err != nil {
		return Step{}, false, err
	}
	actions, err := seen.Actions(r.as(actor), t)
	if err != nil || len(actions) == 0 {
		return Step{}, false, err
	}
	ids := make([]string, len(actions))
	for i, a := range actions {
		ids[i] = a.ID
	}
	chosen := actions[slices.Index(ids, r.choose(t.Node, ids...))]
	step := Step{Node: t.Node, Act: chosen.ID, Fields: r.filled(view, chosen)}
	if len(chosen.Procedures) > 0 {
		step.Procedure = chosen.Procedures[0]
	}
	return step, true, nil
}

// choose follows the path's next choice where it is for this place, else takes the
// first; what is not taken is a fork.
func (r *Runner) choose(place string, options ...string) string {
	if len(options) == 0 {
		return ""
	}
	taken := options[0]
	if r.pick != nil {
		taken = r.pick(options)
	}
	followed := false
	if len(r.choices) > 0 {
		for _, option := range options {
			if r.choices[0] == place+"="+option {
				taken, followed, r.choices = option, true, r.choices[1:]
				break
			}
		}
	}
	if !followed && len(r.choices) == 0 {
		for _, option := range options {
			if option != taken {
				r.forks = append(r.forks, fork{taken: slices.Clone(r.path.Choices), other: place + "=" + option})
			}
		}
	}
	r.path.Choices = append(r.path.Choices, place+"="+taken)
	return taken
}

// filled is a value for everything an action asks for.
func (r *Runner) filled(view *casework.View, a casework.TaskAction) map[string]any {
	fields := map[string]any{}
	for _, in := range a.Inputs {
		if in.Required {
			fields[in.Name] = r.sample(view, in)
		}
	}
	return fields
}

func (r *Runner) sample(view *casework.View, in casework.InputField) any {
	switch in.Type {
	case "items":
		for _, m := range view.Materials() {
			if m.Status != casework.MaterialWaived {
				return []any{map[string]any{"material": m.Ref, "requirement": "模拟：请补正"}}
			}
		}
		return []any{}
	case "enum":
		return in.Options[0]
	case "integer", "number":
		return number(max(1, in.Min))
	case "boolean":
		return true
	case "date":
		return deadline.DateOf(r.desk.Now(), r.subject.Live.Location).String()
	}
	return "模拟填写"
}

// reportFields completes a report: files are handed in, position and signatures given,
// required texts filled; what the step gives stands.
func (r *Runner) reportFields(ctx context.Context, spec map[string]kind.FieldSpec, given map[string]any) map[string]any {
	fields := maps.Clone(given)
	if fields == nil {
		fields = map[string]any{}
	}
	for _, name := range slices.Sorted(maps.Keys(spec)) {
		f := spec[name]
		if _, there := fields[name]; there {
			continue
		}
		switch f.Type {
		case "files":
			need := 0
			if f.Required {
				need = 1
			}
			if f.Min != nil {
				need = max(need, *f.Min)
			}
			list := []any{}
			for range need {
				list = append(list, r.desk.Upload(ctx, r.kase, name).String())
			}
			if need > 0 {
				fields[name] = list
			}
		case "position":
			fields[name] = map[string]any{"lng": number(112), "lat": number(27)}
		case "signatures":
			fields[name] = []any{"模拟"}
		case "integer", "number":
			if f.Required {
				fields[name] = number(1)
			}
		default:
			if f.Required && name != "result" {
				fields[name] = "模拟填写"
			}
		}
	}
	return fields
}
