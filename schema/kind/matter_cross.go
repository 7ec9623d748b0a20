package kind

import "slices"

// validateCross checks that what is received in another area than that of its decision
// (通办, R-LNK-05) can be: the area reaches beyond the government's own, and each mode
// (R-LNK-10; 国办发〔2020〕35 号: 全程网办、代收代办、多地联办) has the channel, the form and the delivery
// that it needs. A list that is left out stands for all of its values.
func (m *Matter) validateCross(v *visit) {
	if m.CrossArea == "" || m.CrossArea == "none" {
		if len(m.CrossModes) > 0 {
			v.fail("cross_modes", "V-13", "填写 cross_area", "有通办方式而没有通办范围")
		}
		return
	}
	if m.Abstract || m.IsInternal() {
		return
	}
	if reach := slices.Index(crossAreas, m.CrossArea); reach < slices.Index(crossAreas, m.ExerciseLevel) {
		v.fail("cross_area", "V-13", "不小于行使层级的辖区，如 "+m.ExerciseLevel, "通办范围 %s 小于行使层级 %s 的辖区", m.CrossArea, m.ExerciseLevel)
	}
	if len(m.CrossModes) == 0 {
		v.warn("cross_area", "V-13", "填写 cross_modes", "有通办范围，没有写明通办方式")
	}
	need := func(field string, given []string, what string, oneOf ...string) {
		if len(given) > 0 && !slices.ContainsFunc(oneOf, func(value string) bool { return slices.Contains(given, value) }) {
			v.fail(field, "V-13", "加入 "+oneOf[0], "%s", what)
		}
	}
	for _, mode := range m.CrossModes {
		switch mode {
		case "online":
			need("channels", m.Channels, "全程网办须有网上或移动端申请渠道", "web", "mobile")
			need("handling_forms", m.HandlingForms, "全程网办须能网上办理", "online")
			need("delivery", m.Delivery, "全程网办须能电子送达或寄递", "electronic", "courier")
			if m.Visits != nil && *m.Visits > 0 {
				v.fail("visits", "V-13", "改为 0，或去掉 cross_modes 中的 online", "全程网办的事项不须到现场，这里写了 %d 次", *m.Visits)
			}
		case "collect_for": // the originals travel to the body that decides
			need("channels", m.Channels, "代收代办须有窗口申请渠道", "window")
			need("handling_forms", m.HandlingForms, "代收代办须能寄递办理：原件寄送决定机关", "courier")
		case "multi_place":
			need("channels", m.Channels, "多地联办须有窗口、网上或移动端申请渠道", "window", "web", "mobile")
		}
	}
}

// crossAreas are areas and levels from the narrowest.
var crossAreas = []string{"city", "province", "nation"}
