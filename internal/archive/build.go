package archive

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"time"

	"zhengtong/internal/archive/pack"
	"zhengtong/internal/audit/chain"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/tenancy"
)

// statusFiled is the state of a package in the store (SM-16).
const statusFiled = "filed"

// build writes the package into out and describes it.
func (s *Service) build(ctx context.Context, d *dossier, out io.Writer) (*Package, error) {
	tenant, k, matter := tenancy.Acting(ctx), d.view.Case(), d.view.Matter()
	sources, err := s.sources(tenant, d)
	if err != nil {
		return nil, err
	}
	header := pack.Header{Format: pack.Format, Tenant: tenant, Case: k.No, Matter: k.MatterTitle, Algorithm: matter.Archive.Hash, PackedOn: d.today.String(),
		Retention: pack.Retention{Class: matter.ArchiveName, Years: matter.Archive.Retention.Years, Permanent: matter.Archive.Retention.Permanent},
		Chain:     pack.Chain{Subject: k.ID.String(), Head: k.EventHash, Algorithm: chain.SHA256}}
	if len(d.events) > 0 {
		header.Chain.Algorithm = d.events[0].Algorithm
	}
	if header.Algorithm == "" {
		header.Algorithm = "sha256"
	}
	if until := d.until(); !until.IsZero() {
		header.Retention.Until = until.String()
	}
	sum, counted := sha256.New(), &counter{}
	manifest, err := pack.Write(ctx, io.MultiWriter(out, sum, counted), header, sources)
	if err != nil {
		return nil, err
	}
	now := s.clock.Now()
	return &Package{ID: db.NewID(now), Case: k.ID, Class: matter.ArchiveName, Digest: hex.EncodeToString(sum.Sum(nil)), Root: manifest.Root, Size: counted.n,
		Items: len(manifest.Items), RetentionUntil: header.Retention.Until, Status: statusFiled, CreatedAt: now}, nil
}

// until is the last day of retention, counted from the day the case ended; zero when it is kept for ever.
func (d *dossier) until() deadline.Date {
	retention := d.view.Matter().Archive.Retention
	if retention.Permanent {
		return deadline.Date{}
	}
	ended := d.today
	if at := d.view.Case().FinishedAt; !at.IsZero() {
		ended = deadline.DateOf(at, d.view.Live().Location)
	}
	return ended.AddMonths(12 * retention.Years)
}

// forEver is how long the store is told to hold a permanent package: S3 knows no end later than that.
const forEver = 100 * 365 * 24 * time.Hour

// retain is how long from now the store must refuse to delete the package.
func (s *Service) retain(d *dossier) time.Duration {
	until := d.until()
	if until.IsZero() {
		return forEver
	}
	return max(24*time.Hour, until.AddDays(1).StartOf(d.view.Live().Location).Sub(s.clock.Now()))
}

// counter counts the bytes written to it.
type counter struct{ n int64 }

func (c *counter) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}
