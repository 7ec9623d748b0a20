package kind

// Department is a body of one tenant: an agency, an approval bureau, or an outside body that is asked.
type Department struct {
	Title            string         `yaml:"title!" format:"title" doc:"部门全称"`
	Short            string         `yaml:"short" format:"title" doc:"简称，用于文号中的 {dept}"`
	Line             string         `yaml:"line" format:"title" doc:"条线，如 市场监管；事项据此找到本地实施部门"`
	USCC             string         `yaml:"uscc" format:"uscc" doc:"统一社会信用代码；只有外部单位可为空"`
	LineParent       *ResourceName  `yaml:"line_parent" doc:"上级业务主管部门"`
	Head             DepartmentHead `yaml:"head!" doc:"负责人"`
	Divisions        []Division     `yaml:"divisions" merge:"key=name" doc:"内设机构"`
	Places           *Places        `yaml:"places" doc:"办公地点、时间和电话，是办事指南的默认值"`
	IsServiceManager bool           `yaml:"is_service_manager" default:"false" doc:"是否政务服务管理机构"`
	External         bool           `yaml:"external" default:"false" doc:"是否外部单位（只会签，不实施）"`
}

// DepartmentHead names the role that heads the department.
type DepartmentHead struct {
	Role string `yaml:"role!" ref:"Role" doc:"负责人角色"`
}

// Division is a unit inside a department.
type Division struct {
	Name  string `yaml:"name!" format:"name" doc:"代码"`
	Title string `yaml:"title!" format:"title" doc:"名称"`
}

func (d *Department) validate(v *visit) {
	if d.USCC == "" && !d.External {
		v.fail("uscc", "V-13", "外部单位写 external: true", "缺少统一社会信用代码")
	}
}
