package kind

import (
	"strings"

	"zhengtong/internal/code"
)

// CatalogueItem is an entry of the unified list of matters (目录清单): the same name, code, basis and type at every level.
type CatalogueItem struct {
	Title          string       `yaml:"title!" format:"title" doc:"事项名称"`
	ItemType       string       `yaml:"item_type!" enum:"administrative_licence,penalty,compulsion,levy,benefit,inspection,confirmation,reward,adjudication,other_power,public_service,internal_*" doc:"事项类型"`
	BasicCode      string       `yaml:"basic_code!" format:"basic_code" doc:"基本编码，12 位，加引号"`
	LegalBasis     []LegalBasis `yaml:"legal_basis!" doc:"设定依据"`
	ExerciseLevels []string     `yaml:"exercise_levels!" merge:"set" enum:"nation,province,city,county,township,village" doc:"行使层级"`
	SubItems       []SubItem    `yaml:"sub_items" merge:"key=code" doc:"子项"`
}

// SubItem is a part of a catalogue item.
type SubItem struct {
	Code  string `yaml:"code!" format:"basic_code" doc:"子项基本编码"`
	Title string `yaml:"title!" format:"title" doc:"子项名称"`
}

func (c *CatalogueItem) validate(v *visit) {
	checkBasicCode(v, "basic_code", c.BasicCode, c.ItemType)
	if len(c.LegalBasis) == 0 {
		v.fail("legal_basis", "V-12", "", "缺少设定依据")
	}
	for i, sub := range c.SubItems {
		if len(sub.Code) == 12 && len(c.BasicCode) == 12 && !strings.HasPrefix(sub.Code, c.BasicCode[:9]) {
			v.fail(at("sub_items", i)+".code", "V-08", "", "子项编码应以主项 %s 开头", c.BasicCode[:9])
		}
	}
}

// checkBasicCode checks that the type digits of a basic code are those of the item type (V-08).
func checkBasicCode(v *visit, path, basic, itemType string) {
	digits := code.ItemTypeDigits(itemType)
	if len(basic) == 12 && digits != "" && basic[2:4] != digits {
		v.fail(path, "V-08", "", "基本编码第 3、4 位是 %s，事项类型 %s 应为 %s", basic[2:4], itemType, digits)
	}
}
