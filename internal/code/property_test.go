package code

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/deadline"
)

// drawFrom draws n characters of an alphabet.
func drawFrom(t *rapid.T, alphabet string, n int, label string) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[rapid.IntRange(0, len(alphabet)-1).Draw(t, label)]
	}
	return string(b)
}

// changed returns s with one character replaced by another of the alphabet.
func changed(t *rapid.T, s, alphabet string) string {
	i := rapid.IntRange(0, len(s)-1).Draw(t, "position")
	c := rapid.SampledFrom([]byte(strings.ReplaceAll(alphabet, s[i:i+1], ""))).Draw(t, "character")
	return s[:i] + string(c) + s[i+1:]
}

// GB 32100: changing any one character of a valid code fails.
func TestUSCCDetectsOneChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, err := CompleteUSCC(drawFrom(t, usccAlphabet, 2, "class") + drawFrom(t, digits, 6, "division") + drawFrom(t, usccAlphabet, 9, "body"))
		if err != nil || !ValidUSCC(s) {
			t.Fatalf("%s (%v)", s, err)
		}
		if other := changed(t, s, alphanumeric); ValidUSCC(other) {
			t.Fatalf("%s and %s are both valid", s, other)
		}
	})
	for _, s := range []string{"114313210061000105", "91431321MA4L00011P"} { // every change, not only drawn ones
		for i := range len(s) {
			for _, c := range alphanumeric {
				if other := s[:i] + string(c) + s[i+1:]; other != s && ValidUSCC(other) {
					t.Errorf("%s and %s are both valid", s, other)
				}
			}
		}
	}
}

func TestCitizenIDDetectsOneChange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth := deadline.MustDate("1930-01-01").AddDays(rapid.IntRange(0, 34_000).Draw(t, "birth"))
		head := "431321" + strings.ReplaceAll(birth.String(), "-", "") + drawFrom(t, digits, 3, "sequence")
		check, err := Pure112(head)
		if err != nil {
			t.Fatal(err)
		}
		s := head + string(check)
		id, err := ParseCitizenID(s, deadline.Date{})
		if err != nil || id.Birth != birth || id.Male != (s[16]%2 == 1) || id.Division != "431321" {
			t.Fatalf("%s: %+v (%v)", s, id, err)
		}
		if other := changed(t, s, digits+"X"); ValidCitizenID(other) {
			t.Fatalf("%s and %s are both valid", s, other)
		}
	})
}

// ISO 7064 detects every single change and every transposition of neighbours.
func TestCheckCharactersDetectErrors(t *testing.T) {
	systems := map[string]struct {
		compute  func(string) (byte, error)
		alphabet string
	}{"mod 11,10": {Hybrid1110, digits}, "mod 37,36": {Hybrid3736, alphanumeric}, "mod 11-2": {Pure112, digits}}
	for name, system := range systems {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				s := drawFrom(t, system.alphabet, rapid.IntRange(1, 30).Draw(t, "length"), "s")
				a, err := system.compute(s)
				if err != nil {
					t.Fatal(err)
				}
				if b, _ := system.compute(changed(t, s, system.alphabet)); a == b {
					t.Fatalf("a change of %s is not seen", s)
				}
			})
			if _, err := system.compute("12#"); err == nil {
				t.Error("# has a place in the alphabet")
			}
		})
	}
}

func TestLicenceRoundTrip(t *testing.T) { // GB/T 36904
	rapid.Check(t, func(t *rapid.T) {
		l := Licence{
			Type: "11100000MB0143028R" + drawFrom(t, digits, 3, "type"), Issuer: "114313210061000105",
			Serial: drawFrom(t, alphanumeric, rapid.IntRange(1, 20).Draw(t, "length"), "serial"), Version: rapid.IntRange(1, 999).Draw(t, "version"),
		}
		s, err := l.Identifier()
		if err != nil {
			t.Fatal(err)
		}
		if back, err := ParseLicence(s); err != nil || back != l {
			t.Fatalf("%+v came back as %+v (%v)", l, back, err)
		}
	})
}

func TestImplementation(t *testing.T) {
	s, err := BuildImplementation("11370800MB28559184", City, "370117002011")
	if err != nil || s != "11370800MB285591843370117002011" {
		t.Fatalf("%s (%v)", s, err)
	}
	want := Implementation{USCC: "11370800MB28559184", Level: City, Basic: "370117002011"}
	if got, err := SplitImplementation(s); err != nil || got != want {
		t.Errorf("%+v (%v)", got, err)
	}
	if b, err := SplitBasic("370117002011"); err != nil || b != (Basic{"37", "01", "17002", "011"}) {
		t.Errorf("%+v (%v)", b, err)
	}
	for _, c := range []struct {
		uscc  string
		level Level
		basic string
		want  string
	}{
		{"11370800MB28559184", 7, "370117002011", "层级 7 应为 1 至 6"},
		{"11370800MB28559185", City, "370117002011", "统一社会信用代码：第 18 位校验码应为“4”，实为“5”"},
		{"11370800MB28559184", City, "3701", "基本编码：基本编码应为 12 位，实为 4 位"},
	} {
		if got, err := BuildImplementation(c.uscc, c.level, c.basic); err == nil || err.Error() != c.want {
			t.Errorf("%q %v, want %s", got, err, c.want)
		}
	}
}

func TestItemTypes(t *testing.T) {
	for _, it := range itemTypes {
		if ItemTypeName(it.digits) != it.name || ItemTypeDigits(it.name) != it.digits {
			t.Errorf("%s is not %s", it.digits, it.name)
		}
	}
	if ItemTypeName("99") != "" || ItemTypeDigits("internal_affairs") != "" {
		t.Error("an unknown type is known")
	}
}

func TestUSCCParts(t *testing.T) {
	for s, title := range map[string]string{"11370800MB28559184": "机关", "91431321MA4L00011P": "企业"} {
		u, err := SplitUSCC(s)
		if err != nil || u.Title() != title || u.Authority+u.Category+u.Division+u.Organisation != s[:17] {
			t.Errorf("%s: %+v %s (%v)", s, u, u.Title(), err)
		}
		if err := CheckOrganisation(u.Organisation); err != nil {
			t.Errorf("%s: %v", u.Organisation, err)
		}
	}
}

func TestCitizenHolders(t *testing.T) {
	for s, want := range map[string]Holder{"11010519491231002X": Citizen, "81000019900307001": HMTResident, "91143119900307001": PermanentResident} {
		if len(s) == 17 {
			check, err := Pure112(s)
			if err != nil {
				t.Fatal(err)
			}
			s += string(check)
		}
		if id, err := ParseCitizenID(s, deadline.MustDate("2026-02-09")); err != nil || id.Holder != want {
			t.Errorf("%s: %+v (%v), want %s", s, id, err, want)
		}
	}
	if long, err := LengthenCitizenID("110105491231002"); err != nil || long != "11010519491231002X" {
		t.Errorf("%s (%v)", long, err)
	}
}

func TestDivisionTree(t *testing.T) {
	for _, c := range []struct {
		code   string
		level  Level
		parent string
	}{
		{"000000", Nation, ""}, {"430000", Province, "000000"}, {"431300", City, "430000"}, {"431321", County, "431300"},
		{"431321101", Township, "431321"}, {"441900003", Township, "441900"}, {"431321101203", Village, "431321101"}, {"431321101000", Township, "431321"},
	} {
		level, err := DivisionLevel(c.code)
		parent, err2 := ParentOf(c.code)
		if err := errors.Join(err, err2); err != nil || level != c.level || parent != c.parent {
			t.Errorf("%s is a %s under %q (%v)", c.code, level, parent, err)
		}
		if !Within(c.code, c.code) || !Within(c.code, "000000") || parent != "" && (!Within(c.code, parent) || Within(parent, c.code)) {
			t.Errorf("%s does not lie in its parent", c.code)
		}
		if back, err := ParseLevel(level.String()); err != nil || back != level {
			t.Errorf("%s is not %s (%v)", level, back, err)
		}
	}
	if Within("431321", "420000") || Within("431321", "43") || Within("43", "430000") {
		t.Error("a division lies where it does not")
	}
	if l, err := ParseLevel("platform"); err != nil || l != Nation {
		t.Errorf("%s (%v)", l, err)
	}
	if _, err := ParseLevel("hamlet"); err == nil || Level(0).String() != "" {
		t.Error("a hamlet is a level")
	}
	if _, err := ParentOf("43"); err == nil {
		t.Error("43 has a parent")
	}
}

func TestQueryCode(t *testing.T) {
	if s, err := QueryCode(bytes.NewReader([]byte{0, 31, 32, 255, 8, 9, 10, 100})); err != nil || s != "2Z2ZABC6" {
		t.Errorf("%s (%v)", s, err)
	}
	if _, err := QueryCode(bytes.NewReader([]byte{1, 2})); err == nil {
		t.Error("two bytes of randomness were enough")
	}
	if len(queryAlphabet) != 32 || strings.ContainsAny(queryAlphabet, "01IO") {
		t.Errorf("alphabet %s", queryAlphabet)
	}
	if got := Normalise(" ａ2b3　c4D5 "); got != "A2B3C4D5" || CheckQueryCode(got) != nil {
		t.Errorf("normalised to %q", got)
	}
}

func FuzzChecks(f *testing.F) {
	f.Add("11370800MB28559184")
	f.Add("一二三四五六七八九十一二三四五六七八")
	f.Add("\xff\xfe1.2.156.3005.2.....")
	f.Fuzz(func(t *testing.T, s string) {
		for _, check := range checks {
			var e *Error
			if err := check(s); err != nil && !errors.As(err, &e) {
				t.Errorf("%q: %T", s, err)
			}
		}
	})
}
