package transport

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"zhengtong/internal/problem"
)

// media is a media type in which one request is answered.
type media string

const (
	mediaResponse media = "application/graphql-response+json" // status codes mean what HTTP says
	mediaJSON     media = "application/json"                  // legacy: 200 for every well-formed request
)

// negotiate picks the media type that Accept prefers; application/json when it
// is missing, is a wildcard, or likes both the same and names JSON first.
func negotiate(accept []string) (media, bool) {
	header := strings.Join(accept, ",")
	if strings.TrimSpace(header) == "" {
		return mediaJSON, true
	}
	var best media
	bestQ := 0.0
	for part := range strings.SplitSeq(header, ",") {
		kind, params, err := mime.ParseMediaType(part)
		if err != nil || !utf8(params["charset"]) {
			continue
		}
		q := 1.0
		if text, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		var m media
		switch kind {
		case string(mediaResponse):
			m = mediaResponse
		case string(mediaJSON), "application/*", "*/*":
			m = mediaJSON
		default:
			continue
		}
		if q > bestQ {
			best, bestQ = m, q
		}
	}
	return best, bestQ > 0
}

func utf8(charset string) bool {
	return charset == "" || strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}

// status is the code for a request that was refused before execution. The legacy
// media type answers 200 to everything that was a well-formed GraphQL request.
func (m media) status(errs gqlerror.List) int {
	switch problem.CodeOf(errs) {
	case problem.Internal:
		return http.StatusInternalServerError
	case problem.Unavailable:
		return http.StatusServiceUnavailable
	}
	if m == mediaResponse {
		return http.StatusBadRequest
	}
	return http.StatusOK
}

// write sends a response; data is left out where nothing was executed.
func write(w http.ResponseWriter, m media, status int, response *graphql.Response) {
	body := encode(response)
	h := w.Header()
	h.Set("Content-Type", string(m)+"; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

// encode writes a response without encoding its data a second time: a page of
// cases is large and already JSON.
func encode(response *graphql.Response) []byte {
	if response == nil {
		return []byte("{}")
	}
	var b bytes.Buffer
	b.Grow(len(response.Data) + 256)
	b.WriteByte('{')
	member := func(name string, value []byte) {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		b.WriteString(`"` + name + `":`)
		b.Write(value)
	}
	if len(response.Errors) > 0 {
		member("errors", marshal(response.Errors))
	}
	if response.Data != nil {
		member("data", response.Data)
	}
	if len(response.Extensions) > 0 {
		member("extensions", marshal(response.Extensions))
	}
	b.WriteByte('}')
	return b.Bytes()
}

func marshal(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil { // only an extension that is no JSON value; the answer stays well formed
		return []byte("null")
	}
	return raw
}
