package kind

// Migration moves listed running cases from one version of a matter to another.
type Migration struct {
	Title  string            `yaml:"title!" format:"title" doc:"名称"`
	Matter string            `yaml:"matter!" ref:"Matter" doc:"事项"`
	From   string            `yaml:"from!" format:"digest" doc:"原版本摘要"`
	To     string            `yaml:"to!" format:"digest" doc:"新版本摘要"`
	Nodes  map[string]string `yaml:"nodes" format:"id" doc:"原节点到新节点"`
	Fields map[string]string `yaml:"fields" doc:"原字段到新字段"`
	Cases  []string          `yaml:"cases" merge:"set" doc:"办件编号；空为全部在办"`
}

func (m *Migration) validate(v *visit) {
	if m.From == m.To {
		v.fail("to", "V-01", "", "新旧版本相同")
	}
}

// Publication is a change set to be published together.
type Publication struct {
	Title     string   `yaml:"title!" format:"title" doc:"名称"`
	Adds      []string `yaml:"adds" merge:"set" format:"provide" doc:"新增或修改的资源，写成 种类/名称"`
	Removes   []string `yaml:"removes" merge:"set" format:"provide" doc:"删除的资源"`
	Message   string   `yaml:"message" format:"text" doc:"说明"`
	Effective string   `yaml:"effective" format:"date" doc:"生效日期"`
}
