package kind

import (
	"slices"
	"strings"
)

// DataService is data asked of another system or offered to others.
type DataService struct {
	Title       string            `yaml:"title!" format:"title" doc:"名称"`
	Inbound     *DataInbound      `yaml:"inbound" doc:"取数：从哪里、什么结构"`
	Outbound    *DataOutbound     `yaml:"outbound" doc:"供数：给谁、什么结构"`
	Mapping     map[string]string `yaml:"mapping" doc:"外部字段到本地字段"`
	Purposes    []DataPurpose     `yaml:"purposes!" merge:"key=id" doc:"用途；每个字段都要有用途"`
	Auth        string            `yaml:"auth" enum:"signature,token,certificate,none" doc:"认证方式"`
	Quota       *DataQuota        `yaml:"quota" doc:"调用上限"`
	Degrade     *Degrade          `yaml:"degrade" doc:"对方不可用时"`
	Owner       string            `yaml:"owner!" ref:"Department" doc:"责任部门"`
	SLA         *DataSLA          `yaml:"sla" doc:"服务水平"`
	Log         string            `yaml:"log" enum:"full,metadata" default:"metadata" doc:"记录什么"`
	Deprecation *Deprecation      `yaml:"deprecation" doc:"停用计划"`
}

// DataInbound is a source.
type DataInbound struct {
	Protocol  string         `yaml:"protocol!" enum:"rest,soap,file,database,builtin" doc:"协议"`
	Connector string         `yaml:"connector" ref:"Connector" doc:"对接"`
	Schema    map[string]any `yaml:"schema!" doc:"返回的 JSON Schema"`
}

// DataOutbound is an offer.
type DataOutbound struct {
	Protocol string         `yaml:"protocol!" enum:"rest,file,event" doc:"协议"`
	Schema   map[string]any `yaml:"schema!" doc:"提供的 JSON Schema"`
}

// DataPurpose allows fields for a reason (V-45).
type DataPurpose struct {
	ID     string   `yaml:"id!" format:"id" doc:"标识"`
	Title  string   `yaml:"title" format:"title" doc:"名称"`
	Fields []string `yaml:"fields!" merge:"set" format:"path" doc:"字段"`
	Basis  string   `yaml:"basis" format:"text" doc:"依据；含个人信息时必填"`
}

// DataQuota bounds calls.
type DataQuota struct {
	PerMinute int `yaml:"per_minute" min:"1" doc:"每分钟"`
	PerDay    int `yaml:"per_day" min:"1" doc:"每天"`
}

// Degrade says what to do without the service, shown to the user under a label.
type Degrade struct {
	When  string `yaml:"when" enum:"unavailable,slow,always" default:"unavailable" doc:"何时"`
	Mode  string `yaml:"mode!" enum:"manual,cache,skip" doc:"人工填写、用缓存、跳过"`
	Label string `yaml:"label!" format:"title" doc:"给用户看的说明"`
}

// DataSLA is what the owner promises.
type DataSLA struct {
	TimeoutMS    int    `yaml:"timeout_ms" min:"100" max:"60000" doc:"超时毫秒"`
	Availability string `yaml:"availability" format:"decimal" doc:"可用率（百分比）"`
}

// Deprecation announces an end.
type Deprecation struct {
	On        string `yaml:"on_date!" format:"date" doc:"停用日期"`
	Successor string `yaml:"successor" ref:"DataService" doc:"后继"`
}

// validate checks V-45: every field that comes in or goes out has a purpose, personal fields a basis (个人信息保护法 art. 6, 13).
func (d *DataService) validate(v *visit) {
	fields := map[string]any{}
	for _, side := range []struct {
		place  string
		schema map[string]any
	}{{"inbound", d.in()}, {"outbound", d.out()}} {
		checkSchema(v, side.place+".schema", side.schema)
		properties, _ := side.schema["properties"].(map[string]any)
		for _, name := range sortedKeys(properties) {
			fields[name] = properties[name]
			if !d.serves(name) {
				v.fail(side.place+".schema.properties."+name, "V-45", "在 purposes 中写明", "字段 %q 没有用途", name)
			}
		}
	}
	for i, p := range d.Purposes {
		for j, f := range p.Fields {
			if len(fields) > 0 && fields[f] == nil {
				v.fail(at(at("purposes", i)+".fields", j), "V-45", suggest(f, sortedKeys(fields)), "没有字段 %q", f)
			}
			if p.Basis == "" && (isPersonal(f) || isPersonalFormat(fields[f])) {
				v.fail(at("purposes", i), "V-45", "填写 basis", "字段 %q 是个人信息，须有依据", f)
			}
		}
	}
}

func (d *DataService) in() map[string]any {
	if d.Inbound == nil {
		return nil
	}
	return d.Inbound.Schema
}

func (d *DataService) out() map[string]any {
	if d.Outbound == nil {
		return nil
	}
	return d.Outbound.Schema
}

// serves reports whether a field, or a part of it, has a purpose.
func (d *DataService) serves(field string) bool {
	for _, p := range d.Purposes {
		if slices.ContainsFunc(p.Fields, func(f string) bool { return f == field || strings.HasPrefix(f, field+".") }) {
			return true
		}
	}
	return false
}

// isPersonal reports field names that hold personal data; of a path the last name counts.
func isPersonal(path string) bool {
	switch path[strings.LastIndexByte(path, '.')+1:] {
	case "id_no", "id_card", "phone", "mobile", "contact_phone", "legal_rep", "legal_rep_id", "address", "birth_date", "name_of_person":
		return true
	}
	return false
}

// isPersonalFormat reports a schema whose format is that of personal data.
func isPersonalFormat(schema any) bool {
	property, _ := schema.(map[string]any)
	return property["format"] == "cn-id-card" || property["format"] == "mobile"
}

// Connector is a link to a system outside.
type Connector struct {
	Title    string            `yaml:"title!" format:"title" doc:"名称"`
	Type     string            `yaml:"type!" enum:"sms,mail,pay,post,seal,ca,identity,licence_store,department_system,upper_platform,video" doc:"种类"`
	Endpoint string            `yaml:"endpoint!" format:"url" doc:"地址"`
	Secret   string            `yaml:"secret" format:"secret" doc:"密钥引用（env:、file:、vault:、secret:），不得写明文"`
	Mapping  map[string]string `yaml:"mapping" doc:"字段对应"`
	Retry    *Retry            `yaml:"retry" doc:"重试"`
	Mode     string            `yaml:"mode" enum:"api,front_database,file_ferry" default:"api" doc:"接口、前置库、文件摆渡"`
}

// Retry bounds attempts.
type Retry struct {
	Times   int    `yaml:"times!" min:"0" max:"100" doc:"次数"`
	Backoff *Limit `yaml:"backoff" doc:"间隔"`
}

// Dataset is open data.
type Dataset struct {
	Title      string          `yaml:"title!" format:"title" doc:"数据集名称"`
	Source     string          `yaml:"source!" enum:"cases,licences,matters,ratings,registry,disclosures" doc:"来源"`
	Registry   string          `yaml:"registry" ref:"Registry" doc:"来源是名录时的名录"`
	Columns    []DatasetColumn `yaml:"columns!" merge:"key=name" doc:"列"`
	Deidentify []string        `yaml:"deidentify" merge:"set" enum:"drop_names,drop_ids,coarse_place,coarse_date,k_anonymity" doc:"脱敏"`
	Licence    string          `yaml:"licence!" format:"text" doc:"开放许可"`
	Cadence    string          `yaml:"cadence" enum:"day,week,month,quarter,year" doc:"更新频率"`
}

// DatasetColumn is one column.
type DatasetColumn struct {
	Name  string `yaml:"name!" format:"var" doc:"列"`
	Title string `yaml:"title!" format:"title" doc:"名称"`
	From  string `yaml:"from!" format:"path" doc:"取自"`
}

// validate checks V-46: no column is, or is taken from, personal data. Columns of a
// registry are held to its schema where both are seen together.
func (d *Dataset) validate(v *visit) {
	if (d.Source == "registry") != (d.Registry != "") {
		v.fail("registry", "V-13", "source: registry 与 registry 同时写", "来源是名录时须写明名录")
	}
	for i, c := range d.Columns {
		switch {
		case isPersonal(c.Name):
			v.fail(at("columns", i), "V-46", "", "开放数据不得含敏感字段 %q", c.Name)
		case isPersonal(c.From):
			v.fail(at("columns", i)+".from", "V-46", "", "开放数据不得取自敏感字段 %q", c.From)
		}
	}
}
