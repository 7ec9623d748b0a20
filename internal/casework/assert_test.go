package casework_test

import (
	"zhengtong/internal/casework"
	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/workflow"
)

// ok stops the test on an error.
func ok(t caseworktest.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// refused expects a coded refusal; reason "" is not looked at.
func refused(t caseworktest.TB, err error, code problem.Code, reason string) {
	t.Helper()
	if problem.CodeOf(err) != code || (reason != "" && problem.ReasonOf(err) != reason) {
		t.Fatalf("want %s %s, got %v (%s %s)", code, reason, err, problem.CodeOf(err), problem.ReasonOf(err))
	}
}

// status expects the case to be in a state of SM-05.
func status(t caseworktest.TB, k *caseworktest.Case, want workflow.Status) {
	t.Helper()
	if got := k.Now().Case().Status; got != want {
		t.Fatalf("the case is %s, want %s", got, want)
	}
}

// limit expects the last clock of a kind to be in a state and due on a day.
func limit(t caseworktest.TB, k *caseworktest.Case, kind deadline.Kind, state deadline.State, due string) {
	t.Helper()
	c := k.Limit(kind)
	if c.Body.State != state || c.DueOn.String() != due {
		t.Fatalf("the %s clock is %s and due on %s, want %s and %s", kind, c.Body.State, c.DueOn, state, due)
	}
}

// material returns a material of the case.
func material(t caseworktest.TB, k *caseworktest.Case, ref string) *casework.Material {
	t.Helper()
	for _, m := range k.Now().Materials() {
		if m.Ref == ref {
			return m
		}
	}
	t.Fatalf("the case has no material %s", ref)
	return nil
}

// text is a number or a name inside a document's values, by keys.
func value(t caseworktest.TB, d *casework.Document, keys ...string) any {
	t.Helper()
	var at any = decode(t, d.Values)
	for _, key := range keys {
		fields, found := at.(map[string]any)
		if !found {
			return nil
		}
		at = fields[key]
	}
	return at
}
