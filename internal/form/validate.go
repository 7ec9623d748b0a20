package form

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"zhengtong/internal/code"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// Circumstances are what rules may look at besides the form (context FormCondition).
type Circumstances struct {
	Today    deadline.Date
	Calendar *deadline.Calendar
	// Applicant holds the fields of the variable `applicant`; expr.Applicant makes them.
	Applicant map[string]any
}

func (c Circumstances) input(d Data) expr.Input {
	vars := map[string]any{"form": d}
	if !c.Today.IsZero() {
		vars["today"] = c.Today
	}
	if c.Applicant != nil {
		vars["applicant"] = c.Applicant
	}
	return expr.Input{Calendar: c.Calendar, Vars: vars}
}

// Validate judges complete data, after defaults: the schema, fields it does not know
// (code "unknown_field"), dictionaries and sizes, then the rules (code "rule:<id>").
// Paths are JSON paths of the data ($.area_sqm, $.agent.phone, $.rows[0].n), codes the
// schema's keywords; a missing field's path is its own. While the data break the
// schema, rules that depend on the broken fields are left out.
func (f *Form) Validate(d Data, c Circumstances) problem.List {
	problems := f.checkData(d, c.Today)
	if !problems.HasErrors() {
		return append(problems, f.checkRules(d, c)...).Sorted()
	}
	return append(problems, f.checkRulesPartly(without(d, problems), c)...).Sorted()
}

// ValidateDraft judges an unfinished form: nothing is required yet, and a rule speaks
// only when its result is already certain.
func (f *Form) ValidateDraft(d Data, c Circumstances) problem.List {
	problems := slices.DeleteFunc(f.checkData(d, c.Today), func(p problem.Problem) bool {
		return slices.Contains([]string{"required", "dependentRequired", "minItems", "minProperties", "contains", "anyOf", "oneOf"}, p.Code)
	})
	return append(problems, f.checkRulesPartly(without(d, problems), c)...).Sorted()
}

// checkData is everything but the rules.
func (f *Form) checkData(d Data, today deadline.Date) problem.List {
	w := &walker{today: today}
	w.value("$", f.typ, d, "")
	var invalid *jsonschema.ValidationError
	err := f.schema.Validate(plain(map[string]any(d)))
	if errors.As(err, &invalid) {
		for _, leaf := range leaves(invalid) {
			w.problems = append(w.problems, f.explain(d, leaf)...)
		}
	} else if err != nil {
		w.problems.Add("$", "schema", "无法校验：%v", err)
	}
	return w.problems.Sorted()
}

// plain turns data into what the schema validator reads: decimals become number texts.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for key, item := range v {
			out[key] = plain(item)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, item := range v {
			out[i] = plain(item)
		}
		return out
	case expr.Decimal:
		return json.Number(v.String())
	default:
		return v
	}
}

// leaves flattens a validation error to the keywords that failed. Alternatives are
// reported as one: which branch was meant cannot be known.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf, *kind.Not:
		return []*jsonschema.ValidationError{e}
	}
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	var out []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		out = append(out, leaves(cause)...)
	}
	return out
}

// walker checks what JSON Schema leaves to us.
type walker struct {
	today    deadline.Date
	problems problem.List
}

func (w *walker) value(path string, t *expr.Type, v any, title string) {
	switch v := v.(type) {
	case map[string]any:
		w.object(path, t, v)
	case []any:
		if t != nil && t.Kind == expr.KindList && t.MaxSize == 0 && len(v) > expr.MaxItems {
			w.problems.Add(path, "maxItems", "%s最多 %d 项", named(title), expr.MaxItems)
		}
		for i, item := range v {
			w.value(path+"["+strconv.Itoa(i)+"]", element(t), item, title)
		}
	case string:
		if t != nil && t.Kind == expr.KindString {
			w.text(path, t, v, title)
		}
	}
}

func (w *walker) text(path string, t *expr.Type, v, title string) {
	if t.MaxSize == 0 && utf8.RuneCountInString(v) > expr.MaxText {
		w.problems.Add(path, "maxLength", "%s最多 %d 个字", named(title), expr.MaxText)
	}
	if t.Dictionary && !slices.Contains(t.Enum, v) {
		w.problems.Add(path, "dictionary", "%s不在字典中", named(title))
	}
	// The schema checks the number itself; that its holder is already born depends on the day.
	if t.Format == "cn-id-card" && code.ValidCitizenID(v) && code.CheckCitizenID(v, w.today) != nil {
		w.problems.Add(path, "format", "%s的出生日期晚于今天", named(title))
	}
}

func (w *walker) object(path string, t *expr.Type, m map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		at := child(path, key)
		if t != nil && t.Kind == expr.KindObject && t.Fields != nil {
			field, known := t.Fields[key]
			if !known {
				w.problems = append(w.problems, unknownField(at, key, t))
				continue
			}
			w.value(at, field.Type, m[key], field.Title)
			continue
		}
		w.value(at, below(t, key), m[key], "")
	}
}

func unknownField(path, key string, t *expr.Type) problem.Problem {
	return problem.Problem{Path: path, Code: "unknown_field", Severity: problem.SeverityError,
		Message: "表单没有这个字段", Hint: expr.Hint(key, t.FieldNames())}
}

// child extends a path; keys that are no plain names are quoted.
func child(path, key string) string {
	if isName(key) {
		return path + "." + key
	}
	return path + "[" + strconv.Quote(key) + "]"
}

// without copies d leaving out every top-level field that a problem touches.
func without(d Data, problems problem.List) Data {
	out := maps.Clone(d)
	for key := range d {
		at := child("$", key)
		if slices.ContainsFunc(problems, func(p problem.Problem) bool { return touches(p.Path, at) }) {
			delete(out, key)
		}
	}
	return out
}

func touches(path, field string) bool {
	return path == field || len(path) > len(field) && path[:len(field)] == field && (path[len(field)] == '.' || path[len(field)] == '[')
}
