package configuration

import (
	"context"
	"encoding/json"

	"zhengtong/internal/tenancy"
)

// insertOrders keeps what was ordered; nobody changes it afterwards.
func (s *store) insertOrders(ctx context.Context, orders []Ordered) error {
	b := s.db.NewBatch()
	for _, o := range orders {
		to, err := asJSON(append([]string{}, o.To...))
		if err != nil {
			return err
		}
		b.Exec(`INSERT INTO matter_order (tenant_id, id, matter, action, reason, basis, transition, successor, delegated_to, kept, effective_at, author,
			reviewer, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`, o.Tenant, o.ID, o.Matter, o.Action, o.Reason, o.Basis,
			o.Transition, o.Successor, to[0], o.Keep, o.EffectiveAt, o.Author, o.Reviewer, o.Revision)
	}
	return wrap("write orders", s.db.Run(ctx, b))
}

// lastOrder is the latest order on a matter of the acting tenant; nil when there was none.
func (s *store) lastOrder(ctx context.Context, matter string) (*Ordered, error) {
	var out *Ordered
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		o := Ordered{Tenant: tenancy.Acting(ctx), Order: Order{Matter: matter}}
		var to json.RawMessage
		if err := scan(&o.ID, &o.Action, &o.Reason, &o.Basis, &o.Transition, &o.Successor, &to, &o.Keep, &o.EffectiveAt, &o.Author, &o.Reviewer, &o.Revision); err != nil {
			return err
		}
		out = &o
		return json.Unmarshal(to, &o.To)
	}, `SELECT id, action, reason, basis, transition, successor, delegated_to, kept, effective_at, author, reviewer, revision FROM matter_order
		WHERE tenant_id = $1 AND matter = $2 ORDER BY id DESC LIMIT 1`, tenancy.Acting(ctx), matter)
	return out, wrap("read the last order", err)
}
