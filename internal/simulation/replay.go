package simulation

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"zhengtong/internal/card"
	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Cases reads past cases; *casework.Service does.
type Cases interface {
	Past(ctx context.Context, q casework.PastQuery, look func(*casework.Past) error) (truncated bool, err error)
}

// Bounds of a replay: cases looked at, cases listed, and how many days back one goes
// that names no first day.
const (
	MaxReplayed  = 2000
	maxListed    = 200
	daysReplayed = 365
)

// ReplayInput asks what a draft of limits, fees and supervision rules would have
// made of past cases.
type ReplayInput struct {
	Matter   string
	Files    []kind.File   // the draft, laid over what is published
	From, To deadline.Date // days of receipt; the year until today when zero
	Limit    int           // cases, the latest recorded first; MaxReplayed when zero or more
}

// Replay is what past cases came to, and would have come to: the same events on the
// same days under the limits, fees, rules and calendar of a draft. Before is the
// version that each case is pinned to, for rules what is published now. Rules that
// accumulate add up the cards of these cases only: those of cases received before From
// are not counted (ReplayAccumulated).
type Replay struct {
	Tenant      string              `json:"tenant"`
	Matter      string              `json:"matter"`
	Title       string              `json:"title"`
	From        deadline.Date       `json:"from"`
	To          deadline.Date       `json:"to"`
	Cases       int                 `json:"cases"`
	Changed     int                 `json:"changed"` // cases of which something differs
	Truncated   bool                `json:"truncated,omitempty"`
	Limits      []ReplayLimit       `json:"limits"`
	Fees        ReplayFees          `json:"fees"`
	Cards       []ReplayCards       `json:"cards"`
	Accumulated []ReplayAccumulated `json:"accumulated"` // by day; at most 200, all of them counted in Cards
	Listed      []ReplayedCase      `json:"listed"`      // changed ones
}

// ReplayLimit counts the clocks of one kind, of one stage or special procedure.
type ReplayLimit struct {
	Clock      deadline.Kind `json:"clock"`
	Node       string        `json:"node,omitempty"`
	Clocks     int           `json:"clocks"`
	Moved      int           `json:"moved"` // run out on another day, are new, or are no more
	LateBefore int           `json:"late_before"`
	LateAfter  int           `json:"late_after"`
}

// ReplayFees sums what the cases cost.
type ReplayFees struct {
	Charged   int   `json:"charged"` // cases, before or after
	Changed   int   `json:"changed"`
	BeforeFen int64 `json:"before_fen"`
	AfterFen  int64 `json:"after_fen"`
}

// ReplayCards counts the standing verdicts of one rule at one level, and those that
// yellow ones came to.
type ReplayCards struct {
	Rule              string `json:"rule"`
	Title             string `json:"title"`
	Level             string `json:"level"`
	Before            int    `json:"before"`
	After             int    `json:"after"`
	AccumulatedBefore int    `json:"accumulated_before,omitempty"` // of Before
	AccumulatedAfter  int    `json:"accumulated_after,omitempty"`  // of After
}

// ReplayedCase is one case, with what differs in it.
type ReplayedCase struct {
	Number      string          `json:"number"`
	Status      string          `json:"status"`
	ReceivedOn  deadline.Date   `json:"received_on"`
	Clocks      []ReplayedClock `json:"clocks,omitempty"`
	Fee         *ReplayedFee    `json:"fee,omitempty"`
	CardsBefore []Card          `json:"cards_before,omitempty"`
	CardsAfter  []Card          `json:"cards_after,omitempty"`
	Problems    problem.List    `json:"problems,omitempty"` // what could not be computed
}

func (c ReplayedCase) differs() bool {
	return len(c.Clocks) > 0 || c.Fee != nil || len(c.CardsBefore)+len(c.CardsAfter) > 0 || len(c.Problems) > 0
}

// ReplayedClock is a clock as it ran and as it would have run; nil for not at all.
type ReplayedClock struct {
	Clock  deadline.Kind `json:"clock"`
	Node   string        `json:"node,omitempty"`
	Before *ReplayedDue  `json:"before,omitempty"`
	After  *ReplayedDue  `json:"after,omitempty"`
}

// ReplayedDue is a limit with the day it runs out, and whether the act came, or has not come, after it.
type ReplayedDue struct {
	Limit string        `json:"limit"`
	DueOn deadline.Date `json:"due_on"`
	Late  bool          `json:"late"`
}

// ReplayedFee is what a case costs; nil for nothing.
type ReplayedFee struct {
	BeforeFen *int64 `json:"before_fen,omitempty"`
	AfterFen  *int64 `json:"after_fen,omitempty"`
}

// Replay recomputes past cases of a matter under a draft. It writes nothing and tells
// nothing of the applicants. NOT_FOUND for a matter that the tenant does not have,
// VALIDATION for a draft with errors or a period that ends before it begins. Needs
// config.simulate.
func (s *Service) Replay(ctx context.Context, in ReplayInput) (*Replay, error) {
	drafted, lineage, err := s.Drafts.Draft(ctx, in.Files)
	if err != nil {
		return nil, err
	}
	after, err := NewSubject(drafted, lineage, in.Matter)
	if err != nil {
		return nil, err
	}
	published, _, err := s.Drafts.Draft(ctx, nil)
	if err != nil {
		return nil, err
	}
	var rules []*card.Rule
	if now, _ := configuration.Compile(published, in.Matter); now != nil {
		if rules, err = Rules(published, now); err != nil {
			return nil, err
		}
	}
	return s.replay(ctx, in, after, rules)
}

// replay compares past cases under the published rules with themselves under a draft.
func (s *Service) replay(ctx context.Context, in ReplayInput, after Subject, published []*card.Rule) (*Replay, error) {
	today := deadline.DateOf(s.Clock.Now(), tenancy.Location(ctx))
	if err := in.complete(today); err != nil {
		return nil, err
	}
	r := &replayer{after: after, was: side{rules: published}, would: side{rules: after.Rules}, today: today, limits: map[track]*ReplayLimit{}, cards: map[verdictKey]*ReplayCards{},
		out: &Replay{Tenant: after.Matter.Tenant, Matter: after.Matter.Name, Title: after.Matter.Spec.Title, From: in.From, To: in.To, Listed: []ReplayedCase{}}}
	var err error
	r.out.Truncated, err = s.Cases.Past(ctx, casework.PastQuery{Matter: in.Matter, From: in.From, To: in.To, Limit: in.Limit}, r.look)
	if err != nil {
		return nil, err
	}
	return r.finish(), nil
}

func (in *ReplayInput) complete(today deadline.Date) error {
	var problems problem.List
	if in.To.IsZero() {
		in.To = today
	}
	if in.From.IsZero() {
		in.From = in.To.AddDays(-daysReplayed)
	}
	if in.Limit < 1 || in.Limit > MaxReplayed {
		in.Limit = MaxReplayed
	}
	if in.To.Before(in.From) {
		problems.Add("$.to", "range", "结束日期 %s 早于开始日期 %s", in.To, in.From)
	}
	return problem.Invalid(problems)
}

// replayer gathers a replay case by case.
type replayer struct {
	after  Subject
	was    side // the rules that watch the matter now
	would  side // those of the draft
	today  deadline.Date
	limits map[track]*ReplayLimit
	cards  map[verdictKey]*ReplayCards
	out    *Replay
}

// track names the clocks of one kind and place.
type track struct {
	clock deadline.Kind
	node  string
}

type verdictKey struct{ rule, level string }

func (r *replayer) look(p *casework.Past) error {
	k := p.Case()
	one := ReplayedCase{Number: k.No, Status: string(k.Status), ReceivedOn: k.ReceivedOn}
	runs := r.runs(p)
	for _, run := range runs {
		before, after := run.told(r.today)
		r.countLimit(run.track, before, after)
		if !same(before, after) {
			one.Clocks = append(one.Clocks, ReplayedClock{Clock: run.clock, Node: run.node, Before: before, After: after})
		}
	}
	r.bill(p, &one)
	if err := r.judge(p, runs, &one); err != nil {
		return err
	}
	r.out.Cases++
	if one.differs() {
		r.out.Changed++
		if len(r.out.Listed) < maxListed {
			r.out.Listed = append(r.out.Listed, one)
		}
	}
	return nil
}

func same(a, b *ReplayedDue) bool { return a == b || a != nil && b != nil && *a == *b }

func (r *replayer) countLimit(at track, before, after *ReplayedDue) {
	count := r.limits[at]
	if count == nil {
		count = &ReplayLimit{Clock: at.clock, Node: at.node}
		r.limits[at] = count
	}
	count.Clocks++
	if before == nil || after == nil || before.DueOn != after.DueOn {
		count.Moved++
	}
	if before != nil && before.Late {
		count.LateBefore++
	}
	if after != nil && after.Late {
		count.LateAfter++
	}
}

// bill compares what the case costs by its own version and by the draft.
func (r *replayer) bill(p *casework.Past, one *ReplayedCase) {
	fen := func(bill func() (int64, bool, error)) *int64 {
		n, charged, err := bill()
		if err != nil {
			one.Problems.Add("$.form", "fee", "收费不能计算：%v", err)
		}
		if err != nil || !charged {
			return nil
		}
		return &n
	}
	before := fen(func() (int64, bool, error) {
		b, charged, err := casework.Bill(p.Matter(), p.Live(), p.Case())
		return b.Fen, charged, err
	})
	after := fen(func() (int64, bool, error) {
		if r.after.Matter.Fee == nil {
			return 0, false, nil
		}
		drafted := *p.Case()
		data, err := p.FormBy(r.after.Matter.Form)
		if err != nil {
			return 0, false, err
		}
		drafted.Form = r.after.Matter.Form.ApplyDefaults(data)
		b, charged, err := casework.Bill(r.after.Matter, r.after.Live, &drafted)
		return b.Fen, charged, err
	})
	if before == nil && after == nil {
		return
	}
	sum := &r.out.Fees
	sum.Charged++
	if before != nil {
		sum.BeforeFen += *before
	}
	if after != nil {
		sum.AfterFen += *after
	}
	if before == nil || after == nil || *before != *after {
		sum.Changed++
		one.Fee = &ReplayedFee{BeforeFen: before, AfterFen: after}
	}
}

// judge compares the standing verdicts of the published rules on the case as it ran
// with those of the drafted rules on the case as it would have run.
func (r *replayer) judge(p *casework.Past, runs []run, one *ReplayedCase) error {
	var was, would []card.Track
	for _, run := range runs {
		if run.before != nil {
			was = append(was, run.asTrack(run.before))
		}
		if run.after != nil {
			would = append(would, run.asTrack(run.after))
		}
	}
	happened := occurrences(p.Events, p.Live().Location)
	before, err := verdicts(r.was.rules, was, happened, r.today, p.Live().Calendar)
	if err != nil {
		return err
	}
	after, err := verdicts(r.would.rules, would, happened, r.today, r.after.Live.Calendar)
	if err != nil {
		return err
	}
	before, after = card.Standing(before), card.Standing(after)
	r.was.keep(p, before, p.Live().Calendar)
	r.would.keep(p, after, r.after.Live.Calendar)
	for _, v := range before {
		r.countCard(v).Before++
	}
	for _, v := range after {
		r.countCard(v).After++
	}
	if !slices.Equal(before, after) {
		one.CardsBefore, one.CardsAfter = cardsOf(before), cardsOf(after)
	}
	return nil
}

func (r *replayer) countCard(v card.Verdict) *ReplayCards {
	at := verdictKey{v.Rule, v.Level}
	if r.cards[at] == nil {
		r.cards[at] = &ReplayCards{Rule: v.Rule, Title: v.Title, Level: v.Level}
	}
	return r.cards[at]
}

func (r *replayer) finish() *Replay {
	r.accumulate()
	r.out.Limits = sorted(r.limits, func(a, b ReplayLimit) int { return cmp.Or(cmp.Compare(a.Clock, b.Clock), cmp.Compare(a.Node, b.Node)) })
	r.out.Cards = sorted(r.cards, func(a, b ReplayCards) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(card.Rank(a.Level), card.Rank(b.Level)))
	})
	return r.out
}

func sorted[K comparable, V any](counts map[K]*V, compare func(a, b V) int) []V {
	out := make([]V, 0, len(counts))
	for count := range maps.Values(counts) {
		out = append(out, *count)
	}
	slices.SortFunc(out, compare)
	return out
}
