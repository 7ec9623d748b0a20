package expr

import (
	"strings"
	"testing"
)

// V-16, V-17: measures of reports and indexes are typed against the records they count.
func TestMeasures(t *testing.T) {
	good := []string{"count()", "count(case.outcome == 'granted')", "sum(form.area_sqm) / 2", "ratio(count(clock.expired), count()) * 100",
		"avg(form.days)", "count(has(form.website) && form.website != '')", "count(form.website.startsWith('http'))", // an absent value makes a test false
		"max(count(case.deemed), 1)", "sum(rating.score)"}
	bad := map[string]string{
		"count":                                "V-16",
		"form.days + 1":                        "V-17", // of which record?
		"count(form.days)":                     "V-17",
		"sum(case.channel)":                    "V-17",
		"sum(form.areas)":                      "V-16",
		"count(case.outcome == 'grnted')":      "V-16",
		"count(count() > 1)":                   "V-17",
		"ratio(count())":                       "V-17",
		"total()":                              "V-16",
		"count(task.node == 'x')":              "V-16", // of another source
		"count(case.outcome == 'granted') > 1": "V-17",
	}
	e := newEnv(t, Spec{Context: Measure, Subject: "clocks"})
	for _, src := range good {
		if p, problems := e.Compile(src); p == nil {
			t.Errorf("%s\n%s", src, problems)
		}
	}
	for src, code := range bad {
		if p, problems := e.Compile(src); p != nil || !problems.HasErrors() || problems.Errors()[0].Code != code {
			t.Errorf("%s: want %s, got\n%s", src, code, problems)
		}
	}
	filter := newEnv(t, Spec{Context: MeasureFilter, Subject: "tasks"})
	if p, problems := filter.Compile("task.node == 'review' && form.website == 'x'"); p == nil {
		t.Error(problems)
	}
	if _, problems := filter.Compile("count() > 1"); !strings.Contains(problems.String(), "count") {
		t.Error("a filter of records counts them")
	}
	for path, want := range map[string]bool{"form.road_class": true, "case.channel": true, "department": true, "form.road": false, "months": false} {
		if _, ok := MeasureField(Spec{Form: roadForm()}, path); ok != want {
			t.Errorf("%s: %t", path, ok)
		}
	}
}
