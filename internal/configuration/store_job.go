package configuration

import (
	"encoding/json"
	"time"

	"zhengtong/internal/db"
)

// booking is a job of a tenant to be done from an instant on.
type booking struct {
	tenant, kind, key string
	payload           any // texts, numbers and ids: it always has JSON
	at                time.Time
}

// once books a job unless its tenant has one of the same type and key.
func (j booking) once(b *db.Batch, now time.Time) {
	payload, _ := json.Marshal(j.payload)
	b.Exec(`INSERT INTO job (tenant_id, id, type, key, payload, run_at, created_at)
		SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM job WHERE tenant_id = $1 AND type = $3 AND key = $4)`,
		j.tenant, db.NewID(now), j.kind, j.key, string(payload), j.at, now)
}
