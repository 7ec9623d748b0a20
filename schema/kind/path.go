package kind

import (
	"fmt"
	"strconv"
	"strings"
)

// Segment is one step of a Path: a field (Name), a list position (Index, when
// Name and Key are empty) or the list element whose field Key equals Value. The
// Key "=" selects an element of a set by its own value.
type Segment struct {
	Name  string
	Index int
	Key   string
	Value string
}

// Path is a place in a resource: `spec.materials[ref=safety-rules].required`,
// `$.spec.nodes[3].to`, `spec.formats[=pdf]`, `spec.writes_back["form.area"]`.
// The same syntax serves locks, `$delete`, provenance and problems.
type Path []Segment

// ParsePath reads a path; a leading `$.` may be left out. It returns an error that
// says what is wrong, for the author of the path.
func ParsePath(text string) (Path, error) {
	rest := strings.TrimPrefix(strings.TrimPrefix(text, "$"), ".")
	var path Path
	for rest != "" {
		var seg Segment
		var err error
		if rest[0] == '[' {
			seg, rest, err = parseBracket(rest)
		} else {
			seg, rest = parseName(rest)
			if seg.Name == "" {
				err = fmt.Errorf("路径 %q 中有空的字段名", text)
			}
		}
		if err != nil {
			return nil, err
		}
		path = append(path, seg)
		if strings.HasPrefix(rest, ".") {
			rest = rest[1:]
			if rest == "" {
				return nil, fmt.Errorf("路径 %q 以点结尾", text)
			}
		} else if rest != "" && rest[0] != '[' {
			return nil, fmt.Errorf("路径 %q 中 %q 前缺少点", text, rest)
		}
	}
	return path, nil
}

// parseName takes a field name up to the next dot or bracket.
func parseName(rest string) (Segment, string) {
	end := strings.IndexAny(rest, ".[")
	if end < 0 {
		end = len(rest)
	}
	return Segment{Name: rest[:end]}, rest[end:]
}

// parseBracket takes `[3]`, `[key=value]`, `[key="value"]`, `[=value]` or `["name"]`.
func parseBracket(rest string) (Segment, string, error) {
	body, rest, err := cutBracket(rest)
	if err != nil {
		return Segment{}, "", err
	}
	if strings.HasPrefix(body, `"`) {
		name, err := strconv.Unquote(body)
		if err != nil {
			return Segment{}, "", fmt.Errorf("方括号内的引号不成对：%s", body)
		}
		return Segment{Name: name}, rest, nil
	}
	if key, value, ok := strings.Cut(body, "="); ok {
		if key == "" {
			key = "="
		}
		if strings.HasPrefix(value, `"`) {
			if value, err = strconv.Unquote(value); err != nil {
				return Segment{}, "", fmt.Errorf("方括号内的引号不成对：%s", body)
			}
		}
		return Segment{Key: key, Value: value}, rest, nil
	}
	n, err := strconv.Atoi(body)
	if err != nil || n < 0 {
		return Segment{}, "", fmt.Errorf("方括号内应为序号或 键=值：%q", body)
	}
	return Segment{Index: n}, rest, nil
}

// cutBracket returns what stands between the first bracket and its end, minding quotes.
func cutBracket(rest string) (body, after string, err error) {
	quoted := false
	for i := 1; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '\\' && quoted:
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			return rest[1:i], rest[i+1:], nil
		}
	}
	return "", "", fmt.Errorf("方括号没有结束：%q", rest)
}

// String writes the path without a leading `$`; ParsePath reads it back.
func (p Path) String() string {
	var b strings.Builder
	for i, s := range p {
		switch {
		case s.Key != "":
			key := s.Key
			if key == "=" {
				key = ""
			}
			fmt.Fprintf(&b, "[%s=%s]", key, quoteIfNeeded(s.Value))
		case s.Name == "":
			fmt.Fprintf(&b, "[%d]", s.Index)
		case strings.ContainsAny(s.Name, `.[]="\`):
			fmt.Fprintf(&b, "[%s]", strconv.Quote(s.Name))
		default:
			if i > 0 {
				b.WriteByte('.')
			}
			b.WriteString(s.Name)
		}
	}
	return b.String()
}

// quoteIfNeeded quotes a key's value that would otherwise end the bracket.
func quoteIfNeeded(value string) string {
	if value == "" || strings.ContainsAny(value, `]"\`) {
		return strconv.Quote(value)
	}
	return value
}

// child returns a new path with one more field.
func (p Path) child(name string) Path { return p.with(Segment{Name: name}) }

// at returns a new path with one more list position.
func (p Path) at(i int) Path { return p.with(Segment{Index: i}) }

// keyed returns a new path with one more keyed element.
func (p Path) keyed(key, value string) Path { return p.with(Segment{Key: key, Value: value}) }

func (p Path) with(s Segment) Path {
	out := make(Path, len(p)+1)
	copy(out, p)
	out[len(p)] = s
	return out
}

// under reports whether the path begins with a field.
func (p Path) under(name string) bool { return len(p) > 0 && p[0].Name == name }

// display is the path as problems show it.
func (p Path) display() string {
	if len(p) == 0 {
		return "$"
	}
	if text := p.String(); text[0] == '[' {
		return "$" + text
	} else {
		return "$." + text
	}
}

// Lookup returns the value at a path of a tree, and whether it is there.
func Lookup(tree any, p Path) (any, bool) {
	for _, seg := range p {
		next, ok := step(tree, seg)
		if !ok {
			return nil, false
		}
		tree = next
	}
	return tree, true
}

// step follows one segment.
func step(tree any, seg Segment) (any, bool) {
	switch node := tree.(type) {
	case map[string]any:
		if seg.Name == "" {
			return nil, false
		}
		v, ok := node[seg.Name]
		return v, ok
	case []any:
		i := indexOf(node, seg)
		if i < 0 {
			return nil, false
		}
		return node[i], true
	}
	return nil, false
}

// indexOf finds the element of a list that a segment selects, or -1.
func indexOf(list []any, seg Segment) int {
	if seg.Name != "" {
		return -1
	}
	if seg.Key == "" {
		if seg.Index < len(list) {
			return seg.Index
		}
		return -1
	}
	for i, e := range list {
		if keyOf(e, seg.Key) == seg.Value {
			return i
		}
	}
	return -1
}

// keyOf is the text of an element's key field; for "=", of the element itself.
func keyOf(element any, key string) string {
	if key == "=" {
		return scalarText(element)
	}
	m, ok := element.(map[string]any)
	if !ok {
		return ""
	}
	return scalarText(m[key])
}
