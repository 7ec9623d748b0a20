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

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/document/font"
	"zhengtong/internal/matter/guide"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// maxDictionaries bounds the dictionaries kept in memory; most tenants share one.
const maxDictionaries = 64

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
	Aliases            []string // searched only: not read back
	Channels           []string
	Deliveries         []string
	OnlineDepth        string   // I to IV
	Joint              bool     // other departments take part (联办事项)
	CrossArea          string   // none, city, province, nation (通办范围)
	Flow               []string // titles of its steps and special procedures; searched only
	Former             []string // names, codes and titles of those that it has taken the place of; searched only
	Status             string   // published, suspended, delegated; cancelled, ended, merged are not shown
	PublicListed       bool
	Digest             string
	Revision           int
	UpdatedAt          time.Time
}

// The states of a row.
const (
	statusPublished = "published"
	statusSuspended = "suspended"
	statusCancelled = "cancelled"
)

// Configuration is what guides and dictionaries are read from; *configuration.Service is one.
type Configuration interface {
	// Effective returns one resource of the acting tenant, its own or inherited; NotFound without one.
	Effective(ctx context.Context, kindName, name string) (*configuration.Found, error)
	// Shown returns a published matter, whether or not it takes applications now.
	Shown(ctx context.Context, name string) (m *configuration.Matter, open bool, err error)
	// Source is the effective configuration of the acting tenant.
	Source(ctx context.Context) (configuration.Source, error)
	// Display returns the same with the configuration that it was read from.
	Display(ctx context.Context, name string) (*configuration.Displayed, error)
	// Edition finds the publication that last touched resources of what is displayed.
	Edition(ctx context.Context, d *configuration.Displayed, resources []string) (configuration.Edition, error)
	// LastOrder returns the latest administrative act on a matter; nil when there was none.
	LastOrder(ctx context.Context, name string) (*configuration.Ordered, error)
}

// Door is the one door of authorization; *authz.Authorizer is one.
type Door interface {
	Require(ctx context.Context, action string, o authz.Object) (authz.Decision, error)
}

// Config names what the service needs.
type Config struct {
	DB            *db.DB
	Configuration Configuration
	Authz         Door
	Now           func() time.Time // the installation's clock
	Fonts         *font.Set        // for guides as PDF; nil where none are printed
	Tree          *tenancy.Tree    // with Gate, for looks below; nil where there are none
	Gate          *tenancy.Gate
	// Themes are those that the caller has subscribed to; optional.
	Themes func(ctx context.Context) ([]string, error)
}

// Service lists and explains matters. It is safe for concurrent use.
type Service struct {
	store         *store
	configuration Configuration
	authz         Door
	now           func() time.Time
	language      language
	dictionaries  dictionaries
	fonts         *font.Set
	tree          *tenancy.Tree
	gate          *tenancy.Gate
	themes        func(ctx context.Context) ([]string, error)

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
	if c.DB == nil || c.Configuration == nil || c.Authz == nil || c.Now == nil {
		return nil, errors.New("matter: DB, Configuration, Authz and Now are required")
	}
	sheets, err := lru.New[*configuration.Matter, *guide.Guide](maxSheets)
	if err != nil {
		return nil, err
	}
	files, err := lru.New[string, []byte](maxFiles)
	if err != nil {
		return nil, err
	}
	known, err := lru.New[string, []kind.CodeItem](maxDictionaries)
	if err != nil {
		return nil, err
	}
	s := &Service{store: &store{db: c.DB}, configuration: c.Configuration, authz: c.Authz, now: c.Now, fonts: c.Fonts, tree: c.Tree, gate: c.Gate, themes: c.Themes, sheets: sheets,
		files: files, pace: rate.NewLimiter(pdfsASecond, pdfsAtOnce)}
	s.dictionaries = dictionaries{text: &s.language.simplifier, known: known}
	return s, nil
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
	// Standing is why it takes no applications, for applicants to read (R-MGT-02); nil when no order says so.
	Standing *configuration.Ordered
	// Succeeds says that another matter was asked for, which this one has taken the place of; nil otherwise.
	Succeeds *Succession
}

// Succession is how an old name or code leads to a matter (R-MGT-11).
type Succession struct {
	Asked string // the old name or code
	Title string // that the matter had
	Since time.Time
	// Order is the act that merged or cancelled the old matter; nil when only a code was changed.
	Order *configuration.Ordered
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
	var succeeds *Succession
	if errors.Is(err, db.ErrNoRows) {
		row, succeeds, err = s.successor(ctx, ref)
	}
	if errors.Is(err, db.ErrNoRows) {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	g, err := s.Open(ctx, row)
	if err != nil {
		return nil, err
	}
	g.Succeeds = succeeds
	return g, nil
}

// Open returns the guide of a row that was just read, in the tenant that offers it.
func (s *Service) Open(ctx context.Context, row Row) (*Guide, error) {
	m, open, err := s.configuration.Shown(ctx, row.Name)
	if err != nil {
		return nil, err
	}
	g := &Guide{Row: row, Matter: m, Open: open}
	if row.Status != statusPublished {
		g.Standing, err = s.configuration.LastOrder(ctx, row.Name)
	}
	return g, err
}

// successor follows an old name or code; ErrNoRows when it leads nowhere.
func (s *Service) successor(ctx context.Context, ref Ref) (Row, *Succession, error) {
	to := &Succession{Asked: ref.Name + ref.Code}
	name, err := s.store.aliased(ctx, to)
	if err != nil {
		return Row{}, nil, err
	}
	row, err := s.store.find(ctx, Ref{Name: name})
	if err != nil {
		return Row{}, nil, err
	}
	if to.Order, err = s.configuration.LastOrder(ctx, ref.Name); err != nil {
		return Row{}, nil, err
	}
	return row, to, nil
}

// found returns the row of one matter of the acting tenant; NotFound when it offers none such.
func (s *Service) found(ctx context.Context, ref Ref) (Row, error) {
	row, err := s.store.find(ctx, ref)
	if errors.Is(err, db.ErrNoRows) {
		return Row{}, problem.Missing()
	}
	return row, err
}
