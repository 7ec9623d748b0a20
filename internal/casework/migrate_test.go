package casework_test

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// renamed is the county's flow and form with the node `review` and the field `contact_phone` under other names.
var renamed = []caseworktest.Edit{{Old: ": review\n", New: ": assess\n"}, {Old: ": review,", New: ": assess,"}, {Old: ": review}", New: ": assess}"},
	{Old: ": review  #", New: ": assess  #"}, {Old: "[review,", New: "[assess,"}, {Old: "contact_phone", New: "mobile"}}

var renaming = configuration.Maps{Nodes: map[string]string{"review": "assess"}, Fields: map[string]string{"contact_phone": "mobile"}}

func promising(n string) caseworktest.Edit {
	return caseworktest.Edit{Old: "promised_limit: {n: 5, unit: workday}", New: "promised_limit: {n: " + n + ", unit: workday}"}
}

// migration is what moves cases between two versions.
func migration(from, to *configuration.Matter, maps configuration.Maps, cases ...string) casework.Migration {
	return casework.Migration{Name: "to-next", Title: "换版", Matter: caseworktest.Matter, From: from.Pins.Digest(), To: to.Pins.Digest(), Maps: maps, Cases: cases}
}

// inForce is the version of the matter that applies now.
func inForce(t caseworktest.TB, c *caseworktest.County) *configuration.Matter {
	t.Helper()
	m, err := c.Configuration.Current(c.System(), caseworktest.Matter)
	ok(t, err)
	return m
}

// became is what became of a case in a migration, by its number.
func became(t caseworktest.TB, c *caseworktest.County, job configuration.MigrationJob) map[string]casework.Move {
	t.Helper()
	moves, more, err := c.Cases.Moves(c.System(), &casework.Migration{ID: job.Migration}, "", "", 100)
	ok(t, err)
	if more {
		t.Fatal("more moves than a page holds")
	}
	out := map[string]casework.Move{}
	for _, m := range moves {
		out[m.No] = m
	}
	return out
}

func (k numbered) no() string { return k.Now().Case().No }

type numbered struct{ *caseworktest.Case }

// R-CFG-04, R-APP-03: a preview tells for each case where it goes, what its clocks become and why it
// stays, and writes nothing; the published migration does what was previewed, one event a
// case; a moved case goes its whole way under the new version, and one that stays under its own.
func TestMigrationMovesRunningCases(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		was := inForce(t, c)
		early, late := c.Apply("yongfeng", caseworktest.LowRisk()), atReview(t, c)
		decided := atDelivery(t, c)
		third := c.Revise(promising("3"))
		other := c.Apply("yongfeng", caseworktest.LowRisk())
		now := c.Revise(append(renamed, promising("4"))...)
		fresh := c.Apply("yongfeng", under(caseworktest.LowRisk(), "contact_phone", "mobile"))
		m := migration(was, now, renaming)

		before := late.Now().Case()
		p, err := c.Cases.PreviewMigration(c.As("bianzhi"), m, "", 100)
		ok(t, err)
		if p.Problems.HasErrors() || p.Next != "" {
			t.Fatalf("%+v, next %q", p.Problems, p.Next)
		}
		want := map[string]string{numbered{early}.no(): "", numbered{late}.no(): "", numbered{decided}.no(): casework.ReasonCaseDecided, numbered{other}.no(): casework.ReasonPinnedElsewhere}
		if len(p.Moves) != len(want) {
			t.Fatalf("%+v", p.Moves)
		}
		for _, move := range p.Moves {
			if reason, known := want[move.No]; !known || move.Reason != reason || (reason == "") != (move.Outcome == casework.MoveReady) {
				t.Errorf("%+v", move)
			}
		}
		if after := late.Now().Case(); after.Version != before.Version || after.EventSeq != before.EventSeq || after.Pins["Workflow/food-business-flow"] != before.Pins["Workflow/food-business-flow"] {
			t.Fatal("a preview changed a case")
		}

		job := c.Migration(m, now)
		for range 2 { // done again it changes nothing
			ok(t, c.Cases.Migrate(c.System(), job, false, nil))
		}
		for no, move := range became(t, c, job) {
			if reason, known := want[no]; !known || move.Reason != reason {
				t.Errorf("%+v", move)
			}
		}
		moved(t, early, was, now)
		moved(t, late, was, now)
		limit(t, late, deadline.Promised, deadline.Running, "2026-03-06") // four working days instead of five
		limit(t, late, deadline.Statutory, deadline.Running, "2026-03-16")
		for _, k := range []*caseworktest.Case{decided, other, fresh} {
			if k.Told(casework.EventMigrated) != 0 {
				t.Errorf("%s was moved", numbered{k}.no())
			}
			sound(t, k)
		}
		if got := configuration.Pins(other.Now().Case().Pins).Digest(); got != third.Pins.Digest() {
			t.Errorf("the third version became %s", got)
		}

		late.Do(late.Handler("assess"), "assess", "submit", opinion)
		late.Do("jueding", "decide", "grant", nil)
		late.Auto("issue")
		status(t, late, workflow.StatusAwaitingDelivery)
		sound(t, late)
	})
}

// moved expects a case to have gone to another version with one event, which tells from where to where.
func moved(t caseworktest.TB, k *caseworktest.Case, was, now *configuration.Matter) {
	t.Helper()
	kase := k.Now().Case()
	if configuration.Pins(kase.Pins).Digest() != now.Pins.Digest() || kase.MatterDigest != now.Digest {
		t.Fatalf("%s is on %s", kase.No, configuration.Pins(kase.Pins).Digest())
	}
	if kase.Form["contact_phone"] != nil || kase.Form["mobile"] != "13900000001" {
		t.Fatalf("the form says %v", kase.Form)
	}
	told := 0
	for _, e := range k.Chain() {
		if e.Type != casework.EventMigrated && e.Type != casework.EventMigratedWorse {
			continue
		}
		told++
		if string(e.Payload["version_from"].Value) != `"`+was.Pins.Digest()+`"` || string(e.Payload["version_to"].Value) != `"`+now.Pins.Digest()+`"` {
			t.Errorf("%+v", e.Payload)
		}
	}
	if told != 1 {
		t.Fatalf("told %d times", told)
	}
	sound(t, k)
}

// under gives a field of an application another name.
func under(form []byte, old, new string) []byte {
	return []byte(strings.ReplaceAll(string(form), old, new))
}

// A promise may become longer, never beyond what the law allows, and then the applicant is
// told; what runs keeps the better of two legal limits; where it has not begun to run, a
// worse one keeps the case where it is (R-CFG-04).
func TestMigrationNeverWorsensALegalLimit(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		was := inForce(t, c)
		early, late := c.Apply("yongfeng", caseworktest.LowRisk()), atReview(t, c)
		statutory := late.Limit(deadline.Statutory).DueOn
		now := c.Revise(promising("7"), caseworktest.Edit{Old: "statutory_limit: {n: 10, unit: workday}", New: "statutory_limit: {n: 15, unit: workday}"})
		job := c.Migration(migration(was, now, configuration.Maps{}), now)
		ok(t, c.Cases.Migrate(c.System(), job, false, nil))
		moves := became(t, c, job)
		if got := moves[numbered{early}.no()]; got.Reason != casework.ReasonLegalLimitWorse {
			t.Errorf("%+v", got)
		}
		got := moves[numbered{late}.no()]
		if got.Outcome != casework.MoveMoved || len(got.Worse) != 1 || got.Worse[0].Area != configuration.AlteredLimit || late.Told(casework.EventMigratedWorse) != 1 {
			t.Errorf("%+v", got)
		}
		limit(t, late, deadline.Statutory, deadline.Running, statutory.String())
		limit(t, late, deadline.Promised, deadline.Running, "2026-03-11")
		if late.Now().Case().PromisedDue.String() != "2026-03-11" {
			t.Errorf("the case shows %s", late.Now().Case().PromisedDue)
		}
		sound(t, early)
		sound(t, late)

		beyond := c.Revise(promising("12"), caseworktest.Edit{Old: "promised_limit: {n: 8, unit: workday}", New: "promised_limit: {n: 12, unit: workday}"}, caseworktest.Edit{Old: "statutory_limit: {n: 10, unit: workday}", New: "statutory_limit: {n: 15, unit: workday}"})
		job = c.Migration(migration(now, beyond, configuration.Maps{}), beyond)
		ok(t, c.Cases.Migrate(c.System(), job, false, nil))
		limit(t, late, deadline.Promised, deadline.Running, "2026-03-11") // twelve working days would be beyond the statutory ten
	})
}

// Whatever a case is refused for has a code and leaves it as it was.
func TestMigrationRefuses(t *testing.T) {
	c := lite(t)
	was := inForce(t, c)
	accepted := atReview(t, c)
	waiting := atCorrection(t, c)
	inspected := atInspection(t, c)
	ended := c.Apply("yongfeng", caseworktest.LowRisk())
	_, err := c.Cases.Withdraw(c.As("yongfeng"), casework.VerbInput{Case: ended.ID, Reason: "不办了", Version: ended.Now().Case().Version})
	ok(t, err)
	for name, row := range map[string]struct {
		edits  []caseworktest.Edit
		maps   configuration.Maps
		of     *caseworktest.Case
		reason string
	}{
		"ended": {edits: []caseworktest.Edit{promising("4")}, of: ended, reason: casework.ReasonCaseEnded},
		"a node without counterpart": {edits: renamed, maps: configuration.Maps{Fields: renaming.Fields}, of: accepted,
			reason: workflow.ReasonNoCounterpart},
		"a field without source": {edits: renamed, maps: configuration.Maps{Nodes: renaming.Nodes}, of: accepted, reason: casework.ReasonFormInvalid},
		"a field of a narrower kind": {edits: []caseworktest.Edit{{Old: "premises_address: {type: string, maxLength: 200", New: "premises_address: {type: string, maxLength: 5"}},
			of: accepted, reason: casework.ReasonFormInvalid},
		"separation of duty": {edits: []caseworktest.Edit{{Old: "separation_of_duty: [[pre_review, decide], [review, decide], ", New: "separation_of_duty: ["}},
			of: accepted, reason: casework.ReasonSeparationLost},
		"a wait that cannot be answered": {edits: []caseworktest.Edit{{Old: "        resubmitted: pre_review\n", New: "        supplied: pre_review\n"}},
			of: waiting, reason: workflow.ReasonOtherNode},
		"a procedure under way": {edits: []caseworktest.Edit{{Old: "special_procedures: [food-site-inspection, food-inspection-test]", New: "special_procedures: [food-inspection-test]"}},
			of: inspected, reason: casework.ReasonProcedureLost},
		"actions that run out": {edits: []caseworktest.Edit{{Old: "requires: [opinion], to: decide}", New: "requires: [opinion], to: decide, max_times: 1}"},
			{Old: "effect: return_to_window, to: refusal_review}", New: "effect: return_to_window, to: refusal_review, max_times: 1}"}},
			of: accepted, reason: workflow.ReasonUnsound},
		"a longer limit of the law": {edits: []caseworktest.Edit{{Old: "statutory_limit: {n: 10, unit: workday}", New: "statutory_limit: {n: 12, unit: workday}"}},
			of: waiting, reason: casework.ReasonLegalLimitWorse},
		"a longer extension": {edits: []caseworktest.Edit{{Old: "extension: {max_times: 1, n: 5", New: "extension: {max_times: 1, n: 9"}},
			of: accepted, reason: casework.ReasonLegalLimitWorse},
		"a stopped statutory clock": {edits: []caseworktest.Edit{{Old: "clock_effect: {promised: suspend, statutory: run}  # putting", New: "clock_effect: {promised: suspend, statutory: suspend}  # putting"},
			{Old: "limit: {n: 3, unit: workday, holder: applicant}", New: "limit: {n: 3, unit: workday, holder: applicant, basis: 食品安全法}"}}, of: accepted, reason: casework.ReasonLegalLimitWorse},
	} {
		t.Run(name, func(t *testing.T) {
			c.InForce(was)
			now := c.Revise(row.edits...)
			before := row.of.Now().Case()
			m := migration(was, now, row.maps, before.No, "0000")
			job := c.Migration(m, now)
			ok(t, c.Cases.Migrate(c.System(), job, false, nil))
			moves := became(t, c, job)
			if got := moves[before.No]; got.Outcome != casework.MoveRefused || got.Reason != row.reason || got.Message == "" {
				t.Errorf("%+v", got)
			}
			if got := moves["0000"]; got.Reason != casework.ReasonCaseUnknown {
				t.Errorf("%+v", got)
			}
			if after := row.of.Now().Case(); after.Version != before.Version || after.EventHash != before.EventHash {
				t.Error("a refused case was changed")
			}
		})
	}
	for name, try := range map[string]func() error{
		"an applicant": func() error {
			_, err := c.Cases.PreviewMigration(c.As("xiangwei"), migration(was, was, configuration.Maps{}), "", 10)
			return err
		},
		"a clerk": func() error { _, err := c.Cases.Migration(c.As("chuangkou"), "to-next"); return err },
	} {
		if err := try(); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	m := migration(was, inForce(t, c), configuration.Maps{})
	m.From = strings.Repeat("0", 64)
	_, err = c.Cases.PreviewMigration(c.As("bianzhi"), m, "", 10)
	refused(t, err, problem.Conflict, "version_unknown")
	m = migration(was, was, configuration.Maps{})
	m.To = strings.Repeat("1", 64)
	_, err = c.Cases.PreviewMigration(c.As("bianzhi"), m, "", 10)
	refused(t, err, problem.Conflict, "version_unknown")
}

// A newly required material is asked for before acceptance, of which the applicant is told,
// and not afterwards; a document that was drawn up for an act not yet done is void.
func TestMigrationAsksForMaterials(t *testing.T) {
	c := lite(t)
	was := inForce(t, c)
	early, late := c.Apply("yongfeng", caseworktest.LowRisk()), atReview(t, c)
	early.Do(early.Handler("pre_review"), "pre_review", "pass", nil)
	drawn, err := early.Issue(early.Handler("acceptance"), "acceptance", "accept", nil)
	ok(t, err)
	now := c.Revise(caseworktest.Edit{Old: `- {ref: mandate, required_when: "applicant.is_agent"}`, New: `- {ref: mandate, required: true}`})
	job := c.Migration(migration(was, now, configuration.Maps{}), now)
	ok(t, c.Cases.Migrate(c.System(), job, false, nil))
	moves := became(t, c, job)
	if got := moves[numbered{early}.no()]; len(got.Worse) != 1 || got.Worse[0].Name != "mandate" || !material(t, early, "mandate").Required || early.Told(casework.EventMigratedWorse) != 1 {
		t.Errorf("%+v", got)
	}
	if got := moves[numbered{late}.no()]; got.Outcome != casework.MoveMoved || len(got.Worse) != 0 || material(t, late, "mandate").Required {
		t.Errorf("%+v", got)
	}
	for _, d := range early.Now().Documents() {
		if d.ID == drawn.ID && d.VoidedAt.IsZero() {
			t.Error("a document that the new version did not draw up stands")
		}
	}
	early.Do(early.Handler("acceptance"), "acceptance", "accept", nil)
	sound(t, early)
	sound(t, late)
}

// Killed between two cases, or before its page is done, a migration goes on where it was
// and no case is moved twice; a page that is full asks for the next one once.
func TestMigrationResumes(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		was := inForce(t, c)
		cases := []*caseworktest.Case{atReview(t, c), atReview(t, c), atReview(t, c)}
		now := c.Revise(append(renamed, promising("4"))...)
		job := c.Migration(migration(was, now, renaming), now)
		killed := errors.New("killed")
		lost := func(b *db.Batch) {
			b.Query(func(*db.Rows) error { return killed }, "SELECT nothing FROM nowhere")
		}
		if err := c.Cases.MigratePage(c.System(), job, 2, false, lost); err == nil {
			t.Fatal("the end of the page was written")
		}
		jobs := func() int {
			var n int
			ok(t, c.DB.QueryRow(c.System(), "SELECT count(*) FROM job WHERE tenant_id = $1 AND type = $2", caseworktest.Tenant, configuration.JobMigrate).Scan(&n))
			return n
		}
		if jobs() != 0 || cases[0].Told(casework.EventMigrated) != 1 || cases[2].Told(casework.EventMigrated) != 0 {
			t.Fatalf("%d jobs", jobs())
		}
		for range 2 {
			ok(t, c.Cases.MigratePage(c.System(), job, 2, false, nil))
		}
		if jobs() != 1 {
			t.Fatalf("%d jobs", jobs())
		}
		next := job
		next.After = cases[1].ID.String()
		ok(t, c.Cases.MigratePage(c.System(), next, 2, false, nil))
		for _, k := range cases {
			moved(t, k, was, now)
		}
		found, err := c.Cases.Migration(c.As("bianzhi"), "to-next"+job.Migration.String())
		ok(t, err)
		counts, err := c.Cases.MoveCounts(c.As("bianzhi"), found)
		ok(t, err)
		if found.FinishedAt.IsZero() || counts[casework.MoveMoved] != 3 || len(counts) != 1 {
			t.Errorf("%+v %v", found, counts)
		}
	})
}

// Wherever a case stands, whatever was done to it before: moved to the version with other
// names and back it keeps the invariants, its statutory clock is due no later, its promise
// within it, and it can still be brought to an end (R-CFG-04).
func TestMigratedWalksKeepTheInvariants(t *testing.T) {
	c := lite(t)
	was := inForce(t, c)
	now := c.Revise(append(renamed, promising("4"))...)
	back := configuration.Maps{Nodes: map[string]string{"assess": "review"}, Fields: map[string]string{"mobile": "contact_phone"}}
	walks(t, 12, func(t *rapid.T) {
		c := c.With(t)
		c.InForce(was)
		c.At("2026-03-02 09:00")
		begin := rapid.SampledFrom([]string{"received", "at correction", "at inspection", "at review"}).Draw(t, "begin")
		w := &walk{Case: beginnings[begin](t, c), t: t}
		w.drawing = w.Now().Materials()
		t.Repeat(map[string]func(*rapid.T){
			"act": w.act, "issue": w.issue, "hand over": w.handOver, "resubmit": w.resubmit, "special": w.special, "report": w.report,
			"extend": w.extend, "end": w.end, "rectified": w.rectified, "later": w.later,
			"migrate": func(t *rapid.T) {
				from, to, maps := was, now, renaming
				if configuration.Pins(w.Now().Case().Pins).Digest() == now.Pins.Digest() {
					from, to, maps = now, was, back
				}
				w.migrate(t, from, to, maps)
			},
			"": func(t *rapid.T) { sound(t, w.Case) },
		})
	})
}

func (w *walk) migrate(t *rapid.T, from, to *configuration.Matter, maps configuration.Maps) {
	before := w.Now().Case()
	job := w.Migration(migration(from, to, maps, before.No), to)
	ok(t, w.Cases.Migrate(w.System(), job, false, nil))
	move, after := became(t, w.County, job)[before.No], w.Now().Case()
	switch {
	case move.Outcome == casework.MoveMoved && configuration.Pins(after.Pins).Digest() != to.Pins.Digest():
		t.Fatalf("moved to %s", configuration.Pins(after.Pins).Digest())
	case move.Outcome == casework.MoveRefused && after.EventHash != before.EventHash:
		t.Fatalf("%s, and changed", move.Reason)
	case move.Outcome == casework.MoveRefused && move.Reason != casework.ReasonCaseDecided && move.Reason != casework.ReasonCaseEnded:
		t.Fatalf("%+v", move)
	}
	if after.StatutoryDue.After(before.StatutoryDue) {
		t.Fatalf("the statutory limit moved from %s to %s", before.StatutoryDue, after.StatutoryDue)
	}
	if after.PromisedDue.After(before.PromisedDue) && after.PromisedDue.After(after.StatutoryDue) {
		t.Fatalf("promised by %s, beyond the statutory %s", after.PromisedDue, after.StatutoryDue)
	}
	if next, problems := workflow.NewPassage(to.Net, to.Net, nil).Carry(after.State); move.Outcome == casework.MoveMoved && (problems.HasErrors() || len(next.Tokens) != len(before.State.Tokens)) {
		t.Fatalf("where the case stands is not sound: %s", problems)
	}
}
