package authz

import (
	"context"
	"errors"
	"testing"
	"time"
)

const masking = `package tenant.masking

obligations contains {"type": "mask"} if not input.object.own_case
`

func TestModule(t *testing.T) {
	m, err := CompileModule(t.Context(), masking, "data.tenant.masking.obligations")
	if err != nil {
		t.Fatal(err)
	}
	for input, want := range map[string]string{`{"object": {"own_case": true}}`: `[]`, `{}`: `[{"type":"mask"}]`} {
		if got, err := m.Eval(t.Context(), []byte(input)); err != nil || got != want {
			t.Errorf("%s: %s (%v)", input, got, err)
		}
	}
}

// A tenant's module reaches nothing outside its input, and what it cannot do is told with its place.
func TestModulesStayInside(t *testing.T) {
	for name, text := range map[string]string{
		"network": `x := http.send({"method": "get", "url": "http://10.0.0.1/"})`,
		"names":   `x := net.lookup_ip_addr("localhost")`,
		"clock":   `x := time.now_ns()`,
		"chance":  `x := rand.intn("a", 10)`,
		"process": `x := opa.runtime()`,
		"syntax":  `x := {`,
		"unsafe":  `x := y if y > 1`,
	} {
		_, err := CompileModule(t.Context(), "package p\n\n"+text, "data.p.x")
		var flaws ModuleErrors
		if !errors.As(err, &flaws) || flaws[0].Field != "module" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := CompileModule(t.Context(), "package p\n\nx := 1", "data.p.y"); err == nil {
		t.Error("an entrypoint that is no rule")
	}
}

// An evaluation without end stops with its context.
func TestModulesAreStopped(t *testing.T) {
	m, err := CompileModule(t.Context(), "package p\n\nx contains [a, b, c] if { some a in numbers.range(1, 3000); some b in numbers.range(1, 3000); some c in numbers.range(1, 3000) }", "data.p.x")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := m.Eval(ctx, []byte("{}")); err == nil {
		t.Error("it came to an end")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("stopped after %s", took)
	}
}
