package kind

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// YAML writes the resource as a person would: fields in the order of their
// declaration, codes and whatever else a reader of YAML could take for something
// other than text in quotes, texts of several lines as blocks, short lists and maps
// on one line. Reading it gives back the same metadata and the same document
// (R-CFG-07); equal resources give equal bytes. Comments are not kept.
func (r *Resource) YAML() []byte {
	shapes := catalog()
	w := &yamlWriter{}
	w.line(0, "apiVersion: "+APIVersion)
	w.line(0, "kind: "+r.Kind)
	w.entry(0, "metadata", r.Metadata.Tree(), shapes.metadata)
	var spec *shape
	if info, ok := KindInfo(r.Kind); ok {
		spec = info.shape
	}
	doc := r.Doc
	if doc == nil {
		doc = map[string]any{}
	}
	w.entry(0, "spec", doc, spec)
	return w.out
}

// Tree writes the head as a tree, leaving out what is empty. Its keys are those of YAML.
func (m Metadata) Tree() map[string]any {
	tree := map[string]any{"tenant": m.Tenant, "name": m.Name}
	if e := m.Extends; e != nil {
		tree["extends"] = nonEmpty(map[string]string{"tenant": e.Tenant, "name": e.Name, "digest": e.Digest})
	}
	if e := m.Effective; e != nil {
		tree["effective"] = nonEmpty(map[string]string{"from": e.From, "to": e.To})
	}
	if len(m.Locks) > 0 {
		var locks []any
		for _, lock := range m.Locks {
			locks = append(locks, map[string]any{"path": lock.Path, "mode": lock.Mode})
		}
		tree["locks"] = locks
	}
	if len(m.Labels) > 0 {
		labels := make(map[string]any, len(m.Labels))
		for key, value := range m.Labels {
			labels[key] = value
		}
		tree["labels"] = labels
	}
	if m.Pack != "" {
		tree["pack"] = m.Pack
	}
	return tree
}

func nonEmpty(m map[string]string) map[string]any {
	out := map[string]any{}
	for key, value := range m {
		if value != "" {
			out[key] = value
		}
	}
	return out
}

// lineWidth is how wide a list or map may be to stay on one line, in columns of a
// monospaced font; a Chinese character takes two.
const lineWidth = 110

// yamlWriter writes trees as block YAML, two spaces a level.
type yamlWriter struct{ out []byte }

func (w *yamlWriter) line(indent int, text string) {
	w.out = append(w.out, strings.Repeat("  ", indent)...)
	w.out = append(append(w.out, text...), '\n')
}

// entry writes one key of a map with its value; sh declares the value, nil when nothing does.
func (w *yamlWriter) entry(indent int, key string, value any, sh *shape) {
	w.value(indent, yamlKey(key)+":", value, sh)
}

// value writes what follows a key (`key:`) or a dash.
func (w *yamlWriter) value(indent int, head string, value any, sh *shape) {
	if text, ok := value.(string); ok {
		if header, lines, ok := literal(text); ok {
			w.line(indent, head+" "+header)
			for _, line := range lines {
				if line == "" {
					w.out = append(w.out, '\n')
					continue
				}
				w.line(indent+1, line)
			}
			return
		}
	}
	if text, ok := oneLine(value, sh, lineWidth-2*indent-columns(head)-1); ok {
		w.line(indent, head+" "+text)
		return
	}
	switch node := value.(type) {
	case map[string]any:
		if head == "-" {
			w.item(indent, node, sh)
			return
		}
		w.line(indent, head)
		for _, key := range sh.order(node) {
			w.entry(indent+1, key, node[key], sh.part(key))
		}
	case []any:
		if head == "-" { // a list in a list: the inner dashes stand below the outer
			w.line(indent, "-")
		} else {
			w.line(indent, head)
		}
		for _, e := range node {
			w.value(indent+1, "-", e, sh.element())
		}
	}
}

// item writes a map as an element of a list: its first field stands beside the dash.
func (w *yamlWriter) item(indent int, node map[string]any, sh *shape) {
	start := len(w.out)
	for _, key := range sh.order(node) {
		w.entry(indent+1, key, node[key], sh.part(key))
	}
	w.out[start+2*indent] = '-'
}

// order lists the keys of a map: declared fields as declared, others by name after them.
func (s *shape) order(node map[string]any) []string {
	keys := sortedKeys(node)
	if s == nil || s.form != formObject {
		return keys
	}
	rank := func(key string) int {
		if i := slices.IndexFunc(s.fields, func(f *field) bool { return f.name == key }); i >= 0 {
			return i
		}
		return len(s.fields)
	}
	slices.SortStableFunc(keys, func(a, b string) int { return rank(a) - rank(b) })
	return keys
}

// part is the shape of one value of a map; nil when nothing declares it.
func (s *shape) part(key string) *shape {
	switch {
	case s == nil:
		return nil
	case s.form == formDict:
		return s.elem
	case s.form == formObject:
		if f := s.field(key); f != nil {
			return f.shape
		}
	}
	return nil
}

// element is the shape of the elements of a list.
func (s *shape) element() *shape {
	if s == nil || s.form != formList {
		return nil
	}
	return s.elem
}

// oneLine writes a value on one line; false when it does not fit, or holds what should stand on lines of its own.
// A scalar always fits.
func oneLine(value any, sh *shape, room int) (string, bool) {
	var parts []string
	var open, end string
	switch node := value.(type) {
	case map[string]any:
		open, end = "{", "}"
		for _, key := range sh.order(node) {
			text, ok := oneLine(node[key], sh.part(key), room)
			if !ok || strings.Contains(text, `\n`) {
				return "", false
			}
			parts = append(parts, yamlKey(key)+": "+text)
		}
	case []any:
		open, end = "[", "]"
		for _, e := range node {
			text, ok := oneLine(e, sh.element(), room)
			if !ok || strings.Contains(text, `\n`) {
				return "", false
			}
			parts = append(parts, text)
		}
	default:
		return yamlScalar(value), true
	}
	text := open + strings.Join(parts, ", ") + end
	return text, len(parts) == 0 || columns(text) <= room
}

// columns is the width of a text in a monospaced font.
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		if k := width.LookupRune(r).Kind(); k == width.EastAsianWide || k == width.EastAsianFullwidth {
			n++
		}
	}
	return n
}

// literal writes a text of several lines as a block; false for one that a block would not keep to the letter.
func literal(text string) (header string, lines []string, ok bool) {
	body, ended := strings.CutSuffix(text, "\n")
	if !strings.Contains(body, "\n") || strings.HasSuffix(body, "\n") || strings.Contains(body, "\t") || strings.HasPrefix(body, " ") || strings.HasPrefix(body, "\n") {
		return "", nil, false
	}
	lines = strings.Split(body, "\n")
	for _, line := range lines {
		if strings.HasSuffix(line, " ") {
			return "", nil, false
		}
	}
	if ended {
		return "|", lines, true
	}
	return "|-", lines, true
}

func yamlKey(key string) string {
	if identifier.MatchString(key) && !unicode.IsDigit(rune(key[0])) && key[0] != '-' && isPlain(key) || key == deleteKey {
		return key
	}
	return quoted(key)
}

func yamlScalar(value any) string {
	switch x := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(x)
	case json.Number:
		return string(x)
	case string:
		if isPlain(x) {
			return x
		}
		return quoted(x)
	}
	panic("kind: a scalar that is not part of a tree")
}

// isPlain reports whether a text may stand without quotes in every place and for every reader of YAML, 1.1 included:
// it begins with a letter and holds letters, digits, single spaces and harmless punctuation.
func isPlain(text string) bool {
	if text == "" || !isText(text) || oldBoolean.MatchString(text) || text == "y" || text == "n" || text == "Y" || text == "N" {
		return false
	}
	previous := ' '
	for i, r := range text {
		switch {
		case unicode.IsLetter(r) || strings.ContainsRune("（《“", r):
		case i == 0 || previous == ' ' && r == ' ':
			return false
		case unicode.IsDigit(r) || strings.ContainsRune(" _-./()+）》〔〕”、，。；：！？·…", r):
		default:
			return false
		}
		previous = r
	}
	return previous != ' '
}

// quoted writes a text in double quotes, escaping what YAML asks for.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
