package main

import (
	"bytes"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"zhengtong/internal/matter"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// guidesPath is where everybody finds service guides: /guides/431321/food-business-licence.pdf.
const guidesPath = "/guides/{tenant}/{file}"

// guides answers with service guides as pages and documents, without a session
// (R-CAT-07). The digest is the entity tag: whoever has this version is told so
// before anything is written.
type guides struct {
	matters *matter.Service
	tree    *tenancy.Tree
	refuse  func(w http.ResponseWriter, r *http.Request, err error)
}

// media are the formats that are served.
var media = map[matter.Format]string{matter.HTML: "text/html; charset=utf-8", matter.PDF: "application/pdf"}

func (g *guides) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := g.serve(w, r); err != nil {
		g.refuse(w, r, err)
	}
}

func (g *guides) serve(w http.ResponseWriter, r *http.Request) error {
	name, format := r.PathValue("file"), matter.Format(strings.TrimPrefix(path.Ext(r.PathValue("file")), "."))
	kind, served := media[format]
	scope, err := g.tree.Scope("", r.PathValue("tenant"))
	if err != nil || !served {
		return problem.Missing()
	}
	ctx := tenancy.With(r.Context(), scope)
	sheet, err := g.matters.Sheet(ctx, strings.TrimSuffix(name, path.Ext(name)))
	if err != nil {
		return err
	}
	var file []byte
	known := strings.Contains(r.Header.Get("If-None-Match"), sheet.Digest)
	if !known {
		if file, err = g.matters.File(ctx, sheet, format); err != nil {
			return err
		}
	}
	h := w.Header()
	protectPage(h)
	h.Set("ETag", `"`+sheet.Digest+`"`)
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Content-Security-Policy", guide.Policy)
	if known {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("inline", map[string]string{"filename": sheet.Title + "办事指南." + string(format)}))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(file))
	return nil
}
