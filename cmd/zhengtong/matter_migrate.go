package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/schema/kind"
)

// runningCommand tells under which versions of a matter cases are open.
type runningCommand struct {
	remote
	Name string `arg:"" help:"Name of the matter in the tenant of the token."`
}

type runningVersion struct {
	Version string `json:"version"`
	Cases   int    `json:"cases"`
	Current bool   `json:"current"`
}

// Run prints a line for each version.
func (v runningCommand) Run(ctx context.Context) error {
	var out struct{ RunningVersions []runningVersion }
	if err := v.call(ctx, v.Token, `query($matter: String!) { runningVersions(matter: $matter) { version cases current } }`, map[string]any{"matter": v.Name}, &out); err != nil {
		return v.found(err)
	}
	if v.JSON {
		return json.NewEncoder(os.Stdout).Encode(out.RunningVersions)
	}
	for _, r := range out.RunningVersions {
		now := ""
		if r.Current {
			now = "（现行）"
		}
		fmt.Printf("%s  在办 %d 件%s\n", r.Version, r.Cases, now)
	}
	return nil
}

// moveCommand previews a migration of running cases, or submits it.
type moveCommand struct {
	remote
	Name    string            `arg:"" help:"Name of the matter in the tenant of the token."`
	From    string            `help:"Version that the cases are on; zhengtong matter versions lists them." required:"" placeholder:"DIGEST"`
	To      string            `help:"Version that they go to: the one in force, which is also meant when left out." placeholder:"DIGEST"`
	Node    map[string]string `help:"A node of the old flow and the one of the new; may be repeated." placeholder:"OLD=NEW"`
	Field   map[string]string `help:"A field of the old form and the one of the new; OLD= keeps nothing of it; may be repeated." placeholder:"OLD=NEW"`
	Case    []string          `help:"Number of a case; all open ones when left out; may be repeated." placeholder:"NUMBER"`
	Preview bool              `help:"Show what would become of each case, and write nothing."`
	As      string            `help:"Name of the migration; made of matter and version when left out." placeholder:"NAME"`
	Message string            `help:"What it is for; needed to submit it." short:"m"`
	Approve string            `help:"Token of a second person with config.review and config.publish: approve and publish at once."`
}

type caseMove struct {
	Number  string `json:"number"`
	Status  string `json:"status"`
	Outcome string `json:"outcome"`
	Reason  string `json:"reason,omitempty"`
	Message string `json:"message,omitempty"`
	Nodes   []struct {
		From string `json:"from"`
		To   string `json:"to"`
	} `json:"nodes"`
	Problems problem.List `json:"problems"`
	Clocks   []struct {
		Kind   string `json:"kind"`
		Before string `json:"before"`
		After  string `json:"after"`
		Kept   bool   `json:"kept"`
	} `json:"clocks"`
	Worse []struct {
		Text string `json:"text"`
	} `json:"worse"`
}

const caseMoveFields = `number status outcome reason message nodes { from to } problems { path code message } clocks { kind before after kept } worse { text }`

type migrationPreview struct {
	To       string       `json:"to"`
	Problems problem.List `json:"problems"`
	Moves    []caseMove   `json:"moves"`
	Next     *string      `json:"next,omitempty"`
}

// Run previews the migration or hands it in as a change.
func (m moveCommand) Run(ctx context.Context) error {
	if m.Preview {
		return m.preview(ctx)
	}
	if strings.TrimSpace(m.Message) == "" {
		return errors.New("say with -m what the migration is for, or look at it with --preview")
	}
	first, err := m.page(ctx, "", 1)
	if err != nil {
		return m.found(err)
	}
	to := cmp.Or(m.To, first.To)
	file, err := m.file(ctx, to)
	if err != nil {
		return m.found(err)
	}
	return m.propose(ctx, map[string]any{"files": []any{file}, "message": m.Message}, m.Approve)
}

// file is the resource as the API takes it; JSON is YAML too.
func (m moveCommand) file(ctx context.Context, to string) (map[string]string, error) {
	acting, err := m.acting(ctx)
	if err != nil {
		return nil, err
	}
	name := m.As
	if name == "" {
		name = fmt.Sprintf("%.40s-%.8s-%.8s", m.Name, m.From, to)
	}
	spec := map[string]any{"title": firstRunes(m.Message, 60), "matter": m.Name, "from": m.From, "to": to}
	if len(m.Node) > 0 {
		spec["nodes"] = m.Node
	}
	if len(m.Field) > 0 {
		spec["fields"] = m.Field
	}
	if len(m.Case) > 0 {
		spec["cases"] = m.Case
	}
	text, err := json.MarshalIndent(map[string]any{"apiVersion": kind.APIVersion, "kind": "Migration",
		"metadata": map[string]any{"tenant": acting.Code, "name": name}, "spec": spec}, "", "  ")
	return map[string]string{"path": "migrations/" + name + ".yaml", "content": string(text)}, err
}

// firstRunes is the beginning of a text's first line.
func firstRunes(text string, n int) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	runes := []rune(line)
	return string(runes[:min(n, len(runes))])
}

func (m moveCommand) page(ctx context.Context, after string, first int) (migrationPreview, error) {
	input := map[string]any{"matter": m.Name, "from": m.From, "nodes": renamings(m.Node), "fields": renamings(m.Field)}
	if m.To != "" {
		input["to"] = m.To
	}
	if len(m.Case) > 0 {
		input["cases"] = m.Case
	}
	var out struct{ PreviewMigration migrationPreview }
	err := m.call(ctx, m.Token, `query($input: MigrationInput!, $first: Int, $after: String) { previewMigration(input: $input, first: $first, after: $after) {
		to next problems { path code message severity } moves { `+caseMoveFields+` } } }`,
		map[string]any{"input": input, "first": first, "after": after}, &out)
	return out.PreviewMigration, err
}

func renamings(names map[string]string) []map[string]string {
	out := []map[string]string{}
	for from, to := range names {
		out = append(out, map[string]string{"from": from, "to": to})
	}
	return out
}

// previewPage is how many cases are asked for at once.
const previewPage = 25

// preview prints every case, page by page; wrong maps end it with their problems.
func (m moveCommand) preview(ctx context.Context) error {
	counts := map[string]int{}
	after := ""
	for {
		page, err := m.page(ctx, after, previewPage)
		if err != nil {
			return m.found(err)
		}
		if after == "" && len(page.Problems) > 0 {
			if err := show(os.Stdout, page.Problems, m.JSON, "节点和字段的对应"); err != nil {
				return err
			}
		}
		if err := printMoves(os.Stdout, page.Moves, m.JSON, counts); err != nil {
			return err
		}
		if page.Next == nil {
			break
		}
		after = *page.Next
	}
	if !m.JSON {
		fmt.Printf("可迁移 %d 件，不迁移 %d 件\n", counts["ready"], counts["refused"])
	}
	return nil
}

// printMoves tells of each case in a line, with its clocks and reasons below; as JSON, one object a line.
func printMoves(out io.Writer, moves []caseMove, asJSON bool, counts map[string]int) error {
	for _, move := range moves {
		counts[move.Outcome]++
		if asJSON {
			if err := json.NewEncoder(out).Encode(move); err != nil {
				return err
			}
			continue
		}
		var at []string
		for _, n := range move.Nodes {
			at = append(at, n.From+" → "+n.To)
		}
		fmt.Fprintf(out, "%s %s %s\n", map[string]string{"ready": "+", "moved": "✓", "refused": "-"}[move.Outcome], move.Number, strings.Join(at, "，"))
		if move.Reason != "" {
			fmt.Fprintf(out, "    %s：%s\n", move.Reason, move.Message)
		}
		for _, p := range move.Problems {
			fmt.Fprintf(out, "    %s %s\n", p.Path, p.Message)
		}
		for _, c := range move.Clocks {
			switch {
			case c.Kept:
				fmt.Fprintf(out, "    %s %s，按原期限\n", clockTitle(c.Kind), c.Before)
			case c.Before != c.After:
				fmt.Fprintf(out, "    %s %s → %s\n", clockTitle(c.Kind), c.Before, c.After)
			}
		}
		for _, w := range move.Worse {
			fmt.Fprintf(out, "    对申请人不利，将告知：%s\n", w.Text)
		}
	}
	return nil
}

// movedCommand tells what became of the cases of a published migration.
type movedCommand struct {
	remote
	Name string `arg:"" help:"Name of the migration in the tenant of the token."`
}

type publishedMigration struct {
	Title      string  `json:"title"`
	FinishedAt *string `json:"finishedAt"`
	Counts     struct {
		Moved   int `json:"moved"`
		Refused int `json:"refused"`
	} `json:"counts"`
	Moves struct {
		Edges []struct {
			Node caseMove `json:"node"`
		} `json:"edges"`
		PageInfo struct {
			HasNextPage bool    `json:"hasNextPage"`
			EndCursor   *string `json:"endCursor"`
		} `json:"pageInfo"`
	} `json:"moves"`
}

// Run prints every case and the state of the whole.
func (m movedCommand) Run(ctx context.Context) error {
	after, counts := (*string)(nil), map[string]int{}
	for {
		var out struct{ Migration *publishedMigration }
		err := m.call(ctx, m.Token, `query($name: String!, $first: Int, $after: String) { migration(name: $name) { title finishedAt counts { moved refused }
			moves(first: $first, after: $after) { pageInfo { hasNextPage endCursor } edges { node { `+caseMoveFields+` } } } } }`,
			map[string]any{"name": m.Name, "first": previewPage, "after": after}, &out)
		if err != nil {
			return m.found(err)
		}
		if out.Migration == nil {
			return fmt.Errorf("NOT_FOUND: no migration %s has been published", m.Name)
		}
		moves := make([]caseMove, len(out.Migration.Moves.Edges))
		for i, e := range out.Migration.Moves.Edges {
			moves[i] = e.Node
		}
		if err := printMoves(os.Stdout, moves, m.JSON, counts); err != nil {
			return err
		}
		if out.Migration.Moves.PageInfo.HasNextPage {
			after = out.Migration.Moves.PageInfo.EndCursor
			continue
		}
		if m.JSON {
			return nil
		}
		state := "进行中"
		if out.Migration.FinishedAt != nil {
			state = "已完成"
		}
		fmt.Printf("%s：%s，已迁移 %d 件，不迁移 %d 件\n", out.Migration.Title, state, out.Migration.Counts.Moved, out.Migration.Counts.Refused)
		return nil
	}
}
