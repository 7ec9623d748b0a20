package configuration

import (
	"fmt"

	"zhengtong/internal/expr"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// flow compiles the workflow and every guard in it.
func (c *compiler) flow(from *Found) {
	found, ok := c.want(from, "$.spec.workflow", "Workflow", c.matter.Spec.Workflow)
	if !ok {
		return
	}
	spec := found.Resource.Spec.(*kind.Workflow)
	c.matter.FlowSpec = spec
	c.matter.Net = part(c, "net|"+found.Digest, func() *workflow.Net {
		net, problems := workflow.Compile(Definition(spec))
		c.lift(found, "$", problems)
		return net
	})
	nodes := map[string][]string{}
	for _, n := range spec.Nodes {
		for _, a := range n.Actions {
			nodes[n.ID] = append(nodes[n.ID], a.ID)
		}
	}
	for i, n := range spec.Nodes {
		env := expr.Spec{Context: expr.FlowCondition, Form: c.formType(), Facts: factFields(c.matter.Spec.Facts), Nodes: nodes,
			Phase: expr.Phase(n.Phase), ServiceObjects: c.matter.Spec.ServiceObjects}
		at := fmt.Sprintf("$.spec.nodes[%d]", i)
		c.guard(found, at+".skip_when", n.SkipWhen, env)
		for j, a := range n.Actions {
			c.guard(found, fmt.Sprintf("%s.actions[%d].when", at, j), a.When, env)
		}
		for j, b := range n.Branches {
			c.guard(found, fmt.Sprintf("%s.branches[%d].when", at, j), b.When, env)
		}
	}
}

func (c *compiler) guard(found *Found, path, source string, env expr.Spec) {
	if source == "" {
		return
	}
	if program := c.program(found, path, source, env); program != nil {
		c.matter.Guards[workflow.Guard(source)] = program
	}
}

// Definition carries the kind Workflow into the engine's own definition.
func Definition(spec *kind.Workflow) workflow.Definition {
	d := workflow.Definition{Start: spec.Start}
	for name, sub := range spec.Subflows {
		if d.Subflows == nil {
			d.Subflows = map[string]workflow.Subflow{}
		}
		d.Subflows[name] = workflow.Subflow{Start: sub.Start, Ends: sub.Ends}
	}
	if spec.Constraints != nil {
		d.Constraints.SeparationOfDuty = spec.Constraints.SeparationOfDuty
		for _, effect := range spec.Constraints.DocumentBeforeAction {
			d.Constraints.DocumentBeforeAction = append(d.Constraints.DocumentBeforeAction, workflow.Verb(effect))
		}
	}
	for _, n := range spec.Nodes {
		d.Nodes = append(d.Nodes, flowNode(n))
	}
	return d
}

func flowNode(n kind.Node) workflow.Node {
	out := workflow.Node{
		ID: n.ID, Type: workflow.NodeType(n.Type), Title: n.Title, Phase: workflow.Phase(n.Phase), Events: n.Events, Join: n.Join, Of: n.Of, To: n.To,
		Foreach: n.Foreach, Subflow: n.Subflow, SkipWhen: workflow.Guard(n.SkipWhen), SkipTo: n.SkipTo, MaxVisits: number(n.MaxVisits),
		OnExhausted: n.OnExhausted, RecordBy: n.RecordBy, Fee: n.Fee, Effect: workflow.Verb(n.Effect), LicenceType: n.LicenceType,
		SpecialProcedure: n.SpecialProcedure, Connector: n.Connector, Maps: n.Maps, Matter: n.Matter, TenantLevel: n.TenantLevel,
		Outcome: workflow.Outcome(n.Outcome),
	}
	if n.Assign != nil {
		out.Assign = &workflow.Assign{Department: n.Assign.Department, Role: n.Assign.Role, Strategy: n.Assign.Strategy, MinimumPersons: n.Assign.MinimumPersons}
	}
	if n.Limit != nil {
		out.Limit = &workflow.Limit{N: n.Limit.N, Unit: n.Limit.Unit, Holder: n.Limit.Holder, Per: n.Limit.Per, Basis: n.Limit.Basis}
	}
	if n.Silence != nil {
		out.Silence = &workflow.Limit{N: n.Silence.N, Unit: n.Silence.Unit}
	}
	if n.ClockEffect != nil {
		out.Clock = workflow.ClockEffect{PromisedSuspended: n.ClockEffect.Promised == "suspend", StatutorySuspended: n.ClockEffect.Statutory == "suspend"}
	}
	if n.Timeout != nil {
		out.Timeout = &workflow.Timeout{N: n.Timeout.N, Unit: n.Timeout.Unit, To: n.Timeout.OnTimeout.To, Policy: n.Timeout.OnTimeout.Policy, Raise: n.Timeout.OnTimeout.Raise}
	}
	for _, b := range n.Branches {
		out.Branches = append(out.Branches, workflow.Branch{When: workflow.Guard(b.When), Else: b.Else, To: b.To})
	}
	for _, a := range n.Actions {
		out.Actions = append(out.Actions, workflow.Action{ID: a.ID, Title: a.Title, When: workflow.Guard(a.When), Requires: a.Requires,
			Effect: workflow.Verb(a.Effect), Ground: workflow.Ground(a.Ground), Document: a.Document, LicenceType: a.LicenceType,
			SpecialProcedure: a.SpecialProcedure, To: a.To, MaxTimes: number(a.MaxTimes)})
	}
	return out
}

func number(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}
