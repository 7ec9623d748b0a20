package casework

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Object describes the case to authz.
func (v *View) Object() authz.Object { return v.object() }

// TaskObject describes a task of the case to authz, for one of its actions; with
// no action the permission is that of none.
func (v *View) TaskObject(t *Task, action string) authz.Object {
	if action == "" {
		return v.taskObject(t, "")
	}
	return v.taskObject(t, permissionOf(v.dossier, t, action))
}

// Today is the civil day on which the case was looked at.
func (v *View) Today() deadline.Date { return v.today }

// FieldsOf lists declared fields as something to ask a person for, by name.
func FieldsOf(spec map[string]kind.FieldSpec) []InputField { return specFields(spec) }

// File returns a file that the caller announced, or one of a draft or case that
// the caller may see; NotFound otherwise.
func (s *Service) File(ctx context.Context, id uuid.UUID) (*FileObject, error) {
	f, err := s.store.file(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.CreatedBy == authz.From(ctx).Account {
		return f, nil
	}
	owner := f.Owner
	if draft, err := s.store.draft(ctx, owner); err == nil && draft.CaseID != uuid.Nil {
		owner = draft.CaseID // what was uploaded to the draft belongs to its case
	}
	if _, err := s.View(ctx, owner); err != nil {
		return nil, problem.Missing()
	}
	return f, nil
}

// FilesOf returns the files uploaded for a draft or case that the caller has
// read, by id.
func (s *Service) FilesOf(ctx context.Context, owner uuid.UUID) (map[uuid.UUID]FileObject, error) {
	return s.store.files(ctx, owner)
}

// Reupload permits the upload of an announced file once more, for a repeated request.
func (s *Service) Reupload(ctx context.Context, f *FileObject) (blob.Upload, error) {
	tenant := tenancy.Acting(ctx)
	return s.objects.PresignPut(ctx, tenant, f.quarantine(tenant), f.Size, f.MIME, uploadLife)
}

// MatterID is the id by which the cases of a matter of the acting tenant are
// listed; NotFound when it offers none of that name.
func (s *Service) MatterID(ctx context.Context, name string) (uuid.UUID, error) {
	return s.store.matterID(ctx, name)
}
