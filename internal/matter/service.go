// Package matter answers what a tenant offers: the list of its published matters
// with search and filters, and the guide of each (办事指南). The rows it lists are a
// projection of the configuration, written when a tenant publishes; the guide
// itself is the compiled matter, so that portal and handling have one source
// (R-CAT-13).
package matter

import (
	"context"
	"errors"
	"time"

	"github.com/gofrs/uuid/v5"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/document/font"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Row is a published matter as lists show it.
type Row struct {
	Tenant             string
	ID                 uuid.UUID
	Name               string
	Title              string
	BasicCode          string
	ImplementationCode string
	ItemType           string
	CaseType           string
	Department         string
	DepartmentTitle    string
	Line               string
	Level              string
	Audiences          []string // service_objects
	Themes             []string
	Channels           []string
	Status             string // published, suspended, cancelled
	PublicListed       bool
	Digest             string
	Revision           int
	UpdatedAt          time.Time
}

// The states of a row.
const (
	statusPublished = "published"
	statusCancelled = "cancelled"
)

// Filter narrows the list; all that is given holds together (R-CAT-04).
type Filter struct {
	Department    string
	Line          string
	Theme         string
	ServiceObject string
	ItemType      string
	CaseType      string
	Channel       string
	Names         []string // of the resources; nil for all, empty for none
}

// Order is an order of the list.
type Order string

// The orders of the list. Hot puts first what was applied for most in the 30 days before now.
const (
	ByCode  Order = "code"
	ByTitle Order = "title"
	ByHeat  Order = "hot"
)

// Page asks for rows after the sort key and id of the last row seen; First is at most 100.
type Page struct {
	First    int
	AfterKey string
	AfterID  uuid.UUID
}

// Configuration is what guides are read from; *configuration.Service is one.
type Configuration interface {
	// Shown returns a published matter, whether or not it takes applications now.
	Shown(ctx context.Context, name string) (m *configuration.Matter, open bool, err error)
	// Source is the effective configuration of the acting tenant.
	Source(ctx context.Context) (configuration.Source, error)
	// Display returns the same with the configuration that it was read from.
	Display(ctx context.Context, name string) (*configuration.Displayed, error)
	// Edition finds the publication that last touched resources of what is displayed.
	Edition(ctx context.Context, d *configuration.Displayed, resources []string) (configuration.Edition, error)
}

// Config names what the service needs.
type Config struct {
	DB            *db.DB
	Configuration Configuration
	Now           func() time.Time // the installation's clock
	Fonts         *font.Set        // for guides as PDF; nil where none are printed
	Tree          *tenancy.Tree    // with Gate, for looks below; nil where there are none
	Gate          *tenancy.Gate
}

// Service lists and explains matters. It is safe for concurrent use.
type Service struct {
	store         *store
	configuration Configuration
	now           func() time.Time
	fonts         *font.Set
	tree          *tenancy.Tree
	gate          *tenancy.Gate

	sheets  *lru.Cache[*configuration.Matter, *guide.Guide] // as long as the matter is the compiled one in force
	files   *lru.Cache[string, []byte]                      // by digest and format
	writing singleflight.Group
	pace    *rate.Limiter // of new PDFs
}

// Bounds of what a node keeps of guides and of the work that strangers can cause: a
// PDF takes some 300 kB and 50 ms.
const (
	maxSheets   = 4096
	maxFiles    = 256
	pdfsASecond = 5
	pdfsAtOnce  = 20
)

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Configuration == nil || c.Now == nil {
		return nil, errors.New("matter: DB, Configuration and Now are required")
	}
	sheets, err := lru.New[*configuration.Matter, *guide.Guide](maxSheets)
	if err != nil {
		return nil, err
	}
	files, err := lru.New[string, []byte](maxFiles)
	if err != nil {
		return nil, err
	}
	return &Service{store: &store{db: c.DB}, configuration: c.Configuration, now: c.Now, fonts: c.Fonts, tree: c.Tree, gate: c.Gate, sheets: sheets, files: files,
		pace: rate.NewLimiter(pdfsASecond, pdfsAtOnce)}, nil
}

// List returns the publicly listed matters of the acting tenant whose title,
// pinyin, initials, department or codes hold every word of text, and whether more
// follow. An empty text finds all.
func (s *Service) List(ctx context.Context, text string, f Filter, order Order, page Page) ([]Row, bool, error) {
	if page.First < 1 || page.First > 100 {
		return nil, false, problem.New(problem.BadRequest, "bad_first", "first 应为 1 至 100")
	}
	words := terms(text)
	if text != "" && len(words) == 0 {
		return nil, false, nil // nothing that could be found
	}
	rows, err := s.store.list(ctx, query{words: words, filter: f, order: order, page: page, since: s.now().AddDate(0, 0, -30)})
	if err != nil {
		return nil, false, err
	}
	if len(rows) > page.First {
		return rows[:page.First], true, nil
	}
	return rows, false, nil
}

// Count counts what List would find, at most limit.
func (s *Service) Count(ctx context.Context, text string, f Filter, limit int) (int, error) {
	words := terms(text)
	if text != "" && len(words) == 0 {
		return 0, nil
	}
	return s.store.count(ctx, query{words: words, filter: f}, limit)
}

// SortKey is the sort key of a row for the next page of an order.
func (r Row) SortKey(o Order) string {
	if o == ByTitle {
		return r.Title
	}
	return r.BasicCode
}

// Ref names one matter: exactly one of the fields is given. Code is a basic code or
// an implementation code.
type Ref struct {
	ID   uuid.UUID
	Code string
	Name string
}

// Guide is everything about one published matter. Open says whether it takes applications now.
type Guide struct {
	Row
	Matter *configuration.Matter
	Open   bool
}

// Guide returns one matter of the acting tenant; NotFound when it offers none such.
func (s *Service) Guide(ctx context.Context, ref Ref) (*Guide, error) {
	given := 0
	for _, is := range []bool{ref.ID != uuid.Nil, ref.Code != "", ref.Name != ""} {
		if is {
			given++
		}
	}
	if given != 1 {
		return nil, problem.New(problem.BadRequest, "one_of", "id、code、name 须且只须给出一项")
	}
	row, err := s.store.find(ctx, ref)
	if errors.Is(err, db.ErrNoRows) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	m, open, err := s.configuration.Shown(ctx, row.Name)
	if err != nil {
		return nil, err
	}
	return &Guide{Row: row, Matter: m, Open: open}, nil
}
