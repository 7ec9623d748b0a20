package matter

import (
	"context"
	"time"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

func setStatus(b *db.Batch, o configuration.Ordered, status string) {
	b.Exec("UPDATE matter SET status = $1, revision = $2, updated_at = $3 WHERE tenant_id = $4 AND name = $5",
		status, o.Revision, o.EffectiveAt, o.Tenant, o.Matter)
}

// alias makes an old name or code lead to a matter; title is the one that it had.
func alias(b *db.Batch, tenant, old, matter, title string, since time.Time) {
	b.Exec(`INSERT INTO matter_alias (tenant_id, alias, matter, title, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (tenant_id, alias) DO UPDATE SET matter = excluded.matter, title = excluded.title, since = excluded.since`,
		tenant, old, matter, title, since)
}

// follow makes what led to a matter lead to its successor, so that every old name is one step away.
func follow(b *db.Batch, tenant, matter, successor string) {
	b.Exec("UPDATE matter_alias SET matter = $1 WHERE tenant_id = $2 AND matter = $3", successor, tenant, matter)
	b.Exec("DELETE FROM matter_alias WHERE tenant_id = $1 AND alias = $2", tenant, successor)
}

// moveDrafts carries drafts that were not submitted over to the successor; they are checked against its form when they are next opened.
func moveDrafts(b *db.Batch, o configuration.Ordered) {
	b.Exec(`UPDATE draft SET matter_name = $1, updated_at = $2, row_version = row_version + 1
		WHERE tenant_id = $3 AND matter_name = $4 AND case_id IS NULL`, o.Successor, o.EffectiveAt, o.Tenant, o.Matter)
}

// former are the titles, names and codes that lead to each matter of the acting tenant.
func (s *store) former(ctx context.Context) (map[string][]string, error) {
	out := map[string][]string{}
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var matter, old, title string
		err := scan(&matter, &old, &title)
		out[matter] = append(out[matter], old, title)
		return err
	}, "SELECT matter, alias, title FROM matter_alias WHERE tenant_id = $1 ORDER BY alias", tenancy.Acting(ctx))
	return out, err
}

// aliased fills in where an old name or code leads, and returns the name there.
func (s *store) aliased(ctx context.Context, to *Succession) (name string, err error) {
	err = s.db.QueryRow(ctx, "SELECT matter, title, since FROM matter_alias WHERE tenant_id = $1 AND alias = $2", tenancy.Acting(ctx), to.Asked).
		Scan(&name, &to.Title, &to.Since)
	return name, err
}

// byName returns a row in whatever state.
func (s *store) byName(ctx context.Context, name string) (Row, error) {
	rows, err := s.rows(ctx, "SELECT tenant_id, "+columns+" FROM matter WHERE tenant_id = $1 AND name = $2", tenancy.Acting(ctx), name)
	if err != nil {
		return Row{}, err
	}
	if len(rows) == 0 {
		return Row{}, db.ErrNoRows
	}
	return rows[0], nil
}

// reindex makes successors be found by what they have taken the place of.
func (p *Projection) reindex(ctx context.Context, orders []configuration.Ordered) error {
	former, err := p.store.former(ctx)
	if err != nil {
		return err
	}
	batch := p.store.db.NewBatch()
	for _, o := range orders {
		if o.Successor == "" {
			continue
		}
		var search, sounds string
		err := p.store.db.QueryRow(ctx, "SELECT search, sounds FROM matter WHERE tenant_id = $1 AND name = $2", o.Tenant, o.Successor).Scan(&search, &sounds)
		if err != nil {
			return err
		}
		search, sounds = p.language.succeeding(search, sounds, former[o.Successor])
		batch.Exec("UPDATE matter SET search = $1, sounds = $2 WHERE tenant_id = $3 AND name = $4", search, sounds, o.Tenant, o.Successor)
	}
	return p.store.db.Run(ctx, batch)
}
