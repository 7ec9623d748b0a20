package kind

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// V-18: patterns that a browser could search for ever are told from those that only look alike.
func TestBacktracks(t *testing.T) {
	for pattern, want := range map[string]bool{
		`(a+)+$`: true, `^(\d+)*$`: true, `([a-zA-Z]+)*x`: true, `(a|aa)+$`: true, `^(.*)*$`: true, `^(\w+\s?)*$`: true, `^((ab)*)*c`: true,
		`^([^,]*,?)*$`: true,

		`^[a-z]+(-[a-z]+)*$`: false, `^1[3-9]\d{9}$`: false, `^\d{6}(19|20)\d{2}.*$`: false, `(.*),(.*)`: false, `^([0-9A-Z]{2}:)*[0-9A-Z]{2}$`: false,
		`^(a|b)*c$`: false, `x*y*z*`: false, `^([0-9]{4}-?)+$`: false, `^(?:[^"]|"")*$`: false, `^[0-9A-HJ-NPQRTUWXY]{18}$`: false, `^.{0,500}$`: false, `(?=x)`: false,
	} {
		if got := backtracks(pattern); got != want {
			t.Errorf("%s: %t, want %t", pattern, got, want)
		}
	}
}

// The test itself must not be what costs: patterns as large as RE2 allows are judged at once.
func TestBacktracksIsQuick(t *testing.T) {
	for _, pattern := range []string{strings.Repeat("(a*)*", 150), "(" + strings.Repeat("a?", 300) + ")*", strings.Repeat("(", 200) + "a" + strings.Repeat(")*", 200),
		"((a{0,30}){0,30})*", "([a-z]{1,1000})*"} {
		if _, err := regexp.Compile(pattern); err != nil {
			t.Fatalf("%.40s…: %v", pattern, err)
		}
		start := time.Now()
		backtracks(pattern)
		if took := time.Since(start); took > 2*time.Second {
			t.Errorf("%.40s… took %s", pattern, took)
		}
	}
}
