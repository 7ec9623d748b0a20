package guide

import (
	"strings"
)

// words are what the closed words of the kinds (docs/kinds.md) are called in a guide.
var words = map[string]map[string]string{
	"item_type": {"administrative_licence": "行政许可", "penalty": "行政处罚", "compulsion": "行政强制", "levy": "行政征收", "benefit": "行政给付",
		"inspection": "行政检查", "confirmation": "行政确认", "reward": "行政奖励", "adjudication": "行政裁决", "other_power": "其他行政权力",
		"public_service": "公共服务"},
	"case_type":   {"instant": "即办件", "promised": "承诺件", "forwarded": "上报件"},
	"initiation":  {"on_application": "依申请", "ex_officio": "依职权", "entitlement": "免申即享"},
	"level":       {"nation": "国家级", "province": "省级", "city": "市级", "county": "县级", "township": "乡镇级", "village": "村级"},
	"body_nature": {"statutory": "法定机关", "authorised": "授权组织", "entrusted": "受委托组织"},
	"object": {"natural_person": "自然人", "enterprise": "企业法人", "public_institution": "事业法人", "social_organisation": "社会组织法人",
		"unincorporated_enterprise": "非法人企业", "administrative_organ": "行政机关", "individual_business": "个体工商户", "other": "其他组织"},
	"channel":    {"web": "网上", "mobile": "移动端", "window": "窗口", "terminal": "自助终端", "batch": "批量"},
	"form":       {"window": "窗口办理", "online": "网上办理", "courier": "快递申请"},
	"delivery":   {"pickup": "窗口领取", "courier": "快递送达", "electronic": "电子送达"},
	"area":       {"none": "不通办", "city": "市内通办", "province": "省内通办", "nation": "跨省通办"},
	"mode":       {"online": "全程网办", "collect_for": "代收代办", "multi_place": "多地联办"},
	"source":     {"applicant": "申请人自备", "government_issued": "政府部门核发", "intermediary": "中介机构出具", "platform": "平台生成"},
	"form_kind":  {"original": "原件", "copy": "复印件", "electronic": "电子件"},
	"phase":      {"pre_acceptance": "受理前", "handling": "办理中", "post_decision": "决定后"},
	"situation":  {"continue": "按本事项办理", "redirect": "应办理其他事项", "refuse": "不能办理"},
	"method":     {"online": "网上缴费", "pos": "刷卡", "cash": "现金", "transfer": "转账"},
	"effect":     {"run": "计入", "suspend": "不计入"},
	"start":      {"automatic": "到该环节自动开始", "on_request": "由经办人员提出"},
	"procedure":  {"hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验", "testing": "检测", "inspection_test": "检验检测", "quarantine": "检疫", "appraisal": "鉴定", "expert_review": "专家评审", "site_survey": "现场核查", "public_notice": "公示", "custom": "其他"},
	"user_level": {"L1": "注册即可", "L2": "实名认证", "L3": "实名认证并核验身份", "L4": "数字证书或当面核验"},
}

// word says a closed word in Chinese; an unknown one stays as it is.
func word(group, value string) string {
	if text, ok := words[group][value]; ok {
		return text
	}
	return value
}

func each(group string, values []string) string {
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = word(group, v)
	}
	return strings.Join(out, "、")
}
