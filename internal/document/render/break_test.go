package render

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// em makes every Han character ten wide and everything else five.
func em(r rune) float64 {
	if r > 0x2000 {
		return 10
	}
	return 5
}

func texts(lines []line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.text)
	}
	return out
}

func TestBreakText(t *testing.T) {
	for name, c := range map[string]struct {
		text   string
		room   float64
		indent float64
		want   string // lines joined by |
	}{
		"plain":                       {"一二三四五", 30, 0, "一二三|四五"},
		"indent":                      {"一二三四五", 30, 20, "一|二三四|五"},
		"no stop at the start":        {"一二三。四", 30, 0, "一二|三。四"},
		"two closers":                 {"一二三》。四", 30, 0, "一二|三》。|四"},
		"no opener at the end":        {"一二《三四》", 30, 0, "一二|《三|四》"},
		"a number stays whole":        {"一二12345号", 40, 0, "一二|12345号"},
		"a long word is cut":          {"abcdefghij", 20, 0, "abcd|efgh|ij"},
		"a dash of two strokes":       {"一二——三", 30, 0, "一二|——三"},
		"blank at the end goes":       {"一二三 四", 30, 0, "一二三|四"},
		"line feed":                   {"一\n二", 30, 0, "一|二"},
		"empty":                       {"", 30, 0, ""},
		"nothing may break":           {"。。。。", 20, 0, "。。|。。"},
		"wider than the room":         {"一二", 5, 0, "一|二"},
		"a variation selector joins":  {"一二三\U000E0101四", 30, 0, "一二三\U000E0101|四"},
		"controls and tabs are white": {"一\t二\u0007三\r\n四", 40, 0, "一 二三|四"},
	} {
		m := func(r rune) float64 {
			if modifies(r) {
				return 0
			}
			return em(r)
		}
		if got := strings.Join(texts(breakText(c.text, c.room, c.indent, m)), "|"); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Laws of Chinese composition: nothing is lost, nothing sticks out, and where a
// choice exists no line begins with a closing mark or ends with an opening one.
func TestBreakTextLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.StringOfN(rapid.SampledFrom([]rune("一二三四五六七，。、《》（）“”a1-—… ")), 0, 60, -1).Draw(t, "text")
		room := float64(rapid.IntRange(8, 20).Draw(t, "room")) * 10
		lines := breakText(source, room, 20, em)
		strip := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if got := strip(strings.Join(texts(lines), "")); got != strip(source) {
			t.Fatalf("%q came out as %q", source, got)
		}
		for i, l := range lines {
			if l.width > room || l.width+l.stretch(10)*float64(len([]rune(l.text))-1) > room+1e-6 {
				t.Fatalf("line %q is wider than %v", l.text, room)
			}
			if i == 0 || l.text == "" {
				continue
			}
			before, first := lines[i-1].text, []rune(l.text)[0]
			if hasChoice(before) && strings.ContainsRune(noStart, first) {
				t.Fatalf("line %d of %q begins with a closing mark", i, texts(lines))
			}
			if last := []rune(before); hasChoice(before) && strings.ContainsRune(noEnd, last[len(last)-1]) {
				t.Fatalf("line %d of %q ends with an opening mark", i-1, texts(lines))
			}
		}
	})
}

// hasChoice reports whether a line could have ended earlier.
func hasChoice(s string) bool {
	list := units(s, 1e9, em)
	for i := 1; i < len(list); i++ {
		if breakable(list, i) && strings.TrimSpace(s) != "" && !list[0].space {
			return true
		}
	}
	return false
}
