package form

import (
	"encoding/json"

	"zhengtong/internal/problem"
)

// Spec is the declared form, with the field names of kind Form (§3.2.1).
type Spec struct {
	Title  string          `json:"title"`
	Schema json.RawMessage `json:"schema"`
	UI     struct {
		Sections []Section `json:"sections"`
	} `json:"ui"`
	Prefill          []Prefill           `json:"prefill"`
	Rules            []Rule              `json:"rules"`
	Sensitive        []string            `json:"sensitive"`
	SectionsByMember map[string][]string `json:"sections_by_member"`
	Dedupe           struct {
		Keys []string `json:"keys"`
	} `json:"dedupe"`
}

// Section groups fields under a title; show_when hides it as a whole.
type Section struct {
	Title    string   `json:"title"`
	Fields   []string `json:"fields"`
	ShowWhen string   `json:"show_when,omitempty"`
}

// Prefill names the field a known value goes into.
type Prefill struct {
	Field string `json:"field"`
}

// Rule is a condition across fields; a false one is a problem with the rule's message.
type Rule struct {
	ID       string           `json:"id"`
	Expr     string           `json:"expr"`
	Message  string           `json:"message"`
	Severity problem.Severity `json:"severity,omitempty"` // error when empty
}

// Options are what a form refers to outside itself.
type Options struct {
	// CodeSets maps the names that x-dictionary uses to their codes. A nil map leaves
	// dictionaries unchecked; a missing name in another is a problem.
	CodeSets map[string][]string
	// ServiceObjects narrows applicant.type in rules; empty means all.
	ServiceObjects []string
}

// Data is the content of a form: strings (dates too), bool, int64 for `integer`,
// expr.Decimal for `number`, []any and map[string]any. It never holds a float.
type Data = map[string]any
