// Package licence issues electronic licences (电子证照): signed data messages
// with the force of paper (R-LIC-04; 国务院令第716号), their files, the answer to
// whoever checks one (R-LIC-06, R-LIC-07), and the holder's list.
package licence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/document/font"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Cases is what licences need of casework; casework.Service has it.
type Cases interface {
	DraftLicence(ctx context.Context, caseID uuid.UUID, licenceType string) (*casework.LicenceDraft, error)
	ReportAuto(ctx context.Context, caseID uuid.UUID, token string, done bool, payload map[string]any, with func(*db.Batch)) error
	RecordBySystem(ctx context.Context, caseID uuid.UUID, event string, payload map[string]any, with func(*db.Batch)) error
}

// Configuration is what licences read of the tenants' declarations.
type Configuration interface {
	Pinned(ctx context.Context, name string, pins configuration.Pins) (*configuration.Matter, error)
	Live(ctx context.Context) (*configuration.Live, error)
}

// Objects is where the files are kept; blob.Store is one.
type Objects interface {
	Put(ctx context.Context, tenant string, key blob.Key, content io.Reader, size int64, mime string) error
	PresignGet(ctx context.Context, tenant string, key blob.Key, filename string, valid time.Duration) (string, error)
}

// Keys gives each tenant its signing key; crypt.Keys does.
type Keys interface {
	Signer(tenant, purpose string) (crypt.Signer, error)
	Hash(data []byte) []byte
}

// Config names what the service needs. VerifyBase is the public origin that QR codes point to.
type Config struct {
	DB            *db.DB
	Tree          *tenancy.Tree
	Clock         clock.Clock
	Cases         Cases
	Configuration Configuration
	Objects       Objects
	Keys          Keys
	Fonts         *font.Set
	Audit         *audit.Service
	VerifyBase    string
	Wake          func() // after a commit that asks for jobs; optional
	Logger        *slog.Logger
}

// Service issues and answers for licences. It is safe for concurrent use.
type Service struct {
	store         store
	tree          *tenancy.Tree
	clock         clock.Clock
	cases         Cases
	configuration Configuration
	objects       Objects
	keys          Keys
	fonts         *font.Set
	audit         *audit.Service
	verifyBase    string
	wake          func()
	log           *slog.Logger
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Tree": c.Tree == nil, "Clock": c.Clock == nil, "Cases": c.Cases == nil,
		"Configuration": c.Configuration == nil, "Objects": c.Objects == nil, "Keys": c.Keys == nil, "Fonts": c.Fonts == nil, "Audit": c.Audit == nil,
		"VerifyBase": c.VerifyBase == ""} {
		if absent {
			errs = append(errs, fmt.Errorf("licence: %s is missing", name))
		}
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	return &Service{store: store{c.DB}, tree: c.Tree, clock: c.Clock, cases: c.Cases, configuration: c.Configuration, objects: c.Objects, keys: c.Keys,
		fonts: c.Fonts, audit: c.Audit, verifyBase: c.VerifyBase, wake: c.Wake, log: c.Logger}, errors.Join(errs...)
}

// The states of a licence (SM-11). Expired and superseded are seen when a
// licence is looked at: time passes by itself.
const (
	StatusValid      = "valid"
	StatusSuspended  = "suspended"
	StatusExpired    = "expired"
	StatusSuperseded = "superseded"
)

// Licence is one licence in its current version.
type Licence struct {
	Tenant       string
	ID           uuid.UUID
	Identifier   string // 电子证照标识, GB/T 36904
	Number       string // printed on it
	Type         string // LicenceType name
	TypeCode     string
	Title        string
	Case         uuid.UUID
	Holder       uuid.UUID // account in the realm
	HolderName   string
	Status       string
	ValidFrom    string // civil date
	ValidTo      string // civil date; "" for ever
	IssuedOn     string // civil date of the current version
	Version      int
	Fields       []Field
	Public       []Field
	Digest       string // of Content
	Token        string // signed text in the QR code
	QR           string // address in the QR code
	FileDigest   string // "" until rendered
	FileSize     int64
	CreatedAt    time.Time
	revision     int
	data, public string // Fields and Public as stored
}

// Field is one entry on a licence, in the order of its type's declaration.
type Field struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Value any    `json:"value"`
}

// StatusOn is the licence's state on a civil day: a valid licence past its last day has expired.
func (l *Licence) StatusOn(day string) string {
	if l.Status == StatusValid && l.ValidTo != "" && l.ValidTo < day {
		return StatusExpired
	}
	return l.Status
}

// ByCase lists the licences of a case of the acting tenant. The caller has
// decided that the reader may see the case.
func (s *Service) ByCase(ctx context.Context, caseID uuid.UUID) ([]*Licence, error) {
	return s.store.list(ctx, "case_id = $2", caseID)
}

// Held lists the licences that an account holds in the acting tenant, newest first (R-PRF-16).
func (s *Service) Held(ctx context.Context, holder uuid.UUID) ([]*Licence, error) {
	return s.store.list(ctx, "holder_id = $2", holder)
}

// Get returns a licence of the acting tenant; NotFound when there is none.
func (s *Service) Get(ctx context.Context, id uuid.UUID) (*Licence, error) {
	return s.store.one(ctx, "id = $2", id)
}

// LinkTime is how long a link to a file is good for.
const LinkTime = 10 * time.Minute

// File returns a link to a licence's PDF and its name; Conflict "not_rendered"
// while there is none yet. The caller has decided that the reader may see it.
func (s *Service) File(ctx context.Context, l *Licence) (url, filename string, err error) {
	if l.FileDigest == "" {
		e := problem.New(problem.Conflict, "not_rendered", "证照文件正在生成，请稍后再试")
		e.Retryable, e.RetryAfter = true, time.Second
		return "", "", e
	}
	filename = l.Title + " " + l.Number + ".pdf"
	key := blob.Key{Tenant: tenancy.Acting(ctx), Purpose: blob.PurposeDocument, Digest: l.FileDigest}
	url, err = s.objects.PresignGet(ctx, key.Tenant, key, filename, LinkTime)
	return url, filename, err
}
