package casework

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/configuration"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// uploadLife is how long a permitted upload may take.
const uploadLife = 30 * time.Minute

// reasonNotUploaded: a file is completed whose bytes did not arrive.
const reasonNotUploaded = "not_uploaded"

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
	terms, err := s.mayUpload(ctx, in.Owner)
	if err != nil {
		return nil, blob.Upload{}, err
	}
	if err := in.validate(terms); err != nil {
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

// uploadTerms are what an owner's matter asks of a file.
type uploadTerms struct {
	materials []configuration.MaterialTerm
	reports   bool // a case also takes the files of reports, which are no materials
}

func (in UploadInput) validate(terms uploadTerms) error {
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
	if problems.HasErrors() {
		return problem.Invalid(problems)
	}
	return problem.Invalid(in.misfits(terms))
}

// misfits are what the material named would refuse when the file is handed in:
// better said before the bytes are sent.
func (in UploadInput) misfits(terms uploadTerms) problem.List {
	var problems problem.List
	i := slices.IndexFunc(terms.materials, func(t configuration.MaterialTerm) bool { return t.Ref == in.Material })
	switch {
	case i >= 0:
		problems = checkFile(terms.materials[i].Spec, in.Filename, in.Size, in.MIME, "$.mime")
	case !terms.reports:
		problems.Add("$.material", "unknown_material", "本事项不需要材料 %s", in.Material)
	}
	for i := range problems {
		if problems[i].Code == "too_large" {
			problems[i].Path = "$.size"
		}
	}
	return problems
}

func (f *FileObject) quarantine(tenant string) blob.Key {
	return blob.Key{Tenant: tenant, Purpose: blob.Quarantine(f.ID.String()), Digest: f.SHA256}
}

// Key is where the verified bytes of a file are kept.
func (f *FileObject) Key(tenant string) blob.Key {
	return blob.Key{Tenant: tenant, Purpose: blob.PurposeMaterial, Digest: f.SHA256}
}

// mayUpload: the applicant for an own draft or case; staff for a case in scope,
// or for one whose special procedure they carry out. It answers what the owner's
// matter asks of a file.
func (s *Service) mayUpload(ctx context.Context, owner uuid.UUID) (uploadTerms, error) {
	draft, err := s.store.draft(ctx, owner)
	if problem.CodeOf(err) == problem.NotFound {
		d, err := s.open(ctx, owner)
		if err != nil {
			return uploadTerms{}, err
		}
		return uploadTerms{d.matter.Materials, true}, s.mayUploadToCase(ctx, d)
	}
	if err != nil {
		return uploadTerms{}, err
	}
	if _, err := s.authz.Require(ctx, "file.upload", authz.Object{Kind: "draft", Tenant: tenancy.Acting(ctx), Owner: draft.Account}); err != nil {
		return uploadTerms{}, err
	}
	matter, err := s.configuration.Current(ctx, draft.Matter)
	if err != nil {
		return uploadTerms{}, err
	}
	return uploadTerms{matter.Materials, false}, nil
}

func (s *Service) mayUploadToCase(ctx context.Context, d *dossier) error {
	if authz.From(ctx).Type != authz.TypeStaff {
		_, err := s.authz.Require(ctx, "file.upload", d.object())
		return err
	}
	if d.running() {
		if decision, err := s.authz.Decide(ctx, "special.report", d.object()); err != nil || decision.Allow {
			return err
		}
	}
	_, err := s.authz.Require(ctx, "file.attach", d.object())
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
	if problem.CodeOf(err) == problem.NotFound {
		return nil, problem.New(problem.Conflict, reasonNotUploaded, "文件“%s”的内容尚未送达，或与申报的摘要不符而被拒收，请重新上传", f.Filename)
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
