package kind

// Workflow is a token net: nodes with actions, branches and events (domain part
// 3.3). It has one start, or named subflows that are nets of their own.
type Workflow struct {
	Title       string             `yaml:"title!" format:"title" doc:"流程名称"`
	Start       string             `yaml:"start" format:"id" alt:"net!" code:"V-19" doc:"开始节点"`
	Subflows    map[string]Subflow `yaml:"subflows" alt:"net!" doc:"子流程：名称到开始和结束节点"`
	Nodes       []Node             `yaml:"nodes!" merge:"key=id" doc:"节点"`
	Constraints *Constraints       `yaml:"constraints" doc:"约束"`
}

// Subflow is a net inside a workflow, run once for each member of a bundle.
type Subflow struct {
	Start string   `yaml:"start!" format:"id" doc:"开始节点"`
	Ends  []string `yaml:"ends!" merge:"set" format:"id" doc:"结束节点"`
}

// Constraints bind every path through the net.
type Constraints struct {
	SeparationOfDuty     [][]string `yaml:"separation_of_duty" format:"id" doc:"不得由同一人办理的两个节点"`
	ExcludeRelatedStaff  bool       `yaml:"exclude_related_staff" doc:"与申请人有关系的人员不得经办"`
	ExcludeParties       []string   `yaml:"exclude_parties" merge:"set" format:"path" doc:"这些字段中的人不得经办"`
	DocumentBeforeAction []string   `yaml:"document_before_action" merge:"set" enum:"@effects" code:"V-30" doc:"先有文书才能进行的效果"`
}

// Node is one step. Which fields apply depends on its type; see workflow_validate.go.
type Node struct {
	ID               string               `yaml:"id!" format:"id" doc:"标识"`
	Type             string               `yaml:"type!" enum:"human,auto,xor,and_split,and_join,inclusive_split,inclusive_join,wait,payment,special,subcase,external,end" code:"V-19" doc:"类型：人工、自动、分支、并行、汇合、等待、缴费、特别程序、子办件、外部、结束"`
	Title            string               `yaml:"title" format:"title" doc:"名称"`
	Phase            string               `yaml:"phase" enum:"pre_acceptance,handling,post_decision" doc:"阶段：受理前、办理中、决定后；结束节点不写"`
	Assign           *Assign              `yaml:"assign" doc:"由谁办理（人工节点）"`
	Limit            *NodeLimit           `yaml:"limit" doc:"环节时限"`
	ClockEffect      *ClockEffect         `yaml:"clock_effect" doc:"等待时两个时限是否继续；默认继续"`
	Form             map[string]FieldSpec `yaml:"form" doc:"意见表：字段到定义"`
	Actions          []Action             `yaml:"actions" merge:"key=id" doc:"可选操作"`
	Events           map[string]string    `yaml:"events" format:"id" doc:"事件到节点"`
	Branches         []Branch             `yaml:"branches" short:"to" doc:"分支：{when, to} …、{else: true, to}；并行写节点标识"`
	Join             string               `yaml:"join" format:"id" doc:"对应的汇合节点"`
	Of               string               `yaml:"of" format:"id" doc:"汇合的是哪个并行节点"`
	To               string               `yaml:"to" format:"id" doc:"下一节点"`
	Foreach          string               `yaml:"foreach" enum:"members" doc:"对每个联办成员各走一遍"`
	Subflow          string               `yaml:"subflow" format:"id" doc:"成员走的子流程"`
	Timeout          *JoinTimeout         `yaml:"timeout" doc:"汇合等多久、逾期怎样"`
	SkipWhen         string               `yaml:"skip_when" expr:"case" doc:"何时跳过（表达式）"`
	SkipTo           string               `yaml:"skip_to" format:"id" doc:"跳到哪个节点"`
	MaxVisits        *int                 `yaml:"max_visits" min:"1" max:"99" doc:"最多进入几次"`
	OnExhausted      string               `yaml:"on_exhausted" format:"id" doc:"次数用尽后去哪个节点"`
	RecordBy         string               `yaml:"record_by" ref:"Role" doc:"等待的事件由谁记录"`
	Fee              string               `yaml:"fee" ref:"FeeSchedule;consolidated" doc:"缴费：收费标准，或 consolidated 一单式"`
	Effect           string               `yaml:"effect" enum:"@effects" code:"V-19" doc:"自动节点的效果"`
	LicenceType      string               `yaml:"licence_type" ref:"LicenceType" doc:"制作的证照"`
	SpecialProcedure string               `yaml:"special_procedure" ref:"SpecialProcedure" doc:"特别程序，或 $requested 由申请人选"`
	Connector        string               `yaml:"connector" ref:"Connector" doc:"外部系统"`
	Maps             map[string]string    `yaml:"maps" format:"id" doc:"外部消息到节点"`
	Silence          *Limit               `yaml:"silence" doc:"多久没有回音算超时"`
	Matter           string               `yaml:"matter" ref:"Matter" doc:"子办件的事项"`
	TenantLevel      string               `yaml:"tenant_level" enum:"province,city,county,township,village" doc:"子办件由哪一级办理"`
	Outcome          string               `yaml:"outcome" format:"id" doc:"结束节点的结果"`
}

// Assign chooses who works on a human node.
type Assign struct {
	Department     string `yaml:"department!" ref:"Department" doc:"部门，或 $matter.implementing_department、$matter.entrusted_department、$bundle.lead、$facts.x"`
	Role           string `yaml:"role!" ref:"Role" doc:"角色"`
	Strategy       string `yaml:"strategy!" enum:"claim,queue,round_robin,least_loaded,fixed,same_as(*" code:"V-19" doc:"分派：领取、排队、轮流、最少在办、固定、same_as(节点) 与某节点同人"`
	MinimumPersons int    `yaml:"minimum_persons" min:"1" max:"9" default:"1" doc:"至少几人办理"`
}

// NodeLimit is a stage limit; a person's counts on at a second visit, a wait's begins anew.
type NodeLimit struct {
	Limit
	Holder string `yaml:"holder" enum:"agency,applicant,payer,third" default:"agency" doc:"谁的时限：机关、申请人、缴款人、第三方"`
	Per    string `yaml:"per" enum:"case,visit" doc:"按办件累计或每次重新计；人工默认累计，等待和特别程序默认每次"`
	Basis  string `yaml:"basis" format:"text" doc:"依据"`
}

// Action is what a person may do at a node.
type Action struct {
	ID               string   `yaml:"id!" format:"id" doc:"标识"`
	Title            string   `yaml:"title!" format:"title" doc:"按钮文字"`
	When             string   `yaml:"when" expr:"case" doc:"何时可用（表达式）"`
	Requires         []string `yaml:"requires" merge:"set" format:"id" doc:"须填写的内容"`
	Effect           string   `yaml:"effect" enum:"@effects" code:"V-19" doc:"效果"`
	Ground           string   `yaml:"ground" enum:"not_competent,incomplete,no_licence_needed,legal_route" doc:"不予受理的理由"`
	Document         string   `yaml:"document" format:"id" doc:"文书别名"`
	LicenceType      string   `yaml:"licence_type" ref:"LicenceType" doc:"证照类型"`
	SpecialProcedure string   `yaml:"special_procedure" ref:"SpecialProcedure" doc:"特别程序"`
	To               string   `yaml:"to!" format:"id" doc:"下一节点"`
	MaxTimes         *int     `yaml:"max_times" min:"1" max:"99" doc:"每件最多几次"`
}

// Branch is one way out of a gateway.
type Branch struct {
	When string `yaml:"when" expr:"case" doc:"条件（表达式）"`
	Else bool   `yaml:"else" doc:"其余情况"`
	To   string `yaml:"to!" format:"id" doc:"节点"`
}

func (b *Branch) bindShort(text string) { b.To = text }

// JoinTimeout ends the waiting of a join.
type JoinTimeout struct {
	N         int       `yaml:"n!" min:"1" max:"999" doc:"数量"`
	Unit      string    `yaml:"unit!" enum:"hour,workday,day,month,year" doc:"单位"`
	OnTimeout OnTimeout `yaml:"on_timeout!" doc:"逾期怎样"`
}

// OnTimeout goes to a node, or passes or waits with a card.
type OnTimeout struct {
	To     string `yaml:"to" format:"id" alt:"way!" doc:"去哪个节点"`
	Policy string `yaml:"policy" enum:"pass_with_card,wait_with_card" alt:"way!" doc:"pass_with_card 视为通过并亮牌；wait_with_card 继续等并亮牌"`
	Raise  string `yaml:"raise" ref:"SupervisionRule" doc:"亮牌的监察规则"`
}
