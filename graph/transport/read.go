package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/99designs/gqlgen/graphql"
)

// read takes the parameters of a request from body or URL; on refusal it says with which status.
func read(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
	start := graphql.Now()
	var params *graphql.RawParams
	var status int
	var err error
	if r.Method == http.MethodGet {
		status = http.StatusBadRequest
		params, err = fromURL(r.URL.Query())
	} else {
		params, status, err = fromBody(w, r)
	}
	if err != nil {
		return nil, status, err
	}
	params.Headers = r.Header
	params.ReadTime = graphql.TraceTiming{Start: start, End: graphql.Now()}
	return params, 0, nil
}

func fromBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, int, error) {
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != string(mediaJSON) || !utf8(params["charset"]) {
		return nil, http.StatusUnsupportedMediaType, badRequest("content_type", "请求体应为 application/json（UTF-8）")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, http.StatusRequestEntityTooLarge, badRequest("body_too_large", "请求体不得超过 %d 字节", tooLarge.Limit)
	}
	if err != nil {
		return nil, http.StatusBadRequest, badRequest("body", "请求体读取失败")
	}
	p, err := parse(body)
	return p, http.StatusBadRequest, err
}

// parse reads one JSON object of parameters. Numbers keep their text (json.Number).
func parse(body []byte) (*graphql.RawParams, error) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && trimmed[0] == '[' {
		return nil, badRequest("batching", "不支持批量请求")
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(body, &members); err != nil || members == nil {
		return nil, badRequest("body", "请求体应为一个 JSON 对象")
	}
	return fromMembers(members)
}

func fromURL(values url.Values) (*graphql.RawParams, error) {
	members := map[string]json.RawMessage{}
	for _, name := range []string{"query", "operationName"} {
		if values.Has(name) {
			members[name] = marshal(values.Get(name))
		}
	}
	for _, name := range []string{"variables", "extensions"} {
		if text := values.Get(name); text != "" {
			members[name] = json.RawMessage(text)
		}
	}
	return fromMembers(members)
}

func fromMembers(members map[string]json.RawMessage) (*graphql.RawParams, error) {
	var p graphql.RawParams
	for _, m := range []struct {
		name string
		into any
	}{
		{"query", &p.Query}, {"operationName", &p.OperationName}, {"variables", &p.Variables}, {"extensions", &p.Extensions},
	} {
		raw, ok := members[m.name]
		if !ok {
			continue
		}
		d := json.NewDecoder(bytes.NewReader(raw))
		d.UseNumber()
		if d.Decode(m.into) != nil || d.More() {
			return nil, badRequest("parameter", "参数 %s 的类型不对", m.name)
		}
	}
	if strings.TrimSpace(p.Query) == "" {
		return nil, badRequest("parameter", "缺少参数 query")
	}
	return &p, nil
}
