// Package problem holds the two shapes in which Zhengtong says that something is
// wrong: a Problem is one positioned remark about an input (a pack, a form, a
// query); an Error is a refusal that leaves a service with a stable code.
package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Severity tells whether a problem stops the work or is only shown.
type Severity string

// The two severities of a publish check (domain rule: E stops, W is shown and leaves exit code 0).
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Problem is one remark about one place of an input.
//
// File, Line and Column (1-based; 0 when the input has no file) point at the
// offending value, or, for something missing, at the resource that should hold
// it. Path is a JSONPath-like place such as `$.spec.nodes[3].to`. Code is a
// stable identifier: a publish check ("V-19") or a form rule ("required").
type Problem struct {
	File     string   `json:"file,omitempty"`
	Line     int      `json:"line,omitempty"`
	Column   int      `json:"column,omitempty"`
	Path     string   `json:"path,omitempty"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`
	Severity Severity `json:"severity"`
}

// String renders `file:line:col path: message (hint) [code]`, leaving out what is unknown.
func (p Problem) String() string {
	var b strings.Builder
	if p.File != "" {
		b.WriteString(p.File)
		if p.Line > 0 {
			fmt.Fprintf(&b, ":%d:%d", p.Line, p.Column)
		}
		b.WriteByte(' ')
	}
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	if p.Severity == SeverityWarning {
		b.WriteString("warning: ")
	}
	b.WriteString(p.Message)
	if p.Hint != "" {
		fmt.Fprintf(&b, " (%s)", p.Hint)
	}
	fmt.Fprintf(&b, " [%s]", p.Code)
	return b.String()
}

// List is a set of problems about one input.
type List []Problem

// Add appends an error-level problem.
func (l *List) Add(path, code, format string, args ...any) {
	*l = append(*l, Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...), Severity: SeverityError})
}

// Warn appends a warning-level problem.
func (l *List) Warn(path, code, format string, args ...any) {
	*l = append(*l, Problem{Path: path, Code: code, Message: fmt.Sprintf(format, args...), Severity: SeverityWarning})
}

// HasErrors reports whether any problem stops the work.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Severity != SeverityWarning })
}

// Has reports whether a problem with a code is among them.
func (l List) Has(code string) bool {
	return slices.ContainsFunc(l, func(p Problem) bool { return p.Code == code })
}

// Errors returns the problems that stop the work.
func (l List) Errors() List {
	return slices.DeleteFunc(slices.Clone(l), func(p Problem) bool { return p.Severity == SeverityWarning })
}

// Sorted returns the problems ordered by file, line, column, path and code, without exact repeats.
func (l List) Sorted() List {
	out := slices.Clone(l)
	slices.SortStableFunc(out, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Path, b.Path), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	return slices.Compact(out)
}

// String renders one problem a line, sorted.
func (l List) String() string {
	var b strings.Builder
	for _, p := range l.Sorted() {
		b.WriteString(p.String())
		b.WriteByte('\n')
	}
	return b.String()
}
