package kind

import (
	"math/big"
	"strings"
)

// PerformanceScheme scores departments or staff over a period.
type PerformanceScheme struct {
	Title     string            `yaml:"title!" format:"title" doc:"方案名称"`
	Objects   string            `yaml:"objects" enum:"department,staff,hall,tenant" doc:"考核对象"`
	BaseScore string            `yaml:"base_score" format:"decimal" default:"100" doc:"基础分"`
	Items     []PerformanceItem `yaml:"items" merge:"key=id" doc:"计分项"`
	Manual    []ManualItem      `yaml:"manual" merge:"key=id" doc:"人工评分项"`
	Periods   []string          `yaml:"periods" merge:"set" enum:"month,quarter,half_year,year" doc:"周期"`
	Grades    []Grade           `yaml:"grades" merge:"key=name" doc:"等次"`
	Publish   bool              `yaml:"publish" doc:"是否公布"`
}

// PerformanceItem computes a score from records.
type PerformanceItem struct {
	ID      string `yaml:"id!" format:"id" doc:"标识"`
	Title   string `yaml:"title" format:"title" doc:"名称"`
	Source  string `yaml:"source!" enum:"cases,tasks,clocks,cards,bills,consultations,complaints,ratings" doc:"数据来源"`
	Formula string `yaml:"formula!" expr:"measure" doc:"得分（表达式）"`
	Cap     string `yaml:"cap" format:"decimal" doc:"上限"`
}

// ManualItem is scored by people.
type ManualItem struct {
	ID    string `yaml:"id!" format:"id" doc:"标识"`
	Title string `yaml:"title!" format:"title" doc:"名称"`
	Max   string `yaml:"max!" format:"decimal" doc:"满分"`
	By    string `yaml:"by!" ref:"Role" doc:"由谁评"`
}

// Grade is a band of scores.
type Grade struct {
	Name string `yaml:"name!" format:"title" doc:"等次"`
	Min  string `yaml:"min!" format:"decimal" doc:"最低分"`
}

// EvaluationIndex is a weighted tree of indicators.
type EvaluationIndex struct {
	Title   string      `yaml:"title!" format:"title" doc:"指标体系名称"`
	Tree    []Indicator `yaml:"tree!" merge:"key=id" doc:"指标"`
	Period  string      `yaml:"period!" enum:"month,quarter,half_year,year" doc:"周期"`
	Scale   int         `yaml:"scale" min:"1" max:"1000" default:"100" doc:"满分"`
	Publish bool        `yaml:"publish" doc:"是否公布"`
}

// Indicator is one node; leaves have a numerator.
type Indicator struct {
	ID             string `yaml:"id!" format:"id" doc:"标识"`
	Title          string `yaml:"title!" format:"title" doc:"名称"`
	Weight         string `yaml:"weight!" format:"decimal" doc:"权重，同级合计 100"`
	Parent         string `yaml:"parent" format:"id" doc:"上级指标"`
	Numerator      string `yaml:"numerator" expr:"measure" doc:"分子（表达式）"`
	Denominator    string `yaml:"denominator" expr:"measure" doc:"分母（表达式）"`
	Filter         string `yaml:"filter" expr:"measure_filter" doc:"范围（表达式）"`
	Source         string `yaml:"source" enum:"cases,tasks,clocks,cards,bills,consultations,complaints,ratings" doc:"数据来源"`
	Evidence       string `yaml:"evidence" enum:"auto,manual,crawler" doc:"取证方式：自动、人工、采集"`
	Target         string `yaml:"target" format:"decimal" doc:"目标值"`
	HigherIsBetter *bool  `yaml:"higher_is_better" doc:"是否越高越好"`
}

// validate checks V-44: siblings weigh 100 together, parents exist, no denominator is constant zero.
func (e *EvaluationIndex) validate(v *visit) {
	sums := map[string]*big.Rat{}
	first := map[string]int{}
	parents := map[string]string{}
	var ids []string
	for i, n := range e.Tree {
		ids = append(ids, n.ID)
		parents[n.ID] = n.Parent
		weight, ok := new(big.Rat).SetString(n.Weight)
		if !ok {
			continue
		}
		if sums[n.Parent] == nil {
			sums[n.Parent], first[n.Parent] = new(big.Rat), i
		}
		sums[n.Parent].Add(sums[n.Parent], weight)
	}
	for i, n := range e.Tree {
		place := at("tree", i)
		if _, known := parents[n.Parent]; n.Parent != "" && !known {
			v.fail(place+".parent", "V-44", suggest(n.Parent, ids), "没有指标 %q", n.Parent)
		} else if circular(n.ID, parents) {
			v.fail(place+".parent", "V-51", "", "指标 %q 的上级成环", n.ID)
		}
		if zero, ok := new(big.Rat).SetString(strings.TrimSpace(n.Denominator)); ok && zero.Sign() == 0 {
			v.fail(place+".denominator", "V-44", "", "分母恒为零")
		}
	}
	for _, parent := range sortedKeys(anyMap(sums)) {
		if sums[parent].Cmp(big.NewRat(100, 1)) != 0 {
			v.warn(at("tree", first[parent])+".weight", "V-44", "", "同级权重合计 %s，应为 100", sums[parent].RatString())
		}
	}
}

// circular reports whether following parents from an element never ends.
func circular(id string, parents map[string]string) bool {
	for steps := 0; id != ""; id = parents[id] {
		if steps++; steps > len(parents)+1 {
			return true
		}
	}
	return false
}

// Report is a statistic: measures by dimensions, on demand or by schedule.
type Report struct {
	Title      string          `yaml:"title!" format:"title" doc:"报表名称"`
	Source     string          `yaml:"source!" enum:"cases,tasks,clocks,cards,bills,consultations,complaints,ratings" doc:"数据来源"`
	Matter     string          `yaml:"matter" ref:"Matter" doc:"只统计这个事项，可用其表单字段"`
	Filter     string          `yaml:"filter" expr:"measure_filter" doc:"范围（表达式）"`
	Dimensions []Dimension     `yaml:"dimensions!" short:"field" doc:"维度：字段路径、month、quarter、year、department，或 {id, of, bands}"`
	Measures   []Measure       `yaml:"measures!" merge:"key=id" doc:"指标"`
	Schedule   *ReportSchedule `yaml:"schedule" doc:"定时生成"`
}

// Dimension is a field, a period, or a field cut into bands.
type Dimension struct {
	Field string   `yaml:"field" format:"path" alt:"by!" doc:"字段"`
	ID    string   `yaml:"id" format:"id" doc:"分段维度的标识"`
	Of    string   `yaml:"of" format:"path" alt:"by!" doc:"被分段的字段"`
	Bands []string `yaml:"bands" format:"decimal" doc:"分段界限"`
}

func (d *Dimension) bindShort(text string) { d.Field = text }

// Measure is one number.
type Measure struct {
	ID    string `yaml:"id!" format:"id" doc:"标识"`
	Title string `yaml:"title" format:"title" doc:"名称"`
	Expr  string `yaml:"expr!" expr:"measure" doc:"计算（表达式）"`
}

// ReportSchedule delivers a report.
type ReportSchedule struct {
	Cron      string   `yaml:"cron!" format:"cron" doc:"何时生成"`
	DeliverTo []string `yaml:"deliver_to!" merge:"set" ref:"Role" doc:"送给哪些角色"`
}
