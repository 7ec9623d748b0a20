package workflow

import (
	"fmt"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

// Terms is what a matter (or bundle) says that its workflow must agree with.
type Terms struct {
	ItemType         string // Matter.item_type, "" for a bundle
	ExOfficio        bool   // initiation other than on_application: nobody applies, nothing is accepted
	DeemedAcceptance bool   // acceptance_window.on_expiry = deemed_accepted
	// Documents are the aliases the matter maps to templates; nil: do not check.
	Documents []string
	// Procedures are the matter's special procedures with the results their reports
	// can have; nil: do not check.
	Procedures map[string][]string
}

// legalSteps are the effects a flow must offer by item_type (table of docs/kinds.md
// §3.2.1); each entry is satisfied by any of its effects.
var legalSteps = map[string][][]Verb{
	"administrative_licence": {
		{VerbAccept, VerbAcceptAll}, {VerbRefuseAcceptance, VerbRefuseAcceptanceAll}, {VerbIssueCorrection, VerbUnifiedCorrection},
		{VerbGrant, VerbConclude, VerbBundleConclude}, {VerbRefuse, VerbBundleConclude}, // 行政许可法 art. 32, 38
	},
	"confirmation": refusable, "benefit": refusable, "adjudication": refusable, "other_power": refusable,
}

var refusable = [][]Verb{{VerbGrant, VerbConclude}, {VerbRefuse}}

// CheckTerms checks a net against a matter that uses it: the legal steps of its
// item_type (V-26), rule 3 for a deemed acceptance, document aliases (V-25), special
// procedures and their results (V-19). Paths are below $.spec of the workflow; the
// caller says which matter it is. The flow of a bundle's members leaves acceptance
// to the bundle.
func CheckTerms(n *Net, t Terms) problem.List {
	var ps problem.List
	member := n.def.Start == ""
	for _, step := range legalSteps[t.ItemType] {
		acceptance := slices.ContainsFunc(step, func(v Verb) bool { return slices.Contains(beforeAcceptance, firstStatus(v)) })
		if acceptance && (member || t.ExOfficio) || n.offersAny(step) {
			continue
		}
		ps.Add("$.spec.nodes", "V-26", "a matter of type %s needs an action with effect %s", t.ItemType, strings.Join(words(step), " or "))
	}
	if _, ok := n.AcceptTarget(); t.DeemedAcceptance && !ok && !member {
		ps.Add("$.spec.nodes", "V-26", "a deemed acceptance needs exactly one action with effect accept or accept_all")
	}
	for i := range n.def.Nodes {
		n.checkDocuments(i, t.Documents, &ps)
		if n.def.Nodes[i].Type == Special {
			n.checkProcedure(i, t.Procedures, &ps)
		}
	}
	return ps.Sorted()
}

// firstStatus is the earliest status that allows an effect.
func firstStatus(v Verb) Status {
	for _, s := range Statuses() {
		if Allows(s, v) {
			return s
		}
	}
	return StatusDraft
}

func (n *Net) offersAny(verbs []Verb) bool {
	for _, d := range n.def.Nodes {
		if d.Type == Auto && slices.Contains(verbs, d.Effect) {
			return true // automatic approval (R-PRC-10)
		}
		if slices.ContainsFunc(d.Actions, func(a Action) bool { return slices.Contains(verbs, a.Effect) }) {
			return true
		}
	}
	return false
}

func (n *Net) checkDocuments(i int, known []string, ps *problem.List) {
	if known == nil {
		return
	}
	check := func(alias, path string) {
		if alias != "" && !slices.Contains(known, alias) {
			addHint(ps, path, "V-25", didYouMean(alias, known), "the matter has no document %q", alias)
		}
	}
	d := &n.def.Nodes[i]
	check(d.Document, nodePath(i)+".document")
	for j, a := range d.Actions {
		check(a.Document, fmt.Sprintf("%s.actions[%d].document", nodePath(i), j))
	}
}

// checkProcedure: the node's procedure is one of the matter's, and each result its
// report can have leads somewhere. `$requested` must take the results of them all.
func (n *Net) checkProcedure(i int, known map[string][]string, ps *problem.List) {
	if known == nil {
		return
	}
	d := &n.def.Nodes[i]
	names := []string{d.SpecialProcedure}
	if d.SpecialProcedure == Requested {
		names = sortedKeys(known)
	}
	expected := []string{eventOverrun}
	for _, name := range names {
		results, ok := known[name]
		if !ok {
			addHint(ps, nodePath(i)+".special_procedure", "V-19", didYouMean(name, sortedKeys(known)), "the matter has no special procedure %q", name)
			return
		}
		expected = append(expected, results...)
		for _, r := range results {
			if d.Events[r] == "" {
				ps.Add(nodePath(i)+".events", "V-19", "the result %q of %q leads nowhere", r, name)
			}
		}
	}
	for _, e := range sortedKeys(d.Events) {
		if !slices.Contains(expected, e) {
			addHint(ps, nodePath(i)+".events."+e, "V-19", didYouMean(e, expected), "no report of %q has the result %q", d.SpecialProcedure, e)
		}
	}
}
