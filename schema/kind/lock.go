package kind

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"zhengtong/internal/problem"
)

// BoundLock is an ancestor's lock with the value it had there, defaults included.
type BoundLock struct {
	Lock
	Tenant string
	Value  any
	Given  bool     // the ancestor has a value at the path
	Free   []string // parts that the same ancestor sets free
}

// bindLocks ties the locks of a resource to its effective values.
func bindLocks(info Info, r *Resource) []BoundLock {
	if len(r.Metadata.Locks) == 0 {
		return nil
	}
	root := map[string]any{"spec": withDefaults(info, r.Doc)}
	var free []string
	for _, lock := range r.Metadata.Locks {
		if lock.Mode == "free" {
			free = append(free, lock.Path)
		}
	}
	var out []BoundLock
	for _, lock := range r.Metadata.Locks {
		path, err := ParsePath(lock.Path)
		if err != nil || lock.Mode == "free" {
			continue // a wrong path was reported when the resource was read
		}
		value, given := Lookup(root, path)
		out = append(out, BoundLock{Lock: lock, Tenant: r.Metadata.Tenant, Value: value, Given: given, Free: free})
	}
	return out
}

// enumPaths lists the lists of which a descendant chooses a part.
func enumPaths(locks []BoundLock) map[string]bool {
	out := map[string]bool{}
	for _, lock := range locks {
		if lock.Mode == "enum" {
			path, _ := ParsePath(lock.Path) // bound locks have parsed
			out[path.String()] = true
		}
	}
	return out
}

// checkLocks compares a descendant's document with what its ancestors locked (四级四同).
func checkLocks(info Info, locks []BoundLock, doc map[string]any) problem.List {
	var problems problem.List
	if len(locks) == 0 {
		return nil
	}
	root := map[string]any{"spec": withDefaults(info, doc)}
	for _, lock := range locks {
		path, err := ParsePath(lock.Path)
		if err != nil {
			continue // a wrong path was reported when the ancestor was read
		}
		mine, has := Lookup(root, path)
		theirs := lock.Value
		if len(lock.Free) > 0 {
			mine, theirs = without(mine, path, lock.Free), without(theirs, path, lock.Free)
		}
		if reason := breach(lock, theirs, mine, has, keyAt(info, path)); reason != "" {
			problems = append(problems, problem.Problem{Path: path.display(), Code: "V-06", Severity: problem.SeverityError,
				Message: fmt.Sprintf("%s（%s 锁定为 %s）", reason, lock.Tenant, lock.Mode), Hint: "改回上级的值，或删除本地的写法"})
		}
	}
	return problems
}

// keyAt is the key of the list at a path, "" for sets and other values.
func keyAt(info Info, path Path) string {
	sh, f := info.shape, (*field)(nil)
	for _, seg := range path[1:] {
		var err error
		if sh, f, err = descend(sh, f, seg); err != nil || sh == nil {
			return ""
		}
	}
	if f == nil {
		return ""
	}
	return f.mergeKey
}

// without copies the value of a locked path leaving out the parts set free below it.
func without(value any, at Path, free []string) any {
	out := copyTree(value)
	for _, text := range free {
		path, err := ParsePath(text)
		if err != nil || len(path) <= len(at) || path[:len(at)].String() != at.String() {
			continue
		}
		holder := map[string]any{"value": out}
		remove(holder, append(Path{{Name: "value"}}, path[len(at):]...))
		out = holder["value"]
	}
	return out
}

// breach says how a value breaks a lock, or "".
func breach(lock BoundLock, parent, child any, has bool, key string) string {
	switch lock.Mode {
	case "fixed":
		if lock.Given != has || !equal(parent, child) {
			return "与上级不同"
		}
	case "tighten":
		return loosened(parent, child, lock.Given, has)
	case "shrink":
		return grown(parent, child, key)
	case "append":
		return lost(parent, child, lock.Given, key)
	case "enum":
		return notChosen(parent, child, lock.Given)
	}
	return ""
}

// loosened reports a limit or number larger than the parent's, or left out.
func loosened(parent, child any, given, has bool) string {
	if !given || parent == nil {
		return ""
	}
	if !has || child == nil {
		return "上级已限定，不得删去"
	}
	before, isLimit := limitOf(parent)
	after, alsoLimit := limitOf(child)
	if isLimit && alsoLimit {
		order, known := after.Compare(before)
		if !known {
			return fmt.Sprintf("%s 与上级的 %s 单位无法比较", after, before)
		}
		if order > 0 {
			return fmt.Sprintf("%s 比上级的 %s 宽", after, before)
		}
		return ""
	}
	x, okX := wholeNumber(parent)
	y, okY := wholeNumber(child)
	if !okX || !okY {
		if !equal(parent, child) {
			return "与上级不同，且无法比较"
		}
		return ""
	}
	if y > x {
		return fmt.Sprintf("%d 比上级的 %d 宽", y, x)
	}
	return ""
}

// limitOf reads a map with n and unit.
func limitOf(value any) (Limit, bool) {
	m, ok := value.(map[string]any)
	if !ok {
		return Limit{}, false
	}
	n, ok := wholeNumber(m["n"])
	return Limit{N: int(n), Unit: scalarText(m["unit"])}, ok
}

func wholeNumber(value any) (int64, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(string(number), 10, 64)
	return n, err == nil
}

// grown reports an item the parent does not have, or one asked for more strictly.
func grown(parent, child any, key string) string {
	mine, _ := child.([]any)
	theirs, _ := parent.([]any)
	var reasons []string
	for _, item := range mine {
		name := itemName(item, key)
		i := indexOf(theirs, itemSegment(item, key))
		switch {
		case i < 0:
			reasons = append(reasons, "多出上级没有的 "+name)
		case stricter(theirs[i], item):
			reasons = append(reasons, name+" 比上级的要求更严或不同")
		}
	}
	return strings.Join(reasons, "；")
}

// stricter reports an element that differs from the parent's in more than becoming optional.
func stricter(parent, child any) bool {
	before, ok := parent.(map[string]any)
	after, also := child.(map[string]any)
	if !ok || !also {
		return !equal(parent, child)
	}
	for _, name := range sortedKeys(union(before, after)) {
		switch name {
		case "required", "required_when":
		default:
			if !equal(before[name], after[name]) {
				return true
			}
		}
	}
	always := func(m map[string]any) bool { return m["required"] == true }
	condition := func(m map[string]any) string { return strings.TrimSpace(scalarText(m["required_when"])) }
	switch {
	case always(before):
		return false // required before: anything is at most as strict
	case always(after):
		return true
	}
	return condition(after) != "" && condition(after) != condition(before)
}

// lost reports an item of the parent's that is missing or changed.
func lost(parent, child any, given bool, key string) string {
	if !given {
		return ""
	}
	switch theirs := parent.(type) {
	case []any:
		mine, _ := child.([]any)
		for _, item := range theirs {
			i := indexOf(mine, itemSegment(item, key))
			if i < 0 || !equal(mine[i], item) {
				return fmt.Sprintf("缺少或改动了上级的 %s", itemName(item, key))
			}
		}
	case map[string]any:
		mine, _ := child.(map[string]any)
		for _, name := range sortedKeys(theirs) {
			if !equal(mine[name], theirs[name]) {
				return fmt.Sprintf("缺少或改动了上级的 %s", name)
			}
		}
	default:
		if !equal(parent, child) {
			return "与上级不同"
		}
	}
	return ""
}

// notChosen reports a choice outside the parent's list.
func notChosen(parent, child any, given bool) string {
	theirs, isList := parent.([]any)
	if !given || !isList {
		return ""
	}
	mine, ok := child.([]any)
	if !ok || len(mine) == 0 {
		return "须从上级的列表中选择"
	}
	for _, item := range mine {
		found := false
		for _, t := range theirs {
			found = found || equal(t, item)
		}
		if !found {
			return fmt.Sprintf("%s 不在上级的列表中", itemName(item, "="))
		}
	}
	return ""
}

// itemSegment selects the counterpart of a list's element: by key, or by its own value.
func itemSegment(item any, key string) Segment {
	if key == "" {
		key = "="
	}
	return Segment{Key: key, Value: keyOf(item, key)}
}

func itemName(item any, key string) string {
	if name := itemSegment(item, key).Value; name != "" {
		return strconv.Quote(name)
	}
	return string(Canonical(item))
}

func union(a, b map[string]any) map[string]any {
	out := map[string]any{}
	for k := range a {
		out[k] = nil
	}
	for k := range b {
		out[k] = nil
	}
	return out
}
