package code

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxSeqWidth keeps sequence numbers within int64.
const maxSeqWidth = 18

// exampleSeqWidth is the width that messages suggest for {seq:n}.
const exampleSeqWidth = 6

// tokenWidths gives the width of each token that a pattern may use without declaring
// it. Those with a stated width must be written with it, as {division:6}; dates have a
// width of their own, {dept} has none and {seq:n} has any.
var tokenWidths = map[string]struct {
	width  int
	stated bool
}{
	"yyyy": {4, false}, "yy": {2, false}, "yyyymm": {6, false}, "yymmdd": {6, false}, "yyyymmdd": {8, false},
	"division": {6, true}, "prov": {2, true}, "city": {2, true}, "county": {2, true},
	"dept": {0, false}, "org": {9, true}, "matter_seq": {4, true}, "seq": {0, true}, "check": {1, true},
}

// ParsePattern parses a number pattern: literal text and tokens in braces, `{name}` or
// `{name:width}` (domain model §3.2.2). custom holds the keys of the rule's `map` with
// their widths; a width of 0 takes the one written. All mistakes are reported, joined, each
// an Error whose Position is the character where its token begins. A {check:1} is
// computed by ISO 7064 MOD 11,10 unless WithCheck says otherwise.
func ParsePattern(s string, custom map[string]int) (Pattern, error) {
	p := Pattern{text: s, check: CheckMod1110}
	var problems []error
	for rest, position := s, 1; rest != ""; {
		t, used, err := next(rest, position, custom)
		if err == nil {
			err = p.admit(t, position)
		}
		if err != nil {
			problems = append(problems, err)
		}
		p.parts = append(p.parts, t)
		position += utf8.RuneCountInString(rest[:used])
		rest = rest[used:]
	}
	if s == "" {
		problems = append(problems, whole("编号规则为空"))
	}
	if len(problems) > 0 {
		return Pattern{}, errors.Join(problems...)
	}
	return p, nil
}

// next reads one literal or token from the head of rest and returns how many bytes it used.
func next(rest string, position int, custom map[string]int) (token, int, error) {
	if rest[0] != '{' {
		n := strings.IndexAny(rest, "{}")
		switch {
		case n < 0:
			n = len(rest)
		case n == 0:
			return token{literal: "}"}, 1, at(position, "的“}”没有对应的“{”")
		}
		return token{literal: rest[:n]}, n, nil
	}
	end := strings.IndexAny(rest[1:], "{}") + 1
	if end == 0 || rest[end] == '{' {
		if end == 0 {
			end = len(rest)
		}
		return token{literal: rest[:end]}, end, at(position, "的“{”没有对应的“}”")
	}
	name, width, stated := strings.Cut(rest[1:end], ":")
	t, err := resolve(name, width, stated, position, custom)
	return t, end + 1, err
}

func resolve(name, width string, stated bool, position int, custom map[string]int) (token, error) {
	n := 0
	if stated {
		var err error
		if n, err = strconv.Atoi(width); err != nil || n < 1 || n > maxSeqWidth || width[0] == '+' {
			return token{}, at(position, "编号要素 {%s} 的宽度“%s”应为 1 至 %d", name, width, maxSeqWidth)
		}
	}
	want, isCustom := custom[name]
	known, builtIn := tokenWidths[name]
	switch {
	case isCustom && builtIn:
		return token{}, at(position, "编号要素 {%s} 是固定要素，不能另行定义", name)
	case isCustom && want == 0 && !stated:
		return token{}, at(position, "编号要素 {%s} 应写明宽度，如 {%s:2}", name, name)
	case isCustom && want != 0 && stated && n != want, builtIn && known.width != 0 && stated && n != known.width:
		return token{}, at(position, "编号要素 {%s} 的宽度应为 %d", name, max(want, known.width))
	case isCustom:
		return token{name: name, width: max(n, want), custom: true}, nil
	case !builtIn:
		names := slices.Sorted(maps.Keys(tokenWidths))
		return token{}, at(position, "编号要素 {%s} 未定义，可用：%s 及 map 中的键", name, strings.Join(names, "、"))
	case known.stated && !stated:
		return token{}, at(position, "编号要素 {%s} 应写明宽度，如 {%s:%d}", name, name, cmp.Or(known.width, exampleSeqWidth))
	case name == "dept" && stated:
		return token{}, at(position, "编号要素 {dept} 不写宽度")
	}
	return token{name: name, width: max(n, known.width)}, nil
}

// admit refuses a second sequence number, and anything that varies after the check character.
func (p *Pattern) admit(t token, position int) error {
	switch {
	case t.name == "seq" && p.has("seq"), t.name == "check" && p.has("check"):
		return at(position, "编号要素 {%s} 只能出现一次", t.name)
	case t.name != "" && p.has("check"):
		return at(position, "编号要素 {%s} 不能在 {check:1} 之后：校验位不覆盖它", t.name)
	}
	return nil
}
