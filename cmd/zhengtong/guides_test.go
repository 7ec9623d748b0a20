package main

import (
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
)

// page is an answer over plain HTTP.
type page struct {
	status int
	header http.Header
	body   string
}

func fetch(t *testing.T, method, address string, header http.Header) page {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = header.Clone()
	if r.Header == nil {
		r.Header = http.Header{}
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return page{response.StatusCode, response.Header, string(body)}
}

// R-CAT-07, R-CAT-13: anybody downloads the guide as page and document; version and digest are those that the API
// tells, and the digest is the entity tag. What is absent, another's or of no such format is one and the same 404.
func TestGuidesOverHTTP(t *testing.T) {
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
	visitor := caller{origin: server.origin, tenant: "450721"}
	told := visitor.do(t, `{ matter(name: "energy-review") { guidePdf guideHtml guide { version updatedOn digest pdf html sections { id title blocks { text facts { name value } list table { head rows } steps { title } links { url } } } } } }`, nil)
	version, digest := told.text("matter.guide.version"), told.text("matter.guide.digest")
	if version == "" || len(digest) != 64 || told.text("matter.guidePdf") != "/guides/450721/energy-review.pdf" || told.text("matter.guideHtml") != told.text("matter.guide.html") {
		t.Fatalf("the API tells %s", told.Body)
	}
	for _, format := range []struct{ path, media, begins string }{
		{told.text("matter.guidePdf"), "application/pdf", "%PDF-1.7"}, {told.text("matter.guideHtml"), "text/html; charset=utf-8", "<!doctype html>"},
	} {
		got := fetch(t, http.MethodGet, server.origin+format.path, nil)
		if got.status != http.StatusOK || got.header.Get("Content-Type") != format.media || !strings.HasPrefix(got.body, format.begins) ||
			got.header.Get("ETag") != `"`+digest+`"` || !strings.Contains(got.header.Get("Cache-Control"), "public") || len(got.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: %d %v %.40q", format.path, got.status, got.header, got.body)
		}
		if policy := got.header.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'sha256-") || strings.Contains(policy, "script-src") {
			t.Errorf("%s is served under %q", format.path, policy)
		}
		if again := fetch(t, http.MethodGet, server.origin+format.path, http.Header{"If-None-Match": {got.header.Get("ETag")}}); again.status != http.StatusNotModified || again.body != "" {
			t.Errorf("%s, known: %d, %d bytes", format.path, again.status, len(again.body))
		}
		if twice := fetch(t, http.MethodGet, server.origin+format.path, http.Header{"Authorization": {"Bearer nonsense"}, "Cookie": {"zt_session=nonsense"}}); twice.status != http.StatusOK || twice.body != got.body {
			t.Errorf("%s asked for with a token is another: %d", format.path, twice.status)
		}
		if head := fetch(t, http.MethodHead, server.origin+format.path, nil); head.status != http.StatusOK || head.body != "" {
			t.Errorf("HEAD %s: %d", format.path, head.status)
		}
		if strings.HasPrefix(format.begins, "<") && (!strings.Contains(got.body, version) || !strings.Contains(got.body, digest)) {
			t.Error("the page tells neither version nor digest")
		}
	}
	missing := fetch(t, http.MethodGet, server.origin+"/guides/450721/no-such.pdf", http.Header{"X-Request-Id": {"00000000"}})
	for _, path := range []string{"/guides/450721/food-business-licence.pdf", "/guides/450000/energy-review.html", "/guides/999999/energy-review.pdf", "/guides/450721/energy-review.docx",
		"/guides/450721/energy-review", "/guides/450721/..%2fenergy-review.pdf", "/guides/national/energy-review.pdf", "/guides/420100/construction-planning-permit.html"} {
		got := fetch(t, http.MethodGet, server.origin+path, http.Header{"X-Request-Id": {"00000000"}})
		if got.status != http.StatusNotFound || missing.status != http.StatusNotFound || got.body != missing.body || got.header.Get("ETag") != "" {
			t.Errorf("%s: %d %s, absent: %d %s", path, got.status, got.body, missing.status, missing.body)
		}
	}
	if got := fetch(t, http.MethodPost, server.origin+"/guides/450721/energy-review.pdf", nil); got.status != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", got.status)
	}
	refused := 0
	for range 300 {
		if got := fetch(t, http.MethodGet, server.origin+"/guides/450721/energy-review.html", nil); got.status == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused == 0 {
		t.Error("three hundred requests at once from one address, and none was refused")
	}
}

// R-CAT-10: a guide leads to the blanks and samples of its materials under addresses that stay, without signing in;
// what a guide does not offer is the same 404 as what is not there.
func TestGuidesOfferBlanksAndSamples(t *testing.T) {
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
	for _, name := range []string{"blank", "sample"} {
		place := "/guides/431321/food-business-licence/" + name + "/food-application-form"
		if page := fetch(t, http.MethodGet, server.origin+"/guides/431321/food-business-licence.html", nil); !strings.Contains(page.body, `href="`+place+`"`) {
			t.Errorf("the page does not lead to %s", place)
		}
		got := fetch(t, http.MethodGet, server.origin+place, nil) // follows the link
		if got.status != http.StatusOK || len(got.body) < 500 || !strings.Contains(got.header.Get("Content-Disposition"), "food-form") {
			t.Errorf("%s: %d %v, %d bytes", place, got.status, got.header, len(got.body))
		}
	}
	for _, place := range []string{"/guides/431321/food-business-licence/blank/safety-rules", "/guides/431321/food-business-licence/other/food-application-form",
		"/guides/431321/no-such/blank/food-application-form", "/guides/999999/food-business-licence/blank/food-application-form"} {
		if got := fetch(t, http.MethodGet, server.origin+place, nil); got.status != http.StatusNotFound {
			t.Errorf("%s: %d", place, got.status)
		}
	}
}
