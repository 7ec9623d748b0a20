package main

import (
	"context"
	"time"
)

// matterCommands are administrative acts on matters, each a change that a second person reviews, and
// what is asked about running cases before one.
type matterCommands struct {
	Suspend  suspendCommand  `cmd:"" help:"Take no applications for now (挂起); open cases go on."`
	Resume   resumeCommand   `cmd:"" help:"Take applications again (恢复), or take a delegated matter back."`
	Cancel   cancelCommand   `cmd:"" help:"End a matter for good (取消)."`
	Merge    mergeCommand    `cmd:"" help:"Make a matter part of another one (合并, 更名): its name and codes lead there."`
	Delegate delegateCommand `cmd:"" help:"Hand a matter down to tenants below (下放)."`
	Compare  compareCommand  `cmd:"" help:"Compare what handling it asks of people in two published revisions: stages, materials, days and visits."`
	Versions runningCommand  `cmd:"" help:"List the versions under which cases are open."`
	Migrate  moveCommand     `cmd:"" help:"Preview moving running cases to the version in force (迁移), or submit it."`
	Migrated movedCommand    `cmd:"" help:"Tell what became of the cases of a published migration."`
}

// matterAct is what every act must say.
type matterAct struct {
	remote
	Name       string     `arg:"" help:"Name of the matter in the tenant of the token."`
	Reason     string     `help:"Why." required:""`
	Basis      string     `help:"The document or provision that it is based on." required:""`
	Transition string     `help:"What the guide tells applicants meanwhile."`
	On         *time.Time `help:"When it takes effect; at publication when left out." placeholder:"2026-03-09T00:00:00+08:00"`
	Approve    string     `help:"Token of a second person with config.review and config.publish: approve and publish at once."`
}

func (m matterAct) submit(ctx context.Context, action string, more map[string]any) error {
	order := map[string]any{"action": action, "matter": m.Name, "reason": m.Reason, "basis": m.Basis}
	if m.Transition != "" {
		order["transition"] = m.Transition
	}
	for name, value := range more {
		order[name] = value
	}
	input := map[string]any{"files": []any{}, "message": m.Reason, "orders": []any{order}}
	if m.On != nil {
		input["effectiveFrom"] = m.On.Format(time.RFC3339)
	}
	return m.propose(ctx, input, m.Approve)
}

type suspendCommand struct{ matterAct }

// Run suspends the matter.
func (c suspendCommand) Run(ctx context.Context) error { return c.submit(ctx, "suspend", nil) }

type resumeCommand struct{ matterAct }

// Run resumes the matter.
func (c resumeCommand) Run(ctx context.Context) error { return c.submit(ctx, "resume", nil) }

type cancelCommand struct {
	matterAct
	Successor string `help:"Name of the matter that its name and codes lead to."`
}

// Run cancels the matter.
func (c cancelCommand) Run(ctx context.Context) error {
	if c.Successor == "" {
		return c.submit(ctx, "cancel", nil)
	}
	return c.submit(ctx, "cancel", map[string]any{"successor": c.Successor})
}

type mergeCommand struct {
	matterAct
	Into string `help:"Name of the matter that it becomes part of." required:""`
}

// Run merges the matter.
func (c mergeCommand) Run(ctx context.Context) error {
	return c.submit(ctx, "merge", map[string]any{"successor": c.Into})
}

type delegateCommand struct {
	matterAct
	To   []string `help:"Division codes of the tenants below." required:""`
	Keep bool     `help:"Go on offering it here too."`
}

// Run delegates the matter.
func (c delegateCommand) Run(ctx context.Context) error {
	return c.submit(ctx, "delegate", map[string]any{"to": c.To, "keep": c.Keep})
}
