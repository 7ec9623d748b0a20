// Package archive files ended cases (R-ARC-02, DA/T 85): it waits until every
// document and licence of the case has its file, packs all of it with the hash
// chain of its events, and puts the package into the object store, where it
// cannot be changed or deleted before its retention ends.
package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/archive/pack"
	"zhengtong/internal/authz"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/db"
	"zhengtong/internal/licence"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Cases is what archiving needs of casework; casework.Service has it.
type Cases interface {
	View(ctx context.Context, id uuid.UUID) (*casework.View, error)
	Timeline(ctx context.Context, v *casework.View, after int64, first int) ([]*casework.Event, error)
	RecordBySystem(ctx context.Context, caseID uuid.UUID, event string, payload map[string]any, with func(*db.Batch)) error
}

// Licences lists the licences of a case; licence.Service does.
type Licences interface {
	ByCase(ctx context.Context, caseID uuid.UUID) ([]*licence.Licence, error)
}

// Objects is where files and packages are kept; blob.Store is one.
type Objects interface {
	Get(ctx context.Context, tenant string, key blob.Key) (io.ReadCloser, blob.Info, error)
	PutRetained(ctx context.Context, tenant string, key blob.Key, content io.Reader, size int64, mime string, retain time.Duration) error
}

// Config names what the service needs. Packages are built in TempDir, the system's when empty.
type Config struct {
	DB       *db.DB
	Clock    clock.Clock
	Cases    Cases
	Licences Licences
	Objects  Objects
	TempDir  string
	Logger   *slog.Logger
}

// Service packs cases and proves packages.
type Service struct {
	store    store
	clock    clock.Clock
	cases    Cases
	licences Licences
	objects  Objects
	tempDir  string
	log      *slog.Logger
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Clock": c.Clock == nil, "Cases": c.Cases == nil, "Licences": c.Licences == nil,
		"Objects": c.Objects == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("archive: %s is missing", name))
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{store: store{c.DB}, clock: c.Clock, cases: c.Cases, licences: c.Licences, objects: c.Objects, tempDir: c.TempDir, log: c.Logger},
		errors.Join(errs...)
}

// Package is a filed case package (SM-16).
type Package struct {
	ID             uuid.UUID
	Case           uuid.UUID
	Class          string
	Digest         string // SHA-256 of the file
	Root           string // Merkle root of its manifest
	Size           int64  // bytes
	Items          int
	RetentionUntil string // civil date; "" = permanent
	Status         string
	CreatedAt      time.Time
}

// waiting says that the case's files are not all there yet.
type waiting struct{ what string }

func (w waiting) Error() string { return "the case cannot be packed yet: " + w.what }

// NotYet tells the worker to come back.
func (waiting) NotYet() bool { return true }

// File packs an ended case of the acting tenant: the package goes into the
// object store under its retention, then its row, the event case.archived and
// with (the completion of the job that asked) are one transaction. A case is
// packed once; one whose files are still being made is refused with an error
// that says to come back.
func (s *Service) File(ctx context.Context, caseID uuid.UUID, with func(*db.Batch)) error {
	ctx = authz.With(ctx, authz.System())
	if _, err := s.store.byCase(ctx, caseID); problem.CodeOf(err) != problem.NotFound {
		if err != nil {
			return err
		}
		return s.store.settle(ctx, with)
	}
	d, err := s.gather(ctx, caseID)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(s.tempDir, "zhengtong-package-")
	if err != nil {
		return err
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	p, err := s.build(ctx, d, file)
	if err != nil {
		return fmt.Errorf("pack case %s: %w", d.view.Case().No, err)
	}
	key := blob.Key{Tenant: tenancy.Acting(ctx), Purpose: blob.PurposeArchive, Digest: p.Digest}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if err := s.objects.PutRetained(ctx, key.Tenant, key, file, p.Size, "application/zip", s.retain(d)); err != nil {
		return err
	}
	payload := map[string]any{"digest": p.Digest, "root": p.Root, "items": p.Items, "class": p.Class, "retention_until": p.RetentionUntil}
	return s.cases.RecordBySystem(ctx, caseID, "case.archived", payload, func(b *db.Batch) {
		s.store.insert(b, tenancy.Acting(ctx), p, d.view.Case().Version+1)
		with(b)
	})
}

// ByCase returns the package of a case of the acting tenant; NotFound when it
// is not filed. The caller has decided that the reader may see the case.
func (s *Service) ByCase(ctx context.Context, caseID uuid.UUID) (*Package, error) {
	return s.store.byCase(ctx, caseID)
}

// Verify reads the package of a case back, hashes every file and event anew, and
// compares the result with the root on file (四性检测, R-ARC-07).
func (s *Service) Verify(ctx context.Context, caseID uuid.UUID) (pack.Report, error) {
	p, err := s.store.byCase(ctx, caseID)
	if err != nil {
		return pack.Report{}, err
	}
	file, err := os.CreateTemp(s.tempDir, "zhengtong-verify-")
	if err != nil {
		return pack.Report{}, err
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	key := blob.Key{Tenant: tenancy.Acting(ctx), Purpose: blob.PurposeArchive, Digest: p.Digest}
	content, _, err := s.objects.Get(ctx, key.Tenant, key)
	if err != nil {
		return pack.Report{}, err
	}
	size, err := io.Copy(file, content)
	if err = errors.Join(err, content.Close()); err != nil {
		return pack.Report{}, err
	}
	report, err := pack.Verify(file, size)
	if err == nil && report.Manifest.Root != p.Root {
		report.Problems.Add(pack.ManifestName, pack.CodeManifest, "清单根与登记的不符")
	}
	return report, err
}
