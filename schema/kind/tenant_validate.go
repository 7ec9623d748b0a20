package kind

import (
	"time"

	"zhengtong/internal/code"
)

// defaults puts every tenant but the platform under national.
func (*Tenant) defaults(doc map[string]any) {
	if doc["parent"] == nil && doc["level"] != "platform" {
		doc["parent"] = National
	}
}

// validate checks that level and division code agree (GB/T 2260, V-07) and that the root has no parent but the platform.
func (t *Tenant) validate(v *visit) {
	if t.Level == "platform" {
		if t.DivisionCode != "000000" {
			v.fail("division_code", "V-07", "", "平台的区划代码应为 000000")
		}
		return
	}
	if own := v.res.Metadata.Name == t.DivisionCode; v.res.Metadata.Name != v.res.Metadata.Tenant || !own && t.CodeChange == nil {
		v.fail("division_code", "V-01", "metadata.tenant、metadata.name 与 division_code 一致；代码变更的写 code_change", "区划代码与租户代码不一致")
	} else if own && t.CodeChange != nil {
		v.fail("code_change", "V-01", "division_code 写新代码，metadata 用原代码", "区划代码没有变更")
	}
	if retired, ok := code.RetiredDivision(t.DivisionCode); ok && t.SucceededBy == nil {
		v.warn("division_code", "V-07", "", "区划代码 %s（%s）已于 %d 年停用", retired.Code, retired.Name, retired.To)
	}
	if t.SucceededBy != nil && t.SucceededBy.Tenant == v.res.Metadata.Name {
		v.fail("succeeded_by.tenant", "V-51", "", "租户不能并入自己")
	}
	if level, err := code.DivisionLevel(t.DivisionCode); err == nil && level.String() != t.Level {
		v.fail("level", "V-07", "", "区划代码 %s 属于 %s，与 %s 不符", t.DivisionCode, level, t.Level)
	}
	if t.Parent == t.DivisionCode {
		v.fail("parent", "V-51", "", "租户不能以自己为上级")
	}
	if _, err := time.LoadLocation(t.Timezone); err != nil || t.Timezone == "" || t.Timezone == "Local" {
		v.fail("timezone", "V-01", "如 Asia/Shanghai", "未知时区 %q", t.Timezone)
	}
}
