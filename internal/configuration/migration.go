package configuration

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Maps say what of a version of a matter becomes what in another. A node or field that
// they do not name leads to that of the same name; a field that leads to "" is dropped.
type Maps struct {
	Nodes  map[string]string
	Fields map[string]string
}

// MigrationJob is the payload of JobMigrate: a published migration and the place after
// which this part of its cases begins.
type MigrationJob struct {
	Migration uuid.UUID `json:"migration"`
	After     string    `json:"after"`
}

// AskForMigration writes a JobMigrate of a tenant, once for each place.
func AskForMigration(b *db.Batch, tenant string, in MigrationJob, at time.Time) {
	booking{tenant, JobMigrate, "migration/" + in.Migration.String() + "/" + in.After, in, at}.once(b, at)
}

// startMigration writes down a published migration and asks for its cases to be moved.
// One that comes back with a rollback moves nothing: its version is not in force there.
func startMigration(b *db.Batch, set *Set, write entryWrite, number int, w writing) error {
	if write.key.Kind != "Migration" || write.layer == nil || write.resolution.found == nil || w.rolledBackTo != nil {
		return nil
	}
	spec := write.resolution.found.Resource.Spec.(*kind.Migration)
	now, _ := Compile(set.view(write.key.Tenant), spec.Matter)
	if now == nil || now.Pins.Digest() != spec.To {
		return nil // V-56 has refused it
	}
	id := db.NewID(w.at)
	if err := insertMigration(b, id, write.key, spec, now.Pins, number, w); err != nil {
		return err
	}
	AskForMigration(b, write.key.Tenant, MigrationJob{Migration: id}, w.at)
	return nil
}

// Running is a version of a matter under which cases are open.
type Running struct {
	Version string // digest of all its pins
	Pins    Pins
	Cases   int  // that are open, at most 10,000 counted in all
	Current bool // it is in force: new applications begin under it
}

// RunningVersions lists the versions of a matter under which cases of the acting tenant
// are open, and the one in force, most cases first. NotFound when the tenant neither
// offers the matter nor has open cases of it.
func (s *Service) RunningVersions(ctx context.Context, matter string) ([]Running, error) {
	found, err := s.store.runningVersions(ctx, tenancy.Acting(ctx), matter)
	if err != nil {
		return nil, err
	}
	now, _, err := s.Shown(ctx, matter)
	if problem.CodeOf(err) == problem.NotFound && len(found) > 0 {
		return found, nil
	}
	if err != nil {
		return nil, err
	}
	current := Running{Version: now.Pins.Digest(), Pins: now.Pins, Current: true}
	for i := range found {
		if found[i].Version == current.Version {
			found[i].Current = true
			return found, nil
		}
	}
	return append(found, current), nil
}

// running answers, for checks at publication, the version of a matter that open cases of
// a tenant are pinned to; nil when there are none.
func (s *Service) running(ctx context.Context, tenant, matter, version string) (*Matter, error) {
	row, ok := s.tree.Get(tenant)
	if !ok {
		return nil, nil
	}
	there := tenancy.With(ctx, row.Scope(""))
	found, err := s.store.runningVersions(there, tenant, matter)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if r.Version == version {
			return s.Pinned(there, matter, r.Pins)
		}
	}
	return nil, nil
}
