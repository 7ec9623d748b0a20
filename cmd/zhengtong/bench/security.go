package bench

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
)

// measureSecurity compares the same statements as the product's role, behind
// row-level security, and as a role that passes it. Both sides of the list begin with
// fresh connections and plan the statement for its arguments each time, as PostgreSQL
// does for a LIMIT that it cannot see: which of two cached plans a connection happens to
// keep depends on what ran on it before.
func measureSecurity(ctx context.Context, b *bench) ([]Row, error) {
	w := b.world
	var passes bool
	err := w.owner.QueryRow(ctx, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").Scan(&passes)
	if err != nil {
		return nil, err
	}
	if !passes {
		return nil, errors.New("the database URL's role does not pass row-level security: give it BYPASSRLS, or take a superuser's URL")
	}
	const mode, custom = "plan_cache_mode", "force_custom_plan"
	app, err := w.database.pool(ctx, appRole, mode, custom)
	if err != nil {
		return nil, err
	}
	defer app.Close()
	owner, err := w.database.pool(ctx, "", mode, custom)
	if err != nil {
		return nil, err
	}
	defer owner.Close()
	drafts, err := b.newSupply(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := w.owner.Exec(ctx, "VACUUM ANALYZE"); err != nil { // not in the middle of a round
		return nil, err
	}
	list := func(on *pgxpool.Pool) operation {
		return func(ctx context.Context, _ int) error { _, err := readList(ctx, on); return err }
	}
	pairs := []struct {
		name, what, unit string
		on, off          operation
	}{
		{"rls-list", "the list reference's statement as the product's role, bound to its tenant", "pages/s", list(app), list(owner)},
		{"rls-submit", "the submission reference's batch as the product's role, setting its tenant first", "cases/s",
			drafts.byReplay(w.replay, w.app, true), drafts.byReplay(w.replay, w.owner, false)},
	}
	var rows []Row
	for _, p := range pairs {
		c, err := compare(ctx, p.on, p.off, b.Time)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", p.name, err)
		}
		rows = append(rows, Row{Name: p.name, What: p.what, Against: "the same as a role that passes row-level security", Ours: c.Ours,
			Reference: c.Reference, Unit: p.unit, Ratio: c.Ratio, Aim: atLeast(0.90)}.judged())
	}
	return rows, nil
}
