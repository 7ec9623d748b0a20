package workflow

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

var nodeTypes = []NodeType{Human, Auto, Xor, AndSplit, AndJoin, InclusiveSplit, InclusiveJoin, Wait, Payment, Special, Subcase, External, End}

// checkNode checks what one node must say for its type (V-19, V-22, V-25).
func checkNode(n *Node, at string, ps *problem.List) {
	if !slices.Contains(nodeTypes, n.Type) {
		addHint(ps, at+".type", "V-19", didYouMean(string(n.Type), words(nodeTypes)), "unknown node type %q", n.Type)
		return
	}
	checkPhase(n, at, ps)
	checkForeign(n, at, ps)
	switch n.Type {
	case Human:
		checkActions(n, at, ps)
	case Wait:
		checkEvents(n, at, nil, ps)
	case Special:
		required(ps, at+".special_procedure", n.SpecialProcedure, "a special node")
		checkEvents(n, at, nil, ps)
	case Payment:
		checkEvents(n, at, []string{eventPaid, eventOverdue}, ps)
	case Auto:
		checkEvents(n, at, []string{eventDone, eventFailed}, ps)
		checkVerb(n.Effect, at+".effect", ps)
	case Subcase:
		required(ps, at+".matter", n.Matter, "a subcase")
		checkEvents(n, at, nil, ps)
	case External:
		required(ps, at+".connector", n.Connector, "an external node")
		if len(n.Maps)+len(n.Events) == 0 {
			ps.Add(at+".maps", "V-19", "an external node needs maps from messages to nodes")
		}
	case Xor, AndSplit, InclusiveSplit:
		checkBranches(n, at, ps)
	case AndJoin, InclusiveJoin:
		required(ps, at+".of", n.Of, "a join")
		if n.Timeout == nil || n.Timeout.To == "" {
			required(ps, at+".to", n.To, "a join")
		}
		checkTimeout(n, at, ps)
	case End:
		required(ps, at+".outcome", string(n.Outcome), "an end")
	}
	if n.SkipWhen != "" && skipTarget(n) == "" {
		ps.Add(at+".skip_when", "V-19", "a skipped %s needs skip_to", n.Type)
	}
	if n.OnExhausted != "" && n.MaxVisits == 0 {
		ps.Add(at+".on_exhausted", "V-24", "on_exhausted without max_visits never happens")
	}
	if n.OnExhausted == n.ID && n.ID != "" {
		ps.Add(at+".on_exhausted", "V-24", "on_exhausted leads back to the exhausted node itself")
	}
}

func required(ps *problem.List, path, value, who string) {
	if value == "" {
		field := path[strings.LastIndexByte(path, '.')+1:]
		ps.Add(path, "V-19", "%s needs %s", who, field)
	}
}

func checkPhase(n *Node, at string, ps *problem.List) {
	phases := []Phase{PreAcceptance, Handling, PostDecision}
	switch {
	case n.Type == End:
	case n.Phase == "":
		ps.Add(at+".phase", "V-19", "node %q needs a phase", n.ID)
	case !slices.Contains(phases, n.Phase):
		addHint(ps, at+".phase", "V-19", didYouMean(string(n.Phase), words(phases)), "unknown phase %q", n.Phase)
	}
}

// checkForeign refuses ways out that the node's type never uses.
func checkForeign(n *Node, at string, ps *problem.List) {
	if len(n.Actions) > 0 && n.Type != Human {
		ps.Add(at+".actions", "V-19", "a node of type %s has no actions", n.Type)
	}
	if len(n.Events) > 0 && !slices.Contains([]NodeType{Wait, Payment, Auto, Special, Subcase, External}, n.Type) {
		ps.Add(at+".events", "V-19", "a node of type %s has no events", n.Type)
	}
	if len(n.Branches) > 0 && n.Type != Xor && !isSplit(n) {
		ps.Add(at+".branches", "V-19", "a node of type %s has no branches", n.Type)
	}
	if len(n.Maps) > 0 && n.Type != External {
		ps.Add(at+".maps", "V-19", "only an external node has maps")
	}
	if (n.SkipWhen != "" || n.MaxVisits > 0) && (n.Type == End || isJoin(n)) {
		ps.Add(at, "V-19", "a node of type %s can be neither skipped nor exhausted", n.Type)
	}
}

func checkActions(n *Node, at string, ps *problem.List) {
	if len(n.Actions) == 0 {
		ps.Add(at+".actions", "V-21", "nobody could ever leave human node %q: it has no actions", n.ID)
	}
	ids := map[string]bool{}
	for j, a := range n.Actions {
		p := fmt.Sprintf("%s.actions[%d]", at, j)
		if a.ID == "" {
			ps.Add(p+".id", "V-19", "an action needs an id")
		} else if ids[a.ID] {
			ps.Add(p+".id", "V-19", "action %q is declared twice", a.ID)
		}
		ids[a.ID] = true
		required(ps, p+".to", a.To, "an action")
		checkVerb(a.Effect, p+".effect", ps)
		checkGround(&a, p, ps)
	}
	if len(n.Actions) > 0 && !slices.ContainsFunc(n.Actions, func(a Action) bool { return a.When == "" }) {
		ps.Warn(at+".actions", "V-21", "every action of %q has a condition: if none holds, nobody can act", n.ID)
	}
}

func checkGround(a *Action, p string, ps *problem.List) {
	refuses := a.Effect == VerbRefuseAcceptance || a.Effect == VerbRefuseAcceptanceAll
	switch {
	case refuses && a.Ground == "":
		ps.Add(p+".ground", "V-26", "%s needs a ground: %s", a.Effect, strings.Join(words(grounds), ", "))
	case refuses && !slices.Contains(grounds, a.Ground):
		addHint(ps, p+".ground", "V-19", didYouMean(string(a.Ground), words(grounds)), "unknown ground %q", a.Ground)
	case !refuses && a.Ground != "":
		ps.Add(p+".ground", "V-19", "only a refusal of acceptance has a ground")
	}
}

func checkVerb(v Verb, path string, ps *problem.List) {
	if _, ok := verbRules[v]; !ok {
		addHint(ps, path, "V-19", didYouMean(string(v), words(Verbs())), "unknown effect %q", v)
	}
}

// checkEvents checks the event names of a node (V-19, rule 8). known nil: waits
// take custom names if someone may record them; specials and subcases any word.
func checkEvents(n *Node, at string, known []string, ps *problem.List) {
	if len(n.Events) == 0 {
		ps.Add(at+".events", "V-21", "node %q has no events: its token would be stuck", n.ID)
		return
	}
	if n.Type == Wait && n.RecordBy == "" {
		known = []string{eventResubmitted, eventSupplied, eventRectified, eventExpired}
	}
	for _, e := range sortedKeys(n.Events) {
		if known != nil && !slices.Contains(known, e) {
			hint := didYouMean(e, known)
			if n.Type == Wait && hint == "" {
				hint = "an event of your own needs record_by"
			}
			addHint(ps, at+".events."+e, "V-19", hint, "unknown event %q at a node of type %s", e, n.Type)
		}
		required(ps, at+".events."+e, n.Events[e], "an event")
	}
	if must := map[NodeType]string{Payment: eventPaid, Auto: eventDone}[n.Type]; must != "" && n.Events[must] == "" {
		ps.Add(at+".events", "V-21", "node %q needs the event %q", n.ID, must)
	}
	if _, only := n.Events[eventOverrun]; n.Type == Special && only && len(n.Events) == 1 {
		ps.Add(at+".events", "V-21", "special node %q leads nowhere on a result", n.ID)
	}
}

func checkTimeout(n *Node, at string, ps *problem.List) {
	t := n.Timeout
	if t == nil {
		return
	}
	switch {
	case t.To == "" && t.Policy == "":
		ps.Add(at+".timeout.on_timeout", "V-19", "a timeout needs to or policy")
	case t.To != "" && t.Policy != "":
		ps.Add(at+".timeout.on_timeout", "V-19", "a timeout has to or policy, not both")
	case t.Policy != "" && t.Policy != PassWithCard && t.Policy != WaitWithCard:
		addHint(ps, at+".timeout.on_timeout.policy", "V-19", didYouMean(t.Policy, []string{PassWithCard, WaitWithCard}), "unknown policy %q", t.Policy)
	}
}

// checkBranches checks gates (V-19, V-22).
func checkBranches(n *Node, at string, ps *problem.List) {
	if isSplit(n) {
		required(ps, at+".join", n.Join, "a split")
	}
	if n.Foreach != "" {
		checkForeach(n, at, ps)
		return
	}
	least := map[NodeType]int{Xor: 1, AndSplit: 2, InclusiveSplit: 2}[n.Type]
	if len(n.Branches) < least {
		ps.Add(at+".branches", "V-19", "%s %q needs at least %d branches", n.Type, n.ID, least)
	}
	elses := 0
	for j, b := range n.Branches {
		p := fmt.Sprintf("%s.branches[%d]", at, j)
		required(ps, p+".to", b.To, "a branch")
		switch {
		case n.Type == AndSplit && (b.When != "" || b.Else):
			ps.Add(p, "V-19", "the branches of an and_split have no conditions")
		case n.Type != AndSplit && b.Else:
			elses++
			if b.When != "" {
				ps.Add(p+".when", "V-22", "an else has no condition")
			}
		case n.Type != AndSplit && b.When == "":
			ps.Add(p+".when", "V-22", "a branch needs when or else")
		}
		if g := strings.TrimSpace(string(b.When)); g == "true" || g == "false" {
			ps.Warn(p+".when", "V-22", "the condition is always %s", g)
		}
	}
	if n.Type != AndSplit && elses != 1 {
		ps.Add(at+".branches", "V-22", "%s %q needs exactly one else, it has %d", n.Type, n.ID, elses)
	}
}

func checkForeach(n *Node, at string, ps *problem.List) {
	if n.Foreach != ForeachMembers || n.Type != AndSplit {
		ps.Add(at+".foreach", "V-19", "foreach is written `foreach: members`, on an and_split")
	}
	required(ps, at+".subflow", n.Subflow, "a foreach")
	if len(n.Branches) > 0 {
		ps.Add(at+".branches", "V-19", "a foreach has a subflow, not branches")
	}
}
