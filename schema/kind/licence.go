package kind

// LicenceType declares an electronic licence: its number, validity, contents and life (GB/T 36901–36906).
type LicenceType struct {
	Title       string            `yaml:"title!" format:"title" doc:"证照名称"`
	TypeCode    string            `yaml:"type_code!" format:"licence_type" doc:"证照类型代码，21 位"`
	Holder      []string          `yaml:"holder!" merge:"set" enum:"natural_person,enterprise,public_institution,social_organisation,unincorporated_enterprise,administrative_organ,individual_business,other" doc:"持证主体"`
	NumberRule  LicenceNumber     `yaml:"number_rule!" doc:"编号规则"`
	Validity    Validity          `yaml:"validity!" doc:"有效期"`
	Fields      []LicenceField    `yaml:"fields!" merge:"key=name" doc:"照面内容"`
	Template    LicenceTemplate   `yaml:"template!" doc:"版式"`
	Verify      LicenceVerify     `yaml:"verify" doc:"核验"`
	Lifecycle   *LicenceLifecycle `yaml:"lifecycle" doc:"生命周期"`
	Reminders   []Reminder        `yaml:"reminders" doc:"到期提醒"`
	StockImport *StockImport      `yaml:"stock_import" doc:"存量证照导入"`
}

// LicenceNumber builds the licence number.
type LicenceNumber struct {
	Prefix  string            `yaml:"prefix" format:"id" doc:"前缀"`
	Pattern string            `yaml:"pattern!" doc:"样式"`
	Map     map[string]string `yaml:"map" expr:"number" doc:"自定义记号到表达式"`
	Check   string            `yaml:"check" enum:"iso7064-mod11-10,iso7064-mod37-36,none" doc:"校验码算法"`
}

// Validity is a period, a pair of expressions, or for ever.
type Validity struct {
	Years     int    `yaml:"years" min:"1" max:"99" alt:"span!" doc:"年数"`
	Days      int    `yaml:"days" min:"1" max:"36500" alt:"span!" doc:"天数"`
	Permanent bool   `yaml:"permanent" alt:"span!" doc:"长期有效"`
	ToExpr    string `yaml:"to_expr" expr:"valid_to" alt:"span!" doc:"截止日（表达式）"`
	FromExpr  string `yaml:"from_expr" expr:"valid_from" alt:"start" doc:"起始日（表达式）"`
	From      string `yaml:"from" enum:"decision_date" alt:"start" doc:"起始日"`
	End       string `yaml:"end" enum:"minus_one_day,same_day" doc:"到期日：前一日、当日"`
}

// LicenceField is one entry on the licence.
type LicenceField struct {
	Name   string `yaml:"name!" format:"var" doc:"字段"`
	Title  string `yaml:"title" format:"title" doc:"显示名称"`
	From   string `yaml:"from!" format:"path" doc:"取自，如 form.operator_name"`
	Public bool   `yaml:"public" doc:"是否公开"`
}

// LicenceTemplate is the layout, seal and code.
type LicenceTemplate struct {
	Format string `yaml:"format" enum:"pdf" default:"pdf" doc:"版式格式"`
	File   string `yaml:"file!" format:"file" doc:"版式文件"`
	Seal   string `yaml:"seal" ref:"SealPolicy" doc:"印章"`
	QR     string `yaml:"qr" enum:"signed_verification_url,none" doc:"二维码"`
}

// LicenceVerify says what a stranger may see.
type LicenceVerify struct {
	PublicFields      []string `yaml:"public_fields!" merge:"set" format:"var" doc:"公开核验可见的字段"`
	FullFieldsRequire string   `yaml:"full_fields_require" enum:"holder_consent,none" doc:"看全部字段的条件"`
}

// LicenceLifecycle lists what may happen to a licence (SM-11).
type LicenceLifecycle struct {
	Renew    *Renewal        `yaml:"renew" doc:"延续"`
	Change   *LicenceChange  `yaml:"change" doc:"变更"`
	Reissue  *Reissue        `yaml:"reissue" doc:"补发"`
	Upgrade  *LicenceUpgrade `yaml:"upgrade" doc:"换版"`
	Suspend  *LicenceEnd     `yaml:"suspend" doc:"暂停"`
	Annul    *LicenceEnd     `yaml:"annul" doc:"撤销（行政许可法第六十九条）"`
	Withdraw *LicenceEnd     `yaml:"withdraw" doc:"撤回（行政许可法第八条）"`
	Revoke   *LicenceEnd     `yaml:"revoke" doc:"吊销"`
	Cancel   *LicenceCancel  `yaml:"cancel" doc:"注销（行政许可法第七十条）"`
}

// Renewal is asked for inside a window relative to expiry (T-18).
type Renewal struct {
	ApplyBetween        []string     `yaml:"apply_between!" format:"window" doc:"申请窗口，如 [\"-90wd\", \"-30d\"]"`
	Late                *LateRenewal `yaml:"late" doc:"迟到的申请"`
	OnUndecidedAtExpiry string       `yaml:"on_undecided_at_expiry" enum:"deemed_renewed,none" doc:"到期未决定"`
	Basis               string       `yaml:"basis" format:"text" doc:"依据"`
}

// LateRenewal comes after the window and before expiry.
type LateRenewal struct {
	Until          string `yaml:"until!" format:"window" doc:"最迟"`
	Effect         string `yaml:"effect!" enum:"no_deemed_renewal" doc:"后果"`
	StatusAtExpiry string `yaml:"status_at_expiry" enum:"suspended,expired" doc:"到期时的状态"`
}

// LicenceChange issues a new version.
type LicenceChange struct {
	NewVersion bool     `yaml:"new_version" doc:"产生新版本"`
	Keeps      []string `yaml:"keeps" merge:"set" enum:"licence_no,valid_to" doc:"保持不变的内容"`
}

// Reissue replaces a lost or damaged licence.
type Reissue struct {
	Reason []string `yaml:"reason!" merge:"set" enum:"lost,damaged" doc:"原因"`
	Keeps  []string `yaml:"keeps" merge:"set" enum:"licence_no,valid_to" doc:"保持不变的内容"`
}

// LicenceUpgrade moves to a new layout.
type LicenceUpgrade struct {
	ToTemplate string   `yaml:"to_template!" format:"file" doc:"新版式文件"`
	Keeps      []string `yaml:"keeps" merge:"set" enum:"licence_no,valid_to" doc:"保持不变的内容"`
}

// LicenceEnd ends or suspends a licence by a decision.
type LicenceEnd struct {
	Requires     string `yaml:"requires" enum:"decision_document,penalty_decision" doc:"须有的决定"`
	Compensation bool   `yaml:"compensation" doc:"是否补偿"`
	Basis        string `yaml:"basis" format:"text" doc:"依据"`
}

// LicenceCancel takes a licence off the register.
type LicenceCancel struct {
	Reasons []string `yaml:"reasons!" merge:"set" enum:"expired_not_renewed,holder_died_or_incapable,holder_terminated,holder_request,annulled,withdrawn,revoked,force_majeure,other_by_law" doc:"注销情形"`
	Basis   string   `yaml:"basis" format:"text" doc:"依据"`
}

// Reminder is sent some time before expiry.
type Reminder struct {
	Before   Limit  `yaml:"before!" doc:"提前多久"`
	Template string `yaml:"template!" ref:"NotificationTemplate" doc:"通知模板"`
}

// StockImport allows licences issued before the platform.
type StockImport struct {
	Allowed bool   `yaml:"allowed!" doc:"是否允许导入"`
	Before  string `yaml:"before" format:"date" doc:"只导入此日期前核发的"`
}
