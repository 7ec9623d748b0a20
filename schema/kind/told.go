package kind

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// told are the limits that a matter's texts may tell, by what the words around a number speak of.
type told struct {
	promised, statutory, acceptance, extension *Limit
}

// A topic is what a clause speaks of; the first whose words occur decides. Topics
// without a limit here (hearings, remedies, validity, payment) are left alone: their
// numbers are other resources'.
var topics = []struct {
	name  string
	words *regexp.Regexp
}{
	{"other", regexp.MustCompile(`复议|诉讼|起诉|有效期|届满|到期|缴|公示|公告|听证|评审|检验|检测|检疫|鉴定|勘[查察验]|踏勘|招标|拍卖|现场核查|补正|整改|提前|逾期|保存|送达|寄|领取|咨询|投诉`)},
	{"extension", regexp.MustCompile(`延长|延期|顺延`)},
	{"acceptance", regexp.MustCompile(`是否受理|予以受理|作出受理|受理时限|收到(材料|申请)`)},
	{"statutory", regexp.MustCompile(`法定(办结)?(时限|期限)`)},
	{"promised", regexp.MustCompile(`承诺(办结)?(时限|期限)`)},
	{"finish", regexp.MustCompile(`办结|办完|办好|办理(时限|期限|时间)|审批(时限|期限|时间)|受理之日起|(作出|做出).{0,8}决定|多久|多长时间|几个?(工作日|日|天)|多少(个?工作日|日|天)`)},
}

var (
	clauseEnd = regexp.MustCompile(`[。；;！!？?，,\n]`)
	// A count of days, weeks are not used in law: 20个工作日, 二十日, ２０ 天.
	toldDays = regexp.MustCompile(`([0-9０-９]{1,4}|[零〇一二三四五六七八九十百两]{1,5})\s*个?\s*(工作日|自然日|日|天)`)
	aDate    = regexp.MustCompile(`[0-9０-９一二三四五六七八九十]+\s*月\s*$`)
)

// contradict warns where a text tells a number of days that is none of the limits it
// speaks of (V-09). About is the topic when the text names none: "statutory" and
// "promised" for the notes on these limits, "" for texts that need not speak of time,
// "finish" for the answer to a question how long it takes.
func (t told) contradict(v *visit, place, text, about string) {
	for _, clause := range clauseEnd.Split(text, -1) {
		topic := topicOf(clause, about)
		limits := t.of(topic)
		if len(limits) == 0 {
			continue
		}
		for _, m := range toldDays.FindAllStringSubmatchIndex(clause, -1) {
			number, unit := clause[m[2]:m[3]], clause[m[4]:m[5]]
			n, ok := chineseNumber(number)
			if !ok || aDate.MatchString(clause[:m[0]]) || slices.ContainsFunc(limits, func(l Limit) bool { return l.toldAs(n, unit) }) {
				continue
			}
			v.warn(place, "V-09", "改正说明或时限", "说明写的是“%s”，与%s不一致", clause[m[0]:m[1]], t.names(topic))
			return // one remark a text: its author reads the whole
		}
	}
}

func topicOf(clause, about string) string {
	for _, topic := range topics {
		if topic.words.MatchString(clause) {
			if topic.name == "finish" && about != "" {
				return about
			}
			return topic.name
		}
	}
	return about
}

// asks reports whether a question wants to know how long the matter takes.
func asks(question string) bool { return topicOf(question, "") == "finish" }

// of lists the limits that a topic may tell; none for a topic that is not checked.
func (t told) of(topic string) []Limit {
	var out []Limit
	for _, l := range map[string][]*Limit{"promised": {t.promised}, "statutory": {t.statutory}, "finish": {t.promised, t.statutory},
		"acceptance": {t.acceptance}, "extension": {t.extension}}[topic] {
		if l != nil {
			out = append(out, *l)
		}
	}
	return out
}

// names writes the limits of a topic for people.
func (t told) names(topic string) string {
	var out []string
	add := func(title string, l *Limit, topics ...string) {
		if l != nil && slices.Contains(topics, topic) {
			out = append(out, fmt.Sprintf("%s %s", title, l))
		}
	}
	add("承诺时限", t.promised, "promised", "finish")
	add("法定时限", t.statutory, "statutory", "finish")
	add("受理时限", t.acceptance, "acceptance")
	add("延期", t.extension, "extension")
	return strings.Join(out, "、")
}

// toldAs reports whether a limit may be told as so many days. The law counts working
// days where it says 日 (行政许可法 art. 82), so 日 and 天 stand for either. Limits in
// hours, months and years are not told in days here.
func (l Limit) toldAs(n int, unit string) bool {
	switch l.Unit {
	case "workday":
		return l.N == n && unit != "自然日"
	case "day":
		return l.N == n && unit != "工作日"
	}
	return false
}

// chineseNumber reads digits of either width, or a numeral below a thousand.
func chineseNumber(text string) (int, bool) {
	digits := map[rune]int{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}
	total, last := 0, 0
	decimal := false
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			total, decimal = total*10+int(r-'0'), true
		case r >= '０' && r <= '９':
			total, decimal = total*10+int(r-'０'), true
		case r == '十':
			total, last = total+max(last, 1)*10, 0
		case r == '百':
			total, last = total+max(last, 1)*100, 0
		default:
			digit, ok := digits[r]
			if !ok || decimal {
				return 0, false
			}
			last = digit
		}
	}
	return total + last, true
}

// validateTold holds the texts of a matter's guide to its limits (V-09).
func (m *Matter) validateTold(v *visit) {
	t := told{promised: m.PromisedLimit, statutory: m.StatutoryLimit}
	if w := m.AcceptanceWindow; w != nil {
		t.acceptance = &w.Limit
	}
	if e := m.Extension; e != nil {
		t.extension = &Limit{N: e.N, Unit: e.Unit}
	}
	t.contradict(v, "statutory_note", m.StatutoryNote, "statutory")
	t.contradict(v, "promised_note", m.PromisedNote, "promised")
	t.contradict(v, "exercise_content", m.ExerciseContent, "")
	for i, text := range m.Conditions {
		t.contradict(v, at("conditions", i), text, "")
	}
	if m.Guide != nil {
		t.contradictGuide(v, *m.Guide)
	}
}

// contradictGuide holds frequent questions to the limits.
func (t told) contradictGuide(v *visit, g Guide) {
	for i, each := range g.FAQ {
		about := ""
		if asks(each.Q) {
			about = "finish"
		}
		t.contradict(v, at("guide.faq", i)+".a", each.A, about)
	}
}
