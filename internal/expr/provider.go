package expr

import (
	"fmt"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
)

// provider answers CEL's questions about our object types; the rest goes to base.
type provider struct {
	types.Provider
	shapes map[string]*shape
}

func newProvider(base types.Provider) *provider {
	return &provider{Provider: base, shapes: map[string]*shape{}}
}

// shape makes the shape of t and registers every object type in it under a dotted name.
func (p *provider) shape(name string, t *Type, optional bool) *shape {
	s := &shape{name: name, typ: t, optional: optional}
	switch t.Kind {
	case KindObject:
		s.cel = cel.ObjectType(name)
		p.shapes[name] = s
		s.fields = make(map[string]*shape, len(t.Fields))
		for field, f := range t.Fields {
			s.fields[field] = p.shape(name+"."+field, f.Type, f.Optional)
		}
	case KindList:
		s.elem = p.shape(name+".item", t.Elem, false)
		s.cel = cel.ListType(s.elem.cel)
	case KindMap:
		s.elem = p.shape(name+".value", t.Elem, false)
		s.cel = cel.MapType(cel.StringType, s.elem.cel)
	default:
		s.cel = plainCEL(t.Kind)
	}
	return s
}

func plainCEL(k Kind) *cel.Type {
	switch k {
	case KindBool:
		return cel.BoolType
	case KindInt:
		return cel.IntType
	case KindDecimal:
		return celDecimal
	case KindString:
		return cel.StringType
	case KindDate:
		return celDate
	case kindDays:
		return celDays
	case kindTiers:
		return celTiers
	case kindFee:
		return celFee
	case kindCalendar:
		return celCalendar
	case kindActions:
		return celActions
	default:
		return cel.DynType
	}
}

// FindStructType implements types.Provider.
func (p *provider) FindStructType(name string) (*types.Type, bool) {
	if s, ok := p.shapes[name]; ok {
		return types.NewTypeTypeWithParam(s.cel), true
	}
	return p.Provider.FindStructType(name)
}

// FindStructFieldNames implements types.Provider.
func (p *provider) FindStructFieldNames(name string) ([]string, bool) {
	if s, ok := p.shapes[name]; ok {
		return s.typ.FieldNames(), true
	}
	return p.Provider.FindStructFieldNames(name)
}

// FindStructFieldType implements types.Provider.
func (p *provider) FindStructFieldType(name, field string) (*types.FieldType, bool) {
	s, ok := p.shapes[name]
	if !ok {
		return p.Provider.FindStructFieldType(name, field)
	}
	f, ok := s.fields[field]
	if !ok {
		return nil, false
	}
	return &types.FieldType{
		Type: f.cel,
		IsSet: func(target any) bool {
			o, ok := target.(*object)
			return ok && o.has(field)
		},
		GetFrom: func(target any) (any, error) { return getFrom(target, field) },
	}, true
}

// NewValue implements types.Provider: expressions build no records.
func (p *provider) NewValue(name string, _ map[string]ref.Val) ref.Val {
	return types.WrapErr(fmt.Errorf("expr: %s cannot be built in an expression", name))
}

func getFrom(target any, field string) (any, error) {
	o, ok := target.(*object)
	if !ok {
		return nil, fmt.Errorf("expr: no field %s in %T", field, target)
	}
	v := o.get(field)
	if e, ok := v.(*types.Err); ok {
		return nil, e
	}
	return v, nil
}
