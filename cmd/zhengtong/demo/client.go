package demo

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// actor is somebody signed in: a token and the tenant asked to act in.
type actor struct {
	journey *journey
	name    string
	login   string
	home    string // tenant of staff; "" for applicants
	acting  string // X-Tenant
	token   string
}

// refusal is an error that the API gave, by its code.
type refusal struct {
	Code    string
	Reason  string
	Message string
}

func (r *refusal) Error() string { return r.Code + " " + r.Reason + ": " + r.Message }

// call sends one GraphQL operation and decodes `data` into out. A key makes a
// mutation safe to repeat.
func (a *actor) call(ctx context.Context, query string, variables map[string]any, key string, out any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, a.journey.server+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	if a.token != "" {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	if a.acting != "" {
		req.Header.Set("X-Tenant", a.acting)
	}
	if key != "" {
		req.Header.Set("Idempotency-Key", key)
	}
	res, err := a.journey.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return decode(res.Body, out)
}

func decode(body io.Reader, out any) error {
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code     string `json:"code"`
				Reason   string `json:"reason"`
				Problems []struct {
					Path    string `json:"path"`
					Message string `json:"message"`
				} `json:"problems"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(body).Decode(&answer); err != nil {
		return fmt.Errorf("the server's answer is not JSON: %w", err)
	}
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		message := first.Message
		for _, p := range first.Extensions.Problems {
			message += "；" + p.Path + " " + p.Message
		}
		return &refusal{Code: first.Extensions.Code, Reason: first.Extensions.Reason, Message: message}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Data, out)
}

// again retries while the server is away or busy, as a patient client does.
// Everything sent through it carries an idempotency key, so nothing is doubled.
func (a *actor) again(ctx context.Context, query string, variables map[string]any, key string, out any) error {
	deadline := time.Now().Add(a.journey.patience)
	for {
		err := a.call(ctx, query, variables, key, out)
		var r *refusal
		refused := errors.As(err, &r)
		if err == nil || refused && r.Code != "UNAVAILABLE" || time.Now().After(deadline) || ctx.Err() != nil {
			return err
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// signIn opens a session; sessions end with the virtual day, so the journey
// signs in anew when it needs to.
func (a *actor) signIn(ctx context.Context) error {
	var out struct {
		SignIn struct {
			Token string `json:"token"`
		} `json:"signIn"`
	}
	input := map[string]any{"login": a.login, "password": a.journey.password}
	if a.home != "" {
		input["tenant"] = a.home
	}
	a.token = ""
	err := a.again(ctx, `mutation($input: SignInInput!) { signIn(input: $input) { token } }`, map[string]any{"input": input}, "", &out)
	a.token = out.SignIn.Token
	return err
}

// upload announces a file, sends its bytes where it is told, and completes it.
func (a *actor) upload(ctx context.Context, owner, material, filename string, content []byte) (string, error) {
	sum := sha256.Sum256(content)
	var asked struct {
		RequestUpload struct {
			File    struct{ ID string } `json:"file"`
			URL     string              `json:"url"`
			Method  string              `json:"method"`
			Headers map[string]string   `json:"headers"`
		} `json:"requestUpload"`
	}
	input := map[string]any{"owner": owner, "material": material, "filename": filename, "size": len(content),
		"sha256": hex.EncodeToString(sum[:]), "mime": mimeOf(filename)}
	err := a.again(ctx, `mutation($input: RequestUploadInput!) { requestUpload(input: $input) { file { id } url method headers } }`,
		map[string]any{"input": input}, a.journey.key("upload", owner, material, filename), &asked)
	if err != nil {
		return "", fmt.Errorf("announce %s: %w", filename, err)
	}
	if err := a.send(ctx, asked.RequestUpload.Method, asked.RequestUpload.URL, asked.RequestUpload.Headers, content); err != nil {
		return "", fmt.Errorf("send %s: %w", filename, err)
	}
	err = a.again(ctx, `mutation($input: CompleteUploadInput!) { completeUpload(input: $input) { file { id status } } }`,
		map[string]any{"input": map[string]any{"file": asked.RequestUpload.File.ID}}, "", nil)
	return asked.RequestUpload.File.ID, err
}

func (a *actor) send(ctx context.Context, method, url string, headers map[string]string, content []byte) error {
	if strings.HasPrefix(url, "/") {
		url = a.journey.server + url
	}
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(content))
	if err != nil {
		return err
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := a.journey.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 500))
		return fmt.Errorf("%s: %s", res.Status, text)
	}
	return nil
}

func mimeOf(filename string) string {
	switch {
	case strings.HasSuffix(filename, ".pdf"):
		return "application/pdf"
	case strings.HasSuffix(filename, ".png"):
		return "image/png"
	case strings.HasSuffix(filename, ".jpg"):
		return "image/jpeg"
	}
	return "application/octet-stream"
}
