package caseworktest

import (
	"encoding/json"

	"zhengtong/internal/casework"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
)

// Migration writes a migration to a version down, as its publication does, and answers the
// payload of the job that carries it out. Its name is made different from that of others.
func (c *County) Migration(m casework.Migration, to *configuration.Matter) configuration.MigrationJob {
	c.Helper()
	id := db.NewID(c.Clock.Now())
	text := func(v any) string {
		out, err := json.Marshal(v)
		c.must(err)
		return string(out)
	}
	_, err := c.DB.Exec(c.System(), `INSERT INTO migration (tenant_id, id, name, title, matter, from_digest, to_digest, pins, nodes, fields, cases, revision,
		author, reviewer, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 2, 'staff:a', 'staff:b', $12)`, Tenant, id, m.Name+id.String(),
		m.Title, m.Matter, m.From, m.To, text(to.Pins), text(m.Maps.Nodes), text(m.Maps.Fields), text(append([]string{}, m.Cases...)), c.Clock.Now())
	c.must(err)
	return configuration.MigrationJob{Migration: id}
}
