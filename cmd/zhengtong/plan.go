package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

type planCommand struct {
	remote
	Paths []string `arg:"" help:"Files or folders of YAML packs." type:"path"`
	Base  *int     `help:"Revision that the files were made from: what was published since is merged with them." placeholder:"N"`
}

// plan is what a server says publishing would do.
type plan struct {
	Digest      string          `json:"digest"`
	Tenants     []tenantChange  `json:"tenants"`
	LiveCases   []liveCases     `json:"liveCases"`
	Deadlines   []deadlineMove  `json:"deadlines"`
	Processes   []processChange `json:"processes"`
	MovedClocks struct {
		Count     int          `json:"count"`
		Looked    int          `json:"looked"`
		Truncated bool         `json:"truncated"`
		Clocks    []movedClock `json:"clocks"`
	} `json:"movedClocks"`
	EffectiveFrom *time.Time `json:"effectiveFrom"`
	Ends          []struct {
		Tenant string    `json:"tenant"`
		Kind   string    `json:"kind"`
		Name   string    `json:"name"`
		At     time.Time `json:"at"`
	} `json:"ends"`
	Truncated bool `json:"truncated"`
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

type deadlineMove struct {
	Tenant string  `json:"tenant"`
	Title  string  `json:"title"`
	Clock  string  `json:"clock"`
	Of     string  `json:"of"`
	Before *dueDay `json:"before"`
	After  *dueDay `json:"after"`
}

type dueDay struct {
	Limit string `json:"limit"`
	DueOn string `json:"dueOn"`
}

func (d *dueDay) String() string {
	if d == nil {
		return "（无）"
	}
	return d.Limit + "，至 " + d.DueOn
}

// processChange is what handling a matter asks of people, before and after.
type processChange struct {
	Tenant string         `json:"tenant"`
	Title  string         `json:"title"`
	Before *matterProcess `json:"before"`
	After  *matterProcess `json:"after"`
}

func (c processChange) String() string {
	return fmt.Sprintf("%s %s：%s → %s", c.Tenant, c.Title, c.Before, c.After)
}

type matterProcess struct {
	Stages            int    `json:"stages"`
	Automatic         int    `json:"automatic"`
	Materials         int    `json:"materials"`
	RequiredMaterials int    `json:"requiredMaterials"`
	PromisedLimit     string `json:"promisedLimit"`
	Visits            *int   `json:"visits"`
}

func (p *matterProcess) String() string {
	if p == nil {
		return "（不办理）"
	}
	visits := "—"
	if p.Visits != nil {
		visits = fmt.Sprint(*p.Visits)
	}
	return fmt.Sprintf("环节 %d（另自动 %d），材料 %d（必交 %d），承诺 %s，跑动 %s 次", p.Stages, p.Automatic, p.Materials, p.RequiredMaterials, p.PromisedLimit, visits)
}

type movedClock struct {
	Tenant string `json:"tenant"`
	Case   string `json:"case"`
	Clock  string `json:"clock"`
	Before string `json:"before"`
	After  string `json:"after"`
}

const planQuery = `query($files: [FileInput!]!, $base: Int) { planChange(files: $files, baseRevision: $base) { digest
	tenants { tenant title entries { action kind name inherited fields { path before after } } }
	liveCases { tenant matter title count } truncated
	deadlines { tenant title clock of before { limit dueOn } after { limit dueOn } }
	processes { ...change }
	effectiveFrom ends { tenant kind name at }
	movedClocks { count looked truncated clocks { tenant case clock before after } }
	report { problems { file line column path code message hint severity } } } }
` + processFragments

const processFragments = `fragment change on ProcessChange { tenant title before { ...process } after { ...process } }
fragment process on MatterProcess { stages automatic materials requiredMaterials promisedLimit visits }`

// Run shows what the change would do; a change that would be refused ends it with the problems.
func (p planCommand) Run(ctx context.Context) error {
	files, err := p.inputFiles(ctx, p.Paths)
	if err != nil {
		return p.found(err)
	}
	var out struct{ PlanChange plan }
	if err := p.call(ctx, p.Token, planQuery, map[string]any{"files": files, "base": p.Base}, &out); err != nil {
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
	if p.EffectiveFrom != nil {
		fmt.Fprintf(out, "自 %s 起生效\n", p.EffectiveFrom.Format(time.RFC3339))
	}
	for _, e := range p.Ends {
		fmt.Fprintf(out, "%s %s/%s 至 %s 失效\n", e.Tenant, e.Kind, e.Name, e.At.Format(time.RFC3339))
	}
	p.printFuture(out)
	_, err := fmt.Fprintf(out, "共变更 %d 个资源，摘要 %s\n", entries, p.Digest)
	return err
}

// printFuture tells what follows for applications and clocks.
func (p plan) printFuture(out io.Writer) {
	for _, m := range p.Deadlines {
		fmt.Fprintf(out, "%s %s：今日收件的%s %s %s → %s\n", m.Tenant, m.Title, clockTitle(m.Clock), m.Of, m.Before, m.After)
	}
	for _, c := range p.Processes {
		fmt.Fprintln(out, c)
	}
	for _, c := range p.MovedClocks.Clocks {
		fmt.Fprintf(out, "%s 办件 %s 的%s %s → %s\n", c.Tenant, c.Case, clockTitle(c.Clock), c.Before, c.After)
	}
	if p.MovedClocks.Looked > 0 {
		fmt.Fprintf(out, "日历变更移动 %d 个在办时限（查看 %d 个）\n", p.MovedClocks.Count, p.MovedClocks.Looked)
	}
	if p.Truncated || p.MovedClocks.Truncated {
		fmt.Fprintln(out, "涉及面过大，只列出一部分")
	}
}

func clockTitle(kind string) string { return deadline.Kind(kind).Title() }

func shownValue(raw json.RawMessage) string {
	if len(raw) == 0 || string(raw) == "null" {
		return "（无）"
	}
	return string(raw)
}
