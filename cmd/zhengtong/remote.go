package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

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
	Paths   []string `arg:"" help:"Files or folders of YAML packs." type:"path"`
	Message string   `help:"What the change is for." required:"" short:"m"`
	Approve string   `help:"Token of a second person with config.review and config.publish: approve and publish at once."`
}

// Run submits the files below the paths.
func (a applyCommand) Run(ctx context.Context) error {
	files, err := readPaths(a.Paths)
	if err != nil {
		return err
	}
	return a.submit(ctx, files)
}

// submit hands the change in and, with a second person's token, approves and publishes it.
func (a applyCommand) submit(ctx context.Context, files []kind.File) error {
	var submitted struct {
		SubmitChange struct {
			Change struct{ ID, Status string }
		}
	}
	err := a.call(ctx, a.Token, `mutation($input: SubmitChangeInput!) { submitChange(input: $input) { change { id status } } }`,
		map[string]any{"input": map[string]any{"files": fileInputs(files), "message": a.Message}}, &submitted)
	if err != nil {
		return a.found(err)
	}
	change := submitted.SubmitChange.Change
	fmt.Printf("已提交 %s：%s\n", change.ID, change.Status)
	if a.Approve == "" {
		return nil
	}
	for _, verb := range []string{"approveChange", "publishChange"} {
		input := strings.ToUpper(verb[:1]) + verb[1:] + "Input!"
		err := a.call(ctx, a.Approve, `mutation($input: `+input+`) { `+verb+`(input: $input) { change { id status } } }`,
			map[string]any{"input": map[string]any{"change": change.ID}}, nil)
		if err != nil {
			return a.found(err)
		}
		fmt.Println(verb + "：完成")
	}
	return nil
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

func inputFiles(paths []string) ([]map[string]string, error) {
	files, err := readPaths(paths)
	return fileInputs(files), err
}

func fileInputs(files []kind.File) []map[string]string {
	list := make([]map[string]string, 0, len(files))
	for _, f := range files {
		list = append(list, map[string]string{"path": f.Path, "content": string(f.Content)})
	}
	return list
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
	req.Header.Set("Authorization", "Bearer "+token)
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
