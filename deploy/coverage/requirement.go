package main

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// requirement is a numbered line of docs/requirements.md or an invariant of docs/architecture.md.
type requirement struct {
	number string   // R-REC-12, T-05, V-19, I3
	asked  string   // what it asks, one line of Markdown
	named  []string // tests that the line names, as package.Test
	not    []string // tests that cite the number but hold another rule: not `package.Test`
}

var (
	numbered  = regexp.MustCompile(`^(?:R-[A-Z]{2,4}|T|V)-\d{2}$`)
	invariant = regexp.MustCompile(`^\*\*(I[1-9])\*\*$`)
	codeSpan  = regexp.MustCompile("(not )?`([^`]+)`")
)

// readRequirements returns the lines in their order: invariants first.
func readRequirements(root fs.FS) ([]requirement, error) {
	var list []requirement
	seen := map[string]bool{}
	for _, name := range []string{"docs/architecture.md", "docs/requirements.md"} {
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return nil, err
		}
		for line := range strings.Lines(string(text)) {
			r, ok := readLine(line)
			if !ok {
				continue
			}
			if seen[r.number] {
				return nil, fmt.Errorf("%s: %s stands twice", name, r.number)
			}
			seen[r.number] = true
			list = append(list, r)
		}
	}
	return list, nil
}

func readLine(line string) (requirement, bool) {
	cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
	if len(cells) < 2 {
		return requirement{}, false
	}
	r := requirement{number: strings.TrimSpace(cells[0]), asked: strings.TrimSpace(cells[1])}
	if m := invariant.FindStringSubmatch(r.number); m != nil {
		r.number = m[1]
		return r, true
	}
	if !numbered.MatchString(r.number) {
		return requirement{}, false
	}
	if len(cells) > 2 {
		for _, m := range codeSpan.FindAllStringSubmatch(cells[2], -1) {
			if m[1] != "" {
				r.not = append(r.not, m[2])
			} else {
				r.named = append(r.named, m[2])
			}
		}
	}
	return r, true
}

// addNamed adds the tests that requirements name, takes out those that hold
// another rule, and returns those that do not exist.
func addNamed(requirements []requirement, found *findings) (missing []error) {
	for _, r := range requirements {
		for _, test := range r.named {
			if !found.tests[test] {
				missing = append(missing, fmt.Errorf("%s (%s)", test, r.number))
				continue
			}
			found.add(r.number, test)
		}
		found.holds[r.number] = slices.DeleteFunc(found.holds[r.number], func(test string) bool { return slices.Contains(r.not, test) })
	}
	return missing
}
