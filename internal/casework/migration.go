package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/internal/workflow"
)

// Migration moves running cases of the acting tenant from one version of a matter to
// another: one that was published (kind Migration), or one that is only tried.
type Migration struct {
	ID         uuid.UUID // Nil when it is only tried
	Name       string
	Title      string
	Matter     string // name
	From, To   string // digests of configuration.Pins
	Maps       configuration.Maps
	Cases      []string // numbers; all that are open when there are none
	Revision   int      // of the tenant, that published it
	Author     string
	Reviewer   string
	CreatedAt  time.Time
	FinishedAt time.Time // zero while cases are still to be moved
	pins       configuration.Pins
}

// Preview is what a migration would do. Problems are those of its maps (V-56); with errors
// among them no case was looked at.
type Preview struct {
	Migration
	Problems problem.List
	Moves    []Move
	Next     string // the place after which more follow; "" at the end
}

// The number of cases that one job moves, and the most that one preview looks at.
const (
	movePage       = 50
	MaxPreviewPage = 100
)

// candidate is a case that a migration looks at. ID is Nil when the number is no case's.
type candidate struct {
	ID   uuid.UUID
	No   string
	pins configuration.Pins
}

// place is where a candidate stands in the order of its migration.
func (m *Migration) place(c candidate) string {
	if len(m.Cases) > 0 {
		return c.No
	}
	return c.ID.String()
}

// PreviewMigration tries a migration on the cases that it concerns, a page of them after a
// place, and writes nothing. To is the version in force when it is empty. Needs
// migration.view. NotFound for an unknown matter, Conflict "version_unknown" when no open
// case is on From or To is not in force.
func (s *Service) PreviewMigration(ctx context.Context, m Migration, after string, first int) (*Preview, error) {
	if err := s.mayMigrate(ctx); err != nil {
		return nil, err
	}
	now, _, err := s.configuration.Shown(ctx, m.Matter)
	if err != nil {
		return nil, err
	}
	if m.To == "" {
		m.To = now.Pins.Digest()
	}
	if m.To != now.Pins.Digest() {
		return nil, problem.New(problem.Conflict, "version_unknown", "%.12s… 不是事项的现行版本", m.To)
	}
	m.pins, m.Cases = now.Pins, sortedOnce(m.Cases)
	p := &Preview{Migration: m}
	if m.From == m.To {
		return p, nil
	}
	was, err := s.runningVersion(ctx, m.Matter, m.From)
	if err != nil {
		return nil, err
	}
	if p.Problems = m.Maps.Check(was, now); p.Problems.HasErrors() {
		return p, nil
	}
	move := &mover{Migration: &p.Migration, from: was, to: now, passage: workflow.NewPassage(was.Net, now.Net, m.Maps.Nodes)}
	page, more, err := s.store.candidates(ctx, &p.Migration, after, min(max(first, 1), MaxPreviewPage))
	if err != nil {
		return nil, err
	}
	if more {
		p.Next = m.place(page[len(page)-1])
	}
	for _, c := range page {
		found, err := s.tryMove(ctx, move, c)
		if err != nil {
			return nil, err
		}
		if found != nil {
			p.Moves = append(p.Moves, *found)
		}
	}
	return p, nil
}

func (s *Service) mayMigrate(ctx context.Context) error {
	_, err := s.authz.Require(ctx, "migration.view", authz.Object{Kind: "configuration", Tenant: tenancy.Acting(ctx)})
	return err
}

func sortedOnce(texts []string) []string { return slices.Compact(slices.Sorted(slices.Values(texts))) }

// runningVersion is the version of a matter that open cases are pinned to.
func (s *Service) runningVersion(ctx context.Context, matter, version string) (*configuration.Matter, error) {
	running, err := s.configuration.RunningVersions(ctx, matter)
	if err != nil {
		return nil, err
	}
	for _, r := range running {
		if r.Version == version {
			return s.configuration.Pinned(ctx, matter, r.Pins)
		}
	}
	return nil, problem.New(problem.Conflict, "version_unknown", "没有按版本 %.12s… 办理的在办件", version)
}

// tryMove says what would become of a case; nil when it is none of the migration's.
func (s *Service) tryMove(ctx context.Context, m *mover, at candidate) (*Move, error) {
	if at.ID == uuid.Nil {
		return &Move{No: at.No, Outcome: MoveRefused, Reason: ReasonCaseUnknown, Message: "没有这个编号的办件"}, nil
	}
	if len(m.Cases) == 0 && at.pins.Digest() == m.To {
		return nil, nil // it began under the new version
	}
	_, move, err := s.drawMove(ctx, m, at.ID)
	return &move, err
}

func (s *Service) drawMove(ctx context.Context, m *mover, id uuid.UUID) (*Change, Move, error) {
	d, err := s.open(ctx, id)
	if err != nil {
		return nil, Move{}, err
	}
	c := s.newChange(ctx, d)
	move, err := c.migrate(m)
	return c, move, err
}

// Migrate is the handler of configuration.JobMigrate: it moves a page of the cases of a
// published migration. Each case is moved, or left with its reason, in a transaction that
// also writes down what became of it, so that a job that is done again after a crash goes
// on where it was. A case that somebody changes meanwhile is looked at again as it then
// stands. The next page is asked for with the completion of the job that with adds. On
// the last attempt a fault is written down as the case's reason, so that it stops nobody
// else's.
func (s *Service) Migrate(ctx context.Context, in configuration.MigrationJob, last bool, with func(*db.Batch)) error {
	return s.migratePage(ctx, in, movePage, last, with)
}

func (s *Service) migratePage(ctx context.Context, in configuration.MigrationJob, size int, last bool, with func(*db.Batch)) error {
	ctx = asSystem(ctx)
	migration, err := s.store.migration(ctx, in.Migration)
	if err != nil {
		return err
	}
	page, more, err := s.store.candidates(ctx, migration, in.After, size)
	if err != nil {
		return err
	}
	var m *mover
	var failures []error
	for _, at := range page {
		done, err := s.store.isMoved(ctx, migration.ID, at.No)
		if err != nil {
			return err
		}
		if done || len(migration.Cases) == 0 && at.pins.Digest() == migration.To {
			continue
		}
		if m == nil {
			if m, err = s.mover(ctx, migration, page); err != nil {
				return err
			}
		}
		if err := s.moveOne(ctx, m, at); err != nil {
			s.log.ErrorContext(ctx, "a case was not moved to another version", "case", at.No, "migration", migration.Name, "error", err)
			if last {
				err = s.store.keepMove(ctx, migration.ID, Move{Case: at.ID, No: at.No, Outcome: MoveRefused, Reason: ReasonFailed, Message: "系统错误，未迁移"}, s.clock.Now())
			}
			if err != nil {
				failures = append(failures, err)
			}
		}
	}
	if err := errors.Join(failures...); err != nil {
		return err
	}
	return s.store.turnPage(ctx, migration, page, more, clamp(s.clock.Now()), with)
}

// mover compiles both versions of a published migration; the old one as its cases are pinned to it.
func (s *Service) mover(ctx context.Context, m *Migration, page []candidate) (*mover, error) {
	to, err := s.configuration.Pinned(ctx, m.Matter, m.pins)
	if err != nil {
		return nil, err
	}
	out := &mover{Migration: m, from: to, to: to} // while no case is on the old version, each is refused before either is asked
	for _, c := range page {
		if c.ID != uuid.Nil && c.pins.Digest() == m.From {
			if out.from, err = s.configuration.Pinned(ctx, m.Matter, c.pins); err != nil {
				return nil, err
			}
			break
		}
	}
	out.passage = workflow.NewPassage(out.from.Net, to.Net, m.Maps.Nodes)
	return out, nil
}

// moveOne moves a case or writes down why it stays.
func (s *Service) moveOne(ctx context.Context, m *mover, at candidate) error {
	for attempt := 1; ; attempt++ {
		if at.ID == uuid.Nil {
			move, err := s.tryMove(ctx, m, at)
			if err != nil {
				return err
			}
			return s.store.keepMove(ctx, m.ID, *move, clamp(s.clock.Now()))
		}
		c, move, err := s.drawMove(ctx, m, at.ID)
		if err != nil {
			return err
		}
		if move.Outcome == MoveRefused {
			return s.store.keepMove(ctx, m.ID, move, c.now)
		}
		move.Outcome = MoveMoved
		c.with = func(b *db.Batch) { writeMove(b, c.kase.Tenant, m.ID, move, at.pins, c.now) }
		err = s.Commit(ctx, c)
		if problem.ReasonOf(err) != "stale_version" {
			return err
		}
		if attempt == maxAttempts {
			move.Outcome, move.Reason, move.Message = MoveRefused, "stale_version", "办件一直在被办理，未迁移"
			return s.store.keepMove(ctx, m.ID, move, c.now)
		}
	}
}

// Migration returns the latest published migration of a name in the acting tenant. Needs migration.view.
func (s *Service) Migration(ctx context.Context, name string) (*Migration, error) {
	if err := s.mayMigrate(ctx); err != nil {
		return nil, err
	}
	return s.store.migrationNamed(ctx, name)
}

// Moves lists what became of the cases of a migration that the caller has read, by case
// number after one; outcome "" means all. more says whether others follow.
func (s *Service) Moves(ctx context.Context, m *Migration, outcome, after string, first int) (moves []Move, more bool, err error) {
	return s.store.moves(ctx, m.ID, outcome, after, first)
}

// MoveCounts counts what became of the cases of a migration so far, by outcome.
func (s *Service) MoveCounts(ctx context.Context, m *Migration) (map[string]int, error) {
	return s.store.moveCounts(ctx, m.ID)
}

// RunningVersions lists the versions of a matter under which cases are open. Needs migration.view.
func (s *Service) RunningVersions(ctx context.Context, matter string) ([]configuration.Running, error) {
	if err := s.mayMigrate(ctx); err != nil {
		return nil, err
	}
	return s.configuration.RunningVersions(ctx, matter)
}
