// Package workflow is the token-net engine: it compiles the kind Workflow into a
// Net, proves the net sound at publish, and steps a case through it.
//
// The package is a pure core (docs/architecture.md I6). It knows no clock, no database and
// no expression language:
//
//	net, problems := workflow.Compile(definition)      // structure: V-19 … V-27, V-30
//	report := workflow.Explore(net, workflow.Bound{})  // state space: V-20 … V-25, V-52
//	next, effects, err := workflow.Step(net, state, event, env)
//
// Equal inputs give equal outputs, down to the token ids, so that a case can be
// replayed from its events. The caller (casework) turns effects into tasks,
// clocks, documents and jobs, and feeds back what happened to them as events.
//
// # How a case moves
//
// A token stands on a node that waits for the world: a task (human), an
// applicant (wait), money (payment), a special procedure, a job (auto), another
// case (subcase), another system (external), or a member case of a bundle. Gates
// (xor, splits, joins) and ends are passed in the same step. Each arrival gives
// the token a new id, so an event that comes late, for a token that has gone, is
// recognised and ignored (flow rule 6).
//
// A split opens a region; its join passes when every live branch has arrived
// (SM-06). A region is entered through its split only. A move that leaves it by
// any other way than its join (a send-back, an end) cancels the other tokens in
// it (rule 5).
//
// Status (SM-05) is derived from the effects of actions alone, never from the
// names of nodes (rule 1): verb.go and status.go hold the tables.
//
// # The flow rules
//
// Comments and messages cite them by number.
//
//  1. Status comes from effects alone, never from the names of nodes.
//  2. Before a decision the case as a whole may be withdrawn, transferred,
//     forwarded, voided or deleted: that cancels every token, task and clock, and
//     its ends are not drawn.
//  3. Deemed acceptance cancels every token before acceptance and puts one where
//     the only accepting action leads; more or fewer than one is an error at publish.
//  4. What would enter an exhausted node is not offered to a person; on an event
//     it is an error at publish unless the node says where to go then.
//  5. A send-back cancels the tokens of the smallest enclosing split and starts there anew.
//  6. An event whose token has gone is recorded and changes nothing; a skipped node runs no effect.
//  7. A split for each member is explored for none, one, two and all of them; a
//     join's timeout closes the branch's tasks first and then passes.
//  8. The events of waits, specials, payments, autos and subcases are closed lists;
//     other names need somebody who records them.
//  9. The outcomes of ends are a closed list; in subflows any word will do.
//  10. The receipt is issued on every submission; where the requester may choose, any
//     procedure of the matter still under its limit is offered.
package workflow
