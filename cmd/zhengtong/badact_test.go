package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"testing"

	"zhengtong/cmd/zhengtong/demo"
)

func sum(content []byte) string {
	digest := sha256.Sum256(content)
	return hex.EncodeToString(digest[:])
}

const (
	acting       = `mutation($input: ActOnTaskInput!) { actOnTask(input: $input) { case { version } } }`
	issuing      = `mutation($input: IssueDocumentInput!) { issueDocument(input: $input) { document { number } } }`
	withdrawing  = `mutation($input: WithdrawCaseInput!) { withdrawCase(input: $input) { case { version } } }`
	resubmitting = `mutation($input: ResubmitCorrectionInput!) { resubmitCorrection(input: $input) { case { version } } }`
)

// badActs: acts that are not offered, come too late, or belong to somebody else.
func (w *town) badActs(t *testing.T) {
	now := w.version(t)
	stranger := signIn(t, w.origin, "ls-shencha", "450721")
	rival := signIn(t, w.origin, "yongfeng", "")
	clerk := signIn(t, w.origin, "chuangkou", "431321")
	act := func(action string, version int) map[string]any {
		return map[string]any{"task": w.task, "action": action, "version": version}
	}
	defect := map[string]any{"reason": "不清楚", "item_list": []any{map[string]any{"material": "premises-layout", "requirement": "重画"}}}
	for _, c := range []struct {
		name         string
		who          caller
		mutation     string
		input        map[string]any
		code, reason string
	}{
		{"an action of another node", w.reviewer, acting, act("accept", now), "CONFLICT", "action_not_offered"},
		{"an action of no node", w.reviewer, acting, act("fly", now), "CONFLICT", "action_not_offered"},
		{"a version that has passed", w.reviewer, acting, act("pass", now-1), "CONFLICT", "stale_version"},
		{"a version that is to come", w.reviewer, acting, act("pass", now+1), "CONFLICT", "stale_version"},
		{"no version", w.reviewer, acting, act("pass", 0), "CONFLICT", "stale_version"},
		{"an action before its notice", w.reviewer, acting, map[string]any{"task": w.task, "action": "correct", "version": now, "fields": defect}, "CONFLICT", "document_required"},
		{"a notice of an action that is not offered", w.reviewer, issuing, map[string]any{"task": w.task, "action": "accept"}, "CONFLICT", "action_not_offered"},
		{"a notice without what it must say", w.reviewer, issuing, map[string]any{"task": w.task, "action": "correct", "fields": map[string]any{}}, "VALIDATION", ""},
		{"somebody else's task", clerk, acting, act("pass", now), "NOT_FOUND", ""},
		{"a task of another county", stranger, acting, act("pass", now), "NOT_FOUND", ""},
		{"a notice of another county", stranger, issuing, map[string]any{"task": w.task, "action": "correct", "fields": defect}, "NOT_FOUND", ""},
		{"another firm's case", rival, withdrawing, map[string]any{"case": w.kase.CaseID, "reason": "不办了", "version": now}, "NOT_FOUND", ""},
		{"a withdrawal of an older version", w.firm, withdrawing, map[string]any{"case": w.kase.CaseID, "reason": "不办了", "version": now - 1}, "CONFLICT", "stale_version"},
		{"an answer to a correction that nobody asked for", w.firm, resubmitting, map[string]any{"case": w.kase.CaseID, "version": now, "materials": []any{}}, "CONFLICT", ""},
		{"a case id where a task id belongs", w.reviewer, acting, map[string]any{"task": w.kase.CaseID, "action": "pass", "version": now}, "BAD_REQUEST", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.unchanged(t, func() {
				a := c.who.do(t, c.mutation, map[string]any{"input": c.input})
				a.refused(t, c.code, c.reason)
				if c.code == "VALIDATION" && (len(a.problems()) == 0 || !strings.HasPrefix(a.problems()[0].Path, "$.fields.")) {
					t.Errorf("a refused field is named: %v", a.problems())
				}
			})
		})
	}
}

// tenAtOnce submits one draft ten times at once, with one key and with ten: one case results.
// R-APP-14
func (w *town) tenAtOnce(t *testing.T) {
	for _, keys := range []int{1, 10} {
		t.Run(fmt.Sprint(keys, " keys"), func(t *testing.T) {
			filled, _ := walk(t, demo.Options{Server: w.origin, Steps: received - 1})
			before := w.cases(t)
			numbers := w.submitAtOnce(t, filled.Draft, 10, keys)
			if len(numbers) != 1 || w.cases(t) != before+1 {
				t.Errorf("one draft became %v; %d cases before and %d after", numbers, before, w.cases(t))
			}
			if keys > 1 {
				return // a key that lost the race is not kept: its draft has its case
			}
			again := w.firm.do(t, submitting, map[string]any{"input": map[string]any{"draft": filled.Draft, "statement": false}}, t.Name()+"-0")
			again.refused(t, "IDEMPOTENCY_MISMATCH", "")
		})
	}
}

// submitAtOnce sends one submission n times at the same moment and returns the numbers of the cases answered.
func (w *town) submitAtOnce(t *testing.T, draft string, n, keys int) map[string]int {
	var wait sync.WaitGroup
	var mu sync.Mutex
	numbers, start := map[string]int{}, make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			a, err := w.firm.try(t.Context(), submitting, map[string]any{"input": map[string]any{"draft": draft, "statement": true}}, fmt.Sprintf("%s-%d", t.Name(), i%keys))
			mu.Lock()
			defer mu.Unlock()
			numbers[a.text("submitApplication.case.number")]++
			if err != nil || a.code() != "" {
				t.Errorf("submission %d: %v %s", i, err, a.Body)
			}
		})
	}
	close(start)
	wait.Wait()
	return numbers
}

// cases counts the firm's cases, once its list has caught up.
func (w *town) cases(t *testing.T) int {
	t.Helper()
	w.settle(t)
	list, _ := w.firm.must(t, `{ myCases(first: 100) { edges { node { number } } } }`, nil).at("myCases.edges").([]any)
	return len(list)
}
