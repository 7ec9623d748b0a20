package configuration

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/schema/kind"
)

// insertMigration writes down a migration as it was published.
func insertMigration(b *db.Batch, id uuid.UUID, key Key, spec *kind.Migration, pins Pins, number int, w writing) error {
	texts, err := asJSON(pins, notNil(spec.Nodes), notNil(spec.Fields), append([]string{}, spec.Cases...))
	if err != nil {
		return err
	}
	b.Exec(`INSERT INTO migration (tenant_id, id, name, title, matter, from_digest, to_digest, pins, nodes, fields, cases, revision, author, reviewer,
		created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, key.Tenant, id, key.Name, spec.Title, spec.Matter, spec.From,
		spec.To, texts[0], texts[1], texts[2], texts[3], number, w.author, w.reviewer, w.at)
	return nil
}

func notNil(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// runningVersions counts a tenant's open cases of a matter by what they are pinned to.
func (s *store) runningVersions(ctx context.Context, tenant, matter string) ([]Running, error) {
	var out []Running
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var r Running
		var text string
		if err := scan(&text, &r.Cases); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(text), &r.Pins); err != nil {
			return err
		}
		r.Version = r.Pins.Digest()
		out = append(out, r)
		return nil
	}, fmt.Sprintf(`SELECT pins, count(*) FROM (SELECT CAST(pins AS text) AS pins FROM case_file WHERE tenant_id = $1 AND matter_name = $2
		AND status NOT IN ('ended', 'archived') ORDER BY id LIMIT %d) live GROUP BY pins ORDER BY count(*) DESC, pins`, maxLiveCases), tenant, matter)
	return out, wrap("read versions of open cases", err)
}
