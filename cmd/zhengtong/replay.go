package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"zhengtong/graph/model"
	"zhengtong/internal/deadline"
	"zhengtong/internal/simulation"
)

type replayCommand struct {
	remote
	Paths  []string `arg:"" help:"Files or folders of YAML packs: the draft." type:"path"`
	Matter string   `help:"Name of the matter." required:""`
	From   string   `help:"First day of receipt; a year before the last when left out." placeholder:"2026-01-01"`
	To     string   `help:"Last day of receipt; today when left out." placeholder:"2026-06-30"`
	First  int      `help:"How many cases at most, the latest first." default:"2000"`
}

const replayQuery = `query($input: ReplayInput!) { replayMatter(input: $input) { tenant matter title from to cases changed truncated
	limits { clock node clocks moved lateBefore lateAfter } fees { charged changed beforeFen afterFen } cards { rule title level before after accumulatedBefore accumulatedAfter }
	accumulated { rule title level score respondent against on yellow cases before after }
	listed { number status receivedOn clocks { clock node before { limit dueOn late } after { limit dueOn late } } fee { beforeFen afterFen }
		cardsBefore { ...card } cardsAfter { ...card } problems { path code message } } } }
fragment card on SimulationCard { rule title level score subject node on message standing }`

// Run shows what past cases would have come to under the draft.
func (c replayCommand) Run(ctx context.Context) error {
	files, err := c.inputFiles(ctx, c.Paths)
	if err != nil {
		return c.found(err)
	}
	input := map[string]any{"matter": c.Matter, "files": files, "first": c.First}
	for name, day := range map[string]string{"from": c.From, "to": c.To} {
		if day != "" {
			input[name] = day
		}
	}
	var out struct{ ReplayMatter model.Replay }
	if err := c.call(ctx, c.Token, replayQuery, map[string]any{"input": input}, &out); err != nil {
		return c.found(err)
	}
	if c.JSON {
		return json.NewEncoder(os.Stdout).Encode(out.ReplayMatter)
	}
	tellReplay(os.Stdout, out.ReplayMatter)
	return nil
}

func tellReplay(out io.Writer, r model.Replay) {
	more := ""
	if r.Truncated {
		more = "（此前还有更多，未计入）"
	}
	fmt.Fprintf(out, "%s %s：%s 至 %s 收件 %d 件，%d 件结果不同%s\n", r.Tenant, r.Title, r.From, r.To, r.Cases, r.Changed, more)
	for _, l := range r.Limits {
		fmt.Fprintf(out, "  %s：%d 个，%d 个到期日不同；逾期 %d → %d\n", placeTitle(l.Clock, l.Node), l.Clocks, l.Moved, l.LateBefore, l.LateAfter)
	}
	if f := r.Fees; f.Charged > 0 {
		fmt.Fprintf(out, "  收费：%d 件，%d 件金额不同；合计 %.2f 元 → %.2f 元\n", f.Charged, f.Changed, f.BeforeFen/100, f.AfterFen/100)
	}
	for _, c := range r.Cards {
		accumulated := ""
		if c.AccumulatedBefore+c.AccumulatedAfter > 0 {
			accumulated = fmt.Sprintf("，其中累计所得 %d → %d", c.AccumulatedBefore, c.AccumulatedAfter)
		}
		fmt.Fprintf(out, "  监察 %s %s：%d → %d%s\n", c.Title, c.Level, c.Before, c.After, accumulated)
	}
	for _, a := range r.Accumulated {
		fmt.Fprintf(out, "  累计（%s）%s %s %s，责任 %s：%d 张黄牌，%s\n", sides(a.Before, a.After), a.On, a.Level, a.Title, a.Against, a.Yellow, strings.Join(a.Cases, "、"))
	}
	for _, k := range r.Listed {
		fmt.Fprintf(out, "%s %s，%s 收件\n", k.Number, k.Status, k.ReceivedOn)
		for _, c := range k.Clocks {
			fmt.Fprintf(out, "    %s：%s → %s\n", placeTitle(c.Clock, c.Node), dueText(c.Before), dueText(c.After))
		}
		if k.Fee != nil {
			fmt.Fprintf(out, "    收费：%s → %s\n", yuanText(k.Fee.BeforeFen), yuanText(k.Fee.AfterFen))
		}
		tellCards(out, "原", k.CardsBefore)
		tellCards(out, "现", k.CardsAfter)
		for _, p := range k.Problems {
			fmt.Fprintf(out, "    %s [%s]\n", p.Message, p.Code)
		}
	}
}

func tellCards(out io.Writer, which string, cards []*model.SimulationCard) {
	for _, c := range cards {
		fmt.Fprintf(out, "    监察（%s）%s %s %s\n", which, c.On, c.Level, c.Title)
	}
}

// accumulationText says what a card was made up of, or counts towards.
func accumulationText(c simulation.Card) string {
	switch {
	case c.Accumulated > 0:
		return fmt.Sprintf("（%d 张黄牌累计）", c.Accumulated)
	case c.Accumulates != "":
		return "（" + c.Accumulates + "）"
	}
	return ""
}

// sides says by which rules a card comes about.
func sides(before, after bool) string {
	switch {
	case before && after:
		return "原、现"
	case before:
		return "原"
	}
	return "现"
}

func placeTitle(clock string, node *string) string {
	title := deadline.Kind(clock).Title()
	if node != nil {
		title += "（" + *node + "）"
	}
	return title
}

func dueText(d *model.ReplayedDue) string {
	if d == nil {
		return "无"
	}
	late := ""
	if d.Late {
		late = "（逾期）"
	}
	return d.Limit + "，至 " + d.DueOn + late
}

func yuanText(fen *int) string {
	if fen == nil {
		return "不收费"
	}
	return fmt.Sprintf("%d.%02d 元", *fen/100, *fen%100)
}
