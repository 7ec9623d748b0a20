package kind

// Bundle handles several matters as one application: parallel approval (并联) or one thing at once (一件事).
type Bundle struct {
	Title            string            `yaml:"title!" format:"title" doc:"名称"`
	Mode             string            `yaml:"mode!" enum:"parallel,joint" doc:"parallel 并联，joint 联办"`
	Stage            *BundleStage      `yaml:"stage" doc:"所处阶段"`
	ProjectKey       *ProjectKey       `yaml:"project_key" doc:"项目代码"`
	Lead             BundleLead        `yaml:"lead!" doc:"牵头"`
	Members          []BundleMember    `yaml:"members!" merge:"key=id" doc:"成员事项"`
	Form             string            `yaml:"form!" ref:"Form" doc:"一张表单"`
	Materials        *BundleMaterials  `yaml:"materials" doc:"一套材料"`
	Workflow         string            `yaml:"workflow!" ref:"Workflow" doc:"主流程"`
	Limits           BundleLimits      `yaml:"limits!" doc:"时限"`
	Correction       *BundleCorrection `yaml:"correction" doc:"统一补正"`
	Acceptance       *BundleAcceptance `yaml:"acceptance" doc:"统一受理"`
	MemberClock      *MemberClock      `yaml:"member_clock" doc:"成员中止对总时限的影响"`
	Decision         BundleDecision    `yaml:"decision!" doc:"决定"`
	Billing          *BundleBilling    `yaml:"billing" doc:"缴费"`
	ResultIssue      string            `yaml:"result_issue" enum:"unified_window,each_department" doc:"统一出件或各自出件"`
	DataReuse        *DataReuse        `yaml:"data_reuse" doc:"结果供后续阶段使用"`
	Documents        map[string]string `yaml:"documents" ref:"DocumentTemplate" doc:"文书别名到模板"`
	SupervisionRules []string          `yaml:"supervision_rules" merge:"set" ref:"SupervisionRule" doc:"监察规则"`
	ArchiveClass     string            `yaml:"archive_class!" ref:"ArchiveClass" doc:"档案类目"`
	Guide            Guide             `yaml:"guide!" doc:"办事指南的地点、时间和电话"`
}

// BundleStage places the bundle in a chain of stages.
type BundleStage struct {
	Order int      `yaml:"order!" min:"1" max:"99" doc:"第几阶段"`
	Name  string   `yaml:"name!" format:"title" doc:"阶段名称"`
	Of    []string `yaml:"of!" format:"title" doc:"全部阶段"`
}

// ProjectKey ties the members to one project.
type ProjectKey struct {
	Field       string `yaml:"field!" format:"path" doc:"表单字段"`
	Format      string `yaml:"format" enum:"investment-project-code,none" doc:"代码格式"`
	DataService string `yaml:"data_service" ref:"DataService" doc:"核对的数据服务"`
}

// BundleLead coordinates; it decides nothing for the members.
type BundleLead struct {
	Department string `yaml:"department!" ref:"Department" doc:"牵头部门"`
	Role       string `yaml:"role!" ref:"Role" doc:"牵头角色"`
}

// BundleMember is one matter of the bundle.
type BundleMember struct {
	ID           string `yaml:"id!" format:"var" doc:"标识"`
	Matter       string `yaml:"matter!" ref:"Matter" doc:"事项"`
	Department   string `yaml:"department!" ref:"Department" doc:"办理部门"`
	Required     bool   `yaml:"required" alt:"need" doc:"是否必办"`
	RequiredWhen string `yaml:"required_when" expr:"form" alt:"need" doc:"何时须办（表达式）"`
	After        string `yaml:"after" format:"var" doc:"在哪个成员之后"`
	Tenant       string `yaml:"tenant" format:"name" doc:"由其他租户办理时的租户"`
}

// BundleMaterials unites the members' materials.
type BundleMaterials struct {
	Strategy string   `yaml:"strategy" enum:"union_dedupe" default:"union_dedupe" doc:"合并去重"`
	Shared   []string `yaml:"shared" merge:"set" ref:"Material" doc:"共用材料"`
}

// BundleLimits are the clocks of the whole (行政许可法 art. 42).
type BundleLimits struct {
	Statutory     CitedLimit `yaml:"statutory!" doc:"法定时限"`
	Promised      Limit      `yaml:"promised!" doc:"承诺时限"`
	MemberDefault *Limit     `yaml:"member_default" doc:"成员默认时限"`
	Extension     *Extension `yaml:"extension" doc:"延期"`
}

// CitedLimit is a limit with its basis.
type CitedLimit struct {
	Limit
	Basis string `yaml:"basis" format:"text" doc:"依据"`
}

// BundleCorrection asks once for everything.
type BundleCorrection struct {
	Mode          string `yaml:"mode" enum:"unified,separate" default:"unified" doc:"统一或分别"`
	CollectWithin *Limit `yaml:"collect_within" doc:"各成员多久内提出"`
	MergedBy      string `yaml:"merged_by" ref:"Role" doc:"由谁汇总"`
	OneTime       bool   `yaml:"one_time" doc:"一次性告知"`
}

// BundleAcceptance accepts for all members at one instant.
type BundleAcceptance struct {
	Mode            string            `yaml:"mode" enum:"unified,separate" default:"unified" doc:"统一或分别"`
	Window          *AcceptanceWindow `yaml:"window" doc:"受理时限"`
	EffectOnMembers string            `yaml:"effect_on_members" enum:"same_accepted_at,own" doc:"成员的受理时间"`
}

// MemberClock says when a member's suspension stops the bundle.
type MemberClock struct {
	SuspendBundleWhen string   `yaml:"suspend_bundle_when" enum:"critical_member_suspended,any_member_suspended,never" doc:"何时中止总时限"`
	Critical          []string `yaml:"critical" merge:"set" format:"var" doc:"关键成员"`
}

// BundleDecision combines the members' decisions.
type BundleDecision struct {
	GrantWhen      string         `yaml:"grant_when!" expr:"members" doc:"何时算全部准予（表达式）"`
	OnMemberRefuse string         `yaml:"on_member_refuse" enum:"continue_others,halt_all,independent" default:"continue_others" doc:"一个成员不予时"`
	PartialResult  *PartialResult `yaml:"partial_result" doc:"部分先行出件"`
}

// PartialResult lets granted members go ahead.
type PartialResult struct {
	Allowed bool     `yaml:"allowed!" doc:"是否允许"`
	Members []string `yaml:"members" merge:"set" format:"var" doc:"哪些成员"`
}

// BundleBilling is one bill or several.
type BundleBilling struct {
	Mode     string `yaml:"mode!" enum:"consolidated,separate" doc:"一单式或分别"`
	OnExpiry string `yaml:"on_expiry" enum:"hold_result" default:"hold_result" doc:"逾期扣住结果"`
	Scope    string `yaml:"scope" enum:"member,bundle" default:"member" doc:"只扣欠费成员的结果，或全部"`
}

// DataReuse hands results to a later stage.
type DataReuse struct {
	Expose  []string `yaml:"expose!" merge:"set" format:"path" doc:"供使用的结果，如 planning.licence"`
	ToStage string   `yaml:"to_stage!" format:"title" doc:"阶段"`
}
