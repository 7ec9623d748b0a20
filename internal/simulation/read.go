package simulation

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// ReadCase reads a sample case from a YAML file and answers everything that is wrong
// with it, each at its place. Unknown fields are refused.
func ReadCase(file kind.File) (Case, problem.List) {
	var c Case
	document, problems := kind.ReadDocument(file, &c)
	c.file = document
	found := c.check()
	if c.StartAt != "" {
		var wrong *problem.Error
		if _, err := ParseTime(c.StartAt, time.UTC); errors.As(err, &wrong) {
			found.Add(ScriptPath+".start_at", wrong.Reason, "%s", wrong.Message)
		}
	}
	return c, append(problems, c.Place(found)...).Sorted()
}

// Place points what was said about the script of a case (`$.script.steps[2]`) into the
// file that the case was read from; the rest stays as it is.
func (c Case) Place(problems problem.List) problem.List {
	var placed problem.List
	for _, p := range problems {
		if path, ok := strings.CutPrefix(p.Path, ScriptPath); ok && c.file != (kind.Document{}) {
			p.Path = "$" + path
			whole := p.Path
			outer, inner, _ := strings.Cut(whole, ": $") // of the form, or of what a step fills in
			p.Path = outer + inner
			p = c.file.Place(p)
			p.Path = whole
		}
		placed = append(placed, p)
	}
	return placed
}

// ReadScript reads a script from JSON. Unknown fields are refused.
func ReadScript(text []byte) (Script, problem.List) {
	var s Script
	if len(bytes.TrimSpace(text)) == 0 {
		return s, nil
	}
	var tree any
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(&tree); err != nil {
		return s, problem.List{{Path: ScriptPath, Code: "script", Message: err.Error(), Severity: problem.SeverityError}}
	}
	if tree == nil {
		return s, nil
	}
	problems := kind.Decode(tree, &s)
	for i, p := range problems {
		problems[i].Path = ScriptPath + strings.TrimPrefix(p.Path, "$")
	}
	return s, problems
}
