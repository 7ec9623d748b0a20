package kind

// Form is what an applicant fills in: a JSON Schema with sections, prefill and rules.
type Form struct {
	Title            string              `yaml:"title!" format:"title" doc:"表单名称"`
	Schema           map[string]any      `yaml:"schema!" doc:"JSON Schema 2020-12；格式可用 uscc、cn-id-card、cn-division、mobile、investment-project-code、geojson-polygon；x-dictionary 指向字典"`
	UI               *FormUI             `yaml:"ui" doc:"分节显示"`
	Prefill          []Prefill           `yaml:"prefill" merge:"key=field" doc:"预填"`
	Rules            []FormRule          `yaml:"rules" merge:"key=id" doc:"校验规则"`
	Sensitive        []string            `yaml:"sensitive" merge:"set" doc:"敏感字段路径，显示时打码"`
	SectionsByMember map[string][]string `yaml:"sections_by_member" doc:"联办成员各看哪些字段"`
	Dedupe           *Dedupe             `yaml:"dedupe" doc:"重复申请的识别"`
	Locales          map[string]any      `yaml:"locales" doc:"其他语言的文字"`
}

// FormUI groups fields into sections.
type FormUI struct {
	Sections []FormSection `yaml:"sections" doc:"分节"`
}

// FormSection is one titled group of fields.
type FormSection struct {
	Title    string   `yaml:"title!" format:"title" doc:"标题"`
	Fields   []string `yaml:"fields!" doc:"字段"`
	ShowWhen string   `yaml:"show_when" expr:"form" doc:"何时显示（表达式）"`
}

// Prefill copies a known value into a field.
type Prefill struct {
	Field      string `yaml:"field!" format:"path" doc:"字段"`
	From       string `yaml:"from!" format:"path" doc:"来源，如 applicant.uscc、legal_entity.name"`
	Source     string `yaml:"source" ref:"DataService" doc:"数据服务"`
	Editable   bool   `yaml:"editable" default:"true" doc:"申请人可否修改"`
	OnConflict string `yaml:"on_conflict" enum:"keep,overwrite,ask" doc:"与已填内容不同时"`
}

// FormRule is a condition the answers must meet.
type FormRule struct {
	ID       string `yaml:"id!" format:"id" doc:"标识"`
	Expr     string `yaml:"expr!" expr:"form" doc:"须为真的表达式"`
	Message  string `yaml:"message!" format:"text" missing:"V-48" doc:"不满足时的提示"`
	Severity string `yaml:"severity" enum:"error,warning" default:"error" doc:"error 不得提交，warning 只提示"`
}

// Dedupe finds a second application for the same thing.
type Dedupe struct {
	Keys   []string `yaml:"keys!" doc:"相同即视为重复的字段"`
	Window *Limit   `yaml:"window" doc:"在多长时间内"`
	Action string   `yaml:"action!" enum:"suggest_merge,refuse" doc:"建议合并或拒绝"`
}
