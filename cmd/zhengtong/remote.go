package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// remote is how a command reaches a running server: by GraphQL, as anybody does.
type remote struct {
	Server string `help:"Origin of the running server." default:"http://127.0.0.1:8080"`
	Token  string `help:"Session token of a person with config.author." required:"" env:"ZHENGTONG_TOKEN"`
	Tenant string `help:"Tenant to act in; that of the token when left out." placeholder:"CODE"`
	JSON   bool   `help:"Print one JSON object."`
}

type applyCommand struct {
	remote
	Paths   []string   `arg:"" help:"Files or folders of YAML packs." type:"path"`
	Message string     `help:"What the change is for." required:"" short:"m"`
	Base    *int       `help:"Revision that the files were made from, as export says it: what was published since is merged with them, and fields that both changed are named." placeholder:"N"`
	Review  *time.Time `name:"review-by" help:"Until when tenants below may review what conflicts with it." placeholder:"2026-04-01T00:00:00+08:00"`
	Overdue string     `name:"on-overdue" enum:",override,suspend" default:"" help:"What then happens to what still conflicts: override drops the values below, suspend suspends the matters there."`
	Approve string     `help:"Token of a second person with config.review and config.publish: approve and publish at once."`
}

// Run submits the files below the paths.
func (a applyCommand) Run(ctx context.Context) error {
	files, err := a.inputFiles(ctx, a.Paths)
	if err != nil {
		return a.found(err)
	}
	return a.submit(ctx, files)
}

// submit hands files in as one change and, with a second person's token, approves and publishes it.
func (a applyCommand) submit(ctx context.Context, files []map[string]string) error {
	input := map[string]any{"files": files, "message": a.Message}
	if a.Base != nil {
		input["baseRevision"] = *a.Base
	}
	if a.Review != nil {
		input["reviewDeadline"] = a.Review.Format(time.RFC3339)
	}
	if a.Overdue != "" {
		input["onOverdue"] = a.Overdue
	}
	return a.propose(ctx, input, a.Approve)
}

// propose submits a change and, with a second person's token, approves and publishes it.
func (r remote) propose(ctx context.Context, input map[string]any, approve string) error {
	var submitted struct {
		SubmitChange struct {
			Change struct {
				ID, Status    string
				EffectiveFrom *time.Time
			}
		}
	}
	err := r.call(ctx, r.Token, `mutation($input: SubmitChangeInput!) { submitChange(input: $input) { change { id status effectiveFrom } } }`,
		map[string]any{"input": input}, &submitted)
	if err != nil {
		return r.found(err)
	}
	change := submitted.SubmitChange.Change
	fmt.Printf("已提交 %s：%s\n", change.ID, change.Status)
	if change.EffectiveFrom != nil {
		fmt.Printf("自 %s 起生效\n", change.EffectiveFrom.Format(time.RFC3339))
	}
	if approve == "" {
		return nil
	}
	for _, verb := range []string{"approveChange", "publishChange"} {
		input := strings.ToUpper(verb[:1]) + verb[1:] + "Input!"
		err := r.call(ctx, approve, `mutation($input: `+input+`) { `+verb+`(input: $input) { change { id status } } }`,
			map[string]any{"input": map[string]any{"change": change.ID}}, nil)
		if err != nil {
			return r.found(err)
		}
		fmt.Println(verb + "：完成")
	}
	return nil
}

// actingTenant is the tenant in which the server lets a token act.
type actingTenant struct{ Code, Timezone string }

func (r remote) acting(ctx context.Context) (actingTenant, error) {
	var out struct {
		Viewer struct{ ActingTenant actingTenant }
	}
	err := r.call(ctx, r.Token, `{ viewer { actingTenant { code timezone } } }`, nil, &out)
	return out.Viewer.ActingTenant, err
}

// answered is what a server said was wrong with the input.
type answered struct{ problems problem.List }

func (a *answered) Error() string { return a.problems.String() }

// found prints input problems and ends the check with them; other errors could not run.
func (r remote) found(err error) error {
	var a *answered
	if errors.As(err, &a) {
		return show(os.Stdout, a.problems, r.JSON, "服务端检查")
	}
	return err
}

// inputFiles reads packs as the API takes them. Assets that the server does not keep
// yet are uploaded first; a change names them by their digest.
func (r remote) inputFiles(ctx context.Context, paths []string) ([]map[string]string, error) {
	files, err := readPaths(paths)
	if err != nil {
		return nil, err
	}
	list := make([]map[string]string, 0, len(files))
	for _, f := range files {
		if f.Digest == "" {
			list = append(list, map[string]string{"path": f.Path, "content": string(f.Content)})
			continue
		}
		if err := r.upload(ctx, f); err != nil {
			return nil, fmt.Errorf("%s: %w", f.Path, err)
		}
		list = append(list, map[string]string{"path": f.Path, "asset": f.Digest})
	}
	return list, nil
}

// upload sends an asset, unless the server has it.
func (r remote) upload(ctx context.Context, f kind.File) error {
	var asked struct {
		RequestAsset struct {
			URL, Method string
			Headers     map[string]string
			File        struct{ ID, Status string }
		}
	}
	err := r.call(ctx, r.Token, `mutation($input: RequestAssetInput!) { requestAsset(input: $input) { url method headers file { id status } } }`,
		map[string]any{"input": map[string]any{"sha256": f.Digest, "size": len(f.Content), "mime": blob.TypeOf(f.Content)}}, &asked)
	if err != nil || asked.RequestAsset.File.Status == "stored" {
		return err
	}
	target := asked.RequestAsset.URL
	if strings.HasPrefix(target, "/") {
		target = strings.TrimRight(r.Server, "/") + target
	}
	req, err := http.NewRequestWithContext(ctx, asked.RequestAsset.Method, target, bytes.NewReader(f.Content))
	if err != nil {
		return err
	}
	for name, value := range asked.RequestAsset.Headers {
		req.Header.Set(name, value)
	}
	client := http.Client{Timeout: 2 * time.Minute}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	if err := res.Body.Close(); err != nil || res.StatusCode/100 != 2 {
		return errors.Join(err, fmt.Errorf("the server refused the bytes: %s", res.Status))
	}
	return r.call(ctx, r.Token, `mutation($input: CompleteUploadInput!) { completeUpload(input: $input) { file { status } } }`,
		map[string]any{"input": map[string]any{"file": asked.RequestAsset.File.ID}}, nil)
}

// download fetches a file by a link of the server.
func (r remote) download(ctx context.Context, link string) ([]byte, error) {
	if strings.HasPrefix(link, "/") {
		link = strings.TrimRight(r.Server, "/") + link
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: 2 * time.Minute}
	res, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the server refused the bytes: %s", res.Status)
	}
	return io.ReadAll(res.Body)
}

func (r remote) call(ctx context.Context, token, query string, variables map[string]any, out any) error {
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(r.Server, "/")+"/graphql", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if r.Tenant != "" {
		req.Header.Set("X-Tenant", r.Tenant)
	}
	client := http.Client{Timeout: 2 * time.Minute}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	return readAnswer(res, out)
}

func readAnswer(res *http.Response, out any) error {
	var answer struct {
		Data   json.RawMessage `json:"data"`
		Errors []struct {
			Message    string `json:"message"`
			Extensions struct {
				Code     string       `json:"code"`
				Problems problem.List `json:"problems"`
			} `json:"extensions"`
		} `json:"errors"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil {
		return fmt.Errorf("%s: the server's answer is not JSON: %w", res.Status, err)
	}
	if len(answer.Errors) > 0 {
		first := answer.Errors[0]
		if len(first.Extensions.Problems) > 0 {
			return &answered{problems: first.Extensions.Problems}
		}
		return fmt.Errorf("%s: %s", first.Extensions.Code, first.Message)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Data, out)
}

// explained prints what was wrong with the input of a check and ends with it; other errors could not run.
func explained(err error, asJSON bool) error {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Code != problem.Validation {
		return err
	}
	problems := refused.Problems
	if len(problems) == 0 {
		problems.Add("$", refused.Reason, "%s", refused.Message)
	}
	return show(os.Stdout, problems, asJSON, "检查")
}
