package kind

// Tenant declares a government: a province, city, county, township or village, or the platform itself.
type Tenant struct {
	Title         string          `yaml:"title!" format:"title" doc:"名称"`
	Level         string          `yaml:"level!" enum:"platform,province,city,county,township,village" doc:"层级"`
	DivisionCode  string          `yaml:"division_code!" format:"division" doc:"行政区划代码，6 位（县以下 9 或 12 位），加引号；在用租户间唯一"`
	CodeChange    *DivisionChange `yaml:"code_change" doc:"区划代码变更（如县改市）：metadata 仍用原代码，division_code 写新代码"`
	SucceededBy   *Succession     `yaml:"succeeded_by" doc:"并入另一租户：不再受理和发布，原代码指向承继的租户"`
	Activation    string          `yaml:"activation" enum:"on_publication,explicit" doc:"何时启用：on_publication（不写即此）首次发布即受理；explicit 首次发布后为筹备状态，由本租户管理员启用（SM-01），此后再改不起作用"`
	Parent        string          `yaml:"parent" format:"name" doc:"上级租户；不写为 national"`
	Timezone      string          `yaml:"timezone" default:"Asia/Shanghai" doc:"时区"`
	DefaultLocale string          `yaml:"default_locale" default:"zh-CN" doc:"默认语言"`
	DataResidency string          `yaml:"data_residency" format:"text" doc:"数据存放地要求"`
	Portal        *TenantPortal   `yaml:"portal" doc:"门户名称与电话"`
	Policies      *TenantPolicies `yaml:"policies" doc:"受理、口令、会话等规则"`
	Features      []string        `yaml:"features" merge:"set" format:"id" doc:"启用的可选功能"`
	Limits        *TenantLimits   `yaml:"limits" doc:"用量上限"`
}

// The values of activation. Without one a tenant is active on publication.
const (
	ActivationOnPublication = "on_publication"
	ActivationExplicit      = "explicit"
)

// DivisionChange says since when, and by which document, a tenant has another division code than the one it was founded with.
type DivisionChange struct {
	Since string `yaml:"since!" format:"date" doc:"变更日期"`
	Basis string `yaml:"basis!" format:"text" doc:"批准文书"`
}

// Succession says into which tenant, since when and by which document a tenant was merged.
type Succession struct {
	Tenant string `yaml:"tenant!" format:"name" doc:"承继的租户"`
	Since  string `yaml:"since!" format:"date" doc:"并入日期"`
	Basis  string `yaml:"basis!" format:"text" doc:"批准文书"`
}

// TenantPortal is what the public sees of a tenant.
type TenantPortal struct {
	Title            string `yaml:"title" format:"title" doc:"门户名称"`
	Hotline          string `yaml:"hotline" format:"text" doc:"服务热线"`
	SupervisionPhone string `yaml:"supervision_phone" format:"text" doc:"监督电话"`
}

// TenantPolicies are the tenant's own rules of receipt and sign-in.
type TenantPolicies struct {
	OffHoursReceipt      string          `yaml:"off_hours_receipt" enum:"same_day,next_working_day" default:"same_day" doc:"非工作时间提交的收件日（T-03）"`
	DueTimeOfDay         string          `yaml:"due_time_of_day" format:"time" default:"23:59:59" doc:"到期日的截止时刻（T-04）"`
	Password             *PasswordPolicy `yaml:"password" doc:"口令规则"`
	Session              *SessionPolicy  `yaml:"session" doc:"会话规则"`
	SMSDailyLimitPerUser *int            `yaml:"sms_daily_limit_per_user" min:"0" max:"1000" doc:"每人每天短信上限"`
}

// PasswordPolicy bounds staff and applicant passwords.
type PasswordPolicy struct {
	MinLength   int `yaml:"min_length" min:"8" max:"128" default:"10" doc:"最短长度"`
	Classes     int `yaml:"classes" min:"1" max:"4" default:"3" doc:"至少几类字符"`
	History     int `yaml:"history" min:"0" max:"24" default:"5" doc:"不得重复最近几次"`
	MaxAgeDays  int `yaml:"max_age_days" min:"0" max:"3650" default:"180" doc:"最长使用天数，0 不限"`
	LockAfter   int `yaml:"lock_after" min:"1" max:"100" default:"5" doc:"连续失败几次后锁定"`
	LockMinutes int `yaml:"lock_minutes" min:"1" max:"10080" default:"30" doc:"锁定分钟数"`
}

// SessionPolicy bounds a sign-in.
type SessionPolicy struct {
	IdleMinutes   int `yaml:"idle_minutes" min:"1" max:"1440" default:"20" doc:"无操作多少分钟后退出"`
	AbsoluteHours int `yaml:"absolute_hours" min:"1" max:"720" default:"8" doc:"最长登录小时数"`
}

// TenantLimits bounds use.
type TenantLimits struct {
	StorageGB   int `yaml:"storage_gb" min:"0" doc:"存储上限（GB），0 不限"`
	CasesPerDay int `yaml:"cases_per_day" min:"0" doc:"每日办件上限，0 不限"`
}
