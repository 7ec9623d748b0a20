package casework_test

import (
	"context"
	"slices"
	"sync"
	"testing"

	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// Invariant I5: an older version, an action that is not offered and a
// closed task are refused, and nothing at all is written.
func TestRefusedActsChangeNothing(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		reviewer := k.Handler("pre_review")
		task := k.Task("pre_review")
		seen := k.Now().Case().Version
		_, err := k.Issue(reviewer, "pre_review", "correct", defects)
		ok(t, err)
		before := k.Now().Case()
		act := func(in casework.ActInput) error {
			_, err := k.Cases.Act(k.As(reviewer), in)
			return err
		}
		refused(t, act(casework.ActInput{Task: task.ID, Action: "pass", Version: seen}), problem.Conflict, "stale_version")
		refused(t, act(casework.ActInput{Task: task.ID, Action: "grant"}), problem.Conflict, "action_not_offered")
		refused(t, act(casework.ActInput{Task: task.ID, Action: "correct"}), problem.Validation, "")
		_, err = k.Cases.Withdraw(k.As("xiangwei"), casework.VerbInput{Case: k.ID, Reason: "不办了", Version: seen})
		refused(t, err, problem.Conflict, "stale_version")
		after := k.Now().Case()
		if after.Version != before.Version || after.EventHash != before.EventHash || after.Status != before.Status {
			t.Fatalf("version %d → %d, %d → %d events", before.Version, after.Version, before.EventSeq, after.EventSeq)
		}
		ok(t, act(casework.ActInput{Task: task.ID, Action: "pass", Version: after.Version}))
		refused(t, act(casework.ActInput{Task: task.ID, Action: "pass"}), problem.Conflict, "task_closed")
	})
}

// SM-06: of two who act at once one wins, and the other is told that the case has moved.
func TestActAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		reviewer, in := k.Handler("pre_review"), casework.ActInput{Task: k.Task("pre_review").ID, Action: "pass", Version: k.Now().Case().Version}
		var mu sync.Mutex
		var group sync.WaitGroup
		done := 0
		for range 5 {
			group.Go(func() {
				_, err := k.Cases.Act(k.As(reviewer), in)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					done++
				} else if problem.CodeOf(err) != problem.Conflict {
					t.Errorf("the loser: %v", err)
				}
			})
		}
		group.Wait()
		if done != 1 || k.Told("task.acted") != 1 {
			t.Fatalf("%d of five acted, %d events", done, k.Told("task.acted"))
		}
		sound(t, k)
	})
}

// SM-06: claim, release, reassign.
func TestClaimReleaseReassign(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	task := k.Task("pre_review")
	reviewer := k.Handler("pre_review")
	others := slices.DeleteFunc([]string{"shencha", "shencha2", "jianzhi"}, func(login string) bool { return login == reviewer })
	_, err := k.Cases.Claim(k.As(others[0]), task.ID)
	refused(t, err, problem.Forbidden, "assigned_to_other")
	refused(t, k.Act(others[0], "pre_review", "pass", nil), problem.Forbidden, "assigned_to_other")
	_, err = k.Cases.Release(k.As(reviewer), task.ID)
	ok(t, err)
	_, err = k.Cases.Claim(k.As("hecha"), task.ID)
	refused(t, err, problem.NotFound, "") // an inspector sees nothing of it
	_, err = k.Cases.Claim(k.As("jueding"), task.ID)
	refused(t, err, problem.Forbidden, "not_candidate")
	_, err = k.Cases.Claim(k.As(others[0]), task.ID)
	ok(t, err)
	_, err = k.Cases.Claim(k.As(others[0]), task.ID) // again: still theirs
	ok(t, err)
	_, err = k.Cases.Claim(k.As(others[1]), task.ID)
	refused(t, err, problem.Forbidden, "assigned_to_other")
	_, err = k.Cases.Reassign(k.As(others[0]), casework.ReassignInput{Task: task.ID, To: k.Staff(others[1]), Reason: "休假"})
	refused(t, err, problem.Forbidden, "permission")
	sound(t, k)
}

// R-CFG-02, invariant 1: staff of another county find nothing here, whichever verb
// they try and wherever they stand; an applicant finds nothing of another's.
func TestOthersFindNothing(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := atInspection(t, c)
		_, err := c.Cases.RequestExtension(c.As("shencha"), casework.ExtensionInput{Case: k.ID, Clock: "statutory", N: 1, Reason: "复核"})
		ok(t, err)
		draft := c.Fill("xiangwei", caseworktest.Application(nil))
		before := k.Now().Case()
		for name, ctx := range map[string]context.Context{"from next door": c.AsIn("linshen", caseworktest.Neighbour), "standing here": c.As("linshen"),
			"another applicant": c.As("yongfeng")} {
			for verb, err := range attempts(ctx, k, draft) {
				otherSubject := problem.ReasonOf(err) == "subject" // a verb of staff tried by an applicant, or the other way round
				if problem.CodeOf(err) != problem.NotFound && !otherSubject {
					t.Errorf("%s, %s: %v", name, verb, err)
				}
				if problem.CodeOf(err) == problem.NotFound && err.Error() != problem.Missing().Error() {
					t.Errorf("%s, %s: tells more than that there is nothing: %v", name, verb, err)
				}
			}
		}
		if after := k.Now().Case(); after.Version != before.Version || after.EventSeq != before.EventSeq {
			t.Fatal("somebody left a trace")
		}
	})
}

// attempts tries every verb on a case under inspection and on a draft.
func attempts(ctx context.Context, k *caseworktest.Case, draft *casework.Draft) map[string]error {
	task, run, extension := k.Task("food-site-inspection").ID, k.Run("food-site-inspection").ID, k.Now().Extensions()[0].ID
	in := casework.VerbInput{Case: k.ID, Reason: "x"}
	tries := map[string]func() (any, error){
		"view":           func() (any, error) { return k.Cases.View(ctx, k.ID) },
		"view by number": func() (any, error) { return k.Cases.ViewByNumber(ctx, k.Now().Case().No) },
		"view of task":   func() (any, error) { return k.Cases.ViewOf(ctx, casework.PartTask, task) },
		"act":            func() (any, error) { return k.Cases.Act(ctx, casework.ActInput{Task: task, Action: "pass"}) },
		"claim":          func() (any, error) { return k.Cases.Claim(ctx, task) },
		"release":        func() (any, error) { return k.Cases.Release(ctx, task) },
		"reassign": func() (any, error) {
			return k.Cases.Reassign(ctx, casework.ReassignInput{Task: task, To: k.Staff("hecha")})
		},
		"special": func() (any, error) {
			return k.Cases.StartSpecial(ctx, casework.StartSpecialInput{Case: k.ID, Procedure: laboratoryTest})
		},
		"decide special": func() (any, error) { return k.Cases.DecideSpecial(ctx, run, true, "x") },
		"special result": func() (any, error) {
			return k.Cases.RecordSpecialResult(ctx, run, map[string]any{"result": "passed"}, nil)
		},
		"extension": func() (any, error) {
			return k.Cases.RequestExtension(ctx, casework.ExtensionInput{Case: k.ID, Clock: "promised", N: 1, Reason: "x"})
		},
		"decide extension": func() (any, error) { return k.Cases.DecideExtension(ctx, extension, true, "x") },
		"withdraw":         func() (any, error) { return k.Cases.Withdraw(ctx, in) },
		"void":             func() (any, error) { return k.Cases.Void(ctx, in) },
		"delete":           func() (any, error) { return k.Cases.Delete(ctx, in, workflow.DeleteCause("test")) },
		"lapse":            func() (any, error) { return k.Cases.Lapse(ctx, in) },
		"record event": func() (any, error) {
			return k.Cases.RecordEvent(ctx, casework.RecordEventInput{Case: k.ID, Event: "rectified"})
		},
		"resubmit":     func() (any, error) { return k.Cases.Resubmit(ctx, casework.ResubmitInput{Case: k.ID}) },
		"read draft":   func() (any, error) { return k.Cases.Draft(ctx, draft.ID) },
		"submit draft": func() (any, error) { return submit(ctx, k.County, draft.ID) },
		"file":         func() (any, error) { return k.Cases.File(ctx, draft.Materials[1].Files[0]) },
		"issue": func() (any, error) {
			_, document, err := k.Cases.IssueDocument(ctx, casework.IssueInput{Task: task, Action: "accept"})
			return document, err
		},
		"upload": func() (any, error) {
			file, _, err := k.Cases.RequestUpload(ctx, casework.UploadInput{Owner: k.ID, Material: "site-photo", Filename: "a.png", MIME: "image/png", Size: 1, SHA256: emptyDigest})
			return file, err
		},
	}
	found := map[string]error{}
	for name, try := range tries {
		_, found[name] = try()
	}
	return found
}

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// R-PRC-15: who is party to a case, or related to one, neither looks at it nor acts.
func TestRecusal(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	reviewer := c.Person(k.Handler("pre_review"))
	reviewer.Relatives = []string{"91431321MA4L00011P"}
	ctx := authz.With(c.As("shencha"), reviewer)
	_, err := c.Cases.View(ctx, k.ID)
	refused(t, err, problem.Forbidden, "recusal")
	_, err = c.Cases.Act(ctx, casework.ActInput{Task: k.Task("pre_review").ID, Action: "pass"})
	refused(t, err, problem.Forbidden, "recusal")
}

// R-PRF-10: a look outside one's own tasks leaves a record; one's own does not.
func TestLooksAreRecorded(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		k := c.Apply("xiangwei", caseworktest.Application(nil))
		k.See("xiangwei")
		k.See(k.Handler("pre_review"))
		if n := count(t, c, "audit_log"); n != 0 {
			t.Fatalf("%d records of looks at one's own", n)
		}
		k.See("jiancha")
		if n := count(t, c, "audit_log"); n != 1 {
			t.Fatalf("%d records", n)
		}
	})
}

// R-PRF-10: identity numbers and telephones are masked for whoever has nothing to do in the case.
func TestSensitiveFieldsAreMasked(t *testing.T) {
	c := lite(t)
	k := c.Apply("xiangwei", caseworktest.Application(nil))
	for login, plain := range map[string]bool{"xiangwei": true, k.Handler("pre_review"): true, "jiancha": false, "jueding": false} {
		form := k.See(login).Form()
		if got := form["legal_rep_id"] == "431321199003070013" && form["contact_phone"] == "13900000001"; got != plain {
			t.Errorf("%s reads %v %v", login, form["legal_rep_id"], form["contact_phone"])
		}
		if form["operator_name"] != "双峰县湘味餐饮有限公司" {
			t.Errorf("%s does not read the operator", login)
		}
	}
}
