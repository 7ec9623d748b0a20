package layout

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// Filter formats a value for print.
type Filter string

// The filters an author may write after the bar.
const (
	FilterNone  Filter = ""
	FilterDate  Filter = "date"
	FilterMoney Filter = "money"
	FilterList  Filter = "list"
)

var filters = []string{string(FilterDate), string(FilterList), string(FilterMoney)}

// Part is a stretch of literal text or one placeholder.
type Part struct {
	Literal string
	Path    string // empty for literal text
	Filter  Filter
}

// Text is a text with placeholders, split into parts. Its zero value is empty.
type Text struct {
	source string
	parts  []Part
}

// ParseText splits a text at its placeholders. The error names the bad one.
func ParseText(source string) (Text, error) {
	t := Text{source: source}
	rest := source
	for rest != "" {
		start := strings.Index(rest, "{{")
		if start < 0 {
			break
		}
		length := strings.Index(rest[start:], "}}")
		if length < 0 {
			return t, fmt.Errorf("占位符缺少结束的 }}：%s", rest[start:])
		}
		t.literal(rest[:start])
		part, err := parsePlaceholder(rest[start+2 : start+length])
		if err != nil {
			return t, err
		}
		t.parts = append(t.parts, part)
		rest = rest[start+length+2:]
	}
	if strings.Contains(rest, "}}") {
		return t, fmt.Errorf("多余的 }}：%s", rest)
	}
	t.literal(rest)
	return t, nil
}

// Literal is a text that is printed as it stands, braces and all.
func Literal(s string) Text {
	t := Text{source: s}
	t.literal(s)
	return t
}

func (t *Text) literal(s string) {
	if s != "" {
		t.parts = append(t.parts, Part{Literal: s})
	}
}

func parsePlaceholder(inner string) (Part, error) {
	path, filter, filtered := strings.Cut(inner, "|")
	p := Part{Path: strings.TrimSpace(path), Filter: Filter(strings.TrimSpace(filter))}
	switch {
	case !validPlaceholder(p.Path):
		return p, fmt.Errorf("占位符 {{%s}} 不是有效路径", inner)
	case filtered && !slices.Contains(filters, string(p.Filter)):
		return p, fmt.Errorf("未知的格式 %q，可用：%s", p.Filter, strings.Join(filters, "、"))
	}
	return p, nil
}

// validPlaceholder accepts `#`, `.`, `.a.b` and `a.b`.
func validPlaceholder(path string) bool {
	if path == "#" || path == "." {
		return true
	}
	return validPath(strings.TrimPrefix(path, "."))
}

// validPath accepts names of letters, digits and underscores joined by dots.
func validPath(path string) bool {
	for name := range strings.SplitSeq(path, ".") {
		if name == "" {
			return false
		}
		for i, r := range name {
			letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
			if !letter && (i == 0 || r < '0' || r > '9') {
				return false
			}
		}
	}
	return true
}

// Parts returns the pieces of the text in order.
func (t Text) Parts() []Part { return slices.Clone(t.parts) }

// String returns the text as its author wrote it.
func (t Text) String() string { return t.source }

// IsZero reports whether the text is empty.
func (t Text) IsZero() bool { return t.source == "" }

// MarshalJSON writes the text as its author wrote it.
func (t Text) MarshalJSON() ([]byte, error) { return json.Marshal(t.source) }

// addresses reports whether the text is the line that names the addressee: one phrase that ends in a colon.
func (t Text) addresses() bool {
	phrase, ok := strings.CutSuffix(t.source, "：")
	return ok && !strings.ContainsAny(phrase, "，。；：")
}

// relative reports whether the path speaks of a table's row.
func (p Part) relative() bool { return p.Path == "#" || strings.HasPrefix(p.Path, ".") }
