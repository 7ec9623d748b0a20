package casework

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/workflow"
)

// book is where the verbs on a case read and write: the database, or the memory
// of a Sandbox. What a verb does is the same over either.
type book interface {
	draft(ctx context.Context, id uuid.UUID) (*Draft, error)
	insertDraft(ctx context.Context, d *Draft) error
	updateDraft(ctx context.Context, d *Draft) error
	files(ctx context.Context, owner uuid.UUID) (map[uuid.UUID]FileObject, error)
	matterID(ctx context.Context, name string) (uuid.UUID, error)
	load(ctx context.Context, id uuid.UUID) (*dossier, error)
	caseOf(ctx context.Context, table string, id uuid.UUID) (uuid.UUID, error)
	holders(ctx context.Context, role, department string, on deadline.Date) ([]holder, error)
	weigh(ctx context.Context, holders []holder, strategy string) error
	reserve(ctx context.Context, key string, n int64) (int64, error)
	recordLook(ctx context.Context, at time.Time, caseID uuid.UUID) error
	write(ctx context.Context, c *Change, read mark, chained []chain.Event) error
}

// Verbs is what people, clocks and jobs do to one case: all that a simulated
// journey consists of. *Service has it over the database, *Sandbox in memory.
type Verbs interface {
	SaveDraft(ctx context.Context, in DraftInput) (*Draft, error)
	Submit(ctx context.Context, in SubmitInput) (*View, error)
	View(ctx context.Context, id uuid.UUID) (*View, error)
	Act(ctx context.Context, in ActInput) (*View, error)
	IssueDocument(ctx context.Context, in IssueInput) (*View, *Document, error)
	Resubmit(ctx context.Context, in ResubmitInput) (*View, error)
	RecordEvent(ctx context.Context, in RecordEventInput) (*View, error)
	Withdraw(ctx context.Context, in VerbInput) (*View, error)
	Void(ctx context.Context, in VerbInput) (*View, error)
	Delete(ctx context.Context, in VerbInput, cause workflow.DeleteCause) (*View, error)
	Lapse(ctx context.Context, in VerbInput) (*View, error)
	RequestExtension(ctx context.Context, in ExtensionInput) (*View, error)
	DecideExtension(ctx context.Context, id uuid.UUID, approve bool, reason string) (*View, error)
	StartSpecial(ctx context.Context, in StartSpecialInput) (*View, error)
	DecideSpecial(ctx context.Context, id uuid.UUID, approve bool, reason string) (*View, error)
	RecordSpecialResult(ctx context.Context, id uuid.UUID, report map[string]any, executors []uuid.UUID) (*View, error)
	DraftLicence(ctx context.Context, caseID uuid.UUID, licenceType string) (*LicenceDraft, error)
	ReportAuto(ctx context.Context, caseID uuid.UUID, token string, done bool, payload map[string]any, with func(*db.Batch)) error
	Fire(ctx context.Context, timer uuid.UUID, with func(*db.Batch)) error
}

// only is the configuration of a sandbox: one matter, compiled from whatever draft.
type only struct {
	matter *configuration.Matter
	live   *configuration.Live
}

func (o only) Current(context.Context, string) (*configuration.Matter, error) { return o.matter, nil }

func (o only) Pinned(context.Context, string, configuration.Pins) (*configuration.Matter, error) {
	return o.matter, nil
}

func (o only) Shown(context.Context, string) (*configuration.Matter, bool, error) {
	return o.matter, true, nil
}

func (o only) RunningVersions(context.Context, string) ([]configuration.Running, error) {
	return nil, nil // nobody migrates a sandbox
}

func (o only) Live(context.Context) (*configuration.Live, error) { return o.live, nil }
