package identity

import (
	"context"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/tenancy"
)

func (s *store) account(ctx context.Context, id uuid.UUID) (*Account, error) {
	a := &Account{}
	row := s.db.QueryRow(ctx, "SELECT "+accountColumns+" FROM account a WHERE a.tenant_id = $1 AND a.id = $2", tenancy.Acting(ctx), id)
	if err := a.read(row.Scan); err != nil {
		return nil, err
	}
	return a, nil
}
