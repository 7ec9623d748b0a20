package kind

// Hall is a place with windows, queue, bookings and terminals.
type Hall struct {
	Title      string       `yaml:"title!" format:"title" doc:"大厅名称"`
	Department string       `yaml:"department!" ref:"Department" doc:"管理部门"`
	Places     *Places      `yaml:"places" doc:"地址、时间和电话"`
	Windows    []HallWindow `yaml:"windows!" merge:"key=id" doc:"窗口"`
	Queue      *HallQueue   `yaml:"queue" doc:"排队"`
	Booking    *HallBooking `yaml:"booking" doc:"预约"`
	Terminals  []Terminal   `yaml:"terminals" merge:"key=id" doc:"自助终端"`
	Cameras    []Camera     `yaml:"cameras" merge:"key=id" doc:"视频源"`
}

// HallWindow takes matters or does a function.
type HallWindow struct {
	ID        string   `yaml:"id!" format:"id" doc:"编号"`
	Title     string   `yaml:"title!" format:"title" doc:"名称"`
	Group     string   `yaml:"group" format:"id" doc:"窗口组"`
	Matters   []string `yaml:"matters" merge:"set" ref:"Matter;*" alt:"work!" doc:"受理的事项，[\"*\"] 为全部"`
	Functions []string `yaml:"functions" merge:"set" enum:"receive,issue_result,consult,guide,payment" alt:"work!" doc:"功能"`
}

// HallQueue calls tickets.
type HallQueue struct {
	PrefixBy         string   `yaml:"prefix_by" enum:"window_group,matter,department,none" doc:"票号前缀按什么"`
	CallRetries      int      `yaml:"call_retries" min:"1" max:"20" default:"3" doc:"叫号几次"`
	SkipAfterSeconds int      `yaml:"skip_after_seconds" min:"10" max:"3600" default:"120" doc:"多少秒不到就过号"`
	Priority         []string `yaml:"priority" merge:"set" enum:"elderly,disabled,booked,pregnant,veteran" doc:"优先人群"`
}

// HallBooking offers slots.
type HallBooking struct {
	DaysAhead           int          `yaml:"days_ahead!" min:"1" max:"365" doc:"可预约几天内"`
	Calendar            string       `yaml:"calendar" ref:"Calendar" default:"default" doc:"日历"`
	CapacityPerSlot     int          `yaml:"capacity_per_slot!" min:"1" max:"1000" doc:"每段人数"`
	NoShowLimit         *NoShowLimit `yaml:"no_show_limit" doc:"爽约限制"`
	CancelBeforeMinutes int          `yaml:"cancel_before_minutes" min:"0" max:"10080" doc:"最晚提前多少分钟取消"`
}

// NoShowLimit blocks those who do not come.
type NoShowLimit struct {
	Count      int `yaml:"count!" min:"1" max:"99" doc:"几次"`
	WindowDays int `yaml:"window_days!" min:"1" max:"3650" doc:"多少天内"`
	BlockDays  int `yaml:"block_days!" min:"1" max:"3650" doc:"停用多少天"`
}

// Terminal is a self-service machine.
type Terminal struct {
	ID        string   `yaml:"id!" format:"id" doc:"编号"`
	Functions []string `yaml:"functions!" merge:"set" enum:"guide,booking,apply,form_fill,query,print,rate,ticket" doc:"功能"`
}

// Camera is a video source for remote supervision.
type Camera struct {
	ID        string `yaml:"id!" format:"id" doc:"编号"`
	Title     string `yaml:"title!" format:"title" doc:"位置"`
	Connector string `yaml:"connector!" ref:"Connector" doc:"视频对接"`
}
