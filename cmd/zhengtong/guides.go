package main

import (
	"bytes"
	"context"
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

// Where everybody finds service guides, and the blanks and samples that they offer:
// /guides/431321/food-business-licence.pdf, /guides/431321/food-business-licence/blank/food-application-form.
const (
	guidesPath = "/guides/{tenant}/{file}"
	papersPath = "/guides/{tenant}/{matter}/{paper}/{ref}"
)

// papers leads to the file that a matter's guide offers for a material, without a
// session (R-CAT-10): the address stays, the file is the one published now.
type papers struct {
	matters *matter.Service
	link    func(ctx context.Context, sha256, filename string) (string, error)
	tree    *tenancy.Tree
	refuse  func(w http.ResponseWriter, r *http.Request, err error)
}

func (p *papers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	link, err := p.find(r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	protectPage(w.Header())
	w.Header().Set("Cache-Control", "no-store") // the link ends soon
	http.Redirect(w, r, link, http.StatusSeeOther)
}

func (p *papers) find(r *http.Request) (string, error) {
	scope, err := p.tree.Scope("", r.PathValue("tenant"))
	if err != nil {
		return "", problem.Missing()
	}
	ctx := tenancy.With(r.Context(), scope)
	file, err := p.matters.Paper(ctx, r.PathValue("matter"), r.PathValue("paper"), r.PathValue("ref"))
	if err != nil {
		return "", err
	}
	link, err := p.link(ctx, file.SHA256, file.Name)
	if err == nil && link == "" {
		err = problem.Missing()
	}
	return link, err
}

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
