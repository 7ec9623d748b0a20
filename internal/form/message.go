package form

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// named is the title in quotes that messages begin with.
func named(title string) string {
	if title == "" {
		return "此项"
	}
	return "“" + title + "”"
}

// place is where in the data an error lies: its path, and the title and type there.
type place struct {
	path  string
	title string
	typ   *expr.Type
}

func (f *Form) place(d Data, location []string) place {
	out := place{path: "$", typ: f.typ}
	var at any = map[string]any(d)
	for _, token := range location {
		switch v := at.(type) {
		case []any:
			i, _ := strconv.Atoi(token)
			out.path += "[" + token + "]"
			out.typ = element(out.typ)
			at = nil
			if i < len(v) {
				at = v[i]
			}
		case map[string]any:
			out.path = child(out.path, token)
			if out.typ != nil && out.typ.Kind == expr.KindObject {
				out.title = out.typ.Fields[token].Title
			}
			out.typ = below(out.typ, token)
			at = v[token]
		}
	}
	return out
}

// explain words one failed keyword for the person who fills the form.
func (f *Form) explain(d Data, e *jsonschema.ValidationError) problem.List {
	at := f.place(d, e.InstanceLocation)
	var out problem.List
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		at.missing(&out, "required", k.Missing)
	case *kind.DependentRequired:
		at.missing(&out, "dependentRequired", k.Missing)
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			out = append(out, unknownField(child(at.path, name), name, at.object()))
		}
	default:
		out.Add(at.path, keyword(k), "%s%s", named(at.title), describe(k))
	}
	return out
}

func (p place) object() *expr.Type {
	if p.typ == nil {
		return expr.Object(nil)
	}
	return p.typ
}

func (p place) missing(out *problem.List, code string, names []string) {
	for _, name := range names {
		title := p.object().Fields[name].Title
		if title == "" {
			title = name
		}
		out.Add(child(p.path, name), code, "请填写“%s”", title)
	}
}

// keyword is the code of a problem: the last name of the keyword's path.
func keyword(k jsonschema.ErrorKind) string {
	switch k.(type) {
	case *kind.Not:
		return "not"
	case *kind.FalseSchema:
		return "false"
	}
	path := k.KeywordPath()
	if len(path) == 0 {
		return "schema"
	}
	return path[0]
}

var typeTitles = strings.NewReplacer("string", "文本", "number", "数值", "integer", "整数", "boolean", "是或否", "array", "列表", "object", "一组字段", "null", "空")

// describe completes a sentence that begins with the field's title.
func describe(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Type:
		return "须为" + typeTitles.Replace(strings.Join(k.Want, "或"))
	case *kind.Enum:
		return "不在可选范围内"
	case *kind.Const:
		return "须为 " + constant(k.Want)
	case *kind.Format:
		return formatMessage(k.Want)
	case *kind.Pattern:
		return "格式不正确"
	case *kind.MinLength:
		return fmt.Sprintf("至少 %d 个字", k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("最多 %d 个字，现有 %d 个", k.Want, k.Got)
	case *kind.MinItems:
		return fmt.Sprintf("至少 %d 项", k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("最多 %d 项", k.Want)
	case *kind.UniqueItems:
		return fmt.Sprintf("第 %d 项与第 %d 项重复", k.Duplicates[0]+1, k.Duplicates[1]+1)
	default:
		return describeNumber(k)
	}
}

func describeNumber(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Minimum:
		return "不得小于 " + decimalText(k.Want)
	case *kind.Maximum:
		return "不得大于 " + decimalText(k.Want)
	case *kind.ExclusiveMinimum:
		return "须大于 " + decimalText(k.Want)
	case *kind.ExclusiveMaximum:
		return "须小于 " + decimalText(k.Want)
	case *kind.MultipleOf:
		return "须为 " + decimalText(k.Want) + " 的整数倍"
	case *kind.AnyOf, *kind.OneOf, *kind.Not, *kind.FalseSchema:
		return "与其他填写内容不相符"
	default:
		return "不符合要求（" + keyword(k) + "）"
	}
}

// constant shows a required value: a box that must be ticked reads better as a word.
func constant(v any) string {
	switch v {
	case true:
		return "“是”"
	case false:
		return "“否”"
	}
	return fmt.Sprint(v)
}

// decimalText writes a bound without trailing zeros.
func decimalText(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return strings.TrimRight(r.FloatString(30), "0")
}
