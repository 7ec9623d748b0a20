package kind

import (
	"slices"
	"strings"

	"zhengtong/internal/code"
)

// validate checks what one matter shows by itself: V-08 V-09 V-10 V-12 V-13 and the legal shape of its parts.
func (m *Matter) validate(v *visit) {
	if !m.Abstract {
		m.validateRequired(v)
	}
	m.validateCodes(v)
	m.validateLimits(v)
	m.validateContent(v)
	m.validateService(v)
	m.validateTold(v)
}

// validateRequired reports what a concrete matter lacks (V-13). Department and guide may come from the tenant's binding.
func (m *Matter) validateRequired(v *visit) {
	need := func(missing bool, path, hint string) {
		if missing {
			v.fail(path, "V-13", hint, "缺少必填字段 %q", path)
		}
	}
	if !m.IsInternal() {
		need(m.BasicCode == "", "basic_code", "基本编码，12 位")
		need(m.CatalogueItem == "", "catalogue_item", "对应的目录清单")
		need(m.ExerciseLevel == "", "exercise_level", "行使层级")
	}
	switch {
	case len(m.LegalBasis) > 0 || m.IsInternal():
	case m.ItemType == "public_service":
		need(true, "legal_basis", "设定依据")
	default: // 法无授权不可为: a power without a basis is none
		v.fail("legal_basis", "V-12", "填写 legal_basis", "行政权力事项缺少设定依据")
	}
	need(m.ImplementingDepartment == "" && m.Line == "", "implementing_department", "写明部门，或写 line 由条线得出")
	if !m.BundleOnly {
		need(m.Form == "", "form", "表单")
		need(m.ArchiveClass == "", "archive_class", "档案类目")
	}
	if m.EntrustedDepartment != "" && m.EntrustmentBasis == "" {
		v.fail("entrusted_department", "V-12", "填写 entrustment_basis", "委托实施缺少委托依据")
	}
}

func (m *Matter) validateCodes(v *visit) {
	checkBasicCode(v, "basic_code", m.BasicCode, m.ItemType)
	if m.ImplementationCode != "" && m.BasicCode != "" && !strings.HasSuffix(m.ImplementationCode, m.BasicCode) {
		v.fail("implementation_code", "V-08", "实施编码 = 统一社会信用代码 + 层级 + 基本编码", "实施编码应以基本编码 %s 结尾", m.BasicCode)
	}
	split, err := code.SplitImplementation(m.ImplementationCode)
	if err == nil && m.ExerciseLevel != "" && split.Level.String() != m.ExerciseLevel {
		v.fail("implementation_code", "V-08", "", "实施编码第 19 位是 %s，行使层级是 %s", split.Level, m.ExerciseLevel)
	}
	if m.HandlingItemCode != "" && m.ImplementationCode != "" && !strings.HasPrefix(m.HandlingItemCode, m.ImplementationCode) {
		v.fail("handling_item_code", "V-08", "", "业务办理项编码应以实施编码开头")
	}
}

func (m *Matter) validateLimits(v *visit) {
	if m.PromisedLimit != nil && m.StatutoryLimit != nil {
		order, known := m.PromisedLimit.Compare(*m.StatutoryLimit)
		switch {
		case !known:
			v.fail("promised_limit", "V-09", "用相同的单位", "承诺时限 %s 与法定时限 %s 的单位无法比较", m.PromisedLimit, m.StatutoryLimit)
		case order > 0:
			v.fail("promised_limit", "V-09", "", "承诺时限 %s 长于法定时限 %s", m.PromisedLimit, m.StatutoryLimit)
		}
	}
	licence := m.ItemType == "administrative_licence"
	if w := m.AcceptanceWindow; w != nil && licence {
		if order, known := w.Compare(Limit{N: 5, Unit: "workday"}); !known || order > 0 {
			v.fail("acceptance_window", "V-10", "行政许可法第三十二条", "许可的受理时限不得超过 5 个工作日")
		}
	}
	if w := m.AcceptanceWindow; w != nil && w.OnExpiry == "deemed_accepted" && exOfficio(m.ItemType) {
		v.fail("acceptance_window.on_expiry", "V-26", "", "依职权事项没有视为受理")
	}
	if e := m.Extension; e != nil && licence && (e.MaxTimes > 1 || e.beyond(Limit{N: 10, Unit: "workday"})) {
		v.warn("extension", "V-11", "行政许可法第四十二条", "许可延期一般以一次、10 个工作日为限")
	}
	if m.OnOverdue != nil && m.OnOverdue.Mode == "deemed_granted" && m.OnOverdue.Basis == "" {
		v.fail("on_overdue", "V-12", "填写 basis", "视为准予须有法定依据")
	}
}

// exOfficio reports the powers that never begin with an application.
func exOfficio(itemType string) bool {
	return slices.Contains([]string{"levy", "compulsion", "penalty", "inspection"}, itemType)
}

func (m *Matter) validateContent(v *visit) {
	for i, s := range m.Situations {
		if s.Outcome == "redirect" && s.RedirectTo == "" && s.Message == "" {
			v.fail(at("situations", i), "V-13", "填写 redirect_to 或 message", "转办情形没有去向")
		}
	}
	for _, alias := range sortedKeys(anyMap(m.Documents)) {
		if !slices.Contains(DocumentAliases(), alias) {
			v.warn("documents."+alias, "V-25", suggest(alias, DocumentAliases()), "%q 不是已知的文书别名", alias)
		}
	}
	needsRefusal := slices.Contains([]string{"administrative_licence", "confirmation", "benefit", "adjudication", "other_power"}, m.ItemType)
	if needsRefusal && !m.Abstract {
		if m.Documents["refuse"] == "" {
			v.fail("documents", "V-26", "在 documents 中加入 refuse", "%s 须有不予决定的文书", m.ItemType)
		}
		if m.Remedies == nil || m.Remedies.Reconsideration == nil && m.Remedies.Litigation == nil {
			v.fail("remedies", "V-26", "填写复议机关或法院", "%s 须告知救济途径", m.ItemType)
		}
	}
}

func (m *Matter) validateService(v *visit) {
	if m.Visits != nil && *m.Visits > 1 && m.OnsiteReason == "" {
		v.warn("visits", "V-13", "填写 onsite_reason", "到现场 %d 次，没有说明原因", *m.Visits)
	}
	m.validateCross(v)
	if m.PlanCancelOn != "" && m.TransitionNote == "" {
		v.warn("plan_cancel_on", "V-49", "填写 transition_note", "计划取消的事项没有过渡说明")
	}
	if m.Initiation == "on_application" && exOfficio(m.ItemType) && !m.Abstract {
		v.fail("initiation", "V-26", "initiation: ex_officio", "%s 是依职权事项", m.ItemType)
	}
}
