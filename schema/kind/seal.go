package kind

import "slices"

// SealPolicy is one seal of one department: what it may be put on, and by whom.
type SealPolicy struct {
	Title    string      `yaml:"title!" format:"title" doc:"印章名称"`
	Owner    string      `yaml:"owner!" ref:"Department" doc:"所属部门"`
	SealType string      `yaml:"seal_type!" enum:"official,special_business,contract,legal_rep" doc:"公章、业务专用章、合同章、法定代表人章"`
	UsableOn []string    `yaml:"usable_on!" merge:"set" ref:"DocumentTemplate|LicenceType" doc:"可用于哪些文书和证照"`
	Grants   []SealGrant `yaml:"grants!" doc:"谁可以盖在什么上"`
	PerUse   *SealUse    `yaml:"per_use" doc:"每次用印的要求"`
	Custody  string      `yaml:"custody!" enum:"hsm,software" doc:"保管：密码机、软件"`
}

// SealGrant allows roles, or the engine after an effect.
type SealGrant struct {
	Roles     []string `yaml:"roles" merge:"set" ref:"Role" alt:"who!" doc:"角色"`
	Automatic bool     `yaml:"automatic" alt:"who!" doc:"由系统自动用印"`
	For       []string `yaml:"for!" merge:"set" ref:"DocumentTemplate|LicenceType" doc:"用于"`
	After     string   `yaml:"after" enum:"@effects" code:"V-53" doc:"自动用印在哪个效果之后"`
}

// SealUse is what each use must name.
type SealUse struct {
	RequireCase         bool `yaml:"require_case" doc:"须有办件"`
	RequireDocumentHash bool `yaml:"require_document_hash" doc:"须有文书摘要"`
}

func (s *SealPolicy) validate(v *visit) {
	for i, g := range s.Grants {
		for j, name := range g.For {
			if !slices.Contains(s.UsableOn, name) {
				v.fail(at(at("grants", i)+".for", j), "V-37", "加入 usable_on", "印章不可用于 %q", name)
			}
		}
		if g.Automatic && g.After == "" {
			v.fail(at("grants", i), "V-53", "填写 after", "自动用印须写明在哪个效果之后")
		}
	}
}
