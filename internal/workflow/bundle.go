package workflow

import (
	"slices"
	"strings"
)

// BundleVerb is what a bundle does to a member case between its subflows (SM-18).
type BundleVerb string

// The bundle's verbs on a member.
const (
	BundleCorrect     BundleVerb = "correct"     // unified correction issued
	BundleResubmitted BundleVerb = "resubmitted" // the applicant answered it
	BundleAccept      BundleVerb = "accept"      // unified acceptance
	BundleDeemAccept  BundleVerb = "deem_accept" // unified acceptance by lapse
	BundleRefuse      BundleVerb = "refuse"      // unified non-acceptance
	BundleDeliver     BundleVerb = "deliver"     // the result was delivered; the member ends with its decision
	BundleLicence     BundleVerb = "licence"     // the member's licence was issued
)

// bundleRule is a row of what a bundle does to its members (SM-18).
type bundleRule struct {
	from  []Status
	next  Status
	tells EffectKind
}

var bundleRules = map[BundleVerb]bundleRule{
	BundleCorrect:     {from: beforeAcceptance, next: StatusAwaitingCorrection, tells: EffectCorrectionIssued},
	BundleResubmitted: {from: []Status{StatusAwaitingCorrection}, next: StatusPreReview},
	BundleAccept:      {from: beforeAcceptance, next: StatusAccepted, tells: EffectAccepted},
	BundleDeemAccept:  {from: beforeAcceptance, next: StatusAccepted, tells: EffectAccepted},
	BundleRefuse:      {from: beforeAcceptance, next: StatusEnded, tells: EffectRefusedAcceptance},
	BundleLicence:     {from: []Status{StatusDecided, StatusIssuing}, next: StatusAwaitingDelivery, tells: EffectLicenceIssued},
	BundleDeliver:     {from: afterDecision, next: StatusEnded, tells: EffectDelivered},
}

// bundle applies to a member case what its bundle did for all.
func (r *run) bundle(v BundleVerb) error {
	rule, ok := bundleRules[v]
	if !ok || !slices.Contains(rule.from, r.s.Status) {
		return notOffered("成员办件当前状态不允许“%s”", v)
	}
	deemed := v == BundleDeemAccept
	if rule.next == StatusAccepted || rule.next == StatusEnded {
		r.cancelAll("bundle_" + string(v))
	}
	if rule.tells != "" {
		r.emit(Effect{Kind: rule.tells, Deemed: deemed})
	}
	switch v {
	case BundleAccept, BundleDeemAccept:
		r.s.Phase, r.s.Deemed = Handling, deemed
	case BundleRefuse:
		r.finish(NotAccepted, "")
		return nil
	case BundleDeliver:
		r.finish(r.s.Outcome, "")
		return nil
	}
	r.setBase(rule.next)
	return nil
}

// members starts the subflow of every member that takes part, as one counted
// place (rule 7). With none, the join passes at once.
func (r *run) members(g Region, n *Node) error {
	if len(r.s.Members) == 0 {
		r.dispatchMembers()
	}
	if len(r.s.Members) == 0 {
		return r.complete(g.ID)
	}
	r.beginHandling()
	for i := range r.s.Members {
		m := &r.s.Members[i]
		t := Token{ID: r.s.next("t"), Node: n.ID, Region: g.ID, Member: m.ID, Visit: r.s.Visits[n.ID]}
		if n.Phase == PreAcceptance {
			m.PreReview = memberPending
		} else {
			m.Outcome = memberPending
		}
		r.s.Tokens = append(r.s.Tokens, t)
		r.emit(Effect{Kind: EffectStartMember, Token: t.ID, Node: n.ID, Member: m.ID, Subflow: n.Subflow})
	}
	r.refresh()
	return nil
}

// dispatchMembers takes the members that the bundle's conditions chose.
func (r *run) dispatchMembers() {
	r.s.Members = nil
	for _, id := range r.env.Members {
		r.s.Members = append(r.s.Members, Member{ID: id})
	}
}

// memberEnded notes the word a member's subflow ended with. In pre-acceptance the
// word is read without its prefix: pre_pass is pass.
func (r *run) memberEnded(t Token, n *Node, word string) error {
	i := slices.IndexFunc(r.s.Members, func(m Member) bool { return m.ID == t.Member })
	if i >= 0 && n.Phase == PreAcceptance {
		r.s.Members[i].PreReview = strings.TrimPrefix(word, "pre_")
	} else if i >= 0 {
		r.s.Members[i].Outcome = word
	}
	return r.arrive(t.Region)
}

func (r *run) memberIDs() []string {
	out := make([]string, 0, len(r.s.Members))
	for _, m := range r.s.Members {
		out = append(out, m.ID)
	}
	return out
}

// membersOutcome sums up what the members decided (SM-18): each department decides,
// the lead collects.
func (r *run) membersOutcome() Outcome {
	granted, refused := false, false
	for _, m := range r.s.Members {
		granted = granted || m.Outcome == string(Granted)
		refused = refused || m.Outcome == string(Refused)
	}
	switch {
	case granted && refused:
		return PartlyGranted
	case refused:
		return Refused
	default:
		return Granted
	}
}
