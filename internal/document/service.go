// Package document makes the files of issued documents (文书). The record of a
// document, with its number and values, is made by casework in the commit that
// needs it (invariant I7); the PDF follows from the record as an effect and can
// be made again at any time: same record, same bytes.
package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/blob"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/document/font"
	"zhengtong/internal/document/render"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Configuration is what documents read of the tenants' declarations.
type Configuration interface {
	Pinned(ctx context.Context, name string, pins configuration.Pins) (*configuration.Matter, error)
	Live(ctx context.Context) (*configuration.Live, error)
}

// Objects is where the files are kept; blob.Store is one.
type Objects interface {
	Put(ctx context.Context, tenant string, key blob.Key, content io.Reader, size int64, mime string) error
	PresignGet(ctx context.Context, tenant string, key blob.Key, filename string, valid time.Duration) (string, error)
}

// Config names what the service needs. VerifyBase is the public origin under
// which documents are verified, such as https://zt.example; it is part of the
// page, so it must not change lightly.
type Config struct {
	DB            *db.DB
	Tree          *tenancy.Tree
	Clock         clock.Clock
	Configuration Configuration
	Objects       Objects
	Fonts         *font.Set
	VerifyBase    string
	Logger        *slog.Logger
}

// Service renders document records and gives links to their files.
type Service struct {
	store         store
	tree          *tenancy.Tree
	clock         clock.Clock
	configuration Configuration
	objects       Objects
	fonts         *font.Set
	verifyBase    string
	log           *slog.Logger
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Tree": c.Tree == nil, "Clock": c.Clock == nil, "Configuration": c.Configuration == nil,
		"Objects": c.Objects == nil, "Fonts": c.Fonts == nil, "VerifyBase": c.VerifyBase == ""} {
		if absent {
			errs = append(errs, fmt.Errorf("document: %s is missing", name))
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	return &Service{store: store{c.DB}, tree: c.Tree, clock: c.Clock, configuration: c.Configuration, objects: c.Objects, fonts: c.Fonts,
		verifyBase: c.VerifyBase, log: c.Logger}, errors.Join(errs...)
}

// Render makes the PDF of a record of the acting tenant by the template it is
// pinned to, stores it by its digest and notes digest and size in the record.
// Rendering twice does nothing more. with is added to the transaction that
// notes the file: the completion of the job that asked.
func (s *Service) Render(ctx context.Context, id uuid.UUID, with func(*db.Batch)) error {
	r, err := s.store.load(ctx, id)
	if err != nil {
		return err
	}
	if r.fileDigest != "" {
		return s.store.settle(ctx, with)
	}
	file, digest, err := s.draw(ctx, r)
	if err != nil {
		return fmt.Errorf("render document %s: %w", id, err)
	}
	tenant := tenancy.Acting(ctx)
	key := blob.Key{Tenant: tenant, Purpose: blob.PurposeDocument, Digest: digest}
	if err := s.objects.Put(ctx, tenant, key, bytes.NewReader(file), int64(len(file)), "application/pdf"); err != nil {
		return err
	}
	return s.store.rendered(ctx, id, digest, int64(len(file)), s.clock.Now(), with)
}

func (s *Service) draw(ctx context.Context, r row) ([]byte, string, error) {
	matter, template, err := s.templateOf(ctx, r)
	if err != nil {
		return nil, "", err
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return nil, "", err
	}
	values, err := decode(r.values)
	if err != nil {
		return nil, "", err
	}
	assets := render.Assets{Fonts: s.fonts, Organisation: matter.Binding.DepartmentTitle, Seal: Stamp(live, matter, r.seal),
		VerifyURL: s.verifyURL(tenancy.Acting(ctx), r), Zone: live.Location}
	record := render.Record{Number: r.number, Title: r.title, TemplateDigest: r.templateDigest, Values: values, ContentDigest: r.contentDigest, IssuedOn: r.civilDate}
	file, result, err := render.Render(record, template.Layout, assets)
	if err == nil && len(result.Missing)+len(result.Absent) > 0 {
		s.log.WarnContext(ctx, "a document has gaps", "document", r.id.String(), "template", r.template, "glyphs", result.Missing, "values", result.Absent)
	}
	return file, result.Digest, err
}

// templateOf finds the template that a record was made with among those of its matter, as
// its case is pinned to it or, for a case that was moved to another version since, was.
func (s *Service) templateOf(ctx context.Context, r row) (*configuration.Matter, *configuration.Document, error) {
	versions := []configuration.Pins{r.pins}
	for i := 0; i < len(versions); i++ {
		matter, err := s.configuration.Pinned(ctx, r.matter, versions[i])
		if err != nil {
			return nil, nil, err
		}
		for _, d := range matter.Documents {
			if d.Name == r.template && d.Digest == r.templateDigest {
				return matter, d, nil
			}
		}
		if i > 0 {
			continue
		}
		earlier, err := s.store.earlierPins(ctx, r.kase)
		if err != nil {
			return nil, nil, err
		}
		versions = append(versions, earlier...)
	}
	return nil, nil, fmt.Errorf("matter %s has no template %s of digest %s", r.matter, r.template, r.templateDigest)
}

// decode reads values with numbers as their text.
func decode(text string) (map[string]any, error) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var values map[string]any
	if err := d.Decode(&values); err != nil {
		return nil, fmt.Errorf("values of the record: %w", err)
	}
	return values, nil
}

// File is a link to a rendered document.
type File struct {
	URL      string // valid for LinkTime
	Filename string
	Size     int64 // bytes
	Digest   string
}

// LinkTime is how long a link to a file is good for.
const LinkTime = 10 * time.Minute

// File returns a link to a document's PDF; Conflict "not_rendered" while there
// is none yet. The caller has decided that the reader may see the case.
func (s *Service) File(ctx context.Context, id uuid.UUID) (File, error) {
	r, err := s.store.load(ctx, id)
	if err != nil {
		return File{}, err
	}
	if r.fileDigest == "" {
		e := problem.New(problem.Conflict, "not_rendered", "文书正在生成，请稍后再试")
		e.Retryable, e.RetryAfter = true, time.Second
		return File{}, e
	}
	name := r.title
	if r.number != "" {
		name += " " + r.number
	}
	f := File{Filename: name + ".pdf", Size: r.fileSize, Digest: r.fileDigest}
	key := blob.Key{Tenant: tenancy.Acting(ctx), Purpose: blob.PurposeDocument, Digest: r.fileDigest}
	f.URL, err = s.objects.PresignGet(ctx, key.Tenant, key, f.Filename, LinkTime)
	return f, err
}
