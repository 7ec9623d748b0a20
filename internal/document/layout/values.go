package layout

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Blank is printed where a value is absent: a rule, never a hole that could be filled in later.
const Blank = "——"

// Values are what a document says: a tree of the document roots as JSON decodes
// it. A path is looked up level by level; at each level a key may itself hold
// dots, so {"case.no": …} and {"case": {"no": …}} mean the same.
type Values struct {
	Data map[string]any
	// Zone is where instants are read; nil means China Standard Time.
	Zone *time.Location
	// Absent, when set, is told each path that has no value.
	Absent func(path string)
}

// Row is one element of the list a table is drawn over. Number counts from 1.
type Row struct {
	Number int
	Item   any
}

// Fill replaces the placeholders of a text. row is nil outside tables.
func (v Values) Fill(t Text, row *Row) string {
	var b strings.Builder
	for _, p := range t.parts {
		if p.Path == "" {
			b.WriteString(p.Literal)
			continue
		}
		value, ok := v.value(p, row)
		if !ok {
			if v.Absent != nil {
				v.Absent(p.Path)
			}
			b.WriteString(Blank)
			continue
		}
		b.WriteString(v.format(value, p.Filter))
	}
	return b.String()
}

// Present reports whether something, and not an empty list or text, is at the path.
func (v Values) Present(path string) bool {
	value, ok := lookup(v.Data, path)
	return ok && value != ""
}

// List returns the elements at the path: of a list its items, of any other value that value alone.
func (v Values) List(path string) []any {
	value, ok := lookup(v.Data, path)
	if !ok {
		return nil
	}
	if items, ok := value.([]any); ok {
		return items
	}
	return []any{value}
}

func (v Values) value(p Part, row *Row) (any, bool) {
	switch {
	case !p.relative():
		return lookup(v.Data, p.Path)
	case row == nil:
		return nil, false
	case p.Path == "#":
		return row.Number, true
	case p.Path == ".":
		return row.Item, row.Item != nil
	}
	return lookup(row.Item, p.Path[1:])
}

// lookup finds a value beneath from; an empty list or map counts as absent.
func lookup(from any, path string) (any, bool) {
	level, ok := from.(map[string]any)
	if !ok {
		return nil, false
	}
	for end := len(path); end > 0; end = strings.LastIndexByte(path[:end], '.') {
		value, ok := level[path[:end]]
		if !ok || value == nil {
			continue
		}
		if end == len(path) {
			return value, !emptyCollection(value)
		}
		if found, ok := lookup(value, path[end+1:]); ok {
			return found, true
		}
	}
	return nil, false
}

func emptyCollection(v any) bool {
	switch v := v.(type) {
	case []any:
		return len(v) == 0
	case map[string]any:
		return len(v) == 0
	}
	return false
}

func (v Values) format(value any, f Filter) string {
	switch f {
	case FilterDate:
		return v.date(value)
	case FilterMoney:
		return money(value)
	}
	return v.plain(value)
}

// plain prints a value as people read it: instants to the minute, yes and no, lists joined.
func (v Values) plain(value any) string {
	switch value := value.(type) {
	case string:
		if at, err := time.Parse(time.RFC3339Nano, value); err == nil {
			return at.In(v.zone()).Format("2006年1月2日 15:04")
		}
		return value
	case bool:
		if value {
			return "是"
		}
		return "否"
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case []any:
		return v.joined(value)
	case map[string]any:
		return v.item(value)
	case time.Time:
		return value.In(v.zone()).Format("2006年1月2日 15:04")
	}
	return fmt.Sprint(value)
}

// joined lists items: short ones with the enumeration comma, those with a remark by semicolons.
func (v Values) joined(items []any) string {
	texts := make([]string, len(items))
	separator := "、"
	for i, item := range items {
		texts[i] = v.plain(item)
		if strings.ContainsAny(texts[i], "（，、；") {
			separator = "；"
		}
	}
	return strings.Join(texts, separator)
}

// item prints an object by its name, its reason or note in brackets; an object
// without a name shows its values in the order of their keys.
func (v Values) item(m map[string]any) string {
	first := func(keys ...string) string {
		for _, k := range keys {
			if value, ok := m[k]; ok && value != nil {
				return v.plain(value)
			}
		}
		return ""
	}
	name, remark := first("title", "name", "text"), first("reason", "note")
	switch {
	case name != "" && remark != "":
		return name + "（" + remark + "）"
	case cmp.Or(name, remark) != "":
		return cmp.Or(name, remark)
	}
	var texts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		texts = append(texts, v.plain(m[k]))
	}
	return strings.Join(texts, "，")
}

func (v Values) zone() *time.Location {
	if v.Zone != nil {
		return v.Zone
	}
	return time.FixedZone("CST", 8*60*60)
}

// date prints a civil date ('YYYY-MM-DD') or the date of an instant as 2026年3月5日
// (GB/T 9704: Arabic numerals, no leading zero); anything else as it is.
func (v Values) date(value any) string {
	text := fmt.Sprint(value)
	if at, ok := value.(time.Time); ok {
		text = at.Format(time.RFC3339Nano)
	}
	if day, err := time.Parse(time.DateOnly, text); err == nil {
		return day.Format("2006年1月2日")
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.In(v.zone()).Format("2006年1月2日")
	}
	return text
}

// Date prints a civil date 'YYYY-MM-DD' as 2026年3月5日.
func Date(day string) string { return Values{}.date(day) }

// Money prints integer fen as 1,234.50元.
func Money(fen int64) string { return money(fen) }

// money prints integer fen as 1,234.50元; a value that is no integer as it is.
func money(value any) string {
	fen, ok := integer(value)
	if !ok {
		return fmt.Sprint(value)
	}
	digits := fen.String()
	sign := ""
	if fen.Sign() < 0 {
		sign, digits = "-", digits[1:]
	}
	digits = strings.Repeat("0", max(0, 3-len(digits))) + digits
	yuan, rest := digits[:len(digits)-2], digits[len(digits)-2:]
	var b strings.Builder
	for i, d := range yuan {
		if i > 0 && (len(yuan)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return sign + b.String() + "." + rest + "元"
}

func integer(value any) (*big.Int, bool) {
	switch value := value.(type) {
	case int, int32, int64, json.Number, string:
		return new(big.Int).SetString(fmt.Sprint(value), 10)
	case float64:
		return new(big.Int).SetString(strconv.FormatFloat(value, 'f', -1, 64), 10)
	}
	return nil, false
}
