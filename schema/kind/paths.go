package kind

import (
	"fmt"
	"strings"
)

// deleteKey, at the top of a patch's spec, lists the paths of the parent that are removed.
const deleteKey = "$delete"

// CheckPath reports why a path cannot be one of a kind's fields: an unknown
// field, a list element chosen by another key than the list declares, or by
// position where a key is declared (V-06). Free maps and JSON Schema accept any name.
func CheckPath(kind, text string) error {
	info, ok := KindInfo(kind)
	if !ok {
		return fmt.Errorf("未知种类 %q", kind)
	}
	path, err := ParsePath(text)
	if err != nil {
		return err
	}
	if len(path) < 2 || path[0].Name != "spec" {
		return fmt.Errorf("路径 %q 应以 spec. 开头", text)
	}
	sh, f := info.shape, (*field)(nil)
	for _, seg := range path[1:] {
		if sh, f, err = descend(sh, f, seg); err != nil {
			return fmt.Errorf("路径 %q：%w", text, err)
		}
	}
	return nil
}

// descend follows one segment in declarations. The field is the one whose list or map is being entered.
func descend(sh *shape, f *field, seg Segment) (*shape, *field, error) {
	if sh == nil || sh.form == formFree {
		return nil, nil, nil
	}
	switch sh.form {
	case formObject:
		next := sh.field(seg.Name)
		if next == nil {
			hint := suggest(seg.Name, sh.names())
			if hint != "" {
				hint = "，" + hint
			}
			return nil, nil, fmt.Errorf("没有字段 %q%s", seg.Name, hint)
		}
		return next.shape, next, nil
	case formDict:
		if seg.Name == "" {
			return nil, nil, fmt.Errorf("映射用名称选择，不用方括号")
		}
		return sh.elem, f, nil
	case formList:
		return sh.elem, nil, checkElement(f, seg)
	}
	return nil, nil, fmt.Errorf("%q 之上已是单个值", seg.Name+seg.Value)
}

// checkElement reports a list element that is not chosen as the list declares.
func checkElement(f *field, seg Segment) error {
	want := ""
	switch {
	case f != nil && f.mergeKey != "":
		want = f.mergeKey
	case f != nil && f.mergeSet:
		want = "="
	}
	switch {
	case want == "":
		return fmt.Errorf("列表 %q 整体替换，不能选择其中一项", fieldName(f))
	case seg.Key != want:
		return fmt.Errorf("列表 %q 的各项写成 [%s=…]", f.name, strings.TrimPrefix(want, "="))
	}
	return nil
}

func fieldName(f *field) string {
	if f == nil {
		return ""
	}
	return f.name
}
