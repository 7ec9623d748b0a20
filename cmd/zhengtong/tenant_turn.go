package main

import (
	"context"
	"fmt"
	"strings"
)

// tenantTurn moves the tenant of the token to another state (SM-01).
type tenantTurn struct{ remote }

func (t tenantTurn) turn(ctx context.Context, verb, reason string) error {
	input := map[string]any{}
	if reason != "" {
		input["reason"] = reason
	}
	var answer map[string]struct {
		Tenant struct{ Code, Title, Status string }
	}
	field := verb + "Tenant"
	err := t.call(ctx, t.Token, "mutation($input: "+strings.ToUpper(verb[:1])+verb[1:]+"TenantInput!) { "+field+"(input: $input) { tenant { code title status } } }",
		map[string]any{"input": input}, &answer)
	if err != nil {
		return t.found(err)
	}
	tenant := answer[field].Tenant
	fmt.Printf("%s %s：%s\n", tenant.Code, tenant.Title, tenant.Status)
	return nil
}

type tenantActivateCommand struct {
	tenantTurn
	Reason string `help:"A remark for the record."`
}

// Run puts the tenant in service, or prints everything that it lacks.
func (c tenantActivateCommand) Run(ctx context.Context) error {
	return c.turn(ctx, "activate", c.Reason)
}

type tenantSuspendCommand struct {
	tenantTurn
	Reason string `help:"Why." required:""`
}

// Run lets the tenant take no new applications.
func (c tenantSuspendCommand) Run(ctx context.Context) error { return c.turn(ctx, "suspend", c.Reason) }

type tenantResumeCommand struct {
	tenantTurn
	Reason string `help:"A remark for the record."`
}

// Run lets the tenant take applications again.
func (c tenantResumeCommand) Run(ctx context.Context) error { return c.turn(ctx, "resume", c.Reason) }
