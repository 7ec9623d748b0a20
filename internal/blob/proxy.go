package blob

import (
	"net/http"
	"net/http/httputil"
	"strings"

	"zhengtong/internal/problem"
)

// ProxyPath is where Proxy must be mounted.
const ProxyPath = "/objects/"

// Proxy serves signed URLs under the program's own origin, so that the strict
// content security policy needs no second one and the store needs no public
// address. It adds no right: only GET, HEAD and PUT of a signed URL pass, the
// store checks the signature (made for its own host name), and neither
// cookies nor tokens are handed on. maxUpload bounds a PUT, in bytes.
func (s *Store) Proxy(maxUpload int64) http.Handler {
	proxy := &httputil.ReverseProxy{
		Transport: s.config.Transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = s.endpoint.Scheme, s.endpoint.Host
			r.Out.URL.Path = "/" + strings.TrimPrefix(r.In.URL.Path, ProxyPath)
			r.Out.URL.RawPath = ""
			r.Out.URL.RawQuery = r.In.URL.RawQuery // Rewrite has cleaned it, which would change what was signed
			r.Out.Host = s.endpoint.Host
			for _, name := range []string{"Cookie", "Authorization", "Origin", "Referer"} {
				r.Out.Header.Del(name)
			}
		},
		ModifyResponse: func(answer *http.Response) error {
			protect(answer.Header)
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, string(problem.Unavailable), http.StatusServiceUnavailable)
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.signed(r):
			http.Error(w, string(problem.NotFound), http.StatusNotFound)
		case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPut:
			http.Error(w, string(problem.BadRequest), http.StatusMethodNotAllowed)
		case r.Method == http.MethodPut && (r.ContentLength < 0 || r.ContentLength > maxUpload):
			http.Error(w, string(problem.Validation), http.StatusRequestEntityTooLarge)
		default:
			proxy.ServeHTTP(w, r)
		}
	})
}

// signed reports whether r looks like a signed URL of one of our objects: bucket listings and other S3 calls are none.
func (s *Store) signed(r *http.Request) bool {
	bucket, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, ProxyPath), "/")
	key, err := ParseKey(name)
	return err == nil && bucket == s.bucket(key) && r.URL.Query().Get("X-Amz-Signature") != ""
}

// protect keeps an applicant's file from acting as a page of ours: no
// scripts, no guessing of types. PDF and images are left without a sandbox,
// in which browsers refuse to show a PDF.
func protect(header http.Header) {
	for name := range header {
		if strings.HasPrefix(name, "X-Amz-") || name == "Server" || strings.HasPrefix(name, "Access-Control-") {
			header.Del(name)
		}
	}
	policy := "default-src 'none'; style-src 'unsafe-inline'; sandbox"
	if mime := header.Get("Content-Type"); mime == "application/pdf" || (strings.HasPrefix(mime, "image/") && !strings.HasPrefix(mime, "image/svg")) {
		policy = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self'"
	}
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "private, max-age=300")
	header.Set("Referrer-Policy", "no-referrer")
}
