package kind

// ComplaintPolicy says how complaints about a matter are routed, answered and escalated (SM-14).
type ComplaintPolicy struct {
	Title      string             `yaml:"title!" format:"title" doc:"名称"`
	Channels   []string           `yaml:"channels!" merge:"set" enum:"web_form,live_chat,phone,email,window,letter" doc:"渠道"`
	Anonymous  *Anonymous         `yaml:"anonymous" doc:"匿名投诉"`
	Classify   Classify           `yaml:"classify!" doc:"分类和分级"`
	Clocks     ComplaintClocks    `yaml:"clocks!" doc:"时限"`
	Escalation []Escalation       `yaml:"escalation" doc:"升级"`
	Recusal    ComplaintRecusal   `yaml:"recusal!" missing:"V-43" doc:"回避"`
	Reply      *ComplaintReply    `yaml:"reply" doc:"答复"`
	Feedback   *ComplaintFeedback `yaml:"feedback" doc:"回访"`
	Links      *ComplaintLinks    `yaml:"links" doc:"与监察、信访的衔接"`
}

// Anonymous complaints are answered by query code.
type Anonymous struct {
	Allowed bool   `yaml:"allowed!" doc:"是否受理"`
	Reply   string `yaml:"reply" enum:"query_code,none" doc:"答复方式"`
}

// Classify sorts complaints by subject and weight.
type Classify struct {
	Categories []ComplaintCategory `yaml:"categories!" merge:"key=id" doc:"类别"`
	Severity   []ComplaintSeverity `yaml:"severity" merge:"key=level" doc:"级别，按顺序判断"`
}

// ComplaintCategory routes one subject.
type ComplaintCategory struct {
	ID    string         `yaml:"id!" format:"id" doc:"标识"`
	Title string         `yaml:"title!" format:"title" doc:"名称"`
	Route ComplaintRoute `yaml:"route!" doc:"交给谁"`
	Link  *ComplaintLink `yaml:"link" doc:"关联"`
}

// ComplaintRoute is a department or a role.
type ComplaintRoute struct {
	Department string `yaml:"department" ref:"Department" alt:"to!" doc:"部门"`
	Role       string `yaml:"role" ref:"Role" alt:"to!" doc:"角色"`
}

// ComplaintLink ties the complaint to a record, given or found.
type ComplaintLink struct {
	Require string   `yaml:"require" enum:"case,bill,licence" alt:"how!" doc:"必须关联"`
	Find    string   `yaml:"find" enum:"case,bill,licence" alt:"how!" doc:"系统查找"`
	By      []string `yaml:"by" merge:"set" format:"path" doc:"按哪些字段查找"`
}

// ComplaintSeverity weighs the complaint.
type ComplaintSeverity struct {
	Level    string `yaml:"level!" format:"id" doc:"级别，如 general、coordinate、major"`
	When     string `yaml:"when" expr:"complaint" alt:"cond!" doc:"条件（表达式）"`
	Else     bool   `yaml:"else" alt:"cond!" doc:"其余"`
	Handling string `yaml:"handling!" enum:"direct_reply,transfer,report_to_leader" doc:"直接答复、转办、报领导"`
}

// ComplaintClocks are the agency's limits.
type ComplaintClocks struct {
	Acknowledge    *Limit              `yaml:"acknowledge" doc:"告知已收到"`
	AcceptOrReject *Limit              `yaml:"accept_or_reject" doc:"决定是否受理"`
	Reply          map[string]Limit    `yaml:"reply!" doc:"各级别的答复时限"`
	Extension      *ComplaintExtension `yaml:"extension" doc:"延期"`
}

// ComplaintExtension lengthens the reply.
type ComplaintExtension struct {
	MaxTimes          int    `yaml:"max_times!" min:"1" max:"9" doc:"最多几次"`
	N                 int    `yaml:"n!" min:"1" max:"999" doc:"数量"`
	Unit              string `yaml:"unit!" enum:"hour,workday,day,month,year" doc:"单位"`
	ApproverRole      string `yaml:"approver_role!" ref:"Role" doc:"批准的角色"`
	NotifyComplainant bool   `yaml:"notify_complainant" default:"true" doc:"告知投诉人"`
}

// Escalation reminds, orders or cards.
type Escalation struct {
	Clock  string `yaml:"clock" enum:"reply,acknowledge,accept_or_reject" alt:"on!" doc:"时限"`
	Event  string `yaml:"event" enum:"@events" code:"V-39" alt:"on!" doc:"事件"`
	When   string `yaml:"when!" expr:"escalation" doc:"条件（表达式）"`
	To     string `yaml:"to!" ref:"Role" doc:"升级到哪个角色"`
	Action string `yaml:"action!" enum:"remind,open_order,card_yellow,card_red,review" doc:"提醒、督办、黄牌、红牌、复核"`
}

// ComplaintRecusal keeps those complained about away.
type ComplaintRecusal struct {
	Exclude              []string `yaml:"exclude!" merge:"set" enum:"complained_staff,complained_department" doc:"不得经办的人"`
	AndTheirSubordinates bool     `yaml:"and_their_subordinates" doc:"其下属也不得经办"`
}

// ComplaintReply shapes the answer.
type ComplaintReply struct {
	VisibilityDefault string   `yaml:"visibility_default" enum:"private,public" default:"private" doc:"默认是否公开"`
	AllowPublic       bool     `yaml:"allow_public" doc:"可否公开"`
	PublicRequires    []string `yaml:"public_requires" merge:"set" enum:"pii_scrub,approval" doc:"公开的条件"`
	Content           []string `yaml:"content" merge:"set" enum:"result,progress,suggestion" doc:"答复内容"`
}

// ComplaintFeedback asks whether the answer helped.
type ComplaintFeedback struct {
	AskSatisfaction bool   `yaml:"ask_satisfaction" doc:"询问满意度"`
	ReopenWithin    *Limit `yaml:"reopen_within" doc:"多久内可重新办理"`
	MaxReopen       int    `yaml:"max_reopen" min:"0" max:"9" doc:"最多重办几次"`
}

// ComplaintLinks lead on to supervision and petitions.
type ComplaintLinks struct {
	Substantiated *SubstantiatedLink `yaml:"substantiated" doc:"属实"`
	Petition      *PetitionLink      `yaml:"petition" doc:"属于信访的"`
}

// SubstantiatedLink raises a rule.
type SubstantiatedLink struct {
	Raise       string `yaml:"raise!" ref:"SupervisionRule" doc:"监察规则"`
	Performance bool   `yaml:"performance" doc:"计入绩效"`
}

// PetitionLink informs the complainant or hands the matter on.
type PetitionLink struct {
	Handling string `yaml:"handling!" enum:"inform,transfer" doc:"告知或转送"`
	To       string `yaml:"to" ref:"Department" doc:"转送的部门"`
}

// validate checks V-43: every level has a reply limit, exactly one else, in last place.
func (c *ComplaintPolicy) validate(v *visit) {
	elses := 0
	for i, s := range c.Classify.Severity {
		if _, ok := c.Clocks.Reply[s.Level]; !ok {
			v.fail(at("classify.severity", i)+".level", "V-43", "在 clocks.reply 中加入", "级别 %q 没有答复时限", s.Level)
		}
		if s.Else {
			elses++
			if i != len(c.Classify.Severity)-1 {
				v.fail(at("classify.severity", i), "V-43", "移到最后", "else 之后还有级别")
			}
		}
	}
	if elses != 1 {
		v.fail("classify.severity", "V-43", "{level: general, else: true, handling: direct_reply}", "分级须有且只有一个 else")
	}
	if len(c.Recusal.Exclude) == 0 {
		v.fail("recusal.exclude", "V-43", "如 [complained_staff]", "没有写明谁须回避")
	}
	if p := c.Links; p != nil && p.Petition != nil && p.Petition.Handling == "transfer" && p.Petition.To == "" {
		v.fail("links.petition", "V-13", "填写 to", "转送信访须写明部门")
	}
}

// ConsultPolicy says how questions are answered (SM-13).
type ConsultPolicy struct {
	Title             string          `yaml:"title!" format:"title" doc:"名称"`
	Channels          []string        `yaml:"channels" merge:"set" enum:"web_form,live_chat,phone,email,window" doc:"渠道"`
	ReplyLimit        Limit           `yaml:"reply_limit!" doc:"答复时限"`
	Route             *ComplaintRoute `yaml:"route" doc:"交给谁"`
	VisibilityDefault string          `yaml:"visibility_default" enum:"private,public" default:"private" doc:"默认是否公开"`
	PublishRequires   []string        `yaml:"publish_requires" merge:"set" enum:"pii_scrub,approval" doc:"公开的条件"`
}
