package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/simulation"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

type simulateCommand struct {
	Paths  []string `arg:"" help:"Files or folders of YAML packs: the draft." type:"path"`
	Cases  string   `help:"Folder of sample cases; each is held to its want file." type:"path"`
	Update bool     `help:"With --cases: write the want files anew."`
	Tenant string   `help:"Division code of the tenant; the case's own when left out."`
	Matter string   `help:"Name of the matter; the case's own when left out."`
	Script string   `help:"YAML file of one case: applicant, form, steps." type:"path"`
	Auto   string   `help:"Go on by itself after the steps: happy or every_choice." enum:",happy,every_choice" default:""`
	Start  string   `help:"When the application is filed, as civil time; now when left out."`
	JSON   bool     `help:"Print JSON."`
}

// Run simulates an application for a matter of the draft, or holds a folder of sample
// cases to their want files. It ends with errors when a case was refused where its
// script does not say so, or went another way than wanted.
func (c simulateCommand) Run(ctx context.Context) error {
	if c.Cases != "" {
		return c.runCases(ctx)
	}
	sample, err := c.sample()
	if err != nil {
		return err
	}
	found, err := offlineSimulator(ctx, c.Paths)
	if err != nil {
		return err
	}
	result, err := found(sample)
	if err != nil {
		return explained(err, c.JSON)
	}
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
			return err
		}
	} else {
		tell(os.Stdout, result)
	}
	if result.Problems.HasErrors() {
		return errFound
	}
	return nil
}

// sample is the case of --script, with what the flags say.
func (c simulateCommand) sample() (simulation.Case, error) {
	var sample simulation.Case
	if c.Script != "" {
		content, err := os.ReadFile(c.Script)
		if err != nil {
			return sample, err
		}
		read, problems := simulation.ReadCase(kind.File{Path: shown(c.Script), Content: content})
		if problems.HasErrors() {
			return sample, show(os.Stdout, problems, c.JSON, "样例")
		}
		sample = read
	}
	for to, flag := range map[*string]string{&sample.Tenant: c.Tenant, &sample.Matter: c.Matter, &sample.StartAt: c.Start, &sample.Auto: c.Auto} {
		if flag != "" {
			*to = flag
		}
	}
	if sample.Matter == "" || sample.Tenant == "" {
		return sample, errors.New("a simulation needs --matter and --tenant, or a --script that names them")
	}
	return sample, nil
}

// offlineSimulator lays packs over the national base. A draft with errors is not simulated.
func offlineSimulator(ctx context.Context, paths []string) (func(simulation.Case) (*simulation.Simulation, error), error) {
	files, err := readPaths(paths)
	if err != nil {
		return nil, err
	}
	national, err := kind.Files(tenants.FS(), tenants.National)
	if err != nil {
		return nil, err
	}
	base, err := configuration.BaseOf(national)
	if err != nil {
		return nil, err
	}
	set, report := configuration.Check(files, nil, base)
	if report.Problems.HasErrors() {
		return nil, show(os.Stdout, report.Problems.Errors(), false, "草案")
	}
	door, err := authz.New(ctx, noRoles{})
	if err != nil {
		return nil, err
	}
	return func(sample simulation.Case) (*simulation.Simulation, error) {
		subject, err := simulation.NewSubject(set.View(sample.Tenant), set.Lineage(sample.Tenant), sample.Matter)
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", sample.Tenant, sample.Matter, err)
		}
		at, err := startOf(sample, subject.Live.Location)
		if err != nil {
			return nil, err
		}
		return simulation.Run(ctx, subject, door, sample.Script, at)
	}, nil
}

func startOf(sample simulation.Case, loc *time.Location) (time.Time, error) {
	if sample.StartAt == "" {
		return time.Now(), nil
	}
	return simulation.ParseTime(sample.StartAt, loc)
}

// noRoles stands where the draft's roles are put.
type noRoles struct{}

func (noRoles) RoleSet(context.Context, string) (authz.RoleSet, error) { return authz.RoleSet{}, nil }

// runCases holds every sample case of a folder to its want file (R-CFG-07).
func (c simulateCommand) runCases(ctx context.Context) error {
	simulate, err := offlineSimulator(ctx, c.Paths)
	if err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(c.Cases, "*.yaml"))
	if err != nil {
		return err
	}
	if len(files) == 0 {
		return fmt.Errorf("%s holds no sample case", c.Cases)
	}
	wrong := 0
	for _, file := range files {
		difference, err := c.runCase(file, simulate)
		if err != nil {
			return fmt.Errorf("%s: %w", shown(file), err)
		}
		if difference == "" {
			fmt.Printf("ok   %s\n", shown(file))
			continue
		}
		wrong++
		fmt.Printf("不符 %s\n%s\n", shown(file), difference)
	}
	fmt.Printf("%d 个样例，%d 个与预期不符\n", len(files), wrong)
	if wrong > 0 {
		return errFound
	}
	return nil
}

func (c simulateCommand) runCase(file string, simulate func(simulation.Case) (*simulation.Simulation, error)) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sample, problems := simulation.ReadCase(kind.File{Path: shown(file), Content: content})
	if problems.HasErrors() {
		return problems.String(), nil
	}
	result, err := simulate(sample)
	if err != nil {
		return "", err
	}
	got, err := simulation.Golden(result)
	if err != nil {
		return "", err
	}
	want := strings.TrimSuffix(file, ".yaml") + simulation.WantSuffix
	if c.Update {
		return "", os.WriteFile(want, got, 0o644)
	}
	expected, err := os.ReadFile(want)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "没有 " + shown(want) + "；用 --update 写出", nil
	case err != nil:
		return "", err
	case bytes.Equal(expected, got):
		return "", nil
	}
	return simulation.Difference(expected, got), nil
}

// tell prints a simulation as people read it.
func tell(out io.Writer, s *simulation.Simulation) {
	fmt.Fprintf(out, "%s %s\n", s.Tenant, s.Title)
	if len(s.Unserved) > 0 {
		fmt.Fprintf(out, "注意：环节 %s 的服务尚未启用，真实申请会被拒收（not_servable）\n", strings.Join(s.Unserved, "、"))
	}
	tellPath(out, s.Path)
	for _, other := range s.Others {
		fmt.Fprintf(out, "\n另一路径 %s\n", strings.Join(other.Choices, " → "))
		fmt.Fprintf(out, "  结束于 %s %s\n", other.Status, other.Outcome)
		for _, p := range other.Problems {
			fmt.Fprintf(out, "  %s %s [%s]\n", p.Path, p.Message, p.Code)
		}
	}
	if s.Truncated {
		fmt.Fprintln(out, "路径过多，只列出一部分")
	}
}

func tellPath(out io.Writer, p simulation.Path) {
	for _, m := range p.Moments {
		fmt.Fprintf(out, "%s  %s：%s → %s\n", m.At.Format("2006-01-02 15:04"), m.By, m.Did, m.Status)
		if m.Refused != "" {
			fmt.Fprintf(out, "    被拒绝：%s\n", m.Refused)
		}
		for _, t := range m.Tasks {
			fmt.Fprintf(out, "    待办 %s（%s）%s\n", t.Title, t.Role, strings.Join(t.Able, "、"))
		}
	}
	for _, c := range p.Clocks {
		fmt.Fprintf(out, "%s %s %s，%s\n", c.Title, c.Node, c.DueOn, c.State)
		for _, line := range c.Explain {
			fmt.Fprintf(out, "    %s\n", line)
		}
	}
	for _, d := range p.Documents {
		fmt.Fprintf(out, "文书 %s %s %s\n", d.On, d.Title, d.Number)
	}
	for _, l := range p.Licences {
		fmt.Fprintf(out, "证照 %s %s，有效期 %s 至 %s\n", l.Title, l.Number, l.ValidFrom, l.ValidTo)
	}
	if p.Fee != nil {
		fmt.Fprintf(out, "收费 %d.%02d 元\n", p.Fee.Fen/100, p.Fee.Fen%100)
		for _, line := range p.Fee.Lines {
			fmt.Fprintf(out, "    %s %s %s = %s\n", line.Step, line.Name, line.Expr, line.Value)
		}
	}
	for _, c := range p.Cards {
		fmt.Fprintf(out, "监察 %s %s %s，计 %d 分，责任 %s\n", c.On, c.Level, c.Title, c.Score, c.Respondent)
	}
	for _, problem := range p.Problems {
		fmt.Fprintf(out, "%s %s [%s]\n", problem.Path, problem.Message, problem.Code)
	}
	fmt.Fprintf(out, "结果 %s %s\n", p.Status, p.Outcome)
}
