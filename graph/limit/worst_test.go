package limit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"zhengtong/graph/limit"
	"zhengtong/internal/problem"
)

// One mebibyte of repeated fields is refused in milliseconds (issue 2, bad input).
func TestAMebibyteOfRepeatedFieldsIsRefusedAtOnce(t *testing.T) {
	g := guard(t, limit.Default())
	query := "{" + strings.Repeat("viewer{home{id}}", (1<<20)/16) + "}"
	start := time.Now()
	if err := ask(t, g, query, nil); problem.CodeOf(err) != problem.BadRequest {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 100*time.Millisecond {
		t.Errorf("took %v", took)
	}
}

// The worst that passes every limit must still be validated fast: the limits bound validation, not the other way.
func TestTheWorstAllowedQueryIsValidatedFast(t *testing.T) {
	for name, query := range map[string]string{
		"repeats at one place":   `{tenant(code:"1"){` + wide(40, 20) + `}}`,
		"repeats at every level": `{` + pyramid(4, 2) + `}`,
		"many such places":       `{` + aliased(16, pyramid(3, 2)) + `}`,
		"spreads":                `{tenant(code:"1"){` + strings.Repeat("...f ", 20) + `}} fragment f on Tenant{` + wide(40, 1) + `}`,
		"unknown fields":         `{tenant(code:"1"){` + unknown(900) + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			err := ask(t, guard(t, limit.Default()), query, nil)
			if took := time.Since(start); took > 500*time.Millisecond {
				t.Errorf("took %v (%v)", took, err)
			}
			if reason := problem.ReasonOf(err); reason != "" && reason != "validation_failed" {
				t.Errorf("not the worst that is allowed: %v", err)
			}
		})
	}
}

// wide repeats each of n response names k times.
func wide(n, k int) string {
	var b strings.Builder
	for range k {
		for i := range n {
			fmt.Fprintf(&b, "f%d ", i)
		}
	}
	return b.String()
}

// pyramid repeats a composite field k times at each of n levels: k^n fields meet at the lowest.
func pyramid(n, k int) string {
	if n == 0 {
		return "id "
	}
	return strings.Repeat(`tenant(code:"1"){`+below(n-1, k)+`}`, k)
}

func below(n, k int) string {
	if n == 0 {
		return "id "
	}
	return strings.Repeat(`parent{`+below(n-1, k)+`}`, k)
}

// aliased asks for the same under n names.
func aliased(n int, what string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "a%d:viewer{home{%s}} ", i, below(3, 2))
	}
	return b.String() + what
}

func unknown(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "titel%d ", i)
	}
	return b.String()
}

func BenchmarkAMebibyteOfRepeatedFields(b *testing.B) {
	g := guard(b, limit.Default())
	query := "{" + strings.Repeat("viewer{home{id}}", (1<<20)/16) + "}"
	b.SetBytes(int64(len(query)))
	for b.Loop() {
		_ = ask(b, g, query, nil)
	}
}
