package graph

import (
	"context"
	"crypto/subtle"
	"strings"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/graph/session"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/problem"
)

// maxNumber bounds the text of a case number, in bytes.
const maxNumber = 64

// progress tells anyone who has both number and query code how far a case has
// come (R-APP-13). Whether the number exists, and whether the code is wrong, look
// the same; the codes are compared in constant time and tries are bounded.
func (r *Resolver) progress(ctx context.Context, number, code string) (*model.CaseProgress, error) {
	number, code = strings.TrimSpace(number), strings.ToUpper(strings.TrimSpace(code))
	if len(number) > maxNumber {
		return nil, problem.Missing()
	}
	if r.Attempts != nil {
		if err := r.Attempts("progress:" + number); err != nil {
			return nil, err
		}
	}
	ctx, err := r.publicly(ctx, r.handling(ctx, number))
	if err != nil {
		return nil, err
	}
	if _, err := r.Authz.Require(ctx, "progress.query", authz.Object{Kind: "case"}); err != nil {
		return nil, err
	}
	// The code is the right to look; the viewer, if any, has none of their own here.
	ctx = authz.With(ctx, authz.System())
	v, err := r.Casework.ViewByNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(v.Case().QueryCode), []byte(code)) != 1 {
		return nil, problem.Missing()
	}
	return r.progressModel(ctx, v)
}

// handling is the tenant that a case number names by the division at its
// beginning, as most numbers do; else the tenant that is asked for.
func (r *Resolver) handling(ctx context.Context, number string) string {
	for _, digits := range []int{12, 9, 6} {
		if len(number) < digits {
			continue
		}
		if _, ok := r.Tree.Get(number[:digits]); ok {
			return number[:digits]
		}
	}
	return session.Asked(ctx)
}

func (r *Resolver) progressModel(ctx context.Context, v *casework.View) (*model.CaseProgress, error) {
	k := v.Case()
	out := &model.CaseProgress{
		Number: k.No, MatterTitle: k.MatterTitle, TenantTitle: k.Tenant, Status: model.CaseStatus(k.Status), StatusText: casework.StatusText(k.Status),
		Outcome: opt(k.Outcome), ReceivedAt: k.ReceivedAt, AcceptedOn: optDate(k.AcceptedOn), PromisedDueOn: optDate(k.PromisedDue),
		WaitingFor: waitingFor(k.Status), Steps: []*model.ProgressStep{}, Flow: publicFlow(v),
	}
	if t, ok := r.Tree.Get(k.Tenant); ok {
		out.TenantTitle = t.Title
	}
	if d := v.Live().Departments[k.Department]; d != nil {
		out.DepartmentTitle = opt(d.Title)
	}
	for after := int64(0); ; {
		events, err := r.Casework.Timeline(ctx, v, after, relay.MaxFirst)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if after = e.Seq; milestones[e.Type] {
				out.Steps = append(out.Steps, &model.ProgressStep{Title: eventTitle(e.Type), At: e.At})
			}
		}
		if len(events) < relay.MaxFirst {
			return out, nil
		}
	}
}
