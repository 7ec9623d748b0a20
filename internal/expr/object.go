package expr

import (
	"fmt"

	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"

	"zhengtong/internal/deadline"
)

// object is a bound record: a Go map seen through its declared type. Fields are
// converted when they are read, so binding a whole form costs nothing.
type object struct {
	value
	shape  *shape
	fields map[string]any
	// draft makes an absent field unknown instead of an error (drafts, §3.1).
	draft bool
}

func (o *object) Type() ref.Type { return o.shape.cel }
func (o *object) Value() any     { return o }

// Equal is identity: records are compared field by field in an expression.
func (o *object) Equal(other ref.Val) ref.Val {
	p, ok := other.(*object)
	return types.Bool(ok && p == o)
}

// IsSet implements traits.FieldTester.
func (o *object) IsSet(field ref.Val) ref.Val {
	name, ok := field.(types.String)
	return types.Bool(ok && o.has(string(name)))
}

// Get implements traits.Indexer.
func (o *object) Get(index ref.Val) ref.Val {
	name, ok := index.(types.String)
	if !ok {
		return types.MaybeNoSuchOverloadErr(index)
	}
	return o.get(string(name))
}

var (
	_ traits.FieldTester = (*object)(nil)
	_ traits.Indexer     = (*object)(nil)
)

// has reports whether the field is present; null counts as absent.
func (o *object) has(name string) bool { return o.fields[name] != nil }

func (o *object) get(name string) ref.Val {
	field, ok := o.shape.fields[name]
	if !ok {
		return types.WrapErr(fmt.Errorf("expr: no such field: %s", name))
	}
	v := o.fields[name]
	switch {
	case v != nil:
		return field.bind(v, o.draft)
	case o.draft:
		return types.NewUnknown(0, types.NewAttributeTrail(o.shape.name+"."+name))
	case field.typ.Kind == KindObject:
		// As in protocol buffers, has(form.agent.phone) is false when agent is absent.
		return &object{shape: field}
	case !field.optional && field.typ.Enum != nil && field.typ.admits(""):
		return types.String("") // not yet set, such as a running case's outcome
	}
	return types.WrapErr(fmt.Errorf("expr: field %s.%s is absent", o.shape.name, name))
}

// shape is a Type made ready for CEL: its CEL type and, for objects, its fields'.
type shape struct {
	name     string // of the object type: "zt.form", "zt.form.agent"
	typ      *Type
	cel      *types.Type
	optional bool
	fields   map[string]*shape
	elem     *shape
}

// bind turns a plain Go value into a CEL value of the shape's type.
func (s *shape) bind(v any, draft bool) ref.Val {
	if bound, ok := v.(ref.Val); ok {
		return bound // a declared table, bound once
	}
	switch s.typ.Kind {
	case KindBool:
		if b, ok := v.(bool); ok {
			return types.Bool(b)
		}
	case KindInt:
		if n, ok := toInt(v); ok {
			return types.Int(n)
		}
	case KindDecimal:
		if d, err := toDecimal(v); err == nil {
			return decimalVal{d: d}
		}
	case KindString:
		if text, ok := v.(string); ok {
			return types.String(text)
		}
	case KindDate:
		return bindDate(s.typ, v)
	case KindObject:
		if m, ok := v.(map[string]any); ok {
			return &object{shape: s, fields: m, draft: draft}
		}
	case KindList:
		return s.bindList(v, draft)
	case KindMap:
		return s.bindMap(v, draft)
	case kindTiers, kindFee, kindCalendar, kindActions:
		return opaque{typ: s.cel, in: v}
	}
	return mismatch(s.typ, v)
}

func bindDate(t *Type, v any) ref.Val {
	switch v := v.(type) {
	case deadline.Date:
		if !v.IsZero() {
			return dateVal{d: v}
		}
	case string:
		if d, err := deadline.ParseDate(v); err == nil {
			return dateVal{d: d}
		}
	}
	return mismatch(t, v)
}

func (s *shape) bindList(v any, draft bool) ref.Val {
	switch items := v.(type) {
	case []any:
		out := make([]ref.Val, len(items))
		for i, item := range items {
			if out[i] = s.elem.bind(item, draft); types.IsError(out[i]) {
				return out[i]
			}
		}
		return types.NewRefValList(types.DefaultTypeAdapter, out)
	case []string:
		return types.NewStringList(types.DefaultTypeAdapter, items)
	case []map[string]any:
		out := make([]ref.Val, len(items))
		for i, item := range items {
			out[i] = s.elem.bind(item, draft)
		}
		return types.NewRefValList(types.DefaultTypeAdapter, out)
	}
	return mismatch(s.typ, v)
}

func (s *shape) bindMap(v any, draft bool) ref.Val {
	m, ok := v.(map[string]any)
	if !ok {
		return mismatch(s.typ, v)
	}
	out := make(map[ref.Val]ref.Val, len(m))
	for key, item := range m {
		out[types.String(key)] = s.elem.bind(item, draft)
	}
	return types.NewRefValMap(types.DefaultTypeAdapter, out)
}

func toInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case Decimal:
		return v.Int64()
	default:
		return 0, false
	}
}
