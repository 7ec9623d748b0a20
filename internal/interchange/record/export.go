package record

import (
	"encoding/json"
	"maps"
	"slices"
)

// Filled are the facts that a matter has and the record it came from has not: what a template, a department or a default
// has filled in. They do not appear in the record again unless they change.
func Filled(record, matter Facts) Facts {
	out := Facts{Fields: map[string]string{}, Lists: map[string][]map[string]string{}}
	for path, text := range matter.Fields {
		if record.Fields[path] != text {
			out.Fields[path] = text
		}
	}
	for table, rows := range matter.Lists {
		if !sameRows(record.Lists[table], rows) {
			out.Lists[table] = rows
		}
	}
	return out
}

// Update writes what a matter says now into the record that it came from; a field that still says what it said at the
// import keeps its spelling, and one that the matter does not know stays. A matter without a record gives a new one.
func Update(origin Record, filled, matter Facts) Record {
	out, _ := clone(map[string]any(origin)).(map[string]any)
	r := Record(out)
	if r == nil {
		r = Record{}
	}
	was := FactsOf(origin)
	for _, path := range slices.Sorted(maps.Keys(matter.Fields)) {
		if now := matter.Fields[path]; was.Fields[path] != now && filled.Fields[path] != now {
			r.set(path, now)
		}
	}
	for table, rows := range matter.Lists {
		if !sameRows(was.Lists[table], rows) && !(filled.Lists[table] != nil && sameRows(filled.Lists[table], rows)) {
			r[table] = r.merged(table, rows)
		}
	}
	for table, rows := range was.Lists {
		if len(matter.Lists[table]) == 0 && len(rows) > 0 && filled.Lists[table] == nil && table != "AUDIT_QA" {
			r[table] = []any{}
		}
	}
	return r
}

func sameRows(a, b []map[string]string) bool { return slices.EqualFunc(a, b, maps.Equal) }

// merged lays the matter's rows over the record's of the same name, keeping their other fields.
func (r Record) merged(table string, rows []map[string]string) []any {
	fields := lists[table]
	old := r.rows(table)
	out := make([]any, 0, len(rows))
	for _, fact := range rows {
		row := map[string]any{}
		for _, candidate := range old {
			if name, _ := textOf(candidate[fields[0]]); name == fact[fields[0]] {
				row = maps.Clone(candidate)
				break
			}
		}
		before := factOf(table, fields, row)
		for _, name := range fields {
			switch {
			case before[name] == fact[name]:
			case name == "copies": // the record counts originals and copies apart, a matter does not
				row["original_amount"], row["copy_amount"] = json.Number(fact[name]), json.Number("0")
			case fact[name] == "":
				delete(row, name)
			default:
				row[name] = fact[name]
			}
		}
		out = append(out, row)
	}
	return out
}

func clone(tree any) any {
	switch node := tree.(type) {
	case map[string]any:
		if node == nil {
			return nil
		}
		out := make(map[string]any, len(node))
		for key, value := range node {
			out[key] = clone(value)
		}
		return out
	case []any:
		out := make([]any, len(node))
		for i, value := range node {
			out[i] = clone(value)
		}
		return out
	}
	return tree
}

// Tree is the facts as they are kept in a matter; FactsFrom reads them again.
func (f Facts) Tree() map[string]any {
	out := map[string]any{}
	for path, text := range f.Fields {
		out[path] = text
	}
	for table, rows := range f.Lists {
		items := []any{}
		for _, row := range rows {
			item := map[string]any{}
			for name, text := range row {
				item[name] = text
			}
			items = append(items, item)
		}
		out[table] = items
	}
	return out
}

// FactsFrom reads what Tree wrote; what has another form is left out.
func FactsFrom(tree map[string]any) Facts {
	f := Facts{Fields: map[string]string{}, Lists: map[string][]map[string]string{}}
	for key, value := range tree {
		switch v := value.(type) {
		case string:
			f.Fields[key] = v
		case []any:
			f.Lists[key] = []map[string]string{}
			for _, item := range v {
				row := map[string]string{}
				fields, _ := item.(map[string]any)
				for name, text := range fields {
					row[name], _ = textOf(text)
				}
				f.Lists[key] = append(f.Lists[key], row)
			}
		}
	}
	return f
}
