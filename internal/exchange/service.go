// Package exchange writes what one tenant's case shows in another: the masked
// summary in the linked view of each government above (linked oversight,
// docs/architecture.md), and the line in the applicant's own list, which spans all
// tenants. Nobody reads across tenants: each row is written for its reader.
package exchange

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit"
	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Configuration names departments.
type Configuration interface {
	Live(ctx context.Context) (*configuration.Live, error)
}

// Config names what the service needs.
type Config struct {
	DB            *db.DB
	Tree          *tenancy.Tree
	Clock         clock.Clock
	Configuration Configuration
	Audit         *audit.Service
}

// Service projects cases to their readers and lists linked cases.
type Service struct {
	store         store
	tree          *tenancy.Tree
	clock         clock.Clock
	configuration Configuration
	audit         *audit.Service
}

// New checks that nothing is missing.
func New(c Config) (*Service, error) {
	var errs []error
	for name, absent := range map[string]bool{"DB": c.DB == nil, "Tree": c.Tree == nil, "Clock": c.Clock == nil, "Configuration": c.Configuration == nil,
		"Audit": c.Audit == nil} {
		if absent {
			errs = append(errs, fmt.Errorf("exchange: %s is missing", name))
		}
	}
	return &Service{store: store{c.DB}, tree: c.Tree, clock: c.Clock, configuration: c.Configuration, audit: c.Audit}, errors.Join(errs...)
}

// Project writes the present state of a case of the acting tenant for all its
// readers, in one transaction with the completion of the job that asked. A
// reader's row only moves forward: an older version of the case, coming late,
// changes nothing.
func (s *Service) Project(ctx context.Context, caseID uuid.UUID, with func(*db.Batch)) error {
	c, err := s.store.load(ctx, caseID)
	if err != nil {
		return err
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return err
	}
	tenant, zone := tenancy.Acting(ctx), tenancy.Location(ctx)
	linked := Linked{Tenant: tenant, Case: caseID, Number: c.number, MatterTitle: c.matterTitle, Department: c.department, Applicant: Mask(c.applicant.Type, c.applicant.Name),
		Status: c.status, Outcome: c.outcome, ReceivedOn: c.receivedOn, AcceptedOn: c.acceptedOn, DueOn: c.dueOn, version: c.version, UpdatedAt: s.clock.Now()}
	if d := live.Departments[c.department]; d != nil {
		linked.Department = d.Title
	}
	if c.finishedAt != nil {
		linked.FinishedOn = deadline.DateOf(*c.finishedAt, zone).String()
	}
	overseers, err := s.overseers(ctx, tenant, c.matterName)
	if err != nil {
		return err
	}
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "list of the applicant")
	if err != nil {
		return err
	}
	return s.store.project(ctx, overseers, realm, linked, c, with)
}

// overseers are the governments above, the realm excepted, which is no
// government, and whoever holds a grant to supervise the matter today.
func (s *Service) overseers(ctx context.Context, tenant, matter string) ([]context.Context, error) {
	var codes []string
	for _, above := range s.tree.Ancestors(tenant) {
		if above.Code != tenancy.Realm {
			codes = append(codes, above.Code)
		}
	}
	granted, err := s.store.grantees(ctx, matter, deadline.DateOf(s.clock.Now(), tenancy.Location(ctx)).String())
	if err != nil {
		return nil, err
	}
	var out []context.Context
	seen := map[string]bool{tenant: true}
	for _, code := range append(codes, granted...) {
		if seen[code] {
			continue
		}
		seen[code] = true
		there, err := s.tree.ActAs(ctx, code, "linked view of "+tenant)
		if err != nil {
			return nil, err
		}
		out = append(out, there)
	}
	return out, nil
}

// Mask hides a name as the linked view shows it: of a person the family name
// stays, of an organisation the first four characters.
func Mask(applicantType, name string) string {
	keep := 4
	if applicantType == "natural_person" {
		keep = 1
	}
	n := utf8.RuneCountInString(name)
	if n <= keep {
		keep = 1
	}
	if n == 0 {
		return ""
	}
	return string([]rune(name)[:keep]) + strings.Repeat("*", max(1, n-keep))
}

// Linked is a subordinate tenant's case as its overseer sees it. Dates are civil, "" when there is none.
type Linked struct {
	Tenant      string
	Case        uuid.UUID
	Number      string
	MatterTitle string
	Department  string // title
	Applicant   string // masked
	Status      string
	Outcome     string
	ReceivedOn  string
	AcceptedOn  string
	DueOn       string // nearest limit that still runs
	FinishedOn  string
	UpdatedAt   time.Time
	version     int
}

// Filter narrows a list; empty fields admit all.
type Filter struct {
	Status  []string
	Text    string // beginning of the case number, or part of the matter's title
	Overdue bool
}

// Page is a part of a list: the First cases behind After, newest change first.
type Page struct {
	First   int // 1 to 100
	AfterAt time.Time
	AfterID uuid.UUID
}

// maxSubtree bounds the tenants of one list: a province has a few hundred.
const maxSubtree = 5000

// List returns what was written for the acting tenant of the cases of the
// tenants at and below under, and whether more follow; NotFound when there is no
// such tenant. The look is recorded. The caller has decided that the reader may
// look (linked.view).
func (s *Service) List(ctx context.Context, under string, f Filter, p Page) ([]*Linked, bool, error) {
	acting := tenancy.Acting(ctx)
	below := s.tree.Subtree(under, "", maxSubtree)
	if len(below) == 0 {
		return nil, false, problem.Missing()
	}
	p.First = min(max(p.First, 1), 100)
	var tenants []string
	if under != acting { // all rows written for the overseer are meant otherwise
		for _, t := range below {
			tenants = append(tenants, t.Code)
		}
	}
	today := deadline.DateOf(s.clock.Now(), tenancy.Location(ctx)).String()
	found, err := s.store.list(ctx, tenants, f, today, p)
	if err != nil {
		return nil, false, err
	}
	if err := s.audit.Record(ctx, audit.Entry{Actor: authz.From(ctx).Actor(), Home: authz.From(ctx).Home, Action: "linked.view", Object: "tenant:" + under,
		Detail: map[string]string{"cases": fmt.Sprint(min(len(found), p.First))}}); err != nil {
		return nil, false, err
	}
	if len(found) <= p.First {
		return found, false, nil
	}
	return found[:p.First], true, nil
}
