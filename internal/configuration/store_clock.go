package configuration

import (
	"context"
	"encoding/json"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
)

// openClocks pages through a tenant's running and suspended clocks by due date and id, after a place.
func (s *store) openClocks(ctx context.Context, tenant string, from deadline.Date, after uuid.UUID, limit int) ([]openClock, error) {
	var out []openClock
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var c openClock
		var body string
		if err := scan(&c.id, &c.no, &c.dueOn, &body); err != nil {
			return err
		}
		out = append(out, c)
		return json.Unmarshal([]byte(body), &out[len(out)-1].body)
	}, `SELECT c.id, f.case_no, c.due_on, c.body FROM clock c JOIN case_file f ON f.tenant_id = c.tenant_id AND f.id = c.case_id
		WHERE c.tenant_id = $1 AND c.state IN ('running', 'suspended') AND (c.due_on > $2 OR c.due_on = $2 AND c.id > $3)
		ORDER BY c.due_on, c.id LIMIT $4`, tenant, from.String(), after, limit)
	return out, wrap("read open clocks", err)
}
