package kind

// Matter is an implementation item (实施清单): one service that a department offers,
// with its limits, materials, form, workflow, fee and results. Fields with a lock
// mode are those that 四级四同 commonly fixes from above.
type Matter struct {
	MatterIdentity
	MatterBody
	MatterLimits
	MatterContent
	MatterService
}

// MatterIdentity says what the matter is; it is the same at all levels of government.
type MatterIdentity struct {
	Title              string       `yaml:"title!" format:"title" lock:"fixed" doc:"事项名称"`
	Abstract           bool         `yaml:"abstract" default:"false" doc:"只供下级继承的基础事项，不受理申请"`
	ItemType           string       `yaml:"item_type!" enum:"administrative_licence,penalty,compulsion,levy,benefit,inspection,confirmation,reward,adjudication,other_power,public_service,internal_*" lock:"fixed" doc:"事项类型：许可、处罚、强制、征收、给付、检查、确认、奖励、裁决、其他权力、公共服务、内部事项"`
	Initiation         string       `yaml:"initiation" enum:"on_application,ex_officio,entitlement" default:"on_application" doc:"启动方式：依申请、依职权、免申即享"`
	BasicCode          string       `yaml:"basic_code" format:"basic_code" lock:"fixed" doc:"基本编码，12 位，加引号；内部事项不填"`
	ImplementationCode string       `yaml:"implementation_code" format:"implementation" doc:"实施编码，31 位；不填则由实施部门、层级和基本编码得出"`
	HandlingItemCode   string       `yaml:"handling_item_code" format:"handling_item" doc:"业务办理项编码，33 位"`
	CatalogueItem      string       `yaml:"catalogue_item" ref:"CatalogueItem" lock:"fixed" doc:"对应的目录清单"`
	Line               string       `yaml:"line" format:"title" lock:"fixed" doc:"条线；据此找到本地实施部门"`
	LegalBasis         []LegalBasis `yaml:"legal_basis" lock:"fixed" doc:"设定依据"`
	Themes             []string     `yaml:"themes" merge:"set" format:"title" doc:"主题分类"`
	Aliases            []string     `yaml:"aliases" merge:"set" format:"title" doc:"俗称和旧称，供搜索"`
}

// MatterBody says who exercises it and for whom.
type MatterBody struct {
	ImplementingDepartment string   `yaml:"implementing_department" ref:"Department" doc:"实施部门；不填则取本租户同条线的部门"`
	EntrustedDepartment    string   `yaml:"entrusted_department" ref:"Department" doc:"受委托部门"`
	EntrustmentBasis       string   `yaml:"entrustment_basis" format:"text" doc:"委托依据"`
	BodyNature             string   `yaml:"body_nature" enum:"statutory,authorised,entrusted" default:"statutory" doc:"实施主体性质：法定、授权、委托"`
	LeadDepartment         string   `yaml:"lead_department" ref:"Department" doc:"牵头部门"`
	JointDepartments       []string `yaml:"joint_departments" merge:"set" ref:"Department" doc:"联办部门"`
	AuthorityDivision      string   `yaml:"authority_division" format:"text" doc:"权限划分"`
	ExerciseContent        string   `yaml:"exercise_content" format:"text" doc:"行使内容"`
	ExerciseLevel          string   `yaml:"exercise_level" enum:"nation,province,city,county,township,village" doc:"行使层级"`
	OperatingSystem        string   `yaml:"operating_system" enum:"national,provincial,municipal,own" default:"own" doc:"业务系统：国家、省、市、自建"`
	ServiceObjects         []string `yaml:"service_objects!" merge:"set" enum:"natural_person,enterprise,public_institution,social_organisation,unincorporated_enterprise,administrative_organ,individual_business,other" lock:"fixed" doc:"服务对象"`
}

// MatterLimits are its clocks (domain part 2.4).
type MatterLimits struct {
	CaseType         string            `yaml:"case_type!" enum:"instant,promised,forwarded" doc:"办件类型：即办件、承诺件、上报件"`
	StatutoryLimit   *Limit            `yaml:"statutory_limit" lock:"fixed" doc:"法定办结时限"`
	PromisedLimit    *Limit            `yaml:"promised_limit!" lock:"tighten" doc:"承诺办结时限，不得长于法定"`
	AcceptanceWindow *AcceptanceWindow `yaml:"acceptance_window" default:"{\"n\":5,\"unit\":\"workday\"}" lock:"tighten" doc:"受理时限（行政许可法第三十二条）"`
	DispatchWindow   *Limit            `yaml:"dispatch_window" doc:"登记机关转出的时限"`
	Extension        *Extension        `yaml:"extension" doc:"延期规则"`
	StatutoryNote    string            `yaml:"statutory_note" format:"text" doc:"法定时限说明，给申请人看；须与时限一致"`
	PromisedNote     string            `yaml:"promised_note" format:"text" doc:"承诺时限说明，给申请人看；须与时限一致"`
	Visits           *int              `yaml:"visits" min:"0" max:"99" lock:"tighten" doc:"申请人到现场次数"`
}

// AcceptanceWindow is the time to accept, refuse or ask for corrections (T-05).
type AcceptanceWindow struct {
	Limit
	From     string `yaml:"from" enum:"receipt,dispatch" default:"receipt" doc:"起算：收件、转出"`
	OnExpiry string `yaml:"on_expiry" enum:"deemed_accepted,supervise" doc:"逾期：视为受理、只作监察；许可默认视为受理"`
}

// Extension lets the head lengthen the handling clock once or more (T-07, T-16).
type Extension struct {
	MaxTimes             int    `yaml:"max_times!" min:"1" max:"9" doc:"最多几次"`
	N                    int    `yaml:"n!" min:"1" max:"9999" doc:"每次延长的数量"`
	Unit                 string `yaml:"unit!" enum:"hour,workday,day,month,year" doc:"单位"`
	ApproverRole         string `yaml:"approver_role!" ref:"Role" doc:"批准的角色（行政机关负责人）"`
	MustRequestBeforeDue bool   `yaml:"must_request_before_due" default:"true" doc:"须在到期前提出"`
	NotifyApplicant      bool   `yaml:"notify_applicant" default:"true" doc:"须告知申请人理由"`
}

// beyond reports whether one extension may be longer than a limit; units that decide nothing count as longer.
func (e *Extension) beyond(limit Limit) bool {
	order, known := (Limit{N: e.N, Unit: e.Unit}).Compare(limit)
	return !known || order > 0
}

// MatterContent is what the applicant fills in and gets.
type MatterContent struct {
	Conditions        []string          `yaml:"conditions" format:"text" doc:"办理条件"`
	QuantityLimit     *QuantityLimit    `yaml:"quantity_limit" doc:"数量限制"`
	Prerequisites     []Prerequisite    `yaml:"prerequisites" doc:"前置事项"`
	Materials         []MatterMaterial  `yaml:"materials" merge:"key=ref" lock:"shrink" doc:"申请材料"`
	Form              string            `yaml:"form" ref:"Form" doc:"表单"`
	Workflow          string            `yaml:"workflow!" ref:"Workflow" doc:"流程"`
	Fee               string            `yaml:"fee!" ref:"FeeSchedule" lock:"fixed" doc:"收费标准"`
	SpecialProcedures []string          `yaml:"special_procedures" merge:"set" ref:"SpecialProcedure" doc:"可用的特别程序"`
	Results           []MatterResult    `yaml:"results" lock:"fixed" doc:"办理结果"`
	ResultKind        string            `yaml:"result_kind" enum:"certificate,document,none" doc:"结果类型：证照、文书、无"`
	Situations        []Situation       `yaml:"situations" merge:"key=id" doc:"办理情形，按顺序判断"`
	Documents         map[string]string `yaml:"documents" ref:"DocumentTemplate" doc:"文书别名到模板，如 acceptance、grant、refuse"`
	Facts             []Fact            `yaml:"facts" merge:"key=id" doc:"办理中记录的事实"`
	ArchiveClass      string            `yaml:"archive_class" ref:"ArchiveClass" doc:"档案类目"`
	Numbering         string            `yaml:"numbering" ref:"NumberRule" doc:"办件编号规则"`
	AutoApproval      *AutoApproval     `yaml:"auto_approval" doc:"自动审批"`
}

// QuantityLimit caps how many may be granted.
type QuantityLimit struct {
	Total           int    `yaml:"total!" min:"1" doc:"总量"`
	RemainingSource string `yaml:"remaining_source" ref:"DataService" doc:"余量来自哪个数据服务"`
}

// Prerequisite is a matter that comes first, or a text.
type Prerequisite struct {
	Matter string `yaml:"matter" ref:"Matter" alt:"what!" doc:"前置事项"`
	Text   string `yaml:"text" format:"text" alt:"what!" doc:"前置条件说明"`
}

// MatterMaterial asks for one material, always or on a condition.
type MatterMaterial struct {
	Ref          string `yaml:"ref!" ref:"Material" doc:"材料"`
	Required     bool   `yaml:"required" alt:"need" doc:"是否必须"`
	RequiredWhen string `yaml:"required_when" expr:"form" alt:"need" doc:"何时必须（表达式）"`
	Copies       *int   `yaml:"copies" min:"0" max:"99" doc:"份数"`
}

// MatterResult is a licence or a document that ends the case.
type MatterResult struct {
	LicenceType string `yaml:"licence_type" ref:"LicenceType" alt:"what!" doc:"证照类型"`
	Document    string `yaml:"document" ref:"DocumentTemplate" alt:"what!" doc:"文书模板"`
}

// Situation guides the applicant before applying.
type Situation struct {
	ID         string   `yaml:"id!" format:"id" doc:"标识"`
	Title      string   `yaml:"title!" format:"title" doc:"名称"`
	When       string   `yaml:"when!" expr:"form" doc:"条件（表达式）"`
	Outcome    string   `yaml:"outcome!" enum:"continue,redirect,refuse" doc:"继续、转到其他事项、不能办"`
	RedirectTo string   `yaml:"redirect_to" ref:"Matter" doc:"转到的事项"`
	Message    string   `yaml:"message" format:"text" doc:"说明"`
	Materials  []string `yaml:"materials" merge:"set" ref:"Material" doc:"此情形另需的材料"`
}

// Fact is something staff record during the case, for expressions and documents.
type Fact struct {
	ID         string `yaml:"id!" format:"var" doc:"标识，表达式中写 facts.标识"`
	Type       string `yaml:"type!" enum:"string,date,integer,number,boolean,department" doc:"类型"`
	Title      string `yaml:"title!" format:"title" doc:"名称"`
	RecordRole string `yaml:"record_role" ref:"Role" doc:"由谁记录"`
	RequiredBy string `yaml:"required_by" format:"id" doc:"在哪个节点前必须记录"`
	Phase      string `yaml:"phase" enum:"pre_acceptance,handling,post_decision" doc:"阶段"`
	Evidence   bool   `yaml:"evidence" doc:"是否须附证据"`
}

// AutoApproval decides without a person when a condition holds.
type AutoApproval struct {
	When     string   `yaml:"when!" expr:"form" doc:"条件（表达式）"`
	Evidence []string `yaml:"evidence" doc:"留存的依据"`
}

// MatterService is how it is offered to the public and afterwards.
type MatterService struct {
	Channels         []string         `yaml:"channels" merge:"set" enum:"web,mobile,window,terminal,batch" doc:"申请渠道"`
	HandlingForms    []string         `yaml:"handling_forms" merge:"set" enum:"window,online,courier" doc:"办理形式"`
	OnsiteReason     string           `yaml:"onsite_reason" format:"text" doc:"必须到现场的原因"`
	OnlineDepth      string           `yaml:"online_depth" enum:"I,II,III,IV" doc:"网办深度"`
	SupervisionRules []string         `yaml:"supervision_rules" merge:"set" ref:"SupervisionRule" doc:"监察规则"`
	ComplaintPolicy  string           `yaml:"complaint_policy" ref:"ComplaintPolicy" doc:"投诉规则"`
	ConsultPolicy    string           `yaml:"consult_policy" ref:"ConsultPolicy" doc:"咨询规则"`
	Booking          *MatterBooking   `yaml:"booking" doc:"预约"`
	Delivery         []string         `yaml:"delivery" merge:"set" enum:"pickup,courier,electronic" doc:"送达方式"`
	MinUserLevel     string           `yaml:"min_user_level" enum:"L1,L2,L3,L4" default:"L2" doc:"申请人最低实名等级"`
	CrossArea        string           `yaml:"cross_area" enum:"none,city,province,nation" doc:"通办范围"`
	CrossModes       []string         `yaml:"cross_modes" merge:"set" enum:"online,collect_for,multi_place" doc:"通办方式：全程网办、代收代办、多地联办"`
	Intermediaries   []Intermediary   `yaml:"intermediaries" doc:"中介服务"`
	Guide            *Guide           `yaml:"guide" doc:"办事指南的地点、时间和电话；不填则取部门或大厅的"`
	GuideReviewOn    string           `yaml:"guide_review_on" format:"date" doc:"办事指南的复核日期；到期提醒事项编制人"`
	Evaluation       *Evaluation      `yaml:"evaluation" default:"{}" doc:"好差评"`
	Remedies         *Remedies        `yaml:"remedies" doc:"救济途径"`
	OnOverdue        *OnOverdue       `yaml:"on_overdue" short:"mode" doc:"逾期未决定的后果"`
	PublicListed     bool             `yaml:"public_listed" default:"true" doc:"是否对外公布"`
	Confidentiality  *Confidentiality `yaml:"confidentiality" doc:"保密"`
	PlanCancelOn     string           `yaml:"plan_cancel_on" format:"date" doc:"计划取消日期"`
	TransitionNote   string           `yaml:"transition_note" format:"text" doc:"取消或挂起后的过渡说明：新申请到哪里办，在办的怎样办完"`
	Exchange         *MatterExchange  `yaml:"exchange" doc:"国家交换表中的原始记录；导入时写入，导出时沿用"`
	BundleOnly       bool             `yaml:"bundle_only" default:"false" doc:"只在联办中办理"`
}

// MatterExchange keeps the record of the national exchange tables that a matter was
// made of, so that what the matter has no field for is exported again.
type MatterExchange struct {
	Record any            `yaml:"record" doc:"原始记录：AUDIT_ITEM 等表"`
	Filled map[string]any `yaml:"filled" doc:"导入时由模板、部门或默认值补上、记录中没有的内容"`
}

// MatterBooking offers time slots in a hall.
type MatterBooking struct {
	Hall        string `yaml:"hall!" ref:"Hall" doc:"大厅"`
	SlotMinutes int    `yaml:"slot_minutes" min:"5" max:"480" default:"20" doc:"每段分钟数"`
}

// Intermediary is a service by a third party that the matter needs.
type Intermediary struct {
	Name      string `yaml:"name!" format:"title" doc:"名称"`
	Basis     string `yaml:"basis" format:"text" doc:"依据"`
	Statutory bool   `yaml:"statutory" doc:"是否法定"`
}

// Guide is the part of the service guide that differs by place.
type Guide struct {
	Address   string          `yaml:"address!" format:"text" doc:"办理地点"`
	Hours     string          `yaml:"hours!" format:"text" doc:"办理时间"`
	Phone     string          `yaml:"phone!" format:"text" doc:"咨询电话"`
	Complaint string          `yaml:"complaint!" format:"text" doc:"监督投诉电话"`
	FAQ       []GuideQuestion `yaml:"faq" doc:"常见问题"`
}

// GuideQuestion is a frequent question with its answer.
type GuideQuestion struct {
	Q string `yaml:"q!" format:"text" doc:"问"`
	A string `yaml:"a!" format:"text" doc:"答"`
}

// Evaluation asks the applicant to rate the service.
type Evaluation struct {
	Enabled bool `yaml:"enabled" default:"true" doc:"是否邀请评价"`
	Levels  int  `yaml:"levels" min:"2" max:"10" default:"5" doc:"评价档数"`
}

// Remedies are the ways to contest a decision, printed on refusals.
type Remedies struct {
	Reconsideration *Reconsideration `yaml:"reconsideration" doc:"行政复议"`
	Litigation      *Litigation      `yaml:"litigation" doc:"行政诉讼，没有则写 null"`
}

// Reconsideration names the body that reviews the decision.
type Reconsideration struct {
	Body  string `yaml:"body!" format:"title" doc:"复议机关"`
	Days  int    `yaml:"days" min:"1" max:"999" default:"60" doc:"申请期限（自然日）"`
	First bool   `yaml:"first" default:"false" doc:"是否复议前置"`
}

// Litigation names the court.
type Litigation struct {
	Court  string `yaml:"court!" format:"title" doc:"管辖法院"`
	Months int    `yaml:"months" min:"1" max:"99" default:"6" doc:"起诉期限（月）"`
}

// OnOverdue says what silence means; granting by silence needs a basis.
type OnOverdue struct {
	Mode  string `yaml:"mode!" enum:"none,deemed_granted" doc:"none 无后果；deemed_granted 视为准予"`
	Basis string `yaml:"basis" format:"text" doc:"视为准予的法定依据"`
}

func (o *OnOverdue) bindShort(text string) { o.Mode = text }

// Confidentiality hides the case.
type Confidentiality struct {
	Level      string   `yaml:"level!" enum:"internal,confidential,secret" doc:"密级"`
	RedactFrom []string `yaml:"redact_from" merge:"set" doc:"对谁隐去"`
	AccessLog  bool     `yaml:"access_log" doc:"每次查看都记录"`
}
