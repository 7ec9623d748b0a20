// Package kind holds the declarative kinds of Zhengtong: what a government may
// write in its YAML packs. Each kind is a Go struct whose tags are the one
// declaration of its contract; a small engine reads them to decode strictly, fill
// defaults, check, merge along the tenant tree, evaluate locks, list references
// and expressions, and print JSON Schema and reference pages.
//
// The stages are pure functions over trees (map[string]any, []any, string,
// json.Number, bool, nil):
//
//	read (YAML, guarded) → conform (strict) → default → bind (Go struct) → validate
//	merge (parent, child) → locks → default → bind → validate
//
// Numbers keep their text and never pass through float64. A problem names its
// path (`$.spec.nodes[3].to`), its file, line and column, and a check of
// domain part 3.4 (V-01 …).
//
// # Struct tags
//
//	yaml:"name!"     name in YAML; ! means required (V-13), null counts as missing; what is no kind may have json:"name" alone
//	enum:"a,b"       closed list for the scalar, each element or each map value; "x*" is a prefix; "@list" a named list of closed.go
//	default:"v"      filled into the effective document; JSON for objects and lists
//	merge:"key=id"   list merged by that key; merge:"set" union; otherwise the child's list replaces
//	alt:"group!"     fields of one group exclude each other; ! means exactly one is needed
//	ref:"Role|Hall"  the value names a resource of these kinds; after ";" the values that are not names
//	expr:"context"   the value is a CEL expression of that context
//	format:"date"    the text has a form of scalar.go
//	short:"to"       a scalar stands for an object with that one field; "*" in a list field: for a list of one
//	min:"1" max:"9"  bounds of a number
//	code:"V-19"      the check that a wrong or doubled value breaks, instead of V-01
//	missing:"V-12"   the check that a missing value breaks, instead of V-13
//	lock:"fixed"     commonly locked by the tenant above (documentation)
//	doc:"…"          for the author of the YAML; becomes the description in JSON Schema
package kind
