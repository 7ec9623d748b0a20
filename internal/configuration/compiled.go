package configuration

import (
	"time"

	"zhengtong/internal/code"
	"zhengtong/internal/deadline"
	"zhengtong/internal/document/layout"
	"zhengtong/internal/expr"
	"zhengtong/internal/fee"
	"zhengtong/internal/form"
	"zhengtong/internal/workflow"
	"zhengtong/schema/kind"
)

// Pins are what a case is pinned to: "Kind/name" → digest of the effective
// document (invariant I4). Matter, form, workflow, materials, fee schedule,
// special procedures, document templates, licence types and archive class.
type Pins map[string]string

// Matter is a concrete matter compiled whole: immutable, and safe to share. Its
// parts are shared by digest between tenants; the binding is the tenant's own.
type Matter struct {
	Tenant  string
	Name    string
	Digest  string // of the effective Matter
	Pins    Pins
	Spec    *kind.Matter
	Binding Binding

	FormSpec *kind.Form
	Form     *form.Form
	Facts    *expr.Type // of Matter.facts

	FlowSpec *kind.Workflow
	Net      *workflow.Net
	Guards   map[workflow.Guard]*expr.Program

	Materials  []MaterialTerm
	Situations []Situation
	Specials   map[string]*kind.SpecialProcedure // by name
	Documents  map[string]*Document              // by alias; special procedures' notices also by template name
	Licences   map[string]*LicenceType           // by name
	Fee        *fee.Schedule                     // nil when nothing is charged
	FeeSpec    *kind.FeeSchedule

	ArchiveName string
	Archive     *kind.ArchiveClass
	CaseNumber  code.Pattern
}

// Binding holds the per-tenant facts of an inherited matter, looked up and never compiled.
type Binding struct {
	Department         string // implementing department's name
	DepartmentTitle    string
	DepartmentShort    string // `{dept}` in number rules
	USCC               string
	ImplementationCode string
	Address            string
	Hours              string
	Phone              string
	Complaint          string
}

// MaterialTerm is one material as this matter asks for it.
type MaterialTerm struct {
	Ref          string
	Spec         *kind.Material
	Assets       map[string]string // its sample and blank: name → SHA-256
	Required     bool
	RequiredWhen *expr.Program // nil when Required decides alone
}

// Situation is one 情形 of the matter.
type Situation struct {
	ID   string
	Spec kind.Situation
	When *expr.Program
}

// Document is one document template as the matter uses it.
type Document struct {
	Name   string
	Digest string // of the effective DocumentTemplate together with its layout
	Spec   *kind.DocumentTemplate
	Layout layout.Layout
	Number *code.Pattern // nil when the template has no number rule
	Series string        // what the sequence is counted in, without tenant and year
	Seal   string        // SealPolicy name resolved for this tenant; '' when unsealed
}

// LicenceType is a licence type with its programs.
type LicenceType struct {
	Name      string
	Digest    string
	Spec      *kind.LicenceType
	Number    code.Pattern
	NumberMap map[string]*expr.Program
	FromExpr  *expr.Program
	ToExpr    *expr.Program
	Layout    layout.Layout
	Seal      string
}

// Live is what is read as it now stands, never pinned: calendar, departments,
// roles, seals, notification texts and the tenant's own policies. It is immutable.
type Live struct {
	Revision    int
	Tenant      *kind.Tenant
	Location    *time.Location
	DueTime     deadline.TimeOfDay
	Calendar    *deadline.Calendar
	Departments map[string]*kind.Department
	Roles       map[string]*kind.Role
	Seals       map[string]*kind.SealPolicy
	Notices     []Notice          // notification templates by declared order
	Theme       *kind.PortalTheme // that of the name `portal`; nil without one
}

// Notice is one notification template in force.
type Notice struct {
	Name string
	Spec *kind.NotificationTemplate
}
