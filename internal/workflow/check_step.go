package workflow

import (
	"fmt"
	"slices"
	"strings"
)

// steps checks what the law asks of the flow itself: boundaries between phases and
// the content of legal steps (V-26), outcomes (V-25), document_before_action
// (V-30), the names in constraints (V-27).
func (c *compiler) steps() {
	if c.ps.HasErrors() {
		return
	}
	for i := range c.def.Nodes {
		for _, a := range c.arcs[i] {
			c.checkBoundary(i, a)
		}
		for j := range c.def.Nodes[i].Actions {
			c.checkLegalStep(i, j)
		}
	}
	c.checkOutcomes()
	c.checkConstraints()
}

var phaseOrder = map[Phase]int{PreAcceptance: 0, Handling: 1, PostDecision: 2}

// checkBoundary: only accept (or, ex officio, file_case) leads from pre_acceptance
// to handling, only a decision from handling to post_decision, nothing leads back.
func (c *compiler) checkBoundary(i int, a arc) {
	n := &c.def.Nodes[i]
	crosses := verbRules[a.verb].crosses
	if verbRules[a.verb].ends && (a.to == toAbnormal || c.def.Nodes[a.to].Type != End) {
		c.ps.Add(a.path, "V-26", "the case ends with %s: it must lead to an end, not to %q", a.verb, a.target)
		return
	}
	if a.to == toAbnormal || c.def.Nodes[a.to].Type == End {
		if crosses == crossesAcceptance {
			c.ps.Add(a.path, "V-26", "%s must lead into handling, %q does not", a.verb, a.target)
		}
		return
	}
	from, to := phaseOrder[n.Phase], phaseOrder[c.def.Nodes[a.to].Phase]
	switch crosses {
	case crossesAcceptance:
		if from != 0 || to != 1 {
			c.ps.Add(a.path, "V-26", "%s must lead from pre_acceptance into handling, not from %s to %s", a.verb, n.Phase, c.def.Nodes[a.to].Phase)
		}
	case crossesDecision:
		if from != 1 || to != 2 {
			c.ps.Add(a.path, "V-26", "%s must lead from handling into post_decision, not from %s to %s", a.verb, n.Phase, c.def.Nodes[a.to].Phase)
		}
	default:
		if from != to {
			need := "only accept crosses this boundary"
			if to == 2 {
				need = "only a decision crosses this boundary"
			}
			if to < from {
				need = "a case does not go back over a legal step"
			}
			c.ps.Add(a.path, "V-26", "%q leads from %s to %s: %s", a.label, n.Phase, c.def.Nodes[a.to].Phase, need)
		}
	}
}

// requirements are the inputs a legal step must ask for: a refusal states reasons and
// remedies (行政许可法 art. 38; R-PRC-20), a correction lists everything at once
// (art. 32(4); R-REC-04), a non-acceptance its reason (R-REC-10).
var requirements = map[Verb][]string{
	VerbRefuse:              {"reason", "remedies"},
	VerbRefuseAcceptance:    {"reason"},
	VerbRefuseAcceptanceAll: {"reason"},
	VerbIssueCorrection:     {"item_list", "reason"},
	VerbUnifiedCorrection:   {"item_list", "reason"},
}

// documented are the effects that must name a document: each acceptance, refusal,
// correction and decision has exactly one (docs/requirements.md, 7). What a bundle
// concludes is documented by its members' own decisions.
var documented = []Verb{VerbAccept, VerbAcceptAll, VerbIssueCorrection, VerbUnifiedCorrection,
	VerbRefuseAcceptance, VerbRefuseAcceptanceAll, VerbGrant, VerbRefuse, VerbConclude, VerbIssueDocument}

func (c *compiler) checkLegalStep(i, j int) {
	n := &c.def.Nodes[i]
	a := &n.Actions[j]
	p := fmt.Sprintf("%s.actions[%d]", nodePath(i), j)
	var missing []string
	for _, r := range requirements[a.Effect] {
		if !slices.Contains(a.Requires, r) {
			missing = append(missing, r)
		}
	}
	if a.Ground == NotCompetent && !slices.Contains(a.Requires, "competent_agency") {
		missing = append(missing, "competent_agency") // R-REC-13: the competent body is named
	}
	if len(missing) > 0 {
		c.ps.Add(p+".requires", "V-26", "%s must require %s", a.Effect, strings.Join(missing, ", "))
	}
	if slices.Contains(documented, a.Effect) && a.Document == "" {
		c.ps.Add(p+".document", "V-25", "%s needs a document", a.Effect)
	}
	if a.Effect == VerbStartSpecial {
		c.checkStartSpecial(i, j)
	}
	if (a.Effect == VerbIssueLicence) && a.LicenceType == "" {
		c.ps.Add(p+".licence_type", "V-19", "issue_licence needs licence_type")
	}
}

// checkStartSpecial: the action leads to a special node and agrees with it about
// the procedure.
func (c *compiler) checkStartSpecial(i, j int) {
	a := &c.def.Nodes[i].Actions[j]
	p := fmt.Sprintf("%s.actions[%d]", nodePath(i), j)
	k, ok := c.index[a.To]
	if !ok || c.def.Nodes[k].Type != Special {
		c.ps.Add(p+".to", "V-19", "start_special must lead to a special node")
		return
	}
	want := c.def.Nodes[k].SpecialProcedure
	if a.SpecialProcedure != "" && want != Requested && a.SpecialProcedure != want {
		c.ps.Add(p+".special_procedure", "V-19", "the action starts %q, but node %q runs %q", a.SpecialProcedure, a.To, want)
	}
}

// checkOutcomes: ends of a main flow have an outcome with a finish code (V-25).
func (c *compiler) checkOutcomes() {
	if c.def.Start == "" {
		return
	}
	var known []string
	for o := range drawnBy {
		known = append(known, string(o))
	}
	for i, n := range c.def.Nodes {
		if n.Type != End {
			continue
		}
		if _, ok := drawnBy[n.Outcome]; ok {
			continue
		}
		if _, undrawn := finishCodes[n.Outcome]; undrawn {
			c.ps.Add(nodePath(i)+".outcome", "V-25", "outcome %q comes from a case verb and is not drawn", n.Outcome)
			continue
		}
		addHint(&c.ps, nodePath(i)+".outcome", "V-25", didYouMean(string(n.Outcome), known), "outcome %q has no finish code", n.Outcome)
	}
}

func (c *compiler) checkConstraints() {
	for k, pair := range c.def.Constraints.SeparationOfDuty {
		p := fmt.Sprintf("$.spec.constraints.separation_of_duty[%d]", k)
		if len(pair) != 2 {
			c.ps.Add(p, "V-27", "a separation names two nodes, not %d", len(pair))
		}
		for m, id := range pair {
			i, ok := c.index[id]
			switch {
			case !ok:
				addHint(&c.ps, fmt.Sprintf("%s[%d]", p, m), "V-27", didYouMean(id, c.ids()), "unknown node %q", id)
			case c.def.Nodes[i].Type != Human && c.def.Nodes[i].Type != Special:
				c.ps.Add(fmt.Sprintf("%s[%d]", p, m), "V-27", "nobody acts at %q, a node of type %s", id, c.def.Nodes[i].Type)
			}
		}
	}
	for k, v := range c.def.Constraints.DocumentBeforeAction {
		c.checkDocumentBefore(v, fmt.Sprintf("$.spec.constraints.document_before_action[%d]", k))
	}
}

// checkDocumentBefore: the effect occurs in the flow and each action with it has a
// document (V-30).
func (c *compiler) checkDocumentBefore(v Verb, path string) {
	if _, ok := verbRules[v]; !ok {
		addHint(&c.ps, path, "V-30", didYouMean(string(v), words(Verbs())), "unknown effect %q", v)
		return
	}
	found := false
	for i, n := range c.def.Nodes {
		for j, a := range n.Actions {
			if a.Effect != v {
				continue
			}
			found = true
			if a.Document == "" && !slices.Contains(documented, v) { // else V-25 has said so
				c.ps.Add(fmt.Sprintf("%s.actions[%d].document", nodePath(i), j), "V-30", "%s waits for a document, but the action names none", v)
			}
		}
	}
	if !found {
		c.ps.Add(path, "V-30", "no action of the flow has the effect %q", v)
	}
}
