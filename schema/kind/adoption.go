package kind

import "strings"

// Adoption takes over many matters of an ancestor at once (承接), or installs a Pack.
type Adoption struct {
	Title  string          `yaml:"title!" format:"title" doc:"名称"`
	From   AdoptionSource  `yaml:"from!" doc:"来源：上级租户或配置包"`
	Select *AdoptionSelect `yaml:"select" doc:"承接哪些；各条件同时满足，空条件不限"`
	Except []string        `yaml:"except" merge:"set" format:"name" doc:"不承接的事项"`
	With   map[string]any  `yaml:"with" doc:"配置包参数"`
	Hall   string          `yaml:"hall" ref:"Hall" doc:"承接的事项进驻的大厅"`
	// Delegated is written by the order that delegates a matter downward (下放).
	Delegated bool `yaml:"delegated" doc:"承接下放的事项：行使层级改为本级"`
}

// AdoptionSource is an ancestor or a pack.
type AdoptionSource struct {
	Tenant string        `yaml:"tenant" format:"name" alt:"source!" doc:"上级租户"`
	Pack   *ResourceName `yaml:"pack" alt:"source!" doc:"配置包"`
}

// AdoptionSelect chooses among the ancestor's resources.
type AdoptionSelect struct {
	Kinds  []string `yaml:"kinds" merge:"set" doc:"资源种类，如 Matter"`
	Lines  []string `yaml:"lines" merge:"set" format:"title" doc:"条线"`
	Themes []string `yaml:"themes" merge:"set" format:"title" doc:"主题"`
	Names  []string `yaml:"names" merge:"set" format:"name" doc:"名称"`
}

func (a *Adoption) validate(v *visit) {
	switch {
	case a.From.Pack != nil && a.Select != nil:
		v.fail("select", "V-01", "", "承接配置包时不用 select")
	case a.From.Tenant != "" && a.Select == nil:
		v.fail("select", "V-13", "写明 kinds、lines、themes 或 names", "承接上级事项须写明范围")
	case a.From.Tenant != "" && len(a.With) > 0:
		v.fail("with", "V-01", "", "with 只用于配置包")
	case a.Delegated && a.From.Tenant == "":
		v.fail("delegated", "V-01", "", "delegated 只用于承接上级事项")
	}
	if a.Select != nil {
		for i, name := range a.Select.Kinds {
			if info, ok := KindInfo(name); !ok || !info.Inheritable {
				v.fail(at("select.kinds", i), "V-03", suggest(name, Names()), "%q 不是可以承接的种类", name)
			}
		}
	}
}

// Pack bundles resources that tenants install with parameters.
type Pack struct {
	Title             string                   `yaml:"title!" format:"title" doc:"名称"`
	Description       string                   `yaml:"description" format:"text" doc:"说明"`
	Provides          []string                 `yaml:"provides!" merge:"set" format:"provide" doc:"提供的资源，写成 种类/名称"`
	Parameters        map[string]PackParameter `yaml:"parameters" doc:"参数"`
	InstallableLevels []string                 `yaml:"installable_levels!" merge:"set" enum:"province,city,county,township,village" doc:"可安装的层级"`
	Requires          []string                 `yaml:"requires" merge:"set" format:"name" doc:"依赖的配置包"`
}

// PackParameter is one value that an Adoption gives.
type PackParameter struct {
	Type     string `yaml:"type!" enum:"department,role,hall,seal,string,int,date" doc:"类型"`
	Title    string `yaml:"title" format:"title" doc:"名称"`
	Required bool   `yaml:"required" doc:"是否必填"`
	Default  any    `yaml:"default" doc:"默认值"`
}

func (p *Pack) validate(v *visit) {
	for i, entry := range p.Provides {
		if name, _, ok := strings.Cut(entry, "/"); ok {
			if _, ok := KindInfo(name); !ok {
				v.fail(at("provides", i), "V-55", suggest(name, Names()), "未知种类 %q", name)
			}
		}
	}
	for _, name := range sortedKeys(anyMap(p.Parameters)) {
		if !variable.MatchString(name) {
			v.fail("parameters."+name, "V-55", "", "参数名应为小写字母、数字和下划线")
		}
	}
}
