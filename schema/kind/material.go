package kind

// Material is one thing an applicant hands in, or the platform finds.
type Material struct {
	Title             string       `yaml:"title!" format:"title" doc:"材料名称"`
	Source            string       `yaml:"source!" enum:"applicant,government_issued,intermediary,platform" code:"V-14" missing:"V-14" doc:"来源：申请人、政府核发、中介、平台"`
	IssuingBody       string       `yaml:"issuing_body" format:"text" doc:"核发机关"`
	Formats           []string     `yaml:"formats!" merge:"set" format:"id" missing:"V-14" doc:"允许的文件格式，如 pdf、ofd、jpg"`
	MaxMB             int          `yaml:"max_mb!" min:"1" max:"10240" code:"V-14" missing:"V-14" doc:"单个文件最大多少 MB"`
	Copies            int          `yaml:"copies" min:"0" max:"99" default:"1" doc:"份数"`
	FormKind          string       `yaml:"form_kind" enum:"original,copy,electronic" doc:"原件、复印件、电子件"`
	FulfilBy          []Fulfilment `yaml:"fulfil_by" doc:"可以由什么代替提交"`
	WaiveWhenFound    bool         `yaml:"waive_when_found" doc:"查到即免交"`
	GeneratedFromForm bool         `yaml:"generated_from_form" doc:"由表单生成"`
	CheckPoints       []string     `yaml:"check_points" format:"text" doc:"审查要点"`
	ChunkedUpload     bool         `yaml:"chunked_upload" doc:"分片上传"`
	Versioned         bool         `yaml:"versioned" doc:"保留各版本"`
	Sample            string       `yaml:"sample" format:"asset" doc:"样表，asset: 引用"`
	Blank             string       `yaml:"blank" format:"asset" doc:"空表，asset: 引用"`
	Commitment        *Commitment  `yaml:"commitment" alt:"relief" code:"V-14" doc:"告知承诺：以承诺代替证明，事后核查；不与容缺并用"`
	Tolerance         *Tolerance   `yaml:"tolerance" alt:"relief" code:"V-14" doc:"容缺：先受理，限期补交；不与告知承诺并用"`
}

// Fulfilment is something that takes the place of an upload.
type Fulfilment struct {
	LicenceType string `yaml:"licence_type" ref:"LicenceType" alt:"by!" doc:"证照"`
	DataService string `yaml:"data_service" ref:"DataService" alt:"by!" doc:"数据服务"`
	StageResult string `yaml:"stage_result" format:"title" alt:"by!" doc:"前一阶段的结果"`
	Member      string `yaml:"member" format:"id" alt:"by!" doc:"同一联办中另一成员的结果"`
	Mandate     bool   `yaml:"mandate" alt:"by!" doc:"平台上的授权关系"`
}

// Commitment replaces a proof for good; it is checked afterwards (告知承诺).
type Commitment struct {
	Text      string           `yaml:"text!" format:"text" doc:"承诺内容"`
	RefusedTo string           `yaml:"refused_to" enum:"none,credit_record" default:"none" doc:"对谁不适用：无、有失信记录者"`
	Verify    CommitmentVerify `yaml:"verify!" doc:"事后核查"`
	OnBreach  string           `yaml:"on_breach" enum:"annul" default:"annul" doc:"承诺不实：撤销"`
}

// CommitmentVerify is the check after the decision.
type CommitmentVerify struct {
	Within Limit  `yaml:"within!" doc:"多长时间内核查"`
	By     string `yaml:"by!" ref:"Role" doc:"由谁核查"`
	Method string `yaml:"method" enum:"data,visit,data_or_visit" default:"data_or_visit" doc:"核查方式"`
}

// Tolerance postpones a secondary material (容缺).
type Tolerance struct {
	Class    string `yaml:"class!" enum:"secondary" doc:"只适用于次要材料"`
	Due      Limit  `yaml:"due!" doc:"补交期限"`
	Blocks   string `yaml:"blocks" enum:"decision,issue,nothing" default:"decision" doc:"补交前不得进行的步骤"`
	OnExpiry string `yaml:"on_expiry" enum:"refuse,void" default:"refuse" doc:"逾期不交"`
}

// validate checks V-14: source, formats and size; and warns of a material that
// applicants write themselves without a sample to follow or a blank to fill in.
func (m *Material) validate(v *visit) {
	if len(m.Formats) == 0 {
		v.fail("formats", "V-14", "", "没有允许的文件格式")
	}
	if m.Source == "government_issued" && m.IssuingBody == "" {
		v.fail("issuing_body", "V-14", "政府核发的材料须写明核发机关", "缺少核发机关")
	}
	if m.WaiveWhenFound && len(m.FulfilBy) == 0 {
		v.fail("waive_when_found", "V-14", "填写 fulfil_by", "查到即免交，但没有写明从哪里查")
	}
	if m.Source != "applicant" || m.GeneratedFromForm || len(m.FulfilBy) > 0 {
		return
	}
	switch {
	case m.Sample == "" && m.Blank == "":
		v.warn("title", "V-14", "填写 sample 和 blank", "没有样表和空表")
	case m.Sample == "":
		v.warn("title", "V-14", "填写 sample", "没有样表")
	case m.Blank == "":
		v.warn("title", "V-14", "填写 blank", "没有空表")
	}
}
