package guide

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"

	"zhengtong/internal/document/layout"
)

//go:embed guide.css
var css string

//go:embed guide.html
var page string

var tmpl = template.Must(template.New("guide").Funcs(template.FuncMap{"draw": draw, "next": func(i int) int { return i + 1 }}).Parse(page))

// Policy is the Content-Security-Policy under which a page is served: nothing but
// its own style sheet, no script, no frame, no form.
var Policy = "default-src 'none'; style-src '" + styleHash() + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func styleHash() string {
	sum := sha256.Sum256([]byte(css))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// HTML writes a dated guide as a page that needs nothing else: no script, no file
// of ours or anyone's (R-CAT-07). The same guide gives the same bytes. home and pdf are
// addresses of the same site.
func HTML(g *Guide, home, pdf string) ([]byte, error) {
	var out bytes.Buffer
	err := tmpl.Execute(&out, struct {
		*Guide
		CSS       template.CSS
		Updated   string
		Home, PDF string
	}{g, template.CSS(css), layout.Date(g.UpdatedOn.String()), home, pdf}) //nolint:gosec // our own style sheet
	if err != nil {
		return nil, fmt.Errorf("guide of %s as HTML: %w", g.Name, err)
	}
	return out.Bytes(), nil
}

// Measures of the drawing, in CSS pixels.
const (
	boxWidth  = 420
	boxHeight = 52
	boxGap    = 26
	boxText   = 22 // characters of a title before it is cut
)

// drawn is a step with its place in the drawing.
type drawn struct {
	Step
	Short           string
	Y, TextY, NoteY int
	From, Tip, To   int // of the arrow to the next one; none on the last
	Last            bool
}

// drawing is the flow from top to bottom.
type drawing struct {
	Width, Height, BoxWidth, BoxHeight, Middle int
	Steps                                      []drawn
}

// draw places the steps one below the other. The list beside it says the same in words.
func draw(steps []Step) drawing {
	d := drawing{Width: boxWidth + 2, Height: len(steps)*(boxHeight+boxGap) - boxGap + 2, BoxWidth: boxWidth, BoxHeight: boxHeight, Middle: boxWidth/2 + 1}
	for i, s := range steps {
		y := 1 + i*(boxHeight+boxGap)
		title := []rune(s.Title)
		if len(title) > boxText {
			title = append(title[:boxText-1], '…')
		}
		d.Steps = append(d.Steps, drawn{Step: s, Short: string(title), Y: y, TextY: y + 22, NoteY: y + 41, From: y + boxHeight, Tip: y + boxHeight + boxGap,
			To: y + boxHeight + boxGap - 7, Last: i == len(steps)-1})
	}
	return d
}
