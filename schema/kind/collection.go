package kind

// DataCollection asks departments or registered bodies to report regularly (填报).
type DataCollection struct {
	Title       string       `yaml:"title!" format:"title" doc:"任务名称"`
	Form        string       `yaml:"form!" ref:"Form" doc:"填报表"`
	Respondents Respondent   `yaml:"respondents!" doc:"填报对象"`
	Period      string       `yaml:"period!" enum:"once,week,month,quarter,half_year,year" doc:"周期"`
	Due         Limit        `yaml:"due!" doc:"每期多久内报送"`
	ReturnRules []ReturnRule `yaml:"return_rules" merge:"key=id" doc:"退回规则"`
	Summary     []Measure    `yaml:"summary" merge:"key=id" doc:"汇总"`
}

// Respondent is the entries of a registry or some departments.
type Respondent struct {
	Registry    string   `yaml:"registry" ref:"Registry" alt:"who!" doc:"名录"`
	Departments []string `yaml:"departments" merge:"set" ref:"Department" alt:"who!" doc:"部门"`
}

// ReturnRule sends a wrong return back.
type ReturnRule struct {
	ID      string `yaml:"id!" format:"id" doc:"标识"`
	When    string `yaml:"when!" expr:"form" doc:"条件（表达式）"`
	Message string `yaml:"message!" format:"text" doc:"退回理由"`
}

// DisclosureDuty is information that must be made public by a day.
type DisclosureDuty struct {
	Title    string `yaml:"title!" format:"title" doc:"名称"`
	Content  string `yaml:"content!" format:"text" doc:"公开内容"`
	Deadline Limit  `yaml:"deadline!" doc:"形成后多久内公开"`
	Channel  string `yaml:"channel!" ref:"ContentChannel" doc:"栏目"`
	Review   string `yaml:"review" ref:"Role" doc:"审核角色"`
	Basis    string `yaml:"basis" format:"text" doc:"依据"`
}

// EntitlementRule offers a benefit without an application (免申即享).
type EntitlementRule struct {
	Title       string   `yaml:"title!" format:"title" doc:"名称"`
	Matter      string   `yaml:"matter!" ref:"Matter" doc:"事项"`
	DataService string   `yaml:"data_service!" ref:"DataService" doc:"据以判断的数据服务"`
	When        string   `yaml:"when!" expr:"entitlement" doc:"条件（表达式）"`
	Consent     *Consent `yaml:"consent" doc:"本人同意"`
	Publicity   *Limit   `yaml:"publicity" doc:"公示期"`
	Key         string   `yaml:"key!" format:"path" doc:"防止重复享受的字段"`
}

// Consent is asked once.
type Consent struct {
	Once bool   `yaml:"once" doc:"只问一次"`
	Text string `yaml:"text!" format:"text" doc:"同意书内容"`
}

// ProjectTemplate is a major project's phases with their limits and cards (SM-22).
type ProjectTemplate struct {
	Title  string         `yaml:"title!" format:"title" doc:"名称"`
	Phases []ProjectPhase `yaml:"phases!" merge:"key=id" doc:"阶段"`
}

// ProjectPhase is a set of nodes with one limit.
type ProjectPhase struct {
	ID    string        `yaml:"id!" format:"id" doc:"标识"`
	Title string        `yaml:"title" format:"title" doc:"名称"`
	Nodes []ProjectNode `yaml:"nodes" merge:"key=id" doc:"节点"`
	Limit *Limit        `yaml:"limit" doc:"时限"`
	Cards []string      `yaml:"cards" merge:"set" ref:"SupervisionRule" doc:"监察规则"`
}

// ProjectNode is one piece of work by one department.
type ProjectNode struct {
	ID         string `yaml:"id!" format:"id" doc:"标识"`
	Title      string `yaml:"title!" format:"title" doc:"名称"`
	Department string `yaml:"department" ref:"Department" doc:"责任部门"`
	Matter     string `yaml:"matter" ref:"Matter" doc:"对应的事项"`
	Limit      *Limit `yaml:"limit" doc:"时限"`
}
