package kind

// ArchiveClass says what of a case is kept, how and how long (DA/T 85).
type ArchiveClass struct {
	Title      string    `yaml:"title!" format:"title" doc:"类目名称"`
	Retention  Retention `yaml:"retention!" doc:"保管期限"`
	Package    []string  `yaml:"package!" merge:"set" enum:"form,materials,documents,opinions,clock_log,licence,rating" doc:"归档内容"`
	Format     string    `yaml:"format" enum:"pdf" default:"pdf" doc:"格式"`
	Hash       string    `yaml:"hash" enum:"sha256,sm3" default:"sha256" doc:"摘要算法"`
	FourChecks []string  `yaml:"four_checks" merge:"set" enum:"authenticity,integrity,usability,security" doc:"四性检测：真实、完整、可用、安全"`
	FileWithin *Limit    `yaml:"file_within" doc:"办结后多久归档"`
	Access     string    `yaml:"access" enum:"open,internal,restricted" doc:"利用范围"`
}

// Retention is a number of years or for ever.
type Retention struct {
	Years     int  `yaml:"years" min:"1" max:"999" alt:"span!" doc:"年数"`
	Permanent bool `yaml:"permanent" alt:"span!" doc:"永久"`
}

// Registry is a register of things or people: entries with statuses, roles and retention.
type Registry struct {
	Title       string         `yaml:"title!" format:"title" doc:"名录名称"`
	Key         string         `yaml:"key!" format:"var" doc:"主键字段"`
	Schema      map[string]any `yaml:"schema!" doc:"条目的 JSON Schema"`
	Statuses    []string       `yaml:"statuses" merge:"set" format:"id" doc:"状态"`
	Review      string         `yaml:"review" ref:"Workflow" doc:"审核流程"`
	Roles       *RegistryRoles `yaml:"roles" doc:"谁可看、谁可改"`
	DerivedFrom string         `yaml:"derived_from" ref:"LicenceType|Matter" doc:"来自哪类证照或办件"`
	Retention   *Retention     `yaml:"retention" doc:"保留期限"`
	Reminders   []Reminder     `yaml:"reminders" doc:"提醒"`
}

// RegistryRoles are who may read and edit.
type RegistryRoles struct {
	Read []string `yaml:"read" merge:"set" ref:"Role" doc:"可看的角色"`
	Edit []string `yaml:"edit" merge:"set" ref:"Role" doc:"可改的角色"`
}

func (r *Registry) validate(v *visit) {
	checkSchema(v, "schema", r.Schema)
	properties, _ := r.Schema["properties"].(map[string]any)
	if _, ok := properties[r.Key]; !ok {
		v.fail("key", "V-15", suggest(r.Key, sortedKeys(properties)), "主键 %q 不是字段", r.Key)
	}
}
