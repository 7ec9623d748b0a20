package kind

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
)

func valueOf(pointer any) reflect.Value { return reflect.ValueOf(pointer).Elem() }

// bind fills a Go value from a tree. Values of a wrong form are left zero: conform has reported them.
func bind(sh *shape, tree any, out reflect.Value) {
	if tree == nil {
		return
	}
	if out.Kind() == reflect.Pointer {
		out.Set(reflect.New(out.Type().Elem()))
		out = out.Elem()
	}
	switch sh.form {
	case formFree:
		if raw, ok := out.Addr().Interface().(*json.RawMessage); ok {
			*raw, _ = json.Marshal(tree) // a tree is JSON
			return
		}
		out.Set(reflect.ValueOf(tree))
	case formText:
		if text := scalarText(tree); text != "" {
			out.SetString(text)
		}
	case formInteger:
		if number, ok := tree.(json.Number); ok {
			n, _ := strconv.ParseInt(string(number), 10, 64) // 0 when conform has refused it
			out.SetInt(n)
		}
	case formBool:
		if b, ok := tree.(bool); ok {
			out.SetBool(b)
		}
	case formList:
		bindList(sh, tree, out)
	case formDict:
		bindDict(sh, tree, out)
	case formObject:
		bindObject(sh, tree, out)
	}
}

func bindList(sh *shape, tree any, out reflect.Value) {
	items, ok := tree.([]any)
	if !ok {
		if !isScalar(tree) {
			return
		}
		items = []any{tree} // short:"*"
	}
	list := reflect.MakeSlice(out.Type(), len(items), len(items))
	for i, item := range items {
		bind(sh.elem, item, list.Index(i))
	}
	out.Set(list)
}

func bindDict(sh *shape, tree any, out reflect.Value) {
	doc, ok := tree.(map[string]any)
	if !ok {
		return
	}
	dict := reflect.MakeMapWithSize(out.Type(), len(doc))
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		value := reflect.New(out.Type().Elem()).Elem()
		bind(sh.elem, doc[name], value)
		dict.SetMapIndex(reflect.ValueOf(name), value)
	}
	out.Set(dict)
}

func bindObject(sh *shape, tree any, out reflect.Value) {
	doc, ok := tree.(map[string]any)
	if !ok {
		if s, short := out.Addr().Interface().(interface{ bindShort(string) }); short && isScalar(tree) {
			s.bindShort(scalarText(tree))
		}
		return
	}
	for _, f := range sh.fields {
		if value, ok := doc[f.name]; ok && value != nil {
			bind(f.shape, value, out.FieldByIndex(f.index))
		}
	}
}
