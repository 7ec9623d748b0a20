package kind

import "fmt"

// Limit is a period: N whole units. Working days follow the tenant's calendar (T-02).
type Limit struct {
	N    int    `yaml:"n!" min:"0" max:"9999" doc:"数量，整数"`
	Unit string `yaml:"unit!" enum:"hour,workday,day,month,year" doc:"单位：小时、工作日、自然日、月、年"`
}

// String writes the limit for people: 5个工作日.
func (l Limit) String() string {
	name := map[string]string{"hour": "小时", "workday": "个工作日", "day": "日", "month": "个月", "year": "年"}[l.Unit]
	return fmt.Sprintf("%d%s", l.N, name)
}

// workdayBounds converts a limit to the fewest and most working days it can be.
// A run of calendar days may hold no working day at all (a long holiday), and at most all.
func (l Limit) workdayBounds() (low, high int) {
	switch l.Unit {
	case "workday":
		return l.N, l.N
	case "hour":
		return 0, (l.N + 23) / 24
	case "month":
		return l.N * 15, l.N * 23
	case "year":
		return l.N * 240, l.N * 262
	}
	return 0, l.N
}

// Compare orders two limits. Known is false when the units decide nothing: 10
// working days against 12 days depends on the calendar.
func (l Limit) Compare(o Limit) (order int, known bool) {
	if l.Unit == o.Unit {
		return sign(l.N - o.N), true
	}
	if exact := map[string]int{"hour": 1, "day": 24}; exact[l.Unit] > 0 && exact[o.Unit] > 0 {
		return sign(l.N*exact[l.Unit] - o.N*exact[o.Unit]), true
	}
	if exact := map[string]int{"month": 1, "year": 12}; exact[l.Unit] > 0 && exact[o.Unit] > 0 {
		return sign(l.N*exact[l.Unit] - o.N*exact[o.Unit]), true
	}
	low, high := l.workdayBounds()
	otherLow, otherHigh := o.workdayBounds()
	if high <= otherLow {
		return -1, true
	}
	if low > otherHigh {
		return 1, true
	}
	return 0, false
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// LegalBasis cites one rule of law.
type LegalBasis struct {
	Law        string `yaml:"law!" format:"title" doc:"法律、法规、规章或文件名称"`
	Article    string `yaml:"article" format:"text" doc:"条款"`
	DocumentNo string `yaml:"document_no" format:"text" doc:"文号"`
	Text       string `yaml:"text" format:"text" doc:"条文内容"`
	URL        string `yaml:"url" format:"url" doc:"公布网址"`
}

// Places tells applicants where to go and whom to call.
type Places struct {
	Address   string `yaml:"address" format:"text" doc:"办理地点"`
	Hours     string `yaml:"hours" format:"text" doc:"办理时间"`
	Phone     string `yaml:"phone" format:"text" doc:"咨询电话"`
	Complaint string `yaml:"complaint" format:"text" doc:"监督投诉电话"`
}

// ResourceName names a resource of another tenant.
type ResourceName struct {
	Tenant string `yaml:"tenant!" format:"name" doc:"租户代码"`
	Name   string `yaml:"name!" format:"name" doc:"资源名称"`
}

// FieldSpec declares one input of an opinion form or a report.
type FieldSpec struct {
	Type       string   `yaml:"type" enum:"string,integer,number,boolean,date,files,position,signatures" doc:"类型；有 enum 时可不写"`
	Title      string   `yaml:"title" format:"title" doc:"显示名称"`
	Enum       []string `yaml:"enum" doc:"可选值"`
	Required   bool     `yaml:"required" doc:"是否必填"`
	Min        *int     `yaml:"min" doc:"最小值、最短长度或最少文件数"`
	Max        *int     `yaml:"max" doc:"最大值、最长长度或最多文件数"`
	Inspectors string   `yaml:"inspectors" enum:"all,one" doc:"signatures：哪些核查人员签名"`
	Applicant  string   `yaml:"applicant" enum:"required,optional,optional_with_reason" doc:"signatures：申请人是否签名"`
}

// ClockEffect says whether the two handling clocks run on or stop (T-11, T-12).
type ClockEffect struct {
	Promised  string `yaml:"promised!" enum:"run,suspend" doc:"承诺时限：run 继续，suspend 中止"`
	Statutory string `yaml:"statutory!" enum:"run,suspend" doc:"法定时限：run 继续，suspend 中止（须有法定依据）"`
}
