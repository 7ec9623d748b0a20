package deadline

import (
	"fmt"
	"strings"
)

// notes collects the lines of an explanation. A nil *notes collects nothing, so
// that plain computation costs nothing.
type notes struct {
	cal   *Calendar
	clock Clock
	lines []string
}

func (n *notes) say(format string, args ...any) {
	n.lines = append(n.lines, fmt.Sprintf(format, args...))
}

// day names a date with its weekday, and with its reason when it is a make-up day.
func (n *notes) day(d Date) string {
	if n.cal.makeUp(d) {
		return fmt.Sprintf("%s（%s，调休上班）", d, weekdayTitle(d))
	}
	return fmt.Sprintf("%s（%s）", d, weekdayTitle(d))
}

// start tells how the limit alone runs from the starting day to due.
func (n *notes) start(due Date, at TimeOfDay) {
	if n == nil {
		return
	}
	c := n.clock
	if c.Limit.Unit == Hour {
		n.say("自 %s %s 起算（民法典第二百零一条第二款）", n.day(c.StartedOn), c.StartedAt)
		n.say("期限 %s，至 %s %s", c.Limit, n.day(due), at)
	} else {
		n.say("起算日 %s，当日不计入（民法典第二百零一条）", n.day(c.StartedOn))
		n.say("期限 %s，自次日起算，至 %s", c.Limit, n.day(due))
	}
	n.counted(c.StartedOn, due)
}

// counted lists the days off and the make-up days in (from, to] for units that skip days off.
func (n *notes) counted(from, to Date) {
	if n.clock.Limit.Unit.calendrical() {
		return
	}
	off, worked := n.cal.survey(from, to)
	if off != "" {
		n.say("不计休息日：%s", off)
	}
	if worked != "" {
		n.say("计入调休上班日：%s", worked)
	}
}

// shift tells which suspensions make up a gap of n and where it moves the due date.
func (n *notes) shift(g gap, length int, before, after Date) {
	if n == nil {
		return
	}
	told := 0
	for _, s := range n.clock.Segments {
		if s.floor() || !s.From.Before(g.to) || !isOpen(s) && !s.To.After(g.from) {
			continue
		}
		told++
		n.say("中止：%s%s", segmentSpan(s), because(s.Reason, s.Basis))
	}
	if told > 1 {
		n.say("相连或重叠的中止合并计算，不重复扣除")
	}
	n.say("扣除 %s%s，到期日由 %s 顺延至 %s", n.measure(length), n.which(g, length), before, n.day(after))
	n.counted(before, after)
}

// measure writes suspended time: working days, or days for limits that run through days off.
func (n *notes) measure(k int) string {
	if n.clock.Limit.Unit.calendrical() {
		return Limit{k, Day}.String()
	}
	return Limit{k, Workday}.String()
}

// which lists the working days of a gap while they are few.
func (n *notes) which(g gap, length int) string {
	if length > maxListed || n.clock.Limit.Unit.calendrical() {
		return ""
	}
	var days []string
	for d := g.from.AddDays(1); !d.After(g.to); d = d.AddDays(1) {
		if n.cal.Working(d) {
			days = append(days, d.String()[len("2006-"):])
		}
	}
	return "（" + strings.Join(days, "、") + "）"
}

func segmentSpan(s Segment) string {
	if isOpen(s) {
		return fmt.Sprintf("自 %s 起，尚未恢复", s.From)
	}
	return fmt.Sprintf("%s 至 %s", s.From, s.To)
}

func because(reason, basis string) string {
	var parts []string
	if reason != "" {
		parts = append(parts, reason)
	}
	if basis != "" {
		parts = append(parts, "依据："+basis)
	}
	if len(parts) == 0 {
		return ""
	}
	return "（" + strings.Join(parts, "；") + "）"
}

func (n *notes) extension(e Extension, before, after Date) {
	if n == nil {
		return
	}
	n.say("%s 延长 %s%s，自到期日 %s 次日起算，至 %s",
		e.On, Limit{e.N, n.clock.Limit.Unit}, because(e.Reason, e.Basis), before, n.day(after))
	n.counted(before, after)
}

func (n *notes) floor(s Segment) {
	if n == nil {
		return
	}
	if s.Reason == ReasonOutage {
		n.say("停机触及期限最后一日，延至恢复后次一工作日 %s", n.day(s.To))
		return
	}
	n.say("工作日历调整后原定日期较晚，仍以 %s 为准", n.day(s.To))
}

func (n *notes) roll(before, after Date) {
	if n == nil {
		return
	}
	n.say("%s 为休息日（%s），顺延至 %s（民法典第二百零三条）", before, n.cal.Reason(before), n.day(after))
}

// finish adds the result and returns all lines.
func (n *notes) finish(due Due) []string {
	if n == nil {
		return nil
	}
	if due.At != 0 {
		n.say("到期：%s %s", n.day(due.On), due.At)
	} else {
		n.say("到期：%s", n.day(due.On))
	}
	if n.clock.State == Suspended {
		n.say("期限处于中止，恢复前到期日逐日顺延")
	}
	if due.Provisional {
		n.say("%s 之后的放假安排尚未公布，到期日为暂定，公布后重新计算", n.cal.PublishedThrough())
	}
	return n.lines
}
