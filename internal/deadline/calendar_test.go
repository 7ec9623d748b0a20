package deadline

import (
	"encoding/json"
	"os"
	"slices"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// root is the smallest valid calendar.
func root() CalendarSpec {
	return CalendarSpec{
		Weekend: []string{"sat", "sun"}, WorkingHours: [][]string{{"09:00", "12:00"}, {"13:00", "17:00"}},
		PublishedThrough: "2026-12-31",
	}
}

// overlay decodes a YAML map over spec by way of JSON, as configuration reaches the package.
func overlay(t *testing.T, spec *CalendarSpec, with map[string]any) {
	t.Helper()
	raw, err := json.Marshal(with)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, spec); err != nil {
		t.Fatal(err)
	}
}

func TestCalendarProblems(t *testing.T) {
	raw, err := os.ReadFile("testdata/calendar_problems.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Name     string
		Empty    bool
		Spec     map[string]any
		Child    map[string]any
		Problems []string
	}
	if err := yaml.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			spec := root()
			if c.Empty {
				spec = CalendarSpec{}
			}
			overlay(t, &spec, c.Spec)
			cal, problems := NewCalendar(spec)
			if c.Child != nil && cal != nil {
				var child CalendarSpec
				overlay(t, &child, c.Child)
				cal, problems = cal.Extend(child)
			}
			var got []string
			for _, p := range problems {
				got = append(got, p.Path+" "+p.Code)
			}
			if !slices.Equal(got, c.Problems) {
				t.Errorf("got %q\nwant %q", got, c.Problems)
			}
			if (cal == nil) != problems.HasErrors() {
				t.Errorf("calendar %v beside problems %v", cal, problems)
			}
		})
	}
}

func TestCalendarLayers(t *testing.T) {
	parent := readCalendar(t)
	child, problems := parent.Extend(CalendarSpec{Exceptions: []Exception{{Date: "2026-04-20", Working: false, Reason: "三月三"}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, c := range []struct {
		cal     *Calendar
		on      string
		working bool
		reason  string
	}{
		{parent, "2026-02-14", true, "春节调休"}, // T-02: a make-up Saturday counts
		{parent, "2026-02-16", false, "春节"},
		{parent, "2026-03-07", false, "星期六"},
		{parent, "2026-03-09", true, ""},
		{parent, "2027-01-01", false, "元旦"}, // T-20: known without the notice
		{parent, "2027-02-08", false, "春节"},
		{parent, "2026-04-20", true, ""},
		{child, "2026-04-20", false, "三月三"},
		{child, "2026-02-14", true, "春节调休"},
	} {
		on := MustDate(c.on)
		if c.cal.Working(on) != c.working || c.cal.Reason(on) != c.reason {
			t.Errorf("%s: working %t for %q, want %t for %q", on, c.cal.Working(on), c.cal.Reason(on), c.working, c.reason)
		}
	}
	if child.Provisional(MustDate("2026-12-31")) || !child.Provisional(MustDate("2027-01-01")) {
		t.Error("the child does not inherit published_through")
	}
	if (*Calendar).Working(parent, Date{}) {
		t.Error("no date is worked")
	}
}

func TestCalendarDigest(t *testing.T) {
	spec := readSpec(t)
	a, _ := NewCalendar(spec)
	for i, e := range spec.Exceptions { // ranges written out day by day mean the same
		if e.From != "" {
			first := MustDate(e.From)
			spec.Exceptions[i] = Exception{Date: e.From, Working: e.Working, Reason: e.Reason}
			for d := first.AddDays(1); !d.After(MustDate(e.To)); d = d.AddDays(1) {
				spec.Exceptions = append(spec.Exceptions, Exception{Date: d.String(), Working: e.Working, Reason: e.Reason})
			}
		}
	}
	b, problems := NewCalendar(spec)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if a.Digest() != b.Digest() {
		t.Error("the same days have two digests")
	}
	if c, _ := a.Extend(CalendarSpec{}); c.Digest() != a.Digest() {
		t.Error("an empty child has another digest")
	}
	if c, _ := a.Extend(CalendarSpec{PublishedThrough: "2027-12-31"}); c.Digest() == a.Digest() {
		t.Error("a new notice leaves the digest")
	}
	if len(a.Digest()) != 64 {
		t.Errorf("digest %q", a.Digest())
	}
}

func TestAddByUnit(t *testing.T) {
	cal := readCalendar(t)
	for _, c := range []struct {
		from  string
		limit Limit
		roll  bool
		want  string
	}{
		{"2026-02-13", Limit{1, Workday}, true, "2026-02-14"},
		{"2026-02-14", Limit{0, Workday}, true, "2026-02-14"},
		{"2026-02-13", Limit{2, Day}, true, "2026-02-24"},
		{"2026-02-13", Limit{2, Day}, false, "2026-02-15"},
		{"2026-01-31", Limit{1, Month}, true, "2026-02-28"},
		{"2026-01-01", Limit{1, Year}, true, "2027-01-04"},
		{"2026-03-06", Limit{8, Hour}, true, "2026-03-09"},
	} {
		if got := cal.Add(MustDate(c.from), c.limit, c.roll).String(); got != c.want {
			t.Errorf("%s + %s = %s, want %s", c.from, c.limit, got, c.want)
		}
	}
	if got := cal.AddWorkdays(MustDate("2020-01-05"), 50_000); cal.WorkdaysBetween(MustDate("2020-01-05"), got) != 50_000 {
		t.Errorf("50,000 working days end on %s", got)
	}
	last := MustDate("9999-12-31")
	if got := cal.AddWorkdays(last, 10); got != last {
		t.Errorf("beyond the calendar lies %s", got)
	}
}

func TestCalendarIsSafeForConcurrentUse(t *testing.T) {
	cal := readCalendar(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for y := range 40 {
				cal.AddWorkdays(NewDate(2000+(y+i)%40, 6, 1), 200)
			}
		})
	}
	wg.Wait()
}

func FuzzCalendar(f *testing.F) {
	raw, err := os.ReadFile("testdata/calendar.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw, int32(0), uint8(5))
	f.Add([]byte(`{"weekend":["sun"],"working_hours":[["00:00","23:59"]],"published_through":"2026-01-01"}`), int32(-9), uint8(200))
	f.Fuzz(func(t *testing.T, raw []byte, offset int32, n uint8) {
		var spec CalendarSpec
		if json.Unmarshal(raw, &spec) != nil {
			return
		}
		cal, problems := NewCalendar(spec)
		if cal == nil {
			if !problems.HasErrors() {
				t.Fatal("no calendar and no error")
			}
			return
		}
		d := MustDate("2026-01-01").AddDays(int(offset) % 100_000)
		if got, want := cal.AddWorkdays(d, int(n)), (oracle{cal}).addWorkdays(d, int(n)); got != want {
			t.Fatalf("%s + %d = %s, want %s", d, n, got, want)
		}
	})
}

func BenchmarkAddWorkdays(b *testing.B) {
	cal := readCalendar(b)
	d := MustDate("2026-02-09")
	for b.Loop() {
		cal.AddWorkdays(d, 20)
	}
}
