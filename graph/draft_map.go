package graph

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/problem"
)

// Files keeps drafts and uploaded files (casework.Service).
type Files interface {
	SaveDraft(ctx context.Context, in casework.DraftInput) (*casework.Draft, error)
	Draft(ctx context.Context, id uuid.UUID) (*casework.Draft, error)
	Drafts(ctx context.Context, limit int) ([]*casework.Draft, error)
	RequestUpload(ctx context.Context, in casework.UploadInput) (*casework.FileObject, blob.Upload, error)
	Reupload(ctx context.Context, f *casework.FileObject) (blob.Upload, error)
	CompleteUpload(ctx context.Context, id uuid.UUID) (*casework.FileObject, error)
	File(ctx context.Context, id uuid.UUID) (*casework.FileObject, error)
	FilesOf(ctx context.Context, owner uuid.UUID) (map[uuid.UUID]casework.FileObject, error)
	FileURL(ctx context.Context, f *casework.FileObject) (string, error)
}

func draftModel(tenant string, d *casework.Draft) *model.Draft {
	return &model.Draft{ID: relay.Of(relay.Draft, tenant, d.ID), Row: d, ExpiresAt: d.ExpiresAt, SavedAt: d.UpdatedAt, Version: d.Version}
}

// judged returns a draft with its form and what submission would say of it; lists
// read neither.
func (r *Resolver) judged(ctx context.Context, d *model.Draft) (*casework.Draft, error) {
	if d.Row.Form != nil {
		return d.Row, nil
	}
	ctx, err := r.within(ctx, d.ID.Tenant)
	if err != nil {
		return nil, err
	}
	return r.loadersOf(ctx).drafts.get(key{d.ID.Tenant, d.Row.ID}, func() (*casework.Draft, error) { return r.Files.Draft(ctx, d.Row.ID) })
}

// draftLimit bounds how many drafts one applicant's list shows in a tenant; each is deleted 90 days after it was last saved.
const draftLimit = 500

// draftsAfter are the viewer's drafts behind a cursor, one more than the page asks for.
func (r *Resolver) draftsAfter(ctx context.Context, page relay.Page) ([]*casework.Draft, error) {
	drafts, err := r.Files.Drafts(ctx, draftLimit)
	if err != nil {
		return nil, err
	}
	if page.After != nil {
		at, err := time.Parse(time.RFC3339Nano, page.After[0])
		if err != nil {
			return nil, problem.New(problem.BadRequest, "bad_cursor", "游标无效，或属于另一个列表")
		}
		i := 0
		for i < len(drafts) && (drafts[i].UpdatedAt.After(at) || (drafts[i].UpdatedAt.Equal(at) && drafts[i].ID.String() <= page.After[1])) {
			i++
		}
		drafts = drafts[i:]
	}
	return drafts[:min(len(drafts), page.First+1)], nil
}

// draftMaterials shows what was handed in so far, with the files uploaded for it.
func (r *Resolver) draftMaterials(ctx context.Context, d *model.Draft) ([]*model.DraftMaterial, error) {
	ctx, err := r.within(ctx, d.ID.Tenant)
	if err != nil {
		return nil, err
	}
	files, err := r.Files.FilesOf(ctx, d.Row.ID)
	if err != nil {
		return nil, err
	}
	return each(d.Row.Materials, func(m casework.MaterialInput) *model.DraftMaterial {
		out := &model.DraftMaterial{Ref: m.Ref, Commitment: m.Commitment, Files: []*model.File{}}
		for _, id := range m.Files {
			if f, ok := files[id]; ok {
				out.Files = append(out.Files, r.file(d.ID.Tenant, f))
			}
		}
		return out
	}), nil
}

// file shows an uploaded file; the link is made when it is asked for.
func (r *Resolver) file(tenant string, f casework.FileObject) *model.File {
	return &model.File{
		ID: relay.Of(relay.File, tenant, f.ID), Filename: f.Filename, Size: int(f.Size), Mime: f.MIME, Sha256: f.SHA256, Status: fileStatus(f.Status),
		Link: func(ctx context.Context) (string, error) {
			ctx, err := r.within(ctx, tenant)
			if err != nil {
				return "", err
			}
			return r.Files.FileURL(ctx, &f)
		},
	}
}

func fileStatus(status string) model.FileStatus {
	switch status {
	case casework.FileStored:
		return model.FileStatusStored
	case casework.FileRefused:
		return model.FileStatusRejected
	}
	return model.FileStatusPending
}

// materialInputs reads materials handed in; nil stays nil, which leaves them as they are.
func materialInputs(list []*model.MaterialInput, tenant string) ([]casework.MaterialInput, error) {
	if list == nil {
		return nil, nil
	}
	out := make([]casework.MaterialInput, len(list))
	for i, m := range list {
		if m.Reuse != nil {
			return nil, problem.Invalid(problem.List{{Path: "$.materials[ref=" + m.Ref + "].reuse", Code: "unsupported", Message: "材料“" + m.Ref + "”不能以证照代替，请上传文件", Severity: problem.SeverityError}})
		}
		files, err := uuids(m.Files, relay.File, tenant)
		if err != nil {
			return nil, err
		}
		out[i] = casework.MaterialInput{Ref: m.Ref, Files: files, Commitment: or(m.Commitment, false)}
	}
	return out, nil
}

// upload is a file with the permission to send its bytes.
type upload struct {
	file   *casework.FileObject
	permit blob.Upload
}

func (r *Resolver) uploadPayload(tenant string, u upload) (*model.UploadPayload, error) {
	headers, err := json.Marshal(u.permit.Headers)
	if err != nil {
		return nil, err
	}
	return &model.UploadPayload{File: r.file(tenant, *u.file), URL: u.permit.URL, Method: u.permit.Method, Headers: headers, ExpiresAt: u.permit.Expires}, nil
}

// requestUpload announces a file; a repeat gets a fresh permission for the same file.
func (r *Resolver) requestUpload(ctx context.Context, in casework.UploadInput) (upload, error) {
	return once(ctx, r, func(ctx context.Context, id string) (upload, error) {
		f, err := r.Files.File(ctx, uuid.FromStringOrNil(id))
		if err != nil {
			return upload{}, err
		}
		permit, err := r.Files.Reupload(ctx, f)
		return upload{f, permit}, err
	}, func(ctx context.Context) (upload, error) {
		f, permit, err := r.Files.RequestUpload(ctx, in)
		return upload{f, permit}, err
	})
}

// owner finds what an upload belongs to: a draft, a case, or the case of a special procedure.
func (r *Resolver) owner(ctx context.Context, id relay.ID) (uuid.UUID, error) {
	if id.Type != relay.SpecialRun {
		return id.UUID(), nil
	}
	v, err := r.caseOf(ctx, id)
	if err != nil {
		return uuid.Nil, err
	}
	return v.Case().ID, nil
}

func problemModels(list problem.List) []*model.Problem {
	return each(list, func(p problem.Problem) *model.Problem {
		severity := model.SeverityError
		if p.Severity == problem.SeverityWarning {
			severity = model.SeverityWarning
		}
		return &model.Problem{File: opt(p.File), Line: opt(p.Line), Column: opt(p.Column), Path: opt(p.Path), Code: p.Code, Message: p.Message, Hint: opt(p.Hint), Severity: severity}
	})
}

func draftConnection(tenant string, page relay.Page, rows []*casework.Draft) *model.DraftConnection {
	rows, more := relay.Cut(page, rows)
	list, info := edges(page, rows, more, func(d *casework.Draft) []string { return []string{instant(d.UpdatedAt), d.ID.String()} },
		func(cursor string, d *casework.Draft) *model.DraftEdge {
			return &model.DraftEdge{Cursor: cursor, Node: draftModel(tenant, d)}
		})
	return &model.DraftConnection{Edges: list, PageInfo: info}
}

// draftAgain and fileAgain answer the repeat of a mutation from what its record names.
func (r *Resolver) draftAgain(ctx context.Context, id string) (*casework.Draft, error) {
	return r.Files.Draft(ctx, uuid.FromStringOrNil(id))
}

func (r *Resolver) fileAgain(ctx context.Context, id string) (*casework.FileObject, error) {
	return r.Files.File(ctx, uuid.FromStringOrNil(id))
}

func fileID(f *casework.FileObject) string { return f.ID.String() }
