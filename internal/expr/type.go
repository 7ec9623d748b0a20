package expr

import (
	"maps"
	"slices"
	"strings"
)

// Kind classifies the values of the language.
type Kind uint8

// The kinds. Number literals with a fraction, `number` fields and sums of money are KindDecimal.
const (
	KindInvalid Kind = iota
	KindBool
	KindInt
	KindDecimal
	KindString
	KindDate
	KindObject
	KindList
	KindMap
	kindDays     // the result of days(int)
	kindTiers    // a table of progressive rates
	kindFee      // the schedule itself, target of fee.with
	kindCalendar // the hidden argument of the working-day functions
	kindActions  // the hidden argument of action_of
)

var kindNames = map[Kind]string{
	KindInvalid: "未知", KindBool: "布尔", KindInt: "整数", KindDecimal: "数值", KindString: "文本", KindDate: "日期",
	KindObject: "对象", KindList: "列表", KindMap: "映射", kindDays: "天数", kindTiers: "分段表", kindFee: "收费标准",
	kindCalendar: "日历", kindActions: "操作记录",
}

// String names the kind in Chinese, for messages.
func (k Kind) String() string { return kindNames[k] }

// Type describes the values a variable or a form field may hold. Types are made
// once, by the form package from a JSON Schema or by the tables of §3.1, and are
// read-only afterwards.
type Type struct {
	Kind   Kind
	Fields map[string]Field // of KindObject
	Elem   *Type            // of KindList and KindMap
	// Enum lists the only texts a KindString may take; nil means any. Comparing with
	// another literal is a publish error.
	Enum []string
	// Dictionary tells that Enum holds the codes of a CodeSet, which JSON Schema does not check.
	Dictionary bool
	// Keys lists the keys a KindMap is known to have (a declared table, a map literal).
	Keys []string
	// Format is the JSON Schema format of a string, "" for none.
	Format string
	// MaxSize bounds the characters of a string or the items of a list, for the cost
	// estimate; 0 takes the platform's limit.
	MaxSize int
}

// Field is one field of an object.
type Field struct {
	Type *Type
	// Title names the field to people; messages use it.
	Title string
	// Optional fields may be absent and are read only under has().
	Optional bool
	// Default is the value of a field left empty; nil means none. A field with one is not optional.
	Default any
}

// The plain types.
var (
	boolType    = &Type{Kind: KindBool}
	intType     = &Type{Kind: KindInt}
	decimalType = &Type{Kind: KindDecimal}
	stringType  = &Type{Kind: KindString}
	dateType    = &Type{Kind: KindDate}
	daysType    = &Type{Kind: kindDays}
	tiersType   = &Type{Kind: kindTiers}
	feeType     = &Type{Kind: kindFee}
	invalidType = &Type{}
)

// Bool, Int, Number, Date and Text return the plain types.
func Bool() *Type { return boolType }

// Int is a whole number of 64 bits.
func Int() *Type { return intType }

// Number is an exact decimal.
func Number() *Type { return decimalType }

// DateType is a civil date.
func DateType() *Type { return dateType }

// Text is any string.
func Text() *Type { return stringType }

// Enum is a string out of a closed list.
func Enum(values ...string) *Type { return &Type{Kind: KindString, Enum: values} }

// ListOf is a list of elem.
func ListOf(elem *Type) *Type { return &Type{Kind: KindList, Elem: elem} }

// MapOf is a map from text to elem.
func MapOf(elem *Type) *Type { return &Type{Kind: KindMap, Elem: elem} }

// Object is an object with the given fields.
func Object(fields map[string]Field) *Type { return &Type{Kind: KindObject, Fields: fields} }

// Field returns the field at a dotted path ("agent.id_no"); list items are entered
// without a mark. ok is false when the path leaves the type.
func (t *Type) Field(path string) (f Field, ok bool) {
	for part := range strings.SplitSeq(path, ".") {
		for t != nil && t.Kind == KindList {
			t = t.Elem
		}
		if t == nil || t.Kind != KindObject {
			return Field{}, false
		}
		if f, ok = t.Fields[part]; !ok {
			return Field{}, false
		}
		t = f.Type
	}
	return f, ok
}

// FieldNames returns the names of an object's fields, sorted.
func (t *Type) FieldNames() []string { return slices.Sorted(maps.Keys(t.Fields)) }

// admits reports whether the text may be a value of t.
func (t *Type) admits(text string) bool { return t.Enum == nil || slices.Contains(t.Enum, text) }

// same reports whether values of the two types may be compared and listed together.
func (t *Type) same(u *Type) bool {
	if t.Kind != u.Kind {
		return false
	}
	if t.Kind == KindList || t.Kind == KindMap {
		return t.Elem == nil || u.Elem == nil || t.Elem.same(u.Elem)
	}
	return true
}

// mayLack reports whether a value of t can be without the named field.
func (t *Type) mayLack(name string) bool {
	return t.Kind == KindObject && t.Fields[name].Optional || t.Kind == KindMap && t.Keys == nil
}

// comparable reports whether == means something for values of t; records have no equality.
func (t *Type) comparable() bool {
	switch t.Kind {
	case KindObject, KindMap, kindTiers, kindFee, kindCalendar, kindActions:
		return false
	case KindList:
		return t.Elem == nil || t.Elem.comparable()
	default:
		return true
	}
}

// union returns a type that holds the values of both, or nil when there is none.
func union(t, u *Type) *Type {
	switch {
	case t == nil || t.Kind == KindInvalid:
		return u
	case u == nil || u.Kind == KindInvalid:
		return t
	case isNumeric(t) && isNumeric(u) && t.Kind != u.Kind:
		return decimalType
	case !t.same(u):
		return nil
	case t.Kind == KindString && t.Enum != nil && u.Enum != nil:
		all := append(slices.Clone(t.Enum), u.Enum...)
		slices.Sort(all)
		return Enum(slices.Compact(all)...)
	case t.Kind == KindString:
		return stringType
	default:
		return t
	}
}

func isNumeric(t *Type) bool { return t.Kind == KindInt || t.Kind == KindDecimal }
