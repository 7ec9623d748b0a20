package render

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/document/layout"
	"zhengtong/internal/problem"
)

// ErrFonts is returned when Assets has no fonts.
var ErrFonts = errors.New("render needs fonts")

// Render draws a record. It refuses (problem.Validation) a record without a
// date, a layout with a code but no address to verify at, an address too long
// for a code, and a document beyond 500 pages; characters without a glyph and
// placeholders without a value are drawn visibly and named in the result.
func Render(rec Record, l layout.Layout, assets Assets) ([]byte, Result, error) {
	if assets.Fonts == nil {
		return nil, Result{}, ErrFonts
	}
	if rec.IssuedOn.IsZero() {
		return nil, Result{}, problem.New(problem.Validation, "document_without_date", "文书没有签发日期")
	}
	f, err := fit(rec, l, assets)
	if err != nil {
		return nil, Result{}, err
	}
	chars := gather(f.sheets, assets.Fonts)
	file, err := write(rec, assets, f.sheets, chars)
	if err != nil {
		return nil, Result{}, err
	}
	result := Result{Pages: len(f.sheets), Absent: slices.Sorted(maps.Keys(f.absent)), Digest: fileDigest(file)}
	for _, r := range chars.missing {
		result.Missing = append(result.Missing, fmt.Sprintf("U+%04X", r))
	}
	return file, result, nil
}

// fit composes in the standard style, in the compact one when that saves the second of two pages, or as the layout says.
func fit(rec Record, l layout.Layout, assets Assets) (*flow, error) {
	if l.Dense {
		f := newFlow(rec, assets, dense())
		return f, f.compose(l)
	}
	f := newFlow(rec, assets, standard())
	if err := f.compose(l); err != nil || len(f.sheets) != 2 {
		return f, err
	}
	tight := newFlow(rec, assets, compact())
	tight.symbol = f.symbol
	if err := tight.compose(l); err == nil && len(tight.sheets) == 1 {
		return tight, nil
	}
	return f, nil
}
