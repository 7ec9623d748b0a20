package code

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func values() Values {
	return Values{
		Date: time.Date(2026, 2, 9, 10, 0, 0, 0, time.FixedZone("Asia/Shanghai", 8*60*60)), Division: "431321", Department: "双市监",
		Organisation: "114313210061000105", MatterSeq: 17, Seq: 123,
	}
}

func TestPatterns(t *testing.T) {
	var cases struct {
		Good []struct {
			Pattern string
			Custom  map[string]string
			Check   Check
			Number  string
			Width   int
			Tokens  []string
		}
		Bad []struct {
			Pattern string
			Custom  map[string]int
			Errors  []string
		}
	}
	readYAML(t, "testdata/patterns.yaml", &cases)
	for _, c := range cases.Good {
		declared := map[string]int{}
		for name := range c.Custom {
			declared[name] = 0
		}
		p, err := ParsePattern(c.Pattern, declared)
		if err != nil {
			t.Errorf("%s: %v", c.Pattern, err)
			continue
		}
		if c.Check != "" {
			if p, err = p.WithCheck(c.Check); err != nil {
				t.Errorf("%s: %v", c.Pattern, err)
			}
		}
		v := values()
		v.Custom = c.Custom
		number, err := p.Format(v)
		width, fixed := p.Width()
		if err != nil || number != c.Number || width != c.Width || !slices.Equal(p.Tokens(), c.Tokens) {
			t.Errorf("%s: %q %d %q (%v), want %q %d %q", c.Pattern, number, width, p.Tokens(), err, c.Number, c.Width, c.Tokens)
		}
		if fixed != !strings.Contains(c.Pattern, "{dept}") || fixed && utf8.RuneCountInString(number) != width {
			t.Errorf("%s: width %d fixed %t", c.Pattern, width, fixed)
		}
	}
	for _, c := range cases.Bad {
		_, err := ParsePattern(c.Pattern, c.Custom)
		if want := strings.Join(c.Errors, "\n"); err == nil || err.Error() != want {
			t.Errorf("%s: %v\nwant %s", c.Pattern, err, want)
		}
		if e := (*Error)(nil); !errors.As(err, &e) {
			t.Errorf("%s: %T is no Error", c.Pattern, err)
		}
	}
}

func TestPatternFormatRefuses(t *testing.T) {
	for _, c := range []struct {
		pattern string
		change  func(*Values)
		want    string
	}{
		{"{seq:2}", func(*Values) {}, "编号要素 {seq} 的取值 123 应为 1 至 2 位的正整数"},
		{"{seq:2}", func(v *Values) { v.Seq = 0 }, "编号要素 {seq} 的取值 0 应为 1 至 2 位的正整数"},
		{"{matter_seq:4}", func(v *Values) { v.MatterSeq = -1 }, "编号要素 {matter_seq} 的取值 -1 应为 1 至 4 位的正整数"},
		{"{dept}", func(v *Values) { v.Department = "" }, "编号要素 {dept} 没有取值"},
		{"{yyyy}", func(v *Values) { v.Date = time.Time{} }, "编号要素 {yyyy} 没有取值"},
		{"{city:2}", func(v *Values) { v.Division = "43" }, "区划代码：区划代码应为 6、9 或 12 位，实为 2 位"},
		{"{org:9}", func(v *Values) { v.Organisation = "114313210061000106" }, "统一社会信用代码：第 18 位校验码应为“5”，实为“6”"},
		{"{org:9}", func(v *Values) { v.Organisation = "12345" }, "编号要素 {org} 的取值“12345”为 5 位，应为 9 位"},
		{"{kind:2}", func(v *Values) { v.Custom = map[string]string{"kind": "一二三"} }, "编号要素 {kind} 的取值“一二三”为 3 位，应为 2 位"},
		{"{kind:2}", func(*Values) {}, "编号要素 {kind} 没有取值"},
	} {
		p, err := ParsePattern(c.pattern, map[string]int{"kind": 2})
		if err != nil {
			t.Fatal(err)
		}
		v := values()
		c.change(&v)
		if got, err := p.Format(v); err == nil || err.Error() != c.want {
			t.Errorf("%s: %q %v, want %s", c.pattern, got, err, c.want)
		}
	}
}

func TestPatternCheck(t *testing.T) {
	p, err := ParsePattern("{seq:3}{check:1}", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Check{CheckNone, "crc32", ""} {
		if _, err := p.WithCheck(c); err == nil {
			t.Errorf("check %q is accepted", c)
		}
	}
	plain, err := ParsePattern("{seq:3}", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plain.WithCheck(CheckNone); err != nil {
		t.Error(err)
	}
	if _, _, _, err := p.Affixes(values()); err == nil {
		t.Error("a number with a check character was split")
	}
	if _, _, _, err := (Pattern{}).Affixes(values()); err == nil || !(Pattern{}).IsZero() {
		t.Error("no pattern was split")
	}
}

// Invariant 13: numbering in the database writes what Format writes.
func TestAffixesAgreeWithFormat(t *testing.T) {
	p, err := ParsePattern("受〔{yyyy}〕{dept}第{seq:6}号", nil)
	if err != nil {
		t.Fatal(err)
	}
	if p.MaxSeq() != 999999 || p.String() == "" {
		t.Errorf("holds %d numbers", p.MaxSeq())
	}
	rapid.Check(t, func(t *rapid.T) {
		v := values()
		v.Seq = rapid.Int64Range(1, p.MaxSeq()).Draw(t, "seq")
		before, after, width, err := p.Affixes(v)
		if err != nil {
			t.Fatal(err)
		}
		s := strconv.FormatInt(v.Seq, 10)
		want, err := p.Format(v)
		if got := before + strings.Repeat("0", width-len(s)) + s + after; err != nil || got != want {
			t.Fatalf("%s, want %s (%v)", got, want, err)
		}
	})
}

func FuzzParsePattern(f *testing.F) {
	for _, s := range []string{"受〔{yyyy}〕{dept}第{seq:6}号", "{a:1}{", "}", "{{seq:3}}", "{:}", "{\xff:2}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := ParsePattern(s, map[string]int{"a": 0})
		if err != nil {
			return
		}
		v := values()
		v.Custom = map[string]string{"a": "x"}
		number, err := p.Format(v)
		if width, fixed := p.Width(); err == nil && fixed && utf8.RuneCountInString(number) != width {
			t.Errorf("%q wrote %q, not %d wide", s, number, width)
		}
	})
}
