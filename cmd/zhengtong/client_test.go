package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// caller speaks to a server as one person or one visitor does; the zero token is a visitor.
type caller struct {
	origin string
	token  string
	tenant string // X-Tenant; none when empty
}

// answer is what came back: the status, the body as it was, and its parts.
type answer struct {
	Status int
	Body   string
	Data   map[string]any
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct {
			Code, Reason, Reference string
			Problems                []found
		}
	}
}

// found is one positioned problem of an answer.
type found struct {
	File, Path, Code, Message, Hint string
	Line, Column                    int
}

// code is the code of the first error; "" when there is none.
func (a answer) code() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Code
}

func (a answer) reason() string {
	if len(a.Errors) == 0 {
		return ""
	}
	return a.Errors[0].Extensions.Reason
}

func (a answer) problems() []found {
	if len(a.Errors) == 0 {
		return nil
	}
	return a.Errors[0].Extensions.Problems
}

// at digs out a value of the data by names and, within lists, numbers: "tasks.edges.0.node.id".
func (a answer) at(path string) any { return dig(a.Data, path) }

func (a answer) text(path string) string {
	text, _ := a.at(path).(string)
	return text
}

func dig(in any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch v := in.(type) {
		case map[string]any:
			in = v[name]
		case []any:
			if len(v) == 0 || name != "0" {
				return nil
			}
			in = v[0]
		default:
			return nil
		}
	}
	return in
}

// do sends one operation; a key makes it safe to repeat.
func (c caller) do(t testing.TB, query string, variables map[string]any, key ...string) answer {
	t.Helper()
	a, err := c.try(t.Context(), query, variables, key...)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// try is do for goroutines, which may not end a test.
func (c caller) try(ctx context.Context, query string, variables map[string]any, key ...string) (answer, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return answer{}, err
	}
	header := http.Header{"Content-Type": {"application/json"}}
	if len(key) > 0 {
		header.Set("Idempotency-Key", key[0])
	}
	return c.send(ctx, http.MethodPost, "/graphql", header, body)
}

// must sends an operation that has to succeed.
func (c caller) must(t testing.TB, query string, variables map[string]any) answer {
	t.Helper()
	a := c.do(t, query, variables)
	if a.code() != "" || a.Status != http.StatusOK {
		t.Fatalf("%s\nanswered %d %s", query, a.Status, a.Body)
	}
	return a
}

// send sends any request; an answer that is no JSON keeps its body only.
func (c caller) send(ctx context.Context, method, path string, header http.Header, body []byte) (answer, error) {
	url := path
	if strings.HasPrefix(path, "/") {
		url = c.origin + path
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for name, values := range header {
		req.Header[name] = values
	}
	if c.token != "" && req.Header.Get("Authorization") == "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if c.tenant != "" && req.Header.Get("X-Tenant") == "" {
		req.Header.Set("X-Tenant", c.tenant)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	a := answer{Status: res.StatusCode, Body: string(text)}
	_ = json.Unmarshal(text, &a) // what is no JSON has neither data nor errors
	return a, err
}

// signIn opens a session of a demonstration account; staff name their tenant.
func signIn(t testing.TB, origin, login, home string) caller {
	t.Helper()
	input := map[string]any{"login": login, "password": demoPassword}
	if home != "" {
		input["tenant"] = home
	}
	c := caller{origin: origin}
	c.token = c.must(t, `mutation($input: SignInInput!) { signIn(input: $input) { token } }`, map[string]any{"input": input}).text("signIn.token")
	if home == "" {
		c.tenant = "431321"
	}
	return c
}
