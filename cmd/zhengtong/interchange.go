package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

type exportCommands struct {
	Workflow exportWorkflowCommand `cmd:"" help:"Draw a workflow as BPMN 2.0."`
}

type importCommands struct {
	Workflow importWorkflowCommand `cmd:"" help:"Read BPMN 2.0 as a workflow: what has no counterpart is refused, what is missing is listed."`
}

type exportWorkflowCommand struct {
	remote
	Name string `arg:"" help:"Name of the workflow."`
	File string `arg:"" help:"File to write (.bpmn)." type:"path"`
}

// Run writes what the server draws.
func (e exportWorkflowCommand) Run(ctx context.Context) error {
	return e.save(ctx, "exportWorkflow", `query($name: String!) { exportWorkflow(name: $name) { base64 } }`, map[string]any{"name": e.Name}, e.File)
}

// save writes the file that a query answers.
func (r remote) save(ctx context.Context, field, query string, variables map[string]any, name string) error {
	var out map[string]struct{ Base64 string }
	if err := r.call(ctx, r.Token, query, variables, &out); err != nil {
		return r.found(err)
	}
	content, err := base64.StdEncoding.DecodeString(out[field].Base64)
	if err != nil {
		return err
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		return err
	}
	if r.JSON {
		return json.NewEncoder(os.Stdout).Encode(map[string]any{"file": name, "bytes": len(content)})
	}
	_, err = fmt.Printf("已导出 %d 字节到 %s\n", len(content), name)
	return err
}

// taking is what all imports have: where the resources go.
type taking struct {
	remote
	Out     string `help:"Folder to write the resources into; it must be empty or absent." placeholder:"DIR" type:"path"`
	Apply   bool   `help:"Submit the resources as one change, when nothing in the file is wrong."`
	Message string `help:"What the change is for; with --apply." short:"m"`
	Approve string `help:"Token of a second person with config.review and config.publish: approve and publish at once."`
}

type importWorkflowCommand struct {
	taking
	File string `arg:"" help:"BPMN file." type:"existingfile"`
	Name string `help:"Name that the workflow gets; that of the file when left out."`
}

// Run reads the file on the server, which changes nothing unless --apply is given.
func (i importWorkflowCommand) Run(ctx context.Context) error {
	content, err := os.ReadFile(i.File)
	if err != nil {
		return err
	}
	if i.Name == "" {
		i.Name = strings.TrimSuffix(filepath.Base(i.File), filepath.Ext(i.File))
	}
	return i.take(ctx, "importWorkflow", `query($name: String!, $content: String!) { importWorkflow(name: $name, content: $content) { `+importFields+` } }`,
		map[string]any{"name": i.Name, "content": string(content)})
}

const importFields = `rows accepted files { path content } problems { file line column path code message hint severity }`

// take shows the report of an import, keeps its resources and submits them when asked to: all of them or none.
func (t taking) take(ctx context.Context, field, query string, variables map[string]any) error {
	var out map[string]struct {
		Rows, Accepted int
		Files          []struct{ Path, Content string }
		Problems       problem.List
	}
	if err := t.call(ctx, t.Token, query, variables, &out); err != nil {
		return t.found(err)
	}
	report := out[field]
	files := make([]kind.File, len(report.Files))
	for i, f := range report.Files {
		files[i] = kind.File{Path: f.Path, Content: []byte(f.Content)}
	}
	if t.Out != "" {
		root, err := emptyFolder(t.Out)
		if err != nil {
			return err
		}
		defer root.Close()
		for _, f := range files {
			if err := writeBelow(root, f.Path, string(f.Content)); err != nil {
				return err
			}
		}
	}
	if err := show(os.Stdout, report.Problems, t.JSON, fmt.Sprintf("%d 行，可导入 %d 行", report.Rows, report.Accepted)); err != nil || !t.Apply {
		return err
	}
	return applyCommand{remote: t.remote, Message: t.Message, Approve: t.Approve}.submit(ctx, files)
}
