package casework

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Draft is an application being filled (暂存). It is not pinned: what
// submission would say of it now, and what has changed since it was last saved, is
// computed when it is read (R-APP-03).
type Draft struct {
	ID        uuid.UUID
	Account   uuid.UUID
	Matter    string
	Form      form.Data
	formText  string
	Materials []MaterialInput
	CaseID    uuid.UUID // set when submitted
	ExpiresAt time.Time
	CreatedAt time.Time
	UpdatedAt time.Time
	Version   int
	Problems  problem.List
	Changes   []configuration.Alteration // since it was last saved; of a save, since the one before
	pins      configuration.Pins         // under which it was last saved
}

// draftLife is how long an untouched draft is kept.
const draftLife = 90 * 24 * time.Hour

// DraftInput saves a draft; a new one when ID is nil. Materials nil leaves them.
type DraftInput struct {
	ID        uuid.UUID
	Matter    string
	Form      []byte // JSON as sent: numbers keep their text
	Materials []MaterialInput
}

// SaveDraft keeps what was filled so far, incomplete as it may be, and tells
// what submission would refuse. Unknown fields and wrong types are refused now.
func (s *Service) SaveDraft(ctx context.Context, in DraftInput) (*Draft, error) {
	p := authz.From(ctx)
	d := &Draft{ID: in.ID, Account: p.Account, Matter: in.Matter, Version: 1}
	if in.ID != uuid.Nil {
		kept, err := s.book.draft(ctx, in.ID)
		if err != nil {
			return nil, err
		}
		d = kept
	}
	if _, err := s.authz.Require(ctx, "draft.save", authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: d.Account}); err != nil {
		return nil, err
	}
	if d.CaseID != uuid.Nil {
		return nil, problem.New(problem.Conflict, reasonDraftFiled, "申请已提交，不能再修改草稿")
	}
	matter, err := s.configuration.Current(ctx, d.Matter)
	if err != nil {
		return nil, err
	}
	if d.Form, err = matter.Form.Decode(in.Form); err != nil {
		return nil, err
	}
	if err := problem.Invalid(misfits(matter.Form, d.Form)); err != nil {
		return nil, err
	}
	if in.Materials != nil {
		d.Materials = in.Materials
	}
	if d.Changes, err = s.alterations(ctx, d, matter); err != nil {
		return nil, err
	}
	d.pins = matter.Pins
	now := clamp(s.clock.Now())
	d.UpdatedAt, d.ExpiresAt = now, now.Add(draftLife)
	if in.ID == uuid.Nil {
		d.ID, d.CreatedAt = s.newID(now), now
		err = s.book.insertDraft(ctx, d)
	} else {
		err = s.book.updateDraft(ctx, d)
	}
	if err != nil {
		return nil, err
	}
	d.formText = "" // of the save before this one
	return d, s.judge(ctx, d)
}

// alterations are what the applicant meets differently now than when the draft was last saved.
func (s *Service) alterations(ctx context.Context, d *Draft, matter *configuration.Matter) ([]configuration.Alteration, error) {
	if len(d.pins) == 0 || maps.Equal(d.pins, matter.Pins) {
		return nil, nil
	}
	old, err := s.configuration.Pinned(ctx, d.Matter, d.pins)
	if problem.CodeOf(err) == problem.NotFound {
		return nil, nil // the version belonged to another branch of the tree
	}
	if err != nil {
		return nil, err
	}
	return configuration.Alterations(old, matter), nil
}

// misfits are what filling in more can never put right: fields that the form does
// not have and values of another type.
func misfits(f *form.Form, d form.Data) problem.List {
	return slices.DeleteFunc(f.ValidateDraft(d, form.Circumstances{}), func(p problem.Problem) bool {
		return p.Code != "unknown_field" && p.Code != "type"
	})
}

// Draft returns one of the caller's drafts, judged.
func (s *Service) Draft(ctx context.Context, id uuid.UUID) (*Draft, error) {
	d, err := s.store.draft(ctx, id)
	if err != nil {
		return nil, err
	}
	if _, err := s.authz.Require(ctx, "draft.save", authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: d.Account}); err != nil {
		return nil, err
	}
	return d, s.judge(ctx, d)
}

// Drafts lists the caller's unsubmitted drafts in the acting tenant, last saved first.
func (s *Service) Drafts(ctx context.Context, limit int) ([]*Draft, error) {
	p := authz.From(ctx)
	if _, err := s.authz.Require(ctx, "draft.save", authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: p.Account}); err != nil {
		return nil, err
	}
	return s.store.drafts(ctx, p.Account, limit)
}

// judge fills in what submission would say of the draft at this moment.
func (s *Service) judge(ctx context.Context, d *Draft) error {
	matter, err := s.configuration.Current(ctx, d.Matter)
	if err != nil {
		return err
	}
	if len(d.Changes) == 0 {
		if d.Changes, err = s.alterations(ctx, d, matter); err != nil {
			return err
		}
	}
	if d.formText != "" {
		if d.Form, err = matter.Form.Decode([]byte(d.formText)); err != nil {
			d.Form, d.Problems = form.Data{}, problem.List{{Path: "$.form", Code: "outdated", Message: "表单已更新，请重新填写", Severity: problem.SeverityError}}
			return nil
		}
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return err
	}
	p := authz.From(ctx)
	kase := &Case{Tenant: tenancy.Acting(ctx), Form: matter.Form.ApplyDefaults(d.Form), Facts: form.Data{}, Channel: "web",
		Applicant: Applicant{Type: p.ObjectType, Name: p.Name, Level: p.Level, USCC: p.USCC}}
	c := s.newChange(ctx, &dossier{kase: kase, matter: matter, live: live})
	err = c.checkApplication(ctx, d, true)
	if refusal, ok := asProblems(err); ok {
		d.Problems = refusal
		return nil
	}
	return err
}

// FileObject is an uploaded file of a draft or case, as announced and, once stored, as found.
type FileObject struct {
	ID        uuid.UUID
	Owner     uuid.UUID
	Material  string
	Filename  string
	Size      int64
	MIME      string
	SHA256    string
	Status    string // requested, stored, refused
	Reason    string
	CreatedBy uuid.UUID
	CreatedAt time.Time
}

// The states of a file.
const (
	FileRequested = "requested"
	FileStored    = "stored"
	FileRefused   = "refused"
)

// reasonDraftFiled: the draft has become a case already. reasonDraftOutdated: what is
// asked has changed since the draft was saved, and the applicant has not seen how.
const (
	reasonDraftFiled    = "draft_filed"
	reasonDraftOutdated = "draft_outdated"
)

func (d *Draft) read(scan func(...any) error) error {
	r := &reader{}
	return r.plain(&d.ID, &d.Account, &d.Matter, &d.formText).json(&d.Materials).json(&d.pins).id(&d.CaseID).
		plain(&d.ExpiresAt, &d.CreatedAt, &d.UpdatedAt, &d.Version).scan(scan)
}

func (f *FileObject) read(scan func(...any) error) error {
	return scan(&f.ID, &f.Owner, &f.Material, &f.Filename, &f.Size, &f.MIME, &f.SHA256, &f.Status, &f.Reason, &f.CreatedBy, &f.CreatedAt)
}

func (d *Draft) columns() (formText, materials, pins string, err error) {
	text, err := form.Canonical(d.Form)
	if err != nil {
		return "", "", "", err
	}
	list := d.Materials
	if list == nil {
		list = []MaterialInput{}
	}
	given, err := json.Marshal(list)
	if err != nil {
		return "", "", "", err
	}
	saved, err := json.Marshal(d.pins)
	return string(text), string(given), string(saved), err
}
