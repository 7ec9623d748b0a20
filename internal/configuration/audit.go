package configuration

import (
	"context"
	"fmt"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
)

// auditPublication notes in a tenant's own log who has published there: also when it was done from above (I3).
func (s *Service) auditPublication(ctx context.Context, b *db.Batch, tenant string, number int, w writing) {
	p := authz.From(ctx)
	object := fmt.Sprintf("configuration %s/%d", tenant, number)
	writeAudit(b, tenant, p, "config.publish", object, w.at)
}

func writeAudit(b *db.Batch, tenant string, p authz.Principal, action, object string, at time.Time) {
	b.Exec("INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		tenant, db.NewID(at), at, p.Actor(), p.Home, action, object)
}
