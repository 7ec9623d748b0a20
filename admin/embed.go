// Package admin holds the built web faces: the hall for applicants and the desk
// for staff. `npm run build` in this folder writes them to dist/app; until then
// the binary serves dist/index.html, a page that says how to build.
package admin

import (
	"embed"
	"fmt"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Nonce is the text in the two pages that the server replaces, response by response,
// by the nonce of its Content-Security-Policy.
const Nonce = "__CSP_NONCE__"

// The pages. Paths below /desk are the desk's, all other page paths the hall's; both
// route in the browser. Files below assets/ carry their digest in their name and
// may be cached for ever.
const (
	HallPage = "index.html"
	DeskPage = "desk/index.html"
)

// Files returns the built web, and whether it was built: when not, HallPage is the
// page that says how to build and DeskPage is absent.
func Files() (files fs.FS, built bool, err error) {
	root := "dist/app"
	if _, err := fs.Stat(dist, root+"/"+HallPage); err != nil {
		root = "dist"
	}
	files, err = fs.Sub(dist, root)
	if err != nil {
		return nil, false, fmt.Errorf("admin: open %s: %w", root, err)
	}
	return files, root != "dist", nil
}
