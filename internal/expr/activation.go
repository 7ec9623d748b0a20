package expr

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"
)

// activation resolves variables from an Input, converting each when it is first read.
type activation struct {
	env   *Env
	in    Input
	draft bool
}

var none = map[string]any{}

// ResolveName implements interpreter.Activation.
func (a *activation) ResolveName(name string) (any, bool) {
	switch name {
	case calendarVar:
		return opaque{typ: celCalendar, in: a.in.Calendar}, true
	case actionsVar:
		return opaque{typ: celActions, in: a.in.Actions}, true
	case "tables":
		return a.env.tables, a.env.tables != nil
	}
	s, ok := a.env.vars[name]
	if !ok {
		return nil, false
	}
	if s.typ.Kind == kindFee {
		return opaque{typ: celFee, in: a.in.Fee}, true
	}
	v := a.in.Vars[name]
	if v == nil {
		if s.typ.Kind != KindObject {
			return nil, false
		}
		v = none
	}
	return s.bind(v, a.draft), true
}

// Parent implements interpreter.Activation.
func (a *activation) Parent() interpreter.Activation { return nil }

// draft is an activation over incomplete data.
type draft struct {
	activation
	unknown []*interpreter.AttributePattern
}

func newDraft(e *Env, in Input) *draft {
	d := &draft{activation: activation{env: e, in: in, draft: true}}
	for name, s := range e.vars {
		if name == "tables" || s.typ.Kind == kindFee {
			continue
		}
		d.missing([]string{name}, s, in.Vars[name])
	}
	return d
}

// missing records the pattern of every absent field below v. Items of lists have no
// pattern of their own; reading an absent field of one yields unknown.
func (d *draft) missing(path []string, s *shape, v any) {
	if v == nil {
		d.unknown = append(d.unknown, pattern(path))
		return
	}
	fields, ok := v.(map[string]any)
	if !ok || s.typ.Kind != KindObject {
		return
	}
	for name, f := range s.fields {
		d.missing(append(path[:len(path):len(path)], name), f, fields[name])
	}
}

func pattern(path []string) *interpreter.AttributePattern {
	out := cel.AttributePattern(path[0])
	for _, field := range path[1:] {
		out = out.QualString(field)
	}
	return out
}

// AsPartialActivation tells CEL that some attributes are unknown.
func (d *draft) AsPartialActivation() (interpreter.PartialActivation, bool) { return d, true }

// UnknownAttributePatterns implements interpreter.PartialActivation.
func (d *draft) UnknownAttributePatterns() []*interpreter.AttributePattern { return d.unknown }

// plainMap turns a CEL map of simple values into Go values, dates into texts.
func plainMap(v ref.Val) (map[string]any, error) {
	m, ok := v.Value().(map[ref.Val]ref.Val)
	if !ok {
		return nil, fmt.Errorf("not a map: %T", v.Value())
	}
	out := make(map[string]any, len(m))
	for key, item := range m {
		name, ok := key.(types.String)
		if !ok {
			return nil, fmt.Errorf("key %v is not a text", key)
		}
		switch item := item.(type) {
		case types.Int:
			out[string(name)] = int64(item)
		case types.Bool:
			out[string(name)] = bool(item)
		case types.String:
			out[string(name)] = string(item)
		case decimalVal:
			out[string(name)] = item.d
		case dateVal:
			out[string(name)] = item.d.String()
		default:
			return nil, fmt.Errorf("%s: a %T cannot be given", name, item)
		}
	}
	return out, nil
}
