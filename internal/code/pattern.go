package code

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Check names the check-character algorithm of a number pattern.
type Check string

// The algorithms of NumberRule.check.
const (
	CheckMod1110 Check = "iso7064-mod11-10" // over the digits before it; the default
	CheckMod3736 Check = "iso7064-mod37-36" // over the digits and upper-case letters before it
	CheckNone    Check = "none"
)

// Pattern is a parsed number pattern, such as "受〔{yyyy}〕{dept}第{seq:6}号" (NumberRule,
// LicenceType.number_rule, DocumentTemplate.number_rule). It is immutable.
type Pattern struct {
	text  string
	parts []token
	check Check
}

// token is a literal (no name) or a token with its width in characters, 0 for any.
type token struct {
	literal string
	name    string
	width   int
	custom  bool
}

// Values are what a number is made from; those that the pattern does not use may be empty.
type Values struct {
	Date         time.Time         // read in its own location: {yyyy} {yy} {yyyymm} {yymmdd} {yyyymmdd}
	Division     string            // 6 digits or more: {division:6} {prov:2} {city:2} {county:2}
	Department   string            // Department.short: {dept}
	Organisation string            // organisation code, or the USCC that holds it: {org:9}
	MatterSeq    int64             // {matter_seq:4}
	Seq          int64             // {seq:n}
	Custom       map[string]string // the rule's `map`, by key
}

// String returns the pattern as written.
func (p Pattern) String() string { return p.text }

// IsZero reports whether p is no pattern.
func (p Pattern) IsZero() bool { return p.text == "" }

// Tokens returns the names of the tokens used, in order.
func (p Pattern) Tokens() []string {
	var out []string
	for _, t := range p.parts {
		if t.name != "" {
			out = append(out, t.name)
		}
	}
	return out
}

// Width returns the number of characters of every number, and false when it varies
// because the pattern uses {dept}; then it counts the rest.
func (p Pattern) Width() (n int, fixed bool) {
	fixed = true
	for _, t := range p.parts {
		n += t.width + utf8.RuneCountInString(t.literal)
		fixed = fixed && t.name != "dept"
	}
	return n, fixed
}

// SeqWidth returns the digits of {seq:n}, 0 when the pattern has none.
func (p Pattern) SeqWidth() int {
	for _, t := range p.parts {
		if t.name == "seq" {
			return t.width
		}
	}
	return 0
}

// MaxSeq returns the largest sequence number that the pattern can hold, 0 when it has none.
func (p Pattern) MaxSeq() int64 {
	if p.SeqWidth() == 0 {
		return 0
	}
	n := int64(1)
	for range p.SeqWidth() {
		n *= 10
	}
	return n - 1
}

// WithCheck returns the pattern with another check algorithm. It is an error to say
// none for a pattern that has {check:1}, or to name an unknown algorithm.
func (p Pattern) WithCheck(c Check) (Pattern, error) {
	switch c {
	case CheckMod1110, CheckMod3736:
	case CheckNone:
		if p.has("check") {
			return Pattern{}, whole("编号规则含 {check:1}，校验算法不能为 none")
		}
	default:
		return Pattern{}, whole("校验算法 %q 不在 %s、%s、%s 之中", c, CheckMod1110, CheckMod3736, CheckNone)
	}
	p.check = c
	return p, nil
}

func (p Pattern) has(name string) bool {
	for _, t := range p.parts {
		if t.name == name {
			return true
		}
	}
	return false
}

// Format writes the number for the values. Errors name the token that lacks a value or
// cannot hold it. The check character covers what stands before it.
func (p Pattern) Format(v Values) (string, error) {
	var b strings.Builder
	for _, t := range p.parts {
		s, err := p.write(t, v, b.String())
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (p Pattern) write(t token, v Values, before string) (string, error) {
	switch {
	case t.name == "":
		return t.literal, nil
	case t.name == "check":
		return p.checkOf(before)
	}
	s, err := t.value(v)
	if err != nil {
		return "", err
	}
	if s == "" {
		return "", whole("编号要素 {%s} 没有取值", t.name)
	}
	if n := utf8.RuneCountInString(s); t.width > 0 && n != t.width {
		return "", whole("编号要素 {%s} 的取值“%s”为 %d 位，应为 %d 位", t.name, s, n, t.width)
	}
	return s, nil
}

// checkOf computes the check character over those characters of before that belong to
// the algorithm's alphabet; brackets and Chinese characters do not count.
func (p Pattern) checkOf(before string) (string, error) {
	alphabet, compute := digits, Hybrid1110
	if p.check == CheckMod3736 {
		alphabet, compute = alphanumeric, Hybrid3736
	}
	c, err := compute(strings.Map(func(r rune) rune {
		if strings.ContainsRune(alphabet, r) {
			return r
		}
		return -1
	}, before))
	return string(c), err
}

// Affixes returns what stands before and after the sequence number in the numbers of
// one series, and its width, so that a database can number without gaps (invariant
// 13). It is an error when the pattern has no {seq:n} or a check character, which
// would change with every number.
func (p Pattern) Affixes(v Values) (before, after string, width int, err error) {
	if p.SeqWidth() == 0 || p.has("check") {
		return "", "", 0, whole("编号规则须含 {seq:n} 且不含 {check:1}")
	}
	side := &before
	for _, t := range p.parts {
		if t.name == "seq" {
			side = &after
			continue
		}
		s, err := p.write(t, v, "")
		if err != nil {
			return "", "", 0, err
		}
		*side += s
	}
	return before, after, p.SeqWidth(), nil
}
