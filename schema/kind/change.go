package kind

// Migration moves running cases of its tenant from one version of a matter to another.
// A version is the digest of all that a case is pinned to.
type Migration struct {
	Title  string            `yaml:"title!" format:"title" doc:"名称"`
	Matter string            `yaml:"matter!" ref:"Matter" doc:"事项"`
	From   string            `yaml:"from!" format:"digest" doc:"原版本的摘要（办件固定的全部资源）"`
	To     string            `yaml:"to!" format:"digest" doc:"新版本的摘要，须为现行版本"`
	Nodes  map[string]string `yaml:"nodes" format:"id" doc:"原节点到新节点；不写则按同名"`
	Fields map[string]string `yaml:"fields" doc:"原字段到新字段；不写则按同名，写空文字则不再保留"`
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
