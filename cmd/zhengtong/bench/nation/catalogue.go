package nation

import (
	"encoding/json"
	"fmt"
	"path"

	"zhengtong/schema/kind"
)

// How many matters of a shape share a part.
const (
	mattersOfForm     = 4
	mattersOfWorkflow = 20
	mattersOfFee      = 25
	mattersOfMaterial = 10
)

// sharing says how many matters of a shape share a part of a kind; 0 for all of them.
func sharing(kindName string) int {
	switch kindName {
	case "Form":
		return mattersOfForm
	case "Workflow":
		return mattersOfWorkflow
	case "FeeSchedule":
		return mattersOfFee
	case "Material":
		return mattersOfMaterial
	}
	return 0
}

// MatterName is the name of a matter of the catalogue.
func MatterName(i int) string { return fmt.Sprintf("standard-%03d", i+1) }

// Title is what a matter of the catalogue is called: 小餐饮经营许可.
func Title(i int) string { return subjects[i/len(acts)] + acts[i%len(acts)] }

// Catalogue is what the nation declares: roles, the catalogue's items, its
// matters, abstract, and all that these are made of.
func (n *Nation) Catalogue() []kind.File {
	w := &writer{tenant: kind.National}
	for _, r := range roles {
		w.add("Role", r.name, nil, map[string]any{"title": r.title, "permissions": list(r.permissions...), "data_scope": r.scope})
	}
	for i := range n.Matters {
		n.matter(w, i)
	}
	return w.files("catalogue")
}

// MatterChange is one matter of the catalogue under another title: what the nation publishes to change it.
func (n *Nation) MatterChange(i int, edition string) []kind.File {
	w := &writer{tenant: kind.National}
	n.writeMatter(w, i, edition)
	return w.files("catalogue")
}

// Patch is what a government publishes to change one matter: a promise of so many working days.
func (n *Nation) Patch(tenant string, i, promise int) []kind.File {
	t := n.byCode[tenant]
	w := &writer{tenant: tenant}
	w.add("Matter", MatterName(i), map[string]any{"tenant": t.Parent, "name": MatterName(i)}, map[string]any{"promised_limit": map[string]any{"n": promise, "unit": "workday"}})
	return w.files("country/" + tenant)
}

// matter writes one matter with the parts that no matter before it has brought.
func (n *Nation) matter(w *writer, i int) {
	s, j := n.shapes[i%len(n.shapes)], i/len(n.shapes)
	names := s.names(j)
	for _, p := range s.parts {
		if of := sharing(p.kind); of == 0 && j > 0 || of > 0 && j%of > 0 {
			continue
		}
		doc := rename(p.doc, names).(map[string]any)
		if of := sharing(p.kind); of > 0 {
			doc["title"] = fmt.Sprintf("%v（%d）", doc["title"], j/of+1)
		}
		if p.file != "" {
			file := s.word + "-" + path.Base(p.file)
			w.more = append(w.more, kind.File{Path: path.Join("catalogue", "templates", file), Content: []byte(p.layout)})
			layoutAt(p.kind, doc, path.Join("templates", file))
		}
		w.add(p.kind, names[p.name], nil, doc)
	}
	w.add("CatalogueItem", MatterName(i), nil, map[string]any{"title": Title(i), "item_type": "administrative_licence", "basic_code": basicCode(i),
		"exercise_levels": list("province", "city", "county"), "legal_basis": s.matter["legal_basis"]})
	n.writeMatter(w, i, "")
}

func (n *Nation) writeMatter(w *writer, i int, edition string) {
	s, j := n.shapes[i%len(n.shapes)], i/len(n.shapes)
	doc := rename(s.matter, s.names(j)).(map[string]any)
	doc["title"], doc["basic_code"], doc["catalogue_item"] = Title(i)+edition, basicCode(i), MatterName(i)
	doc["line"] = lines[i%len(lines)].name
	doc["promised_limit"] = map[string]any{"n": json.Number("8"), "unit": "workday"}
	w.add("Matter", MatterName(i), nil, doc, locks...)
}

// basicCode is a made-up one of an administrative licence.
func basicCode(i int) string { return fmt.Sprintf("000131%03d000", i+1) }

// names are those that a shape's parts have in the catalogue, for its j-th matter.
func (s shape) names(j int) map[string]string {
	out := map[string]string{}
	for _, p := range s.parts {
		out[p.name] = s.word + "-" + p.name
		if of := sharing(p.kind); of > 0 {
			out[p.name] += fmt.Sprintf("-%d", j/of+1)
		}
	}
	return out
}

// rename copies a tree with the names of parts in the place of those that they had.
func rename(tree any, names map[string]string) any {
	switch t := tree.(type) {
	case string:
		if name, ok := names[t]; ok {
			return name
		}
	case []any:
		out := make([]any, len(t))
		for i, value := range t {
			out[i] = rename(value, names)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(t))
		for key, value := range t {
			out[key] = rename(value, names)
		}
		return out
	}
	return tree
}

// layoutAt names the layout file of a document.
func layoutAt(kindName string, doc map[string]any, file string) {
	if kindName == "LicenceType" {
		doc = doc["template"].(map[string]any)
	}
	doc["file"] = file
}

// locks are what a government may not change, as in the shipped packs.
var locks = []any{
	lock("title", "fixed"), lock("item_type", "fixed"), lock("basic_code", "fixed"), lock("legal_basis", "fixed"), lock("statutory_limit", "fixed"),
	lock("promised_limit", "tighten"), lock("materials", "shrink"), lock("fee", "fixed"), lock("results", "fixed"), lock("visits", "tighten"),
}

func lock(field, mode string) any { return map[string]any{"path": "spec." + field, "mode": mode} }

// sealed are the documents of the catalogue that bear a seal.
func (n *Nation) sealed() []any {
	var out []any
	for _, s := range n.shapes {
		for _, p := range s.parts {
			if _, sealed := p.doc["seal"]; sealed && p.kind == "DocumentTemplate" {
				out = append(out, s.names(0)[p.name])
			}
		}
	}
	return out
}

// seals say who may use a seal on which document.
func (n *Nation) seals() []any {
	all := n.sealed()
	var automatic []any
	for _, s := range n.shapes {
		automatic = append(automatic, s.names(0)["doc-special"])
	}
	return []any{map[string]any{"roles": list("reviewer", "approver", "agency-head"), "for": all},
		map[string]any{"automatic": true, "for": automatic, "after": "accept"}}
}

func list(items ...string) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = item
	}
	return out
}

// roles are those that the workflows of the catalogue name, with those that publish configuration.
var roles = []struct {
	name, title, scope string
	permissions        []string
}{
	{"window-clerk", "综合窗口收发件员", "hall", []string{"case.receive", "case.print_receipt", "case.issue_result", "case.withdraw_on_behalf", "material.upload"}},
	{"reviewer", "审查人员", "department", []string{"case.pre_review", "case.accept", "case.correct", "case.refuse_acceptance", "case.review", "case.record_event",
		"case.transfer", "special.request", "extension.request", "seal.use"}},
	{"inspector", "现场核查员", "assigned", []string{"special.execute", "special.report"}},
	{"expert-coordinator", "评审组织人员", "assigned", []string{"special.execute", "special.report", "material.upload"}},
	{"approver", "分管领导", "department", []string{"case.decide", "case.issue_result", "special.approve", "seal.use"}},
	{"agency-head", "行政机关负责人", "department", []string{"extension.approve", "case.decide", "case.reopen", "seal.use"}},
	{"archivist", "档案管理员", "tenant", []string{"archive.manage", "archive.lend"}},
	{"supervisor", "电子监察员", "tenant", []string{"supervision.view"}},
	{"config-author", "事项编制人", "tenant", []string{"config.read", "config.author"}},
	{"config-reviewer", "事项审核发布人", "tenant", []string{"config.read", "config.review", "config.publish"}},
}

// The names of matters: a subject and an act.
var (
	subjects = []string{"小餐饮", "食品生产", "药品零售", "医疗器械", "公共场所卫生", "道路货物运输", "出租汽车", "城镇燃气", "户外广告", "建筑施工", "取水", "林木采伐", "种子生产",
		"动物防疫", "民办学校", "人力资源服务", "劳务派遣", "歌舞娱乐", "出版物零售", "危险化学品", "特种设备", "计量器具", "烟花爆竹", "港口", "测绘"}
	acts = []string{"经营许可", "经营许可变更", "经营许可延续", "经营许可注销", "设立审批", "设立变更审批", "从业资格认定", "场所审查", "设施验收", "方案审批", "临时许可", "补办", "年度审查",
		"项目核准", "选址意见", "占用审批", "改建审批", "迁移审批", "停业审批", "资质认定"}
)
