package graph_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"zhengtong/graph"
	"zhengtong/graph/edge"
	"zhengtong/graph/limit"
)

// visitor lets everyone in as nobody.
type visitor struct{}

func (visitor) Authenticate(ctx context.Context, _ string) (context.Context, error) { return ctx, nil }

// serve starts the whole edge over the real schema; resolvers are not needed to ask for __typename.
func serve(t *testing.T, limits limit.Limits) *httptest.Server {
	t.Helper()
	table := graph.NewErrors(slog.New(slog.DiscardHandler))
	e, err := edge.New(edge.Config{Authenticator: visitor{}, Refuse: table.Refuse, Principal: func(context.Context) string { return "" }})
	if err != nil {
		t.Fatal(err)
	}
	h, err := graph.NewHandler(graph.Config{Resolver: &graph.Resolver{}, Errors: table, Limits: limits, Authenticate: e.Authenticate, Take: e.Take})
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(e.Wrap(h))
	t.Cleanup(s.Close)
	return s
}

const (
	legacy = "application/json"
	modern = "application/graphql-response+json"
)

// post sends a body and answers status, media type and decoded members.
func post(t *testing.T, s *httptest.Server, accept, contentType, body string) (*http.Response, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/graphql", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", contentType)
	if contentType == "" {
		req.Header.Del("Content-Type")
	}
	if accept != "" {
		req.Header.Set("Accept", accept)
	}
	return send(t, req)
}

func get(t *testing.T, s *httptest.Server, accept string, query url.Values) (*http.Response, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/graphql?"+query.Encode(), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Accept", accept)
	return send(t, req)
}

func send(t *testing.T, req *http.Request) (*http.Response, map[string]any) {
	t.Helper()
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var body map[string]any
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatalf("%d %s: %v", res.StatusCode, raw, err)
	}
	return res, body
}

// The ids are those of the GraphQL-over-HTTP audits (graphql-http, audits/server).
func TestGraphQLOverHTTPPost(t *testing.T) {
	s := serve(t, limit.Default())
	const ok = `{"query":"{__typename}"}`
	for id, c := range map[string]struct {
		accept, contentType, body string
		status                    int
		media                     string
	}{
		"22EB accepts graphql-response+json":      {modern, legacy, ok, 200, modern},
		"4655 accepts json":                       {legacy, legacy, ok, 200, legacy},
		"47DE */* is json":                        {"*/*", legacy, ok, 200, legacy},
		"80D8 missing Accept is json":             {"", legacy, ok, 200, legacy},
		"a browser's Accept":                      {"text/html,application/xhtml+xml,*/*;q=0.8", legacy, ok, 200, legacy},
		"the better quality":                      {"application/json;q=0.5, " + modern, legacy, ok, 200, modern},
		"nothing we can answer":                   {"text/html", legacy, ok, 406, legacy},
		"BF61 utf-8 request":                      {modern, "application/json; charset=utf-8", ok, 200, modern},
		"another charset":                         {modern, "application/json; charset=gbk", ok, 415, modern},
		"9ABE no content type":                    {modern, "", ok, 415, modern},
		"another content type":                    {modern, "text/plain", ok, 415, modern},
		"A5BF missing body":                       {modern, legacy, "", 400, modern},
		"423L missing query":                      {modern, legacy, `{"notquery":"{__typename}"}`, 400, modern},
		"LKJ0 query of another type":              {modern, legacy, `{"query":{"a":1}}`, 400, modern},
		"6C00 operationName of another type":      {modern, legacy, `{"query":"{__typename}","operationName":7}`, 400, modern},
		"8161 operationName":                      {modern, legacy, `{"query":"query A{__typename} query B{b:__typename}","operationName":"A"}`, 200, modern},
		"0220 nulls are allowed":                  {modern, legacy, `{"query":"{__typename}","operationName":null,"variables":null,"extensions":null}`, 200, modern},
		"4760 variables of another type":          {modern, legacy, `{"query":"{__typename}","variables":["a"]}`, 400, modern},
		"28B9 variables":                          {legacy, legacy, `{"query":"query($v:Boolean!){__typename @include(if:$v)}","variables":{"v":true}}`, 200, legacy},
		"58B0 extensions of another type":         {modern, legacy, `{"query":"{__typename}","extensions":0}`, 400, modern},
		"428F extensions":                         {modern, legacy, `{"query":"{__typename}","extensions":{"a":true}}`, 200, modern},
		"B6DC not JSON":                           {legacy, legacy, `{ "not a JSON`, 400, legacy},
		"3E3A parameters missing":                 {legacy, legacy, `{"qeury":"{__typename}"}`, 400, legacy},
		"batches":                                 {modern, legacy, `[` + ok + `]`, 400, modern},
		"572B parsing failure, json":              {legacy, legacy, `{"query":"{"}`, 200, legacy},
		"556B parsing failure":                    {modern, legacy, `{"query":"{"}`, 400, modern},
		"FDE2 validation failure, json":           {legacy, legacy, `{"query":"{nothing}"}`, 200, legacy},
		"74FF validation failure":                 {modern, legacy, `{"query":"{nothing}"}`, 400, modern},
		"7B9B variable coercion failure, json":    {legacy, legacy, `{"query":"query($n:Int!){cases(first:$n){pageInfo{endCursor}}}"}`, 200, legacy},
		"86EE variable coercion failure":          {modern, legacy, `{"query":"query($n:Int!){cases(first:$n){pageInfo{endCursor}}}"}`, 400, modern},
		"a body over 1 MiB":                       {modern, legacy, `{"query":"{` + strings.Repeat("viewer{home{id}}", 1<<16) + `}"}`, 413, modern},
		"a body of just 1 MiB of repeated fields": {modern, legacy, `{"query":"{` + strings.Repeat("viewer{home{id}}", 1<<16-8) + `}"}`, 400, modern},
		"a subscription":                          {modern, legacy, `{"query":"subscription{inbox{id}}"}`, 400, modern},
	} {
		t.Run(id, func(t *testing.T) {
			res, body := post(t, s, c.accept, c.contentType, c.body)
			if res.StatusCode != c.status || res.Header.Get("Content-Type") != c.media+"; charset=utf-8" {
				t.Errorf("%d %s: %v", res.StatusCode, res.Header.Get("Content-Type"), body)
			}
			if _, data := body["data"]; data == (body["errors"] != nil) {
				t.Errorf("D586: data where nothing was executed: %v", body)
			}
			if body["errors"] != nil {
				wellFormed(t, body)
			}
		})
	}
}

// wellFormed checks that an error carries what the API contract promises.
func wellFormed(t *testing.T, body map[string]any) {
	t.Helper()
	for _, e := range body["errors"].([]any) {
		ext, _ := e.(map[string]any)["extensions"].(map[string]any)
		if ext["code"] != "BAD_REQUEST" || ext["reference"] == "" || ext["retryable"] != false {
			t.Errorf("extensions %v", ext)
		}
	}
}

func TestGraphQLOverHTTPGet(t *testing.T) {
	s := serve(t, limit.Default())
	for id, c := range map[string]struct {
		query  url.Values
		status int
	}{
		"5A70 a query":              {url.Values{"query": {"{__typename}"}}, 200},
		"9C48 a mutation":           {url.Values{"query": {"mutation{__typename}"}}, 405},
		"D6D5 variables":            {url.Values{"query": {"query($v:Boolean!){__typename @include(if:$v)}"}, "variables": {`{"v":true}`}}, 200},
		"variables of another type": {url.Values{"query": {"{__typename}"}, "variables": {"7"}}, 400},
		"no query":                  {url.Values{}, 400},
	} {
		t.Run(id, func(t *testing.T) {
			if res, body := get(t, s, modern, c.query); res.StatusCode != c.status {
				t.Errorf("%d: %v", res.StatusCode, body)
			}
		})
	}
}

func TestTheSchemaIsServedAsText(t *testing.T) {
	res, err := http.Get(serve(t, limit.Default()).URL + "/schema.graphql")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != 200 || !strings.Contains(string(text), "submitApplication(") {
		t.Errorf("%d %d bytes, %v", res.StatusCode, len(text), err)
	}
}
