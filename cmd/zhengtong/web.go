package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"zhengtong/admin"
)

// web serves the built faces. Every page carries its own nonce; nothing inline
// without it runs, nothing from elsewhere loads (strict CSP).
type web struct {
	files fs.FS
	built bool
}

func newWeb() (*web, error) {
	files, built, err := admin.Files()
	return &web{files: files, built: built}, err
}

func (w *web) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		http.Error(out, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	protectPage(out.Header())
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if info, err := fs.Stat(w.files, name); err == nil && !info.IsDir() && !strings.HasSuffix(name, ".html") {
		if strings.HasPrefix(name, "assets/") {
			out.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeFileFS(out, r, w.files, name)
		return
	}
	if name != "" && strings.Contains(path.Base(name), ".") {
		http.NotFound(out, r)
		return
	}
	w.page(out, r)
}

// page answers every other path with the face it belongs to; routing is the page's own.
func (w *web) page(out http.ResponseWriter, r *http.Request) {
	name := admin.HallPage
	if w.built && (r.URL.Path == "/desk" || strings.HasPrefix(r.URL.Path, "/desk/")) {
		name = admin.DeskPage
	}
	text, err := fs.ReadFile(w.files, name)
	if err != nil {
		http.Error(out, "page missing", http.StatusInternalServerError)
		return
	}
	nonce := newNonce()
	header := out.Header()
	header.Set("Content-Security-Policy", policy(nonce))
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	_, _ = out.Write(bytes.ReplaceAll(text, []byte(admin.Nonce), []byte(nonce)))
}

func policy(nonce string) string {
	return "default-src 'none'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:; " +
		"font-src 'self'; connect-src 'self'; frame-src 'self' blob:; object-src 'none'; manifest-src 'self'; base-uri 'none'; " +
		"form-action 'self'; frame-ancestors 'none'"
}

func protectPage(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
}

func newNonce() string {
	raw := make([]byte, 18)
	rand.Read(raw)
	return base64.StdEncoding.EncodeToString(raw)
}
