package casework_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/problem"
)

// Invariant 13, R-DOC-07: under concurrency, with acts that lose and records that
// are voided, each series of a year counts 1, 2, 3 … without a gap; a voided
// record keeps its number. Case numbers are unique.
func TestDocumentNumbersHaveNoGaps(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		const cases, tries = 6, 4
		var drafts []*casework.Draft
		for range cases {
			drafts = append(drafts, c.Fill("xiangwei", caseworktest.LowRisk()))
		}
		var group sync.WaitGroup
		for _, draft := range drafts {
			group.Go(func() {
				view, err := submit(c.As("xiangwei"), c, draft.ID)
				if err != nil {
					t.Error(err)
					return
				}
				issueAtOnce(t, c, view, tries)
			})
		}
		group.Wait()
		series := seriesOf(t, c)
		if receipts := series["document/doc-receipt/2026"]; len(receipts) != cases {
			t.Errorf("%d receipts", len(receipts))
		}
		if notices := series["document/doc-correction/2026"]; len(notices) < cases {
			t.Errorf("%d correction notices", len(notices))
		}
		for name, numbers := range series {
			for i, n := range numbers {
				if n != int64(i+1) {
					t.Errorf("%s counts %v", name, numbers)
					break
				}
			}
		}
		var distinct int
		ok(t, c.DB.QueryRow(c.System(), "SELECT count(DISTINCT case_no) FROM case_file WHERE tenant_id = $1", caseworktest.Tenant).Scan(&distinct))
		if distinct != cases {
			t.Errorf("%d numbers for %d cases", distinct, cases)
		}
	})
}

// issueAtOnce draws up the same notice several times at once: whoever loses takes no number.
func issueAtOnce(t *testing.T, c *caseworktest.County, view *casework.View, tries int) {
	var group sync.WaitGroup
	for _, task := range view.Tasks() {
		if task.Node != "pre_review" || !task.Open() {
			continue
		}
		reviewer := map[string]string{}
		for _, login := range []string{"shencha", "shencha2", "jianzhi"} {
			reviewer[c.Staff(login).String()] = login
		}
		for range tries {
			group.Go(func() {
				_, _, err := c.Cases.IssueDocument(c.As(reviewer[task.Assignee.String()]), casework.IssueInput{Task: task.ID, Action: "correct", Fields: defects})
				if err != nil && problem.CodeOf(err) != problem.Conflict {
					t.Errorf("issue: %v", err)
				}
			})
		}
	}
	group.Wait()
}

// seriesOf reads the numbers of each series in order.
func seriesOf(t caseworktest.TB, c *caseworktest.County) map[string][]int64 {
	t.Helper()
	rows, err := c.DB.Query(c.System(), "SELECT series, seq, number FROM issued_document WHERE tenant_id = $1 AND series <> '' ORDER BY series, seq", caseworktest.Tenant)
	ok(t, err)
	defer rows.Close()
	found := map[string][]int64{}
	for rows.Next() {
		var series, number string
		var seq int64
		ok(t, rows.Scan(&series, &seq, &number))
		if want := fmt.Sprintf("%06d号", seq); len(number) < len(want) || number[len(number)-len(want):] != want {
			t.Errorf("number %d of %s reads %s", seq, series, number)
		}
		found[series] = append(found[series], seq)
	}
	ok(t, rows.Err())
	return found
}

// R-REC-06, invariant I7: only the record of this day and this version unlocks;
// drawing it up again voids the former, which keeps its number.
func TestRecordsOfYesterdayDoNotUnlock(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		reviewer := k.Handler("pre_review")
		issue := func() *casework.Document {
			d, err := k.Issue(reviewer, "pre_review", "correct", defects)
			ok(t, err)
			return d
		}
		locked := func(why string) {
			t.Helper()
			if err := k.Act(reviewer, "pre_review", "correct", defects); problem.ReasonOf(err) != "document_required" {
				t.Fatalf("%s: %v", why, err)
			}
		}
		first := issue()
		c.At("2026-03-03 09:00")
		locked("a record of yesterday")
		second := issue()
		_, err := k.Cases.Release(k.As(reviewer), k.Task("pre_review").ID)
		ok(t, err)
		_, err = k.Cases.Claim(k.As(reviewer), k.Task("pre_review").ID)
		ok(t, err)
		locked("a record of an older version")
		third := issue()
		ok(t, k.Act(reviewer, "pre_review", "correct", defects))
		all := documents(k, "correction")
		if len(all) != 3 || all[0].VoidedAt.IsZero() || all[1].VoidedAt.IsZero() || !all[2].VoidedAt.IsZero() || all[2].UsedAt.IsZero() {
			t.Fatalf("records: %+v", all)
		}
		numbers := []string{first.Number, second.Number, third.Number}
		if !slices.Equal(numbers, []string{all[0].Number, all[1].Number, all[2].Number}) || !slices.IsSorted(numbers) || all[0].VoidedReason == "" {
			t.Fatalf("numbers %v", numbers)
		}
	})
}

// R-DOC-07: each year counts anew.
func TestNumbersOfAnotherYear(t *testing.T) {
	c := lite(t)
	c.Apply("xiangwei", caseworktest.LowRisk())
	c.At("2027-03-02 09:00")
	k := c.Apply("xiangwei", caseworktest.LowRisk())
	if got := documents(k, "receipt")[0]; got.Seq != 1 || got.Series != "document/doc-receipt/2027" {
		t.Fatalf("number %d of %s", got.Seq, got.Series)
	}
}

// Invariant 11: a decision drawn up again reserves a licence number that no other case gets.
func TestLicenceNumbersAreNotShared(t *testing.T) {
	c := lite(t)
	seen := map[string]bool{}
	for range 3 {
		k := atReview(t, c)
		k.Do(k.Handler("review"), "review", "submit", opinion)
		for range 2 {
			_, err := k.Issue("jueding", "decide", "grant", nil)
			ok(t, err)
		}
		ok(t, k.Act("jueding", "decide", "grant", nil))
		draft, err := k.Cases.DraftLicence(k.System(), k.ID, "food-business-licence")
		ok(t, err)
		if seen[draft.Number] {
			t.Fatalf("%s twice", draft.Number)
		}
		seen[draft.Number] = true
	}
}
