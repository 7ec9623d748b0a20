package kind

// Calendar decides which days are working days: statutory holidays by regulation
// (全国年节及纪念日放假办法) under exceptions by yearly notice (T-02).
type Calendar struct {
	Title             string              `yaml:"title!" format:"title" doc:"名称"`
	Weekend           []string            `yaml:"weekend!" enum:"mon,tue,wed,thu,fri,sat,sun" doc:"休息日"`
	WorkingHours      [][]string          `yaml:"working_hours!" format:"time" doc:"工作时段，如 [[\"09:00\", \"12:00\"]]"`
	StatutoryHolidays *StatutoryHolidays  `yaml:"statutory_holidays" doc:"法定节日，是 exceptions 之下的一层"`
	Exceptions        []CalendarException `yaml:"exceptions" merge:"key=date" doc:"放假和调休；按日期合并，区间展开"`
	PublishedThrough  string              `yaml:"published_through!" format:"date" doc:"已公布到哪一天；之后的期限为暂定（T-20）"`
}

// StatutoryHolidays are known before the yearly notice.
type StatutoryHolidays struct {
	Fixed  map[string][]string            `yaml:"fixed" format:"day" doc:"公历固定的节日：名称到 MM-DD"`
	ByYear map[string]map[string][]string `yaml:"by_year" format:"date" doc:"农历和节气的节日：年份到名称到日期"`
}

// CalendarException is one day, or a range of days with both ends included.
type CalendarException struct {
	Date        string `yaml:"date" format:"date" alt:"day!" doc:"日期"`
	From        string `yaml:"from" format:"date" alt:"day!" doc:"起始日期"`
	To          string `yaml:"to" format:"date" doc:"结束日期（含）"`
	Working     bool   `yaml:"working!" doc:"true 上班，false 放假"`
	Reason      string `yaml:"reason!" format:"title" doc:"原因"`
	Overridable bool   `yaml:"overridable" doc:"下级是否可以改这一天"`
}
