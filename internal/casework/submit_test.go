package casework_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/idempotency"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// count counts rows of the county.
func count(t caseworktest.TB, c *caseworktest.County, table string) int {
	t.Helper()
	var n int
	ok(t, c.DB.QueryRow(c.System(), "SELECT count(*) FROM "+table+" WHERE tenant_id = $1", caseworktest.Tenant).Scan(&n))
	return n
}

func submit(ctx context.Context, c *caseworktest.County, draft uuid.UUID) (*casework.View, error) {
	return c.Cases.Submit(ctx, casework.SubmitInput{Draft: draft, Statement: true})
}

// R-APP-14: the same draft sent ten times at once is one case, with or without an idempotency key;
// R-CAT-05, R-MGT-05: it counts once for its matter.
func TestSubmitTenTimesAtOnce(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		for name, ctx := range map[string]context.Context{
			"without a key": c.As("xiangwei"),
			"with one key":  idempotency.With(c.As("xiangwei"), idempotency.Key{Key: "one", BodyHash: sha256.Sum256(nil)}),
		} {
			before := count(t, c, "case_file")
			draft := c.Fill("xiangwei", caseworktest.Application(nil))
			var numbers []string
			var mu sync.Mutex
			var group sync.WaitGroup
			for range 10 {
				group.Go(func() {
					view, err := submit(ctx, c, draft.ID)
					mu.Lock()
					defer mu.Unlock()
					if err != nil {
						t.Errorf("%s: %v", name, err)
						return
					}
					numbers = append(numbers, view.Case().No)
				})
			}
			group.Wait()
			slices.Sort(numbers)
			if len(slices.Compact(numbers)) != 1 || count(t, c, "case_file") != before+1 {
				t.Fatalf("%s: %d cases, numbers %v", name, count(t, c, "case_file")-before, numbers)
			}
			again, err := submit(c.As("xiangwei"), c, draft.ID)
			ok(t, err)
			if again.Case().No != numbers[0] {
				t.Fatalf("%s: submitted again it is %s", name, again.Case().No)
			}
			sound(t, &caseworktest.Case{County: c, ID: again.Case().ID})
			if used := usage(t, c); used != before+1 {
				t.Fatalf("%s: %d applications counted for %d cases", name, used, before+1)
			}
		}
	})
}

// usage is how many applications through the web are counted for the matter on this day.
func usage(t caseworktest.TB, c *caseworktest.County) int {
	t.Helper()
	var n int
	ok(t, c.DB.QueryRow(c.System(), `SELECT COALESCE(SUM(u.submitted), 0) FROM matter_usage u JOIN matter m ON m.tenant_id = u.tenant_id AND m.id = u.matter_id
		WHERE u.tenant_id = $1 AND m.name = $2 AND u.channel = 'web' AND u.day = $3`, caseworktest.Tenant, caseworktest.Matter,
		c.Clock.Now().In(tenancy.Location(c.System())).Format("2006-01-02")).Scan(&n))
	return n
}

// R-APP-14: a repeated key does not make a second draft either.
func TestSaveDraftTwiceWithOneKey(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		ctx := idempotency.With(c.As("xiangwei"), idempotency.Key{Key: "draft", BodyHash: sha256.Sum256(nil)})
		in := casework.DraftInput{Matter: caseworktest.Matter, Form: caseworktest.Application(nil)}
		_, err := c.Cases.SaveDraft(ctx, in)
		ok(t, err)
		if _, err = c.Cases.SaveDraft(ctx, in); !db.IsDuplicate(err) {
			t.Fatalf("the second time: %v", err)
		}
		if n := count(t, c, "draft"); n != 1 {
			t.Fatalf("%d drafts", n)
		}
	})
}

// The answer to a submission is the case as it was written, numbers of its documents included.
func TestSubmitAnswersWhatWasWritten(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		draft := c.Fill("xiangwei", caseworktest.Application(nil))
		view, err := submit(c.As("xiangwei"), c, draft.ID)
		ok(t, err)
		stored, err := c.Cases.View(c.As("xiangwei"), view.Case().ID)
		ok(t, err)
		if got, want := view.Documents()[0].Number, stored.Documents()[0].Number; got == "" || got != want {
			t.Errorf("answered receipt %q, wrote %q", got, want)
		}
		if view.Case().EventHash != stored.Case().EventHash || len(view.Tasks()) != len(stored.Tasks()) || view.Case().Version != stored.Case().Version {
			t.Error("the answer is not what was written")
		}
	})
}

// A government above has published the version that was read here, and the row of the matter is not renewed yet: nobody waits
// for that.
func TestSubmitAgainstLaggingRow(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		draft := c.Fill("xiangwei", caseworktest.Application(nil))
		c.LagRow()
		_, err := submit(c.As("xiangwei"), c, draft.ID)
		ok(t, err)
	})
}

// Invariant I4: the matter changed, was suspended or cancelled between reading and writing.
func TestSubmitAgainstChangedHead(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		draft := c.Fill("xiangwei", caseworktest.Application(nil))
		for _, status := range []string{"suspended", "cancelled"} {
			c.SetStatus(status)
			_, err := submit(c.As("xiangwei"), c, draft.ID)
			refused(t, err, problem.Conflict, "changed_head")
		}
		c.SetStatus("published")
		setTenant := func(status string) {
			_, err := c.DB.Exec(c.System(), "UPDATE tenant SET status = $2 WHERE tenant_id = $1", caseworktest.Tenant, status)
			ok(t, err)
		}
		setTenant("suspended") // SM-01: the tenant itself
		_, err := submit(c.As("xiangwei"), c, draft.ID)
		refused(t, err, problem.Conflict, "changed_head")
		setTenant("active")
		c.Head(func(m *configuration.Matter) { m.Spec.Title = "新版" })
		_, err = submit(c.As("xiangwei"), c, draft.ID)
		refused(t, err, problem.Conflict, "changed_head")
		for _, table := range []string{"case_file", "task", "clock", "issued_document", "case_event", "outbox", "job"} {
			if n := count(t, c, table); n != 0 {
				t.Errorf("%d rows in %s", n, table)
			}
		}
		c.Publish(func(m *configuration.Matter) { m.Spec.Title = "新版" })
		view, err := submit(c.As("xiangwei"), c, draft.ID)
		ok(t, err)
		if view.Case().MatterTitle != "新版" {
			t.Fatalf("filed under %s", view.Case().MatterTitle)
		}
	})
}

// R-ACC-23: an applicant below the matter's level, and somebody else's draft.
func TestWhoMaySubmit(t *testing.T) {
	c := lite(t)
	draft := c.Fill("xiangwei", caseworktest.Application(nil))
	for login, code := range map[string]problem.Code{"yongfeng": problem.NotFound, "shencha": problem.Forbidden, "": problem.Unauthenticated} {
		_, err := submit(c.As(login), c, draft.ID)
		if problem.CodeOf(err) != code {
			t.Errorf("%q: %v", login, err)
		}
	}
	_, err := c.Cases.SaveDraft(c.As("yongfeng"), casework.DraftInput{ID: draft.ID, Matter: caseworktest.Matter, Form: caseworktest.Application(nil)})
	refused(t, err, problem.NotFound, "")
	_, err = c.Cases.Draft(c.As("yongfeng"), draft.ID)
	refused(t, err, problem.NotFound, "")
	c.Publish(func(m *configuration.Matter) { m.Spec.MinUserLevel = "L4" })
	_, err = submit(c.As("xiangwei"), c, draft.ID)
	refused(t, err, problem.Forbidden, "level")
}

// R-APP-03: what is wrong with a form is told at once, each with its path, and nothing is filed.
func TestBadForm(t *testing.T) {
	c := lite(t)
	for name, want := range map[string]struct {
		change map[string]any
		paths  []string
	}{
		"two fields missing":     {map[string]any{"legal_rep": nil, "uscc": nil}, []string{"$.legal_rep", "$.uscc"}},
		"a wrong check digit":    {map[string]any{"uscc": "91431321MA4L00011X"}, []string{"$.uscc"}},
		"outside the enum":       {map[string]any{"business_mode": "street_food"}, []string{"$.business_mode"}},
		"no area at all":         {map[string]any{"area_sqm": json.Number("0")}, []string{"$.area_sqm"}},
		"a website is needed":    {map[string]any{"online_operation": true}, []string{"$.website"}},
		"premises elsewhere":     {map[string]any{"premises_division": "430102"}, nil},
		"commitment not given":   {map[string]any{"truth_commitment": false}, []string{"$.truth_commitment"}},
		"another procedure (情形)": {map[string]any{"business_mode": "food_sale", "categories": []string{"prepacked"}}, []string{"$.form"}},
	} {
		draft, err := c.Cases.SaveDraft(c.As("xiangwei"), casework.DraftInput{Matter: caseworktest.Matter, Form: caseworktest.Application(want.change)})
		if err != nil {
			t.Errorf("%s: saving: %v", name, err)
			continue
		}
		_, err = submit(c.As("xiangwei"), c, draft.ID)
		if problem.CodeOf(err) != problem.Validation || !draft.Problems.HasErrors() {
			t.Errorf("%s: %v; the draft says %s", name, err, draft.Problems)
			continue
		}
		for _, path := range want.paths {
			if !slices.Contains(paths(err), path) {
				t.Errorf("%s: %s is not among %v", name, path, paths(err))
			}
		}
	}
	if n := count(t, c, "case_file"); n != 0 {
		t.Fatalf("%d cases", n)
	}
}

// R-APP-03: what cannot be kept even as a draft is refused when it is saved.
func TestFormThatIsNotAForm(t *testing.T) {
	c := lite(t)
	for name, form := range map[string]string{
		"unknown field": `{"operator_name":"甲乙","password":"x"}`, "a text for a number": `{"area_sqm":"wide"}`, "no JSON": `{"operator_name":`,
		"a list": `[]`, "a key twice": `{"legal_rep":"甲","legal_rep":"乙"}`,
	} {
		_, err := c.Cases.SaveDraft(c.As("xiangwei"), casework.DraftInput{Matter: caseworktest.Matter, Form: []byte(form)})
		if problem.CodeOf(err) != problem.Validation && problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := c.Cases.SaveDraft(c.As("xiangwei"), casework.DraftInput{Matter: "no-such-matter", Form: []byte(`{}`)})
	refused(t, err, problem.NotFound, "")
	if n := count(t, c, "draft"); n != 0 {
		t.Fatalf("%d drafts", n)
	}
}

// R-APP-04, V-14: materials are held to their terms.
func TestBadMaterials(t *testing.T) {
	c := lite(t)
	firm := c.As("xiangwei")
	other := c.Fill("yongfeng", caseworktest.Application(nil))
	type setting struct {
		path string
	}
	for name, set := range map[string]func(draft uuid.UUID, good map[string]casework.MaterialInput) setting{
		"missing": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			delete(good, "premises-layout")
			return setting{path: "$.materials[ref=premises-layout]"}
		},
		"no files": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["premises-layout"] = casework.MaterialInput{Ref: "premises-layout"}
			return setting{path: "$.materials[ref=premises-layout]"}
		},
		"of another draft": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["premises-layout"] = other.Materials[2]
			return setting{}
		},
		"of another material": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["premises-layout"] = casework.MaterialInput{Ref: "premises-layout", Files: good["safety-rules"].Files}
			return setting{}
		},
		"not uploaded yet": func(draft uuid.UUID, good map[string]casework.MaterialInput) setting {
			file := c.Announce(firm, draft, "premises-layout", "图.pdf", "application/pdf", caseworktest.PDF("later"))
			good["premises-layout"] = casework.MaterialInput{Ref: "premises-layout", Files: []uuid.UUID{file.ID}}
			return setting{}
		},
		"never announced": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["premises-layout"] = casework.MaterialInput{Ref: "premises-layout", Files: []uuid.UUID{uuid.Must(uuid.NewV4())}}
			return setting{}
		},
		"nobody asked for": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["passport"] = casework.MaterialInput{Ref: "passport"}
			return setting{}
		},
		"committed where that is not taken": func(_ uuid.UUID, good map[string]casework.MaterialInput) setting {
			good["premises-layout"] = casework.MaterialInput{Ref: "premises-layout", Commitment: true}
			return setting{}
		},
	} {
		draft := c.Fill("xiangwei", caseworktest.Application(nil))
		good := map[string]casework.MaterialInput{}
		for _, m := range draft.Materials {
			good[m.Ref] = m
		}
		want := set(draft.ID, good)
		saved, err := c.Cases.SaveDraft(firm, casework.DraftInput{ID: draft.ID, Matter: caseworktest.Matter, Form: caseworktest.Application(nil),
			Materials: slices.Collect(maps.Values(good))})
		ok(t, err)
		_, err = submit(firm, c, draft.ID)
		if problem.CodeOf(err) != problem.Validation || !saved.Problems.HasErrors() {
			t.Errorf("%s: %v", name, err)
		}
		if want.path != "" && !slices.Contains(paths(err), want.path) {
			t.Errorf("%s: %v", name, paths(err))
		}
	}
	if n := count(t, c, "case_file"); n != 0 {
		t.Fatalf("%d cases", n)
	}
}

// R-APP-04, V-14: what a material refuses is said before the bytes are sent; a case
// takes files for its reports besides.
func TestUploadTerms(t *testing.T) {
	c := lite(t)
	firm := c.As("xiangwei")
	draft := c.Fill("xiangwei", caseworktest.Application(nil))
	good := casework.UploadInput{Owner: draft.ID, Material: "safety-rules", Filename: "制度.pdf", MIME: "application/pdf", Size: 1, SHA256: strings.Repeat("0", 64)}
	for path, change := range map[string]func(*casework.UploadInput){
		"$.mime":     func(in *casework.UploadInput) { in.Filename, in.MIME = "制度.png", "image/png" },
		"$.size":     func(in *casework.UploadInput) { in.Size = 1 << 30 },
		"$.material": func(in *casework.UploadInput) { in.Material = "passport" },
	} {
		in := good
		change(&in)
		_, _, err := c.Cases.RequestUpload(firm, in)
		refused(t, err, problem.Validation, "")
		if got := paths(err); !slices.Equal(got, []string{path}) {
			t.Errorf("want %s, got %v", path, got)
		}
	}
	file, _, err := c.Cases.RequestUpload(firm, good)
	ok(t, err)
	_, err = c.Cases.CompleteUpload(firm, file.ID)
	refused(t, err, problem.Conflict, "not_uploaded")
}

// R-APP-03: a draft saved over answers what it holds now.
func TestSaveDraftOver(t *testing.T) {
	c := lite(t)
	firm := c.As("xiangwei")
	in := casework.DraftInput{Matter: caseworktest.Matter, Form: caseworktest.Application(map[string]any{"area_sqm": json.Number("-1")})}
	draft, err := c.Cases.SaveDraft(firm, in)
	ok(t, err)
	in.ID, in.Form = draft.ID, caseworktest.Application(nil)
	for range 2 {
		if draft, err = c.Cases.SaveDraft(firm, in); err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(draft.Problems, func(p problem.Problem) bool { return p.Path == "$.area_sqm" }) {
			t.Errorf("the save before is judged: %v", draft.Problems)
		}
	}
}

// R-APP-04: bytes that are not what was announced are refused and cannot be used.
func TestUploadThatLies(t *testing.T) {
	c := lite(t)
	firm := c.As("xiangwei")
	draft := c.Fill("xiangwei", caseworktest.Application(nil))
	program := []byte("MZ\x90\x00 this is a program")
	file := c.Announce(firm, draft.ID, "premises-layout", "图.pdf", "application/pdf", program)
	c.Send(firm, file, program)
	_, err := c.Cases.CompleteUpload(firm, file.ID)
	refused(t, err, problem.Validation, "")
	_, err = c.Cases.CompleteUpload(c.As("yongfeng"), file.ID)
	refused(t, err, problem.NotFound, "")
	stored, err := c.Cases.File(firm, file.ID)
	ok(t, err)
	if stored.Status != casework.FileRefused {
		t.Fatalf("the file is %s", stored.Status)
	}
	for name, in := range map[string]casework.UploadInput{
		"empty":       {Owner: draft.ID, Material: "premises-layout", Filename: "a.pdf", MIME: "application/pdf", SHA256: file.SHA256},
		"no digest":   {Owner: draft.ID, Material: "premises-layout", Filename: "a.pdf", MIME: "application/pdf", Size: 1},
		"a path":      {Owner: draft.ID, Material: "premises-layout", Filename: "../a.pdf", MIME: "application/pdf", Size: 1, SHA256: file.SHA256},
		"no material": {Owner: draft.ID, Filename: "a.pdf", MIME: "application/pdf", Size: 1, SHA256: file.SHA256},
	} {
		if _, _, err := c.Cases.RequestUpload(firm, in); problem.CodeOf(err) != problem.Validation {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// R-APP-20 容缺: a secondary material may follow, with its date, and holds up the decision until it has.
func TestToleratedMaterial(t *testing.T) {
	c := lite(t)
	firm := c.As("xiangwei")
	draft := c.Fill("xiangwei", caseworktest.LowRisk())
	rest := slices.DeleteFunc(draft.Materials, func(m casework.MaterialInput) bool { return m.Ref == "safety-rules" })
	_, err := c.Cases.SaveDraft(firm, casework.DraftInput{ID: draft.ID, Matter: caseworktest.Matter, Form: caseworktest.LowRisk(), Materials: rest})
	ok(t, err)
	view, err := submit(firm, c, draft.ID)
	ok(t, err)
	k := &caseworktest.Case{County: c, ID: view.Case().ID, Applicant: "xiangwei"}
	if m := material(t, k, "safety-rules"); m.Status != casework.MaterialTolerated || m.DueOn.String() != "2026-03-05" {
		t.Fatalf("the material is %s, due on %s", m.Status, m.DueOn)
	}
	k.Do(k.Handler("pre_review"), "pre_review", "pass", nil)
	k.Do(k.Handler("acceptance"), "acceptance", "accept", nil)
	k.Do(k.Handler("review"), "review", "submit", opinion)
	_, err = k.Issue("jueding", "decide", "grant", nil)
	ok(t, err)
	refused(t, k.Act("jueding", "decide", "grant", nil), problem.Conflict, "material_outstanding")
}

// paths are the places that a refusal names.
func paths(err error) []string {
	var refusal *problem.Error
	var list []string
	if errors.As(err, &refusal) {
		for _, p := range refusal.Problems {
			list = append(list, p.Path)
		}
	}
	return list
}

// R-APP-03: what is asked differently since a draft was saved is shown when it is opened
// and when it is saved; submitting it unseen is refused, and afterwards it goes through.
func TestDraftShowsWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, c *caseworktest.County) {
		draft := c.Fill("xiangwei", caseworktest.LowRisk())
		if len(draft.Changes) != 0 {
			t.Fatalf("nothing was published: %+v", draft.Changes)
		}
		c.Publish(func(m *configuration.Matter) {
			m.Spec.PromisedLimit = &kind.Limit{N: 4, Unit: "workday"}
			m.Spec.Conditions = append(slices.Clone(m.Spec.Conditions), "具有与经营相适应的场所")
		})
		opened, err := c.Cases.Draft(c.As("xiangwei"), draft.ID)
		ok(t, err)
		want := []configuration.Alteration{{Area: configuration.AlteredLimit, Action: configuration.ActionChange, Name: "promised", Title: "承诺期限"},
			{Area: configuration.AlteredCondition, Action: configuration.ActionAdd, Name: "具有与经营相适应的场所", Title: "具有与经营相适应的场所"}}
		if !slices.Equal(opened.Changes, want) {
			t.Fatalf("opened: %+v", opened.Changes)
		}
		_, err = c.Cases.Submit(c.As("xiangwei"), casework.SubmitInput{Draft: draft.ID, Statement: true, Delivery: "pickup"})
		refused(t, err, problem.Conflict, "draft_outdated")
		saved, err := c.Cases.SaveDraft(c.As("xiangwei"), casework.DraftInput{ID: draft.ID, Matter: caseworktest.Matter, Form: caseworktest.LowRisk()})
		ok(t, err)
		if !slices.Equal(saved.Changes, want) {
			t.Fatalf("saved: %+v", saved.Changes)
		}
		if again, err := c.Cases.Draft(c.As("xiangwei"), draft.ID); err != nil || len(again.Changes) != 0 {
			t.Fatalf("seen: %+v, %v", again, err)
		}
		view, err := c.Cases.Submit(c.As("xiangwei"), casework.SubmitInput{Draft: draft.ID, Statement: true, Delivery: "pickup"})
		ok(t, err)
		now, err := c.Configuration.Current(c.As("xiangwei"), caseworktest.Matter)
		ok(t, err)
		if view.Case().MatterDigest != now.Digest {
			t.Fatalf("pinned to %s, in force is %s", view.Case().MatterDigest, now.Digest)
		}
	})
}
