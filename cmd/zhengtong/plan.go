package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"zhengtong/internal/problem"
)

type planCommand struct {
	remote
	Paths []string `arg:"" help:"Files or folders of YAML packs." type:"path"`
}

// plan is what a server says publishing would do.
type plan struct {
	Digest    string         `json:"digest"`
	Tenants   []tenantChange `json:"tenants"`
	LiveCases []liveCases    `json:"liveCases"`
	Report    struct {
		Problems problem.List `json:"problems"`
	} `json:"report"`
}

type tenantChange struct {
	Tenant  string  `json:"tenant"`
	Title   string  `json:"title"`
	Entries []entry `json:"entries"`
}

type entry struct {
	Action    string        `json:"action"`
	Kind      string        `json:"kind"`
	Name      string        `json:"name"`
	Inherited bool          `json:"inherited"`
	Fields    []fieldChange `json:"fields"`
}

type fieldChange struct {
	Path   string          `json:"path"`
	Before json.RawMessage `json:"before"`
	After  json.RawMessage `json:"after"`
}

type liveCases struct {
	Tenant string `json:"tenant"`
	Matter string `json:"matter"`
	Title  string `json:"title"`
	Count  int    `json:"count"`
}

const planQuery = `query($files: [FileInput!]!) { planChange(files: $files) { digest
	tenants { tenant title entries { action kind name inherited fields { path before after } } }
	liveCases { tenant matter title count }
	report { problems { file line column path code message hint severity } } } }`

// Run shows what the change would do; a change that would be refused ends it with the problems.
func (p planCommand) Run(ctx context.Context) error {
	files, err := p.inputFiles(ctx, p.Paths)
	if err != nil {
		return p.found(err)
	}
	var out struct{ PlanChange plan }
	if err := p.call(ctx, p.Token, planQuery, map[string]any{"files": files}, &out); err != nil {
		return p.found(err)
	}
	found := out.PlanChange
	if found.Report.Problems.HasErrors() {
		return show(os.Stdout, found.Report.Problems, p.JSON, "服务端检查")
	}
	if p.JSON {
		return json.NewEncoder(os.Stdout).Encode(found)
	}
	return found.print(os.Stdout)
}

// signs of what happens to a resource, as in a diff.
var signs = map[string]string{"add": "+", "change": "~", "remove": "-"}

// print tells the plan tenant by tenant, field by field.
func (p plan) print(out io.Writer) error {
	entries := 0
	for _, tenant := range p.Tenants {
		fmt.Fprintf(out, "%s %s\n", tenant.Tenant, tenant.Title)
		for _, e := range tenant.Entries {
			entries++
			follows := ""
			if e.Inherited {
				follows = "（随上级变更）"
			}
			fmt.Fprintf(out, "  %s %s/%s%s\n", signs[e.Action], e.Kind, e.Name, follows)
			for _, f := range e.Fields {
				fmt.Fprintf(out, "      %s: %s → %s\n", f.Path, shownValue(f.Before), shownValue(f.After))
			}
		}
	}
	for _, live := range p.LiveCases {
		fmt.Fprintf(out, "%s %s：%d 件在办，仍按受理时的配置办理\n", live.Tenant, live.Title, live.Count)
	}
	_, err := fmt.Fprintf(out, "共变更 %d 个资源，摘要 %s\n", entries, p.Digest)
	return err
}

func shownValue(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return "（无）"
	}
	return string(raw)
}
