package graph_test

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"zhengtong/internal/casework/caseworktest"
)

// R-APP-14, the API contract Transport: same key and body answer the same, once; another body is refused.
func TestARepeatIsAnsweredFromItsRecord(t *testing.T) {
	w := open(t)
	const save = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id version } } }`
	var form map[string]any
	w.must(json.Unmarshal(caseworktest.Application(nil), &form))
	first := w.do("xiangwei", save, input(map[string]any{"matter": food, "form": form}), "Idempotency-Key", "k-1")
	again := w.do("xiangwei", save, input(map[string]any{"matter": food, "form": form}), "Idempotency-Key", "k-1")
	if fmt.Sprint(first.Data) != fmt.Sprint(again.Data) {
		t.Errorf("%v, then %v", first.Data, again.Data)
	}
	form["area_sqm"] = 90
	if other := w.ask("xiangwei", save, input(map[string]any{"matter": food, "form": form}), "Idempotency-Key", "k-1"); other.code() != "IDEMPOTENCY_MISMATCH" {
		t.Errorf("another body: %+v", other.Errors)
	}
	if a := w.do("yongfeng", save, input(map[string]any{"matter": food, "form": form}), "Idempotency-Key", "k-1"); a.text("saveDraft", "draft", "id") == first.text("saveDraft", "draft", "id") {
		t.Error("a key belongs to one account")
	}
	upload := `mutation($input: RequestUploadInput!) { requestUpload(input: $input) { file { id } url } }`
	announced := input(map[string]any{"owner": first.text("saveDraft", "draft", "id"), "material": "safety-rules", "filename": "a.pdf", "size": 10,
		"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "mime": "application/pdf"})
	one, two := w.do("xiangwei", upload, announced, "Idempotency-Key", "k-2"), w.do("xiangwei", upload, announced, "Idempotency-Key", "k-2")
	if one.text("requestUpload", "file", "id") != two.text("requestUpload", "file", "id") || two.text("requestUpload", "url") == "" {
		t.Errorf("%v, then %v", one.Data, two.Data)
	}
}

// A refusal is no record: what was wrong can be put right under the same key.
func TestARefusalIsNotRecorded(t *testing.T) {
	w := open(t)
	const submit = `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id } } }`
	in := input(map[string]any{"draft": w.draft("xiangwei"), "statement": false})
	for range 2 {
		if a := w.ask("xiangwei", submit, in, "Idempotency-Key", "k-1"); a.code() != "VALIDATION" {
			t.Fatalf("%+v", a.Errors)
		}
	}
}

// Twins in flight make one case and one act.
func TestTwinsAreOne(t *testing.T) {
	w := open(t)
	const twins = 8
	together := func(login, query string, variables map[string]any) []answer {
		w.token(login)
		answers := make([]answer, twins)
		var all sync.WaitGroup
		for i := range twins {
			all.Add(1)
			go func() {
				defer all.Done()
				answers[i] = w.ask(login, query, variables, "Idempotency-Key", "twins")
			}()
		}
		all.Wait()
		return answers
	}
	same := func(answers []answer) answer {
		t.Helper()
		for _, a := range answers {
			if a.code() != "" || fmt.Sprint(a.Data) != fmt.Sprint(answers[0].Data) {
				t.Fatalf("%v %+v, another %v", a.Data, a.Errors, answers[0].Data)
			}
		}
		return answers[0]
	}
	filed := same(together("xiangwei", `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number version } } }`,
		input(map[string]any{"draft": w.draft("xiangwei"), "statement": true})))
	id := filed.text("submitApplication", "case", "id")
	task, login := w.taskOf(id, "shencha", "shencha2")
	before := w.version(login, id)
	same(together(login, `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { version } } }`,
		input(map[string]any{"task": task, "action": "pass", "version": before})))
	if after := w.version(login, id); after != before+1 {
		t.Errorf("version %d after %d", after, before)
	}
}
