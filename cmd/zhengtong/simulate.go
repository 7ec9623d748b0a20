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
	"zhengtong/internal/problem"
	"zhengtong/internal/simulation"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

type simulateCommand struct {
	Paths  []string `arg:"" optional:"" help:"Files or folders of YAML packs: the draft. With --server what is published is simulated when left out." type:"path"`
	Server string   `help:"Origin of a running server: the draft is laid over what is published there in the tenant of the token. Offline on the national base when left out."`
	Token  string   `help:"With --server: session token of a person with config.simulate." env:"ZHENGTONG_TOKEN"`
	Cases  string   `help:"Folder of sample cases; each is held to its want file." type:"path"`
	Update bool     `help:"With --cases: write the want files anew."`
	Tenant string   `help:"Division code of the tenant; the case's own when left out, and with --server that of the token."`
	Matter string   `help:"Name of the matter; the case's own when left out."`
	Script string   `help:"YAML file of one case: applicant, form, steps." type:"path"`
	Auto   string   `help:"Go on by itself after the steps: happy or every_choice." enum:",happy,every_choice" default:""`
	Start  string   `help:"When the application is filed, as civil time; now when left out."`
	JSON   bool     `help:"Print JSON."`
}

// simulator carries a case through a draft. What is wrong with the case's script is a
// VALIDATION refusal with problems; what is wrong with the draft has been printed.
type simulator func(simulation.Case) (*simulation.Simulation, error)

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
	simulate, err := c.simulator(ctx)
	if err != nil {
		return err
	}
	result, err := simulate(sample)
	if problems := problemsOf(sample, err); len(problems) > 0 {
		return show(os.Stdout, problems, c.JSON, "检查")
	}
	if err != nil {
		return explained(err, c.JSON)
	}
	result.Problems = sample.Place(result.Problems)
	for i, other := range result.Others {
		result.Others[i].Problems = sample.Place(other.Problems)
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

// problemsOf are the places that a refusal names, those of the script in the case's file.
func problemsOf(sample simulation.Case, err error) problem.List {
	var refused *problem.Error
	if !errors.As(err, &refused) || refused.Code != problem.Validation {
		return nil
	}
	return sample.Place(refused.Problems)
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
	if sample.Matter == "" || sample.Tenant == "" && c.Server == "" {
		return sample, errors.New("a simulation needs --matter and, offline, --tenant, or a --script that names them")
	}
	return sample, nil
}

// simulator is that of the running server, or the offline one.
func (c simulateCommand) simulator(ctx context.Context) (simulator, error) {
	switch {
	case c.Server != "":
		return c.remoteSimulator(ctx)
	case len(c.Paths) == 0:
		return nil, errors.New("name the packs to simulate, or with --server the server whose published configuration is simulated")
	}
	return offlineSimulator(ctx, c.Paths, c.JSON)
}

// offlineSimulator lays packs over the national base. A draft with errors is not simulated.
func offlineSimulator(ctx context.Context, paths []string, asJSON bool) (simulator, error) {
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
		return nil, show(os.Stdout, report.Problems.Errors(), asJSON, "草案")
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
	simulate, err := c.simulator(ctx)
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

func (c simulateCommand) runCase(file string, simulate simulator) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sample, problems := simulation.ReadCase(kind.File{Path: shown(file), Content: content})
	if problems.HasErrors() {
		return problems.String(), nil
	}
	result, err := simulate(sample)
	if problems := problemsOf(sample, err); len(problems) > 0 {
		return problems.String(), nil
	}
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
			fmt.Fprintf(out, "  %s\n", p)
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
		fmt.Fprintf(out, "监察 %s %s %s，计 %d 分，责任 %s%s\n", c.On, c.Level, c.Title, c.Score, c.Respondent, accumulationText(c))
	}
	fmt.Fprint(out, p.Problems)
	fmt.Fprintf(out, "结果 %s %s\n", p.Status, p.Outcome)
}
