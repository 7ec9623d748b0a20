package kind

// DocumentTemplate is a document the engine issues: receipt, notice, decision or internal sheet.
type DocumentTemplate struct {
	Title      string         `yaml:"title!" format:"title" doc:"文书名称"`
	Class      string         `yaml:"class!" enum:"receipt,notice,decision,internal" doc:"回执、告知书、决定书、内部"`
	File       string         `yaml:"file" format:"file" alt:"layout!" doc:"版式文件，包内相对路径"`
	Layout     map[string]any `yaml:"layout" alt:"layout!" doc:"直接写的版式：blocks 下依次写 title、paragraph、table、seal、qr、footer"`
	Output     string         `yaml:"output" enum:"pdf" default:"pdf" doc:"输出格式"`
	Seal       *SealRef       `yaml:"seal" short:"name" doc:"印章名称，或 {of: implementing_department, seal_type}"`
	NumberRule string         `yaml:"number_rule" doc:"文号样式，如 受〔{yyyy}〕{dept}第{seq:6}号"`
	Requires   []string       `yaml:"requires" merge:"set" format:"path" doc:"必须有值的内容"`
	Fields     []string       `yaml:"fields!" merge:"set" format:"path" doc:"文书用到的内容"`
	Copies     []string       `yaml:"copies" merge:"set" enum:"applicant,archive,agency" doc:"各送一份"`
}

// SealRef names a seal, or finds the one of a kind that the implementing department owns.
type SealRef struct {
	Name     string `yaml:"name" ref:"SealPolicy" alt:"which!" doc:"印章"`
	Of       string `yaml:"of" enum:"implementing_department" alt:"which!" doc:"谁的印章"`
	SealType string `yaml:"seal_type" enum:"official,special_business,contract,legal_rep" doc:"印章种类"`
}

func (s *SealRef) bindShort(text string) { s.Name = text }

// NotificationTemplate is a message sent on events.
type NotificationTemplate struct {
	Title      string      `yaml:"title!" format:"title" doc:"名称"`
	Events     []string    `yaml:"events!" merge:"set" enum:"@events" code:"V-39" doc:"触发的事件"`
	Channels   []string    `yaml:"channels!" merge:"set" enum:"sms,email,inbox,app" doc:"渠道"`
	OptIn      []string    `yaml:"opt_in" merge:"set" enum:"sms,email,app" doc:"须用户同意的渠道"`
	Mandatory  bool        `yaml:"mandatory" doc:"必须送达；须含站内信"`
	Body       string      `yaml:"body!" format:"text" doc:"正文；可用 {路径}"`
	PII        string      `yaml:"pii" enum:"none,minimal" doc:"个人信息"`
	QuietHours *QuietHours `yaml:"quiet_hours" doc:"免打扰时段"`
}

// QuietHours holds messages back until the morning.
type QuietHours struct {
	From string `yaml:"from!" format:"time" doc:"开始"`
	To   string `yaml:"to!" format:"time" doc:"结束"`
}
