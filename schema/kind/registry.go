package kind

import (
	"reflect"
	"slices"
	"sync"
)

// Info describes one kind: what it is called, whether tenants below inherit it, and which services read it.
type Info struct {
	Name        string   // Matter
	Title       string   // 实施清单
	Inheritable bool     // false: it belongs to one tenant (domain part 3.1)
	Services    []string // packages under internal/ that use it
	Later       []string // packages that will: until then it is checked and stored, and nothing acts on it
	New         func() any
	shape       *shape
}

// Schema is the JSON Schema (2020-12) of a whole resource of the kind.
func (i Info) Schema() map[string]any { return jsonSchema(i) }

// set holds the kinds and what the engine derived from their tags.
type set struct {
	infos    []Info
	byName   map[string]int
	metadata *shape
}

// catalog derives the shapes of all kinds once, on first use; it never changes afterwards.
var catalog = sync.OnceValue(func() *set {
	all := shapes{}
	s := &set{byName: map[string]int{}, metadata: all.of(reflect.TypeFor[Metadata]())}
	for _, info := range declared() {
		info.shape = all.of(reflect.TypeOf(info.New()))
		s.byName[info.Name] = len(s.infos)
		s.infos = append(s.infos, info)
	}
	return s
})

// Kinds lists all kinds in the order of the reference.
func Kinds() []Info { return slices.Clone(catalog().infos) }

// Names lists the names of all kinds.
func Names() []string {
	out := make([]string, 0, len(catalog().infos))
	for _, info := range catalog().infos {
		out = append(out, info.Name)
	}
	return out
}

// KindInfo finds a kind by name.
func KindInfo(name string) (Info, bool) {
	i, ok := catalog().byName[name]
	if !ok {
		return Info{}, false
	}
	return catalog().infos[i], true
}

func kindOf[T any](title string, services ...string) Info {
	return Info{Name: reflect.TypeFor[T]().Name(), Title: title, Inheritable: true, Services: services, New: func() any { return new(T) }}
}

// local marks a kind that belongs to one tenant and is never inherited.
func local(info Info) Info {
	info.Inheritable = false
	return info
}

// later names the services that do not act on the kind yet.
func later(info Info, services ...string) Info {
	info.Later = services
	return info
}

// declared is the list of the 44 kinds (domain part 3.2).
func declared() []Info {
	return []Info{
		local(kindOf[Tenant]("租户", "tenancy", "configuration")),
		later(local(kindOf[Department]("部门", "configuration", "casework")), "supervision"),
		kindOf[Role]("角色", "authz"),
		later(kindOf[AuthPolicy]("认证策略"), "identity"),
		later(kindOf[Policy]("访问策略"), "authz"),
		kindOf[Calendar]("工作日历", "deadline", "casework"),
		later(kindOf[CodeSet]("字典", "form"), "exchange"),
		kindOf[NumberRule]("编号", "casework"),
		later(kindOf[CatalogueItem]("目录清单"), "matter"),
		kindOf[Matter]("实施清单", "matter", "casework"),
		local(kindOf[Adoption]("承接", "configuration")),
		kindOf[Form]("表单", "form", "casework"),
		kindOf[Material]("材料", "casework"),
		kindOf[Workflow]("流程", "workflow", "casework"),
		kindOf[SpecialProcedure]("特别程序", "casework", "deadline"),
		later(kindOf[FeeSchedule]("收费标准", "fee"), "payment"),
		kindOf[LicenceType]("证照类型", "licence"),
		later(local(kindOf[SealPolicy]("印章", "casework", "document")), "seal"),
		kindOf[DocumentTemplate]("文书模板", "document"),
		kindOf[NotificationTemplate]("通知模板", "notify"),
		later(kindOf[Bundle]("联办", "workflow"), "casework"),
		later(kindOf[Scenario]("场景"), "matter"),
		later(local(kindOf[Hall]("大厅", "configuration")), "booking"),
		later(kindOf[ConsultPolicy]("咨询规则"), "consultation"),
		later(kindOf[ComplaintPolicy]("投诉规则"), "consultation", "supervision"),
		later(kindOf[SupervisionRule]("监察规则"), "supervision"),
		later(kindOf[PerformanceScheme]("绩效方案"), "supervision"),
		later(kindOf[EvaluationIndex]("评价指标"), "report"),
		later(kindOf[Report]("统计报表"), "report"),
		later(kindOf[DataCollection]("填报任务"), "exchange", "report"),
		later(kindOf[DisclosureDuty]("公开义务"), "content", "supervision"),
		later(kindOf[EntitlementRule]("免申即享"), "casework", "exchange"),
		later(kindOf[ProjectTemplate]("重大项目"), "supervision"),
		later(kindOf[Registry]("名录"), "content"),
		kindOf[ArchiveClass]("档案类目", "archive"),
		later(kindOf[ContentChannel]("栏目"), "content"),
		later(kindOf[Survey]("调查"), "rating"),
		later(kindOf[DataService]("数据服务"), "exchange", "form"),
		later(kindOf[Dataset]("开放数据"), "exchange"),
		later(kindOf[Connector]("对接"), "exchange", "notify", "payment"),
		kindOf[Pack]("配置包", "configuration"),
		later(kindOf[PortalTheme]("门户", "configuration"), "content"),
		local(kindOf[Migration]("迁移", "configuration", "casework")),
		later(kindOf[Publication]("发布"), "configuration"),
	}
}
