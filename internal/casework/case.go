package casework

import (
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/workflow"
)

// Case is one 办件. It is changed by Commit alone, and pinned to the digests it
// started under (invariant I4).
type Case struct {
	Tenant       string
	ID           uuid.UUID
	No           string
	QueryCode    string // secret of the owner
	Status       workflow.Status
	Outcome      string
	FinishCode   string
	Source       string // native, external, back_entry
	Channel      string // web, mobile, window, terminal, batch
	Delivery     string // pickup, courier, electronic
	MatterID     uuid.UUID
	MatterName   string
	MatterTitle  string
	MatterDigest string
	Pins         map[string]string // kind/name → effective digest
	Department   string            // implementing department
	ApplicantID  uuid.UUID
	Applicant    Applicant
	AgentID      uuid.UUID
	ProjectName  string
	Form         form.Data
	formText     string // as stored, decoded by the pinned form
	factsText    string
	FormDigest   string
	Facts        form.Data
	State        workflow.State
	DraftID      uuid.UUID
	ReceivedAt   time.Time
	ReceivedOn   deadline.Date // civil date of receipt by T-03
	AcceptedOn   deadline.Date
	Deemed       bool
	DecidedOn    deadline.Date
	PromisedDue  deadline.Date
	StatutoryDue deadline.Date
	DueOn        deadline.Date // nearest due date of a running case clock
	FinishedAt   time.Time
	ArchivedAt   time.Time
	EventSeq     int64
	EventHash    string
	CreatedAt    time.Time
	UpdatedAt    time.Time
	Version      int
}

// Applicant is the applicant as at submission; expressions see it as `applicant`.
type Applicant struct {
	Type    string `json:"type"` // service_objects value
	Name    string `json:"name"`
	Level   string `json:"level"`
	IsAgent bool   `json:"is_agent"`
	USCC    string `json:"uscc,omitempty"`
	IDType  string `json:"id_type,omitempty"`
}

// The states of a task (SM-06).
const (
	TaskOffered    = "offered"
	TaskInProgress = "in_progress"
	TaskDone       = "done"
	TaskCancelled  = "cancelled"
	TaskSkipped    = "skipped"
)

// Task is one visit to a node of the workflow that waits for somebody or something.
type Task struct {
	row
	ID             uuid.UUID
	CaseID         uuid.UUID
	Token          string
	Node           string
	NodeType       string
	Visit          int
	Title          string
	State          string
	Department     string
	Role           string
	Assignee       uuid.UUID // staff
	MinimumPersons int
	DueOn          deadline.Date
	Action         string
	Opinion        string
	Fields         map[string]any
	Actor          uuid.UUID
	OpenedAt       time.Time
	ClosedAt       time.Time
	Version        int
}

// Open reports whether the task still waits.
func (t Task) Open() bool { return t.State == TaskOffered || t.State == TaskInProgress }

// The states of a material of a case.
const (
	MaterialMissing   = "missing"
	MaterialSubmitted = "submitted"
	MaterialAccepted  = "accepted"
	MaterialDefective = "defective"
	MaterialWaived    = "waived"
	MaterialCommitted = "committed" // 告知承诺
	MaterialTolerated = "tolerated" // 容缺
	MaterialReused    = "reused"
)

// Material is one required or offered paper of a case.
type Material struct {
	row
	ID          uuid.UUID
	CaseID      uuid.UUID
	Ref         string
	Title       string
	Required    bool
	Status      string
	Files       []File
	DueOn       deadline.Date // of a tolerated material
	FulfilledBy string
	DefectNote  string
	Corrected   bool
	UpdatedAt   time.Time
}

// File names stored bytes by their digest.
type File struct {
	ID       uuid.UUID `json:"id"`
	Filename string    `json:"filename"`
	Size     int64     `json:"size"`
	MIME     string    `json:"mime"`
	SHA256   string    `json:"sha256"`
}

// Correction is one 补正 (SM-07). At most one is live per case (invariant 6).
type Correction struct {
	row
	ID          uuid.UUID
	CaseID      uuid.UUID
	Sequence    int
	Items       []CorrectionItem
	Reason      string
	Status      string // issued, satisfied, expired, closed
	IssuedBy    uuid.UUID
	IssuedAt    time.Time
	DueOn       deadline.Date
	Resubmitted time.Time
}

// CorrectionItem asks for one material again.
type CorrectionItem struct {
	Material            string `json:"material"`
	Title               string `json:"title"`
	Requirement         string `json:"requirement"`
	WasReviewableBefore bool   `json:"was_reviewable_before"`
}

// SpecialRun is one run of a special procedure (SM-08).
type SpecialRun struct {
	row
	ID          uuid.UUID
	CaseID      uuid.UUID
	Token       string
	Procedure   string
	Type        string
	Status      string // requested, running, completed, overrun, rejected, cancelled
	Reason      string
	RequestedBy uuid.UUID
	ApprovedBy  uuid.UUID
	StartedOn   deadline.Date
	EarliestOn  deadline.Date // a result before it is refused
	ExpectedOn  deadline.Date // its maximum; the suspension ends here (T-15)
	EndedOn     deadline.Date
	Result      string
	Report      map[string]any
	Executors   []uuid.UUID
	CreatedAt   time.Time
	Version     int
}

// Extension is one 延期 (SM-09).
type Extension struct {
	row
	ID          uuid.UUID
	CaseID      uuid.UUID
	ClockID     uuid.UUID
	N           int
	Unit        deadline.Unit
	Reason      string
	Status      string // requested, effective, rejected, lapsed
	RequestedBy uuid.UUID
	RequestedAt time.Time
	DecidedBy   uuid.UUID
	DecidedAt   time.Time
}

// Clock is one running or stopped limit with its ledger.
type Clock struct {
	row
	ID          uuid.UUID
	CaseID      uuid.UUID
	Owner       uuid.UUID // case, task, correction or special run
	DueOn       deadline.Date
	Provisional bool
	Body        deadline.Clock
	CreatedAt   time.Time
}

// Timer is one rung of a clock that fires once.
type Timer struct {
	row
	ID      uuid.UUID
	CaseID  uuid.UUID
	ClockID uuid.UUID
	Rung    string
	FireAt  time.Time
	State   string // waiting, dispatched, fired, cancelled
}

// Document is the record of an issued document; the PDF follows from it.
type Document struct {
	row
	ID             uuid.UUID
	CaseID         uuid.UUID
	TaskID         uuid.UUID
	Action         string
	Alias          string
	Template       string
	TemplateDigest string
	Class          string
	Title          string
	Series         string
	Seq            int64
	Number         string
	number         numberParts // of a fresh record
	Values         string      // canonical JSON
	ContentDigest  string
	Seal           string
	CaseVersion    int
	CivilDate      deadline.Date
	IssuedAt       time.Time
	IssuedBy       string
	UsedAt         time.Time
	VoidedAt       time.Time
	VoidedReason   string
	FileDigest     string
	FileSize       int64
	RenderedAt     time.Time
}

// Event is one link of a case's hash chain.
type Event struct {
	Seq        int64
	Type       string
	Actor      string
	ActingRole string
	At         time.Time
	Payload    string // canonical JSON {field: {salt, value}}
	Root       string
	PrevHash   string
	Hash       string
	Algorithm  string
}
