package kind

// Role is a set of permissions with the range of rows they reach. Staff are bound to roles, never to permissions.
type Role struct {
	Title         string   `yaml:"title!" format:"title" doc:"角色名称"`
	Permissions   []string `yaml:"permissions!" merge:"set" enum:"@permissions" code:"V-05" doc:"权限"`
	DataScope     string   `yaml:"data_scope!" enum:"own,assigned,division,department,hall,tenant,subtree" doc:"数据范围：本人、经办、科室、部门、大厅、本级、本级及下级"`
	ConflictsWith []string `yaml:"conflicts_with" merge:"set" ref:"Role" doc:"不得由同一人兼任的角色"`
	Inherits      string   `yaml:"inherits" ref:"Role" doc:"继承其权限的角色"`
}

func (r *Role) validate(v *visit) {
	name := v.res.Metadata.Name
	if r.Inherits == name {
		v.fail("inherits", "V-51", "", "角色不能继承自己")
	}
	for i, other := range r.ConflictsWith {
		if other == name {
			v.fail(at("conflicts_with", i), "V-27", "", "角色不能与自己冲突")
		}
	}
}
