package bench

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// newHTTP returns a client that keeps a connection for each worker.
func newHTTP() *http.Client {
	return &http.Client{Timeout: 30 * time.Second,
		Transport: &http.Transport{MaxIdleConns: 2 * concurrency, MaxIdleConnsPerHost: 2 * concurrency, DisableCompression: true}}
}

// client is somebody signed in at the server.
type client struct {
	http   *http.Client
	origin string
	token  string
	tenant string // whose hall it is; the county's when empty
}

// body is a GraphQL request.
func body(query string, variables map[string]any) ([]byte, error) {
	return json.Marshal(map[string]any{"query": query, "variables": variables})
}

// send posts a request body and returns the answer as it is; an answer with errors is an error.
func (c *client) send(ctx context.Context, body []byte, key string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.origin+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set("X-Tenant", cmp.Or(c.tenant, county))
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	answer, err := receive(c.http, req)
	if err != nil {
		return nil, err
	}
	if bytes.Contains(answer, []byte(`"errors":`)) {
		return nil, fmt.Errorf("the server refused %.80s: %s", body, answer)
	}
	return answer, nil
}

func receive(on *http.Client, req *http.Request) ([]byte, error) {
	res, err := on.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", res.Status, answer)
	}
	return answer, nil
}

// ask sends one operation and decodes `data` into out.
func (c *client) ask(ctx context.Context, query string, variables map[string]any, key string, out any) error {
	text, err := body(query, variables)
	if err != nil {
		return err
	}
	answer, err := c.send(ctx, text, key)
	if err != nil {
		return err
	}
	return decode(answer, out)
}

// decode reads the `data` of an answer.
func decode(answer []byte, out any) error {
	return json.Unmarshal(answer, &struct {
		Data any `json:"data"`
	}{out})
}

// signIn opens a session; staff name their tenant.
func signIn(ctx context.Context, e Env, origin, login, tenant string) (*client, error) {
	c := &client{http: newHTTP(), origin: strings.TrimRight(origin, "/")}
	input := map[string]any{"login": login, "password": e.Password}
	if tenant != "" {
		input["tenant"] = tenant
	}
	var out struct{ SignIn struct{ Token string } }
	err := c.ask(ctx, `mutation($input: SignInInput!) { signIn(input: $input) { token } }`, map[string]any{"input": input}, "", &out)
	if err != nil {
		return nil, fmt.Errorf("sign %s in: %w", login, err)
	}
	c.token = out.SignIn.Token
	return c, nil
}
