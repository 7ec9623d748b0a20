package configuration

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Objects keeps the bytes of assets; *blob.Store does.
type Objects interface {
	Put(ctx context.Context, tenant string, key blob.Key, content io.Reader, size int64, mime string) error
	PresignPut(ctx context.Context, tenant string, key blob.Key, size int64, mime string, valid time.Duration) (blob.Upload, error)
	PresignGet(ctx context.Context, tenant string, key blob.Key, filename string, valid time.Duration) (string, error)
	Accept(ctx context.Context, tenant string, upload blob.Key, to blob.Purpose, claim blob.Claim) (blob.Info, error)
}

// Asset is a file that configuration names by `asset:`: a blank, a sample, a picture.
// It is kept once in a tenant, by its digest; tenants below read their ancestors'.
type Asset struct {
	Tenant    string
	SHA256    string
	Size      int64
	MIME      string // announced; once stored, as the bytes tell
	Status    string // requested, stored, refused
	Reason    string
	CreatedBy string
	CreatedAt time.Time
}

// The states of an asset.
const (
	AssetRequested = "requested"
	AssetStored    = "stored"
	AssetRefused   = "refused"
)

// Bounds of assets, and how long a permission to send or read one lasts.
const (
	maxAsset  = 64 << 20
	assetLife = 15 * time.Minute
)

// assetTypes are the media types that may be published: nothing that a browser would run.
var assetTypes = []string{
	"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv", "video/mp4", "audio/mpeg", "application/zip", "application/ofd",
	"application/msword", "application/vnd.ms-excel",
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

var assetDigest = regexp.MustCompile(`^[0-9a-f]{64}$`)

// AssetInput announces a file: SHA256 in 64 lower-case hex digits, Size in bytes.
type AssetInput struct {
	SHA256 string
	Size   int64
	MIME   string
}

func (in AssetInput) validate() error {
	var problems problem.List
	if !assetDigest.MatchString(in.SHA256) {
		problems.Add("$.sha256", "format", "sha256 应为 64 位小写十六进制")
	}
	if in.Size <= 0 || in.Size > maxAsset {
		problems.Add("$.size", "range", "文件大小应在 1 字节至 64 MB 之间")
	}
	if !slices.Contains(assetTypes, in.MIME) {
		problems.Add("$.mime", "format", "不接受 %s 类型的文件", in.MIME)
	}
	return problem.Invalid(problems)
}

// RequestAsset permits one upload of exactly these bytes. A file that the tenant has
// already is answered as stored: nothing needs to be sent. Needs config.author.
func (s *Service) RequestAsset(ctx context.Context, in AssetInput) (*Asset, blob.Upload, error) {
	if err := s.require(ctx, "config.author"); err != nil {
		return nil, blob.Upload{}, err
	}
	if err := in.validate(); err != nil {
		return nil, blob.Upload{}, err
	}
	if s.objects == nil {
		return nil, blob.Upload{}, noObjects()
	}
	a := &Asset{Tenant: tenancy.Acting(ctx), SHA256: in.SHA256, Size: in.Size, MIME: in.MIME, Status: AssetRequested,
		CreatedBy: authz.From(ctx).Actor(), CreatedAt: s.clock.Now()}
	upload, err := s.objects.PresignPut(ctx, a.Tenant, a.quarantine(), in.Size, in.MIME, assetLife)
	if err != nil {
		return nil, upload, err
	}
	if err := s.store.requestAsset(ctx, a); err != nil {
		return nil, upload, err
	}
	kept, err := s.store.asset(ctx, in.SHA256)
	return kept, upload, err
}

// CompleteAsset reads back what the caller has sent: size, true type and digest must
// be what was announced, then the file can be named in a change. Bytes that differ
// are Validation; Conflict "not_uploaded" when none came. Needs config.author.
func (s *Service) CompleteAsset(ctx context.Context, sha256 string) (*Asset, error) {
	if err := s.require(ctx, "config.author"); err != nil {
		return nil, err
	}
	a, err := s.store.asset(ctx, sha256)
	if err != nil || a.Status == AssetStored {
		return a, err
	}
	if s.objects == nil {
		return nil, noObjects()
	}
	sent := *a
	sent.CreatedBy = authz.From(ctx).Actor()
	info, err := s.objects.Accept(ctx, a.Tenant, sent.quarantine(), blob.PurposeAsset, blob.Claim{Size: a.Size, MIME: a.MIME})
	switch problem.CodeOf(err) {
	case problem.Validation:
		a.Status, a.Reason = AssetRefused, err.Error()
		if settled := s.store.settleAsset(ctx, a, s.clock.Now()); settled != nil {
			return nil, settled
		}
		return nil, err
	case problem.NotFound:
		return nil, problem.New(problem.Conflict, "not_uploaded", "文件内容尚未送达，或与申报的摘要不符而被拒收，请重新上传")
	}
	if err != nil {
		return nil, err
	}
	a.Status, a.MIME, a.Reason = AssetStored, info.MIME, ""
	return a, s.store.settleAsset(ctx, a, s.clock.Now())
}

// Asset returns a file of the acting tenant. Needs config.read.
func (s *Service) Asset(ctx context.Context, sha256 string) (*Asset, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	return s.store.asset(ctx, sha256)
}

// AssetURL is a short-lived link, good for anybody, to a file that a published
// resource of the acting tenant names (R-CAT-10): the caller has the digest from
// there. "" when neither the tenant nor one above keeps it.
func (s *Service) AssetURL(ctx context.Context, sha256, filename string) (string, error) {
	scope, ok := tenancy.From(ctx)
	if !ok || s.objects == nil || sha256 == "" {
		return "", nil
	}
	name := scope.Acting + "/" + sha256
	holder, known := s.holders.Get(name)
	if !known {
		found, err := s.store.storedAssets(ctx, scope.Lineage, []string{sha256})
		if err != nil || len(found) == 0 {
			return "", err
		}
		holder = found[sha256]
		s.holders.Add(name, holder)
	}
	return s.objects.PresignGet(ctx, holder, blob.Key{Tenant: holder, Purpose: blob.PurposeAsset, Digest: sha256}, filename, assetLife)
}

// quarantine is where the bytes that one author sends wait to be checked.
func (a *Asset) quarantine() blob.Key {
	return blob.Key{Tenant: a.Tenant, Purpose: blob.Quarantine(uuid.NewV5(uuid.NamespaceOID, a.SHA256+"/"+a.CreatedBy).String()), Digest: a.SHA256}
}

func noObjects() error {
	return &problem.Error{Code: problem.Unavailable, Reason: "object_store", Message: "文件存储暂时不可用，请稍后重试", Retryable: true}
}

// absentAssets reports the files that a change names by digest and that neither the
// acting tenant nor one above keeps, each at the value that names it (V-37).
func (s *Service) absentAssets(ctx context.Context, layers []*Layer, files []kind.File) (problem.List, error) {
	brought := contents(files)
	var wanted []string
	for _, l := range layers {
		for _, digest := range l.Assets {
			if brought[digest] == nil && !slices.Contains(wanted, digest) {
				wanted = append(wanted, digest)
			}
		}
	}
	if len(wanted) == 0 {
		return nil, nil
	}
	scope, _ := tenancy.From(ctx)
	kept, err := s.store.storedAssets(ctx, scope.Lineage, wanted)
	if err != nil {
		return nil, err
	}
	var problems problem.List
	for _, l := range layers {
		var list problem.List
		for _, asset := range kind.Assets(l.Resource) {
			digest := l.Assets[asset.Name]
			if digest != "" && brought[digest] == nil && kept[digest] == "" {
				list.Add(asset.Path, CodeMissingFile, "文件 %s 还没有上传完成（摘要 %s）", asset.Name, digest)
			}
		}
		problems = append(problems, l.Resource.Locate(list)...)
	}
	return problems, nil
}

// contents are the assets that come with their bytes, by digest.
func contents(files []kind.File) map[string][]byte {
	out := map[string][]byte{}
	for _, f := range files {
		if f.Digest != "" && f.Content != nil {
			out[f.Digest] = f.Content
		}
	}
	return out
}

// keepAssets stores the files that shipped packs bring, each in the tenant whose
// resource names it. Without an object store they are published without a link.
func (s *Service) keepAssets(ctx context.Context, layers []*Layer, files []kind.File) error {
	if s.objects == nil {
		return nil
	}
	brought := contents(files)
	for _, l := range layers {
		for _, digest := range l.Assets {
			content := brought[digest]
			tenant := l.Resource.Metadata.Tenant
			key := blob.Key{Tenant: tenant, Purpose: blob.PurposeAsset, Digest: digest}
			if err := s.objects.Put(ctx, tenant, key, bytes.NewReader(content), int64(len(content)), blob.TypeOf(content)); err != nil {
				return err
			}
		}
	}
	return nil
}
