package configuration

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// flow proves the net (V-20 … V-25), holds it to the matter's legal steps (V-26),
// and adds up its stages (V-29, V-54). Its problems stand in the Workflow.
func (c *check) flow() {
	found, ok := c.view.Find("Workflow", c.spec.Workflow)
	if !ok {
		return
	}
	terms := workflow.Terms{ItemType: c.spec.ItemType, ExOfficio: c.spec.Initiation != "on_application",
		Documents: sortedKeys(c.spec.Documents), Procedures: map[string][]string{}}
	if w := c.spec.AcceptanceWindow; w != nil && !c.spec.BundleOnly {
		terms.DeemedAcceptance = w.OnExpiry == "deemed_accepted"
	}
	for name, special := range c.matter.Specials {
		terms.Procedures[name] = special.ReportForm["result"].Enum
	}
	if len(terms.Procedures) == 0 && !c.namesProcedure() { // `$requested` with nothing to request is never offered (flow rule 10)
		terms.Procedures = nil
	}
	if c.spec.BundleOnly { // the bundle has its own aliases
		terms.Documents = slices.Sorted(maps.Keys(c.aliases()))
	}
	c.problems = append(c.problems, found.place(slices.Clone(workflow.CheckTerms(c.matter.Net, terms)))...)
	c.problems = append(c.problems, found.place(slices.Clone(c.set.explored(found, c.matter.Net)))...)
	c.inputs(found)
	c.stages(found)
}

// namesProcedure reports whether a node of the flow asks for a procedure by its name.
func (c *check) namesProcedure() bool {
	return slices.ContainsFunc(c.matter.FlowSpec.Nodes, func(n kind.Node) bool {
		return n.SpecialProcedure != "" && n.SpecialProcedure != workflow.Requested
	})
}

// aliases are the document aliases that a matter, or its bundle, maps to templates.
func (c *check) aliases() map[string]string {
	out := maps.Clone(c.spec.Documents)
	if out == nil {
		out = map[string]string{}
	}
	if bundle := bundleOf(c.view, c.matter); bundle != nil {
		maps.Copy(out, bundle.Resource.Spec.(*kind.Bundle).Documents)
	}
	return out
}

// inputs checks that what an action asks for can be given: a known input, a fact of the matter, or a field of the node's form (V-16).
func (c *check) inputs(found *Found) {
	for i, n := range c.matter.FlowSpec.Nodes {
		for j, a := range n.Actions {
			for k, name := range a.Requires {
				known := append(kind.Inputs(), sortedKeys(n.Form)...)
				for _, fact := range c.spec.Facts {
					known = append(known, fact.ID, "facts."+fact.ID)
				}
				if !slices.Contains(known, name) {
					c.fail(found, fmt.Sprintf("$.spec.nodes[%d].actions[%d].requires[%d]", i, j, k), "V-16", expr.Hint(name, known), "没有可填写的内容 %q", name)
				}
			}
		}
	}
}

// stages compares the longest way through handling with the limits. A special
// procedure or wait that suspends a clock does not count against it.
func (c *check) stages(found *Found) {
	if c.spec.PromisedLimit == nil || c.matter.FlowSpec.Start == "" {
		return
	}
	promised := func(e kind.ClockEffect) string { return e.Promised }
	statutory := func(e kind.ClockEffect) string { return e.Statutory }
	if days, way := c.longest("promised", promised); days > workdays(c.spec.PromisedLimit.N, c.spec.PromisedLimit.Unit) {
		c.warn(found, "$.spec.nodes", "V-29", "缩短环节时限或放宽承诺时限", "各环节最长 %d 个工作日，超过承诺时限 %s：%s", days, c.spec.PromisedLimit, strings.Join(way, " → "))
	}
	if c.spec.StatutoryLimit == nil {
		return
	}
	limit := workdays(c.spec.StatutoryLimit.N, c.spec.StatutoryLimit.Unit)
	if e := c.spec.Extension; e != nil {
		limit += e.MaxTimes * workdays(e.N, e.Unit)
	}
	if days, way := c.longest("statutory", statutory); days > limit {
		c.warn(found, "$.spec.nodes", "V-54", "行政许可法第四十二条", "不中止法定时限的环节最长 %d 个工作日，超过法定时限与延期之和 %d 个工作日：%s", days, limit, strings.Join(way, " → "))
	}
}

// longest is the longest way through handling while a clock runs, worked out once for a flow with its procedures.
func (c *check) longest(clock string, effect func(kind.ClockEffect) string) (int, []string) {
	type stages struct {
		days int
		way  []string
	}
	key := "stages|" + clock + "|" + c.matter.Pins["Workflow/"+c.spec.Workflow]
	for _, name := range sortedKeys(c.matter.Specials) {
		key += "|" + c.matter.Pins["SpecialProcedure/"+name]
	}
	if known, ok := c.set.parts.kept.Get(key); ok {
		return known.(stages).days, known.(stages).way
	}
	days, way := workflow.LongestStages(c.matter.Net, c.counted(effect))
	c.set.parts.kept.Add(key, stages{days, way})
	return days, way
}

// counted answers how many working days a node takes while a clock runs.
func (c *check) counted(effect func(kind.ClockEffect) string) workflow.Days {
	waits := map[string]kind.ClockEffect{}
	for _, n := range c.matter.FlowSpec.Nodes {
		if n.ClockEffect != nil {
			waits[n.ID] = *n.ClockEffect
		}
	}
	return func(n *workflow.Node) int {
		if n.Type == workflow.Special {
			return c.specialDays(n.SpecialProcedure, effect)
		}
		if n.Limit == nil || effect(waits[n.ID]) == "suspend" {
			return 0
		}
		return workdays(n.Limit.N, n.Limit.Unit)
	}
}

// specialDays is the longest a named procedure, or any that may be requested, lets the clock run.
func (c *check) specialDays(name string, effect func(kind.ClockEffect) string) int {
	days := 0
	for _, each := range sortedKeys(c.matter.Specials) {
		special := c.matter.Specials[each]
		if (each == name || name == workflow.Requested) && effect(special.ClockEffect) != "suspend" {
			days = max(days, workdays(special.Max.N, special.Max.Unit))
		}
	}
	return days
}

// workdays is the most working days that a limit can take; calendar units by five days in seven, 250 in a year.
func workdays(n int, unit string) int {
	switch unit {
	case "hour":
		return (n + 7) / 8
	case "day":
		return (n*5 + 6) / 7
	case "month":
		return n * 21
	case "year":
		return n * 250
	}
	return n
}
