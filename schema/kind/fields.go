package kind

import "strings"

// FieldDoc describes one field of a kind for the reference pages and the console.
type FieldDoc struct {
	Path        string // materials[].ref
	Type        string // 文本, 整数, 列表 …
	Doc         string
	Default     string
	Merge       string // key=ref, set, replace; "" when it is no list
	Lock        string // the usual lock
	Expression  string // context of a CEL text
	Format      string // form of the text: date, path, uscc, …
	Bounds      string // of a number: 1 to 99, at least 1
	Alternative string // fields it excludes, and whether one is needed
	Required    bool
	Enum        []string
	Refs        []string
}

// Fields lists the fields of the kind's spec with those of its parts, in the order of declaration.
func (i Info) Fields() []FieldDoc { return appendFields(nil, i.shape, "", nil) }

// appendFields walks declared objects; a part that contains itself is entered once.
func appendFields(out []FieldDoc, sh *shape, prefix string, inside []*shape) []FieldDoc {
	for _, seen := range inside {
		if seen == sh {
			return out
		}
	}
	for _, f := range sh.fields {
		doc := describe(sh, f)
		doc.Path = prefix + f.name
		out = append(out, doc)
		part, suffix := f.shape, ""
		for part.elem != nil {
			if part.form == formList {
				suffix += "[]"
			} else {
				suffix += ".<名称>"
			}
			part = part.elem
		}
		if part.form == formObject {
			out = appendFields(out, part, doc.Path+suffix+".", append(inside, sh))
		}
	}
	return out
}

// describe puts the tags of one field into words.
func describe(sh *shape, f *field) FieldDoc {
	doc := FieldDoc{Type: typeName(f.shape), Doc: f.doc, Default: f.def, Merge: f.mergeRule(), Lock: f.lock,
		Expression: f.expr, Format: f.format, Bounds: bounds(f), Required: f.required, Enum: f.enum, Refs: f.refs}
	if f.alt != "" {
		var others []string
		for _, name := range sh.alternativesOf(f.alt) {
			if name != f.name {
				others = append(others, name)
			}
		}
		doc.Alternative = "与 " + strings.Join(others, "、") + " 二选一"
		if len(others) > 1 {
			doc.Alternative = "与 " + strings.Join(others, "、") + " 只写一个"
		}
	}
	return doc
}

// bounds writes the limits of a number.
func bounds(f *field) string {
	switch {
	case f.min != "" && f.max != "":
		return f.min + " to " + f.max
	case f.min != "":
		return "at least " + f.min
	case f.max != "":
		return "at most " + f.max
	}
	return ""
}

func typeName(sh *shape) string {
	switch sh.form {
	case formText:
		return "文本"
	case formInteger:
		return "整数"
	case formBool:
		return "布尔"
	case formObject:
		return "映射"
	case formList:
		return typeName(sh.elem) + "列表"
	case formDict:
		return "名称到" + typeName(sh.elem)
	}
	return "任意"
}
