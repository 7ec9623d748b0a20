package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// row is one line of the README's table of folders.
type row struct {
	folders []string // without a final slash; braces expanded
	about   string
	all     bool // may import everything
	itself  bool // its folders may import one another
	allowed []string
	cell    string
}

// table says who may import whom.
//
// A cell of the column "may import" is a list of terms, separated by commas:
//
//	—                     nothing of ours
//	everything
//	each other            the folders of the same row
//	`internal/{code,fee}` these folders
//	word                  the row whose description begins with the word (`services`,
//	                      `pure cores`, `platform`), or the folder of that name
//
// Remarks in parentheses, after a semicolon, and terms about things that are
// no Go packages (`data`, `GraphQL only`, `downward`) say nothing to the checker.
type table []row

var (
	remark = regexp.MustCompile(`\([^)]*\)`)
	braces = regexp.MustCompile(`^(.*)\{([^}]*)\}(.*)$`)
	silent = []string{"—", "-", "", "downward", "data", "GraphQL only"}
)

func parseTable(readme string) (table, error) {
	var rows table
	inTable := false
	for line := range strings.Lines(readme) {
		cells := split(line)
		switch {
		case len(cells) == 3 && strings.EqualFold(cells[0], "folder") && strings.EqualFold(cells[2], "may import"):
			inTable = true
		case !inTable || (len(cells) == 3 && strings.Trim(cells[0], "-: ") == ""):
		case len(cells) != 3:
			inTable = false
		default:
			r := row{about: cells[1], cell: cells[2]}
			for _, folder := range quoted(cells[0]) {
				r.folders = append(r.folders, expand(folder)...)
			}
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("no table with the columns folder, what lives there, may import")
	}
	for i := range rows {
		if err := rows.resolve(&rows[i]); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

func (t table) resolve(r *row) error {
	terms, _, _ := strings.Cut(remark.ReplaceAllString(r.cell, ""), ";")
	for _, term := range splitTerms(terms) {
		switch {
		case slices.Contains(silent, term):
		case term == "everything":
			r.all = true
		case term == "each other":
			r.itself = true
		case strings.HasPrefix(term, "`"):
			r.allowed = append(r.allowed, expand(strings.Trim(term, "`"))...)
		default:
			folders := t.named(term)
			if len(folders) == 0 {
				return fmt.Errorf("row %v may import %q, which is neither a folder nor the first words of a description", r.folders, term)
			}
			r.allowed = append(r.allowed, folders...)
		}
	}
	return nil
}

// named returns the folders of the rows that a word stands for.
func (t table) named(term string) (folders []string) {
	for _, r := range t {
		begins := regexp.MustCompile(`^(the )?(\w+ )?` + regexp.QuoteMeta(term) + `\b`)
		for _, folder := range r.folders {
			if begins.MatchString(strings.ToLower(r.about)) || folder == term || strings.HasSuffix(folder, "/"+term) {
				folders = append(folders, folder)
			}
		}
	}
	return folders
}

// refuses says why files in dir may not import target; "" when they may.
func (t table) refuses(dir, target string) string {
	from, home := t.find(dir)
	if from == nil {
		return fmt.Sprintf("folder %s is not in the README's table", dir)
	}
	to, there := t.find(target)
	if to == nil {
		return fmt.Sprintf("imported folder %s is not in the README's table", target)
	}
	if from.all || home == there || (from.itself && from == to) {
		return ""
	}
	if slices.ContainsFunc(from.allowed, func(folder string) bool { return inside(target, folder) }) {
		return ""
	}
	return fmt.Sprintf("%s must not import %s (it may import: %s)", home, target, from.cell)
}

// find returns the row with the longest folder around dir, and that folder.
func (t table) find(dir string) (found *row, folder string) {
	for i := range t {
		for _, candidate := range t[i].folders {
			if inside(dir, candidate) && len(candidate) > len(folder) {
				found, folder = &t[i], candidate
			}
		}
	}
	return found, folder
}

func split(line string) []string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "|") {
		return nil
	}
	cells := strings.Split(strings.Trim(line, "|"), "|")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	return cells
}

func quoted(cell string) (out []string) {
	for i, part := range strings.Split(cell, "`") {
		if i%2 == 1 {
			out = append(out, strings.TrimSuffix(part, "/"))
		}
	}
	return out
}

// splitTerms cuts at commas outside of braces.
func splitTerms(cell string) (terms []string) {
	depth, from := 0, 0
	for i, r := range cell + "," {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case r == ',' && depth == 0:
			terms = append(terms, strings.TrimSpace(cell[from:i]))
			from = i + 1
		}
	}
	return terms
}

func expand(folder string) []string {
	folder = strings.TrimSuffix(strings.TrimSpace(folder), "/")
	parts := braces.FindStringSubmatch(folder)
	if parts == nil {
		return []string{folder}
	}
	var out []string
	for name := range strings.SplitSeq(parts[2], ",") {
		out = append(out, parts[1]+strings.TrimSpace(name)+parts[3])
	}
	return out
}
