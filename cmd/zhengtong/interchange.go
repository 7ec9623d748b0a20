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
)

type exportCommands struct {
	List     exportListCommand     `cmd:"" help:"Write a list: catalogue, matters, powers, public_services, fees, intermediaries, visits."`
	Workflow exportWorkflowCommand `cmd:"" help:"Draw a workflow as BPMN 2.0."`
}

type importCommands struct {
	Catalogue importCatalogueCommand `cmd:"" help:"Read catalogue items (目录清单) from CSV or XLSX."`
	Matters   importMattersCommand   `cmd:"" help:"Read matters (实施清单) from CSV, XLSX or JSON records of the national exchange tables."`
	Workflow  importWorkflowCommand  `cmd:"" help:"Read BPMN 2.0 as a workflow: what has no counterpart is refused, what is missing is listed."`
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

type exportListCommand struct {
	remote
	List string `arg:"" help:"Which list." enum:"catalogue,matters,powers,public_services,fees,intermediaries,visits"`
	File string `arg:"" help:"File to write: .csv, .xlsx or .json." type:"path"`
}

// Run writes a list in the format that the file's ending says.
func (e exportListCommand) Run(ctx context.Context) error {
	format, err := formatOf(e.File)
	if err != nil {
		return err
	}
	return e.save(ctx, "exportList", `query($list: ExchangeList!, $format: ExchangeFormat!) { exportList(list: $list, format: $format) { base64 } }`,
		map[string]any{"list": e.List, "format": format}, e.File)
}

// formatOf tells the format of a list by the ending of its file.
func formatOf(name string) (string, error) {
	format, ok := map[string]string{".csv": "csv", ".xlsx": "xlsx", ".json": "audit"}[strings.ToLower(filepath.Ext(name))]
	if !ok {
		return "", fmt.Errorf("%s: not .csv, .xlsx or .json", name)
	}
	return format, nil
}

type importCatalogueCommand struct {
	taking
	File string `arg:"" help:"The list: .csv or .xlsx." type:"existingfile"`
}

// Run reads the list on the server.
func (i importCatalogueCommand) Run(ctx context.Context) error {
	variables, err := listOf(i.File)
	if err != nil {
		return err
	}
	return i.take(ctx, "importCatalogue", `query($format: ExchangeFormat!, $base64: String!) { importCatalogue(format: $format, base64: $base64) { `+importFields+` } }`, variables)
}

type importMattersCommand struct {
	taking
	File     string `arg:"" help:"The list: .csv, .xlsx or .json." type:"existingfile"`
	Template string `help:"Name of a matter that gives form, workflow, fee and documents." required:"" placeholder:"NAME"`
}

// Run reads the list on the server.
func (i importMattersCommand) Run(ctx context.Context) error {
	variables, err := listOf(i.File)
	if err != nil {
		return err
	}
	variables["template"] = i.Template
	return i.take(ctx, "importMatters", `query($format: ExchangeFormat!, $base64: String!, $template: String!) { importMatters(format: $format, base64: $base64, template: $template) { `+importFields+` } }`, variables)
}

// listOf reads a list to be sent.
func listOf(name string) (map[string]any, error) {
	format, err := formatOf(name)
	if err != nil {
		return nil, err
	}
	content, err := os.ReadFile(name)
	return map[string]any{"format": format, "base64": base64.StdEncoding.EncodeToString(content)}, err
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
	files := make([]map[string]string, len(report.Files))
	for i, f := range report.Files {
		files[i] = map[string]string{"path": f.Path, "content": f.Content}
	}
	if t.Out != "" {
		root, err := emptyFolder(t.Out)
		if err != nil {
			return err
		}
		defer root.Close()
		for _, f := range report.Files {
			if err := writeBelow(root, f.Path, []byte(f.Content)); err != nil {
				return err
			}
		}
	}
	if err := show(os.Stdout, report.Problems, t.JSON, fmt.Sprintf("%d 行，可导入 %d 行", report.Rows, report.Accepted)); err != nil || !t.Apply {
		return err
	}
	return applyCommand{remote: t.remote, Message: t.Message, Approve: t.Approve}.submit(ctx, files)
}
