package audit

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

func (s store) insert(ctx context.Context, e Entry, detail string) error {
	_, err := s.db.Exec(ctx, `INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		tenancy.Acting(ctx), e.ID, e.At, e.Actor, e.Home, e.Action, e.Object, detail)
	return err
}

func (s store) list(ctx context.Context, f Filter, p Page) ([]Entry, error) {
	sql, args := "SELECT id, at, actor, home, action, object, detail FROM audit_log WHERE tenant_id = $1", []any{tenancy.Acting(ctx)}
	and := func(condition string, value any) {
		args = append(args, value)
		sql += " AND " + condition + " $" + strconv.Itoa(len(args))
	}
	for column, value := range map[string]string{"object": f.Object, "action": f.Action, "actor": f.Actor} {
		if value != "" {
			and(column+" =", value)
		}
	}
	if p.After != uuid.Nil {
		and("id <", p.After)
	}
	args = append(args, p.First+1)
	sql += " ORDER BY id DESC LIMIT $" + strconv.Itoa(len(args))
	var found []Entry
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var e Entry
		var detail string
		if err := scan(&e.ID, &e.At, &e.Actor, &e.Home, &e.Action, &e.Object, &detail); err != nil {
			return err
		}
		found = append(found, e)
		return json.Unmarshal([]byte(detail), &found[len(found)-1].Detail)
	}, sql, args...)
	return found, err
}
