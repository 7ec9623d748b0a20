package casework

import (
	"context"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// uploadLife is how long a permitted upload may take.
const uploadLife = 30 * time.Minute

// maxUpload bounds a file whatever its material allows, in bytes.
const maxUpload = 2 << 30

// UploadInput announces a file.
type UploadInput struct {
	Owner    uuid.UUID // draft or case
	Material string
	Filename string
	Size     int64
	SHA256   string
	MIME     string
}

// RequestUpload permits one upload of exactly these bytes into quarantine. The
// owner's material decides type and size; both are checked again on completion.
func (s *Service) RequestUpload(ctx context.Context, in UploadInput) (*FileObject, blob.Upload, error) {
	if err := s.mayUpload(ctx, in.Owner); err != nil {
		return nil, blob.Upload{}, err
	}
	if err := in.validate(); err != nil {
		return nil, blob.Upload{}, err
	}
	now := clamp(s.clock.Now())
	f := &FileObject{ID: s.newID(now), Owner: in.Owner, Material: in.Material, Filename: in.Filename, Size: in.Size, MIME: in.MIME,
		SHA256: in.SHA256, Status: FileRequested, CreatedBy: authz.From(ctx).Account, CreatedAt: now}
	upload, err := s.objects.PresignPut(ctx, tenancy.Acting(ctx), f.quarantine(tenancy.Acting(ctx)), f.Size, f.MIME, uploadLife)
	if err != nil {
		return nil, upload, err
	}
	return f, upload, s.store.insertFile(ctx, f)
}

func (in UploadInput) validate() error {
	var problems problem.List
	if in.Size <= 0 || in.Size > maxUpload {
		problems.Add("$.size", "range", "文件大小应在 1 字节至 2 GB 之间")
	}
	if len(in.SHA256) != 64 || strings.ToLower(in.SHA256) != in.SHA256 {
		problems.Add("$.sha256", "format", "sha256 应为 64 位小写十六进制")
	}
	if in.Filename == "" || len(in.Filename) > 255 || strings.ContainsAny(in.Filename, "/\\\x00") {
		problems.Add("$.filename", "format", "文件名应为 1 至 255 字节，不含路径")
	}
	if in.Material == "" {
		problems.Add("$.material", "required", "须指明材料")
	}
	return problem.Invalid(problems)
}

func (f *FileObject) quarantine(tenant string) blob.Key {
	return blob.Key{Tenant: tenant, Purpose: blob.Quarantine(f.ID.String()), Digest: f.SHA256}
}

// Key is where the verified bytes of a file are kept.
func (f *FileObject) Key(tenant string) blob.Key {
	return blob.Key{Tenant: tenant, Purpose: blob.PurposeMaterial, Digest: f.SHA256}
}

// mayUpload: the applicant for an own draft or case; staff for a case in scope,
// or for one whose special procedure they carry out.
func (s *Service) mayUpload(ctx context.Context, owner uuid.UUID) error {
	draft, err := s.store.draft(ctx, owner)
	if err == nil {
		_, err := s.authz.Require(ctx, "file.upload", authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: draft.Account})
		return err
	}
	if problem.CodeOf(err) != problem.NotFound {
		return err
	}
	d, err := s.open(ctx, owner)
	if err != nil {
		return err
	}
	if authz.From(ctx).Type != authz.TypeStaff {
		_, err := s.authz.Require(ctx, "file.upload", d.object())
		return err
	}
	if d.running() {
		if decision, err := s.authz.Decide(ctx, "special.report", d.object()); err != nil || decision.Allow {
			return err
		}
	}
	_, err = s.authz.Require(ctx, "file.attach", d.object())
	return err
}

// running reports whether a special procedure is going on.
func (d *dossier) running() bool {
	return find(d.specials, func(r *SpecialRun) bool { return r.Status == specialRunning }) != nil
}

// CompleteUpload reads the quarantined bytes back: size, true type and SHA-256
// must be what was announced; then the file is kept under its digest. Bytes that
// differ are refused and can never be used (R-APP-04). Completing twice is once.
func (s *Service) CompleteUpload(ctx context.Context, id uuid.UUID) (*FileObject, error) {
	f, err := s.store.file(ctx, id)
	if err != nil {
		return nil, err
	}
	if f.CreatedBy != authz.From(ctx).Account {
		return nil, problem.Missing()
	}
	if f.Status == FileStored {
		return f, nil
	}
	tenant := tenancy.Acting(ctx)
	info, err := s.objects.Accept(ctx, tenant, f.quarantine(tenant), blob.PurposeMaterial, blob.Claim{Size: f.Size, MIME: f.MIME})
	if problem.CodeOf(err) == problem.Validation {
		f.Status, f.Reason = FileRefused, err.Error()
		if settled := s.store.settleFile(ctx, f); settled != nil {
			return nil, settled
		}
		return nil, err
	}
	if err != nil {
		return nil, err
	}
	f.Status, f.MIME = FileStored, info.MIME
	return f, s.store.settleFile(ctx, f)
}

// FileURL is a short-lived link to the bytes of a file of a draft or case that
// the caller may see.
func (s *Service) FileURL(ctx context.Context, f *FileObject) (string, error) {
	if f.Status != FileStored {
		return "", nil
	}
	tenant := tenancy.Acting(ctx)
	return s.objects.PresignGet(ctx, tenant, f.Key(tenant), f.Filename, uploadLife)
}
