package tenancy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/problem"
)

// The scopes of a TenantGrant (domain rule: a grant is the only path across tenants besides the tree).
const (
	GrantSupervise     = "supervise"
	GrantHandle        = "handle"
	GrantReceive       = "receive"
	GrantStatistics    = "statistics"
	GrantConfiguration = "configuration"
)

// Gate lets people look into another tenant, and writes down each look on both sides (I3).
type Gate struct {
	tree *Tree
	db   Database
	now  func() time.Time
}

// NewGate returns a gate; now is the installation's clock (clock.Clock.Now).
func NewGate(tree *Tree, db Database, now func() time.Time) (*Gate, error) {
	if tree == nil || db == nil || now == nil {
		return nil, errors.New("tenancy gate: tree, database and clock are required")
	}
	return &Gate{tree: tree, db: db, now: now}, nil
}

// Crossing is a wish to act in another tenant.
type Crossing struct {
	To     string // tenant to look into
	Scope  string // one of the Grant… constants
	Matter string // name of the matter concerned; "" when the wish is not about one
	Actor  string // staff id
	Action string // audited verb: "case.read"
	Object string // audited object: "case 0190…"
	Reason string // why; required
}

// Validate lists what is missing from the wish.
func (c Crossing) Validate() error {
	var list problem.List
	for _, field := range []struct{ path, value string }{
		{"$.to", c.To}, {"$.scope", c.Scope}, {"$.actor", c.Actor}, {"$.action", c.Action}, {"$.object", c.Object},
	} {
		if strings.TrimSpace(field.value) == "" {
			list.Add(field.path, "required", "必填")
		}
	}
	if strings.TrimSpace(c.Reason) == "" {
		list.Add("$.reason", "required", "跨租户查看须说明理由")
	}
	return problem.Invalid(list)
}

// Cross returns a context that acts in the wished tenant, after writing the
// look to the audit log of both tenants in one transaction. An ancestor may
// supervise and read statistics by the tree; everything else needs a
// TenantGrant that is valid on this day for this matter. A tenant that does
// not exist and one that grants nothing are the same NOT_FOUND.
func (g *Gate) Cross(ctx context.Context, c Crossing) (context.Context, error) {
	from, ok := From(ctx)
	if !ok {
		return nil, problem.New(problem.Forbidden, "no_tenant", "未指定所在机构")
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	to, ok := g.tree.Get(c.To)
	if !ok || from.Acting == c.To {
		return nil, problem.Missing()
	}
	at := g.now()
	basis, err := g.basis(ctx, from.Acting, to, c, at)
	if err != nil {
		return nil, err
	}
	there := context.WithValue(With(ctx, to.Scope(from.Home)), reasonKey{}, c.Reason)
	if err := g.record(ctx, there, from, c, basis, at); err != nil {
		return nil, fmt.Errorf("record the crossing into %s: %w", c.To, err)
	}
	return there, nil
}

// basis says by what right the tenant from may act in to: "tree" or "grant <id>".
func (g *Gate) basis(ctx context.Context, from string, to Tenant, c Crossing, at time.Time) (string, error) {
	linked := c.Scope == GrantSupervise || c.Scope == GrantStatistics
	if linked && g.tree.IsAncestor(from, to.Code) {
		return "tree", nil
	}
	on := at.In(to.Timezone).Format(time.DateOnly)
	grants, err := grantsTo(ctx, g.db, to.Code, from, c.Scope, on)
	if err != nil {
		return "", fmt.Errorf("read grants of %s: %w", to.Code, err)
	}
	for id, matters := range grants {
		var names []string
		if err := json.Unmarshal([]byte(matters), &names); err != nil {
			return "", fmt.Errorf("grant %s: matters: %w", id, err)
		}
		if len(names) == 0 || slices.Contains(names, c.Matter) {
			return "grant " + id.String(), nil
		}
	}
	return "", problem.Missing()
}

func (g *Gate) record(ctx, there context.Context, from Scope, c Crossing, basis string, at time.Time) error {
	detail, err := json.Marshal(map[string]string{
		"from": from.Acting, "to": c.To, "scope": c.Scope, "matter": c.Matter, "reason": c.Reason, "basis": basis,
	})
	if err != nil {
		return err
	}
	return g.db.InTx(ctx, func(ctx context.Context) error {
		for _, scope := range []context.Context{ctx, with(ctx, there)} {
			id, err := uuid.NewV7AtTime(at)
			if err != nil {
				return err
			}
			entry := auditEntry{id: id, at: at, actor: c.Actor, home: from.Home, action: c.Action, object: c.Object, detail: string(detail)}
			if err := writeAudit(scope, g.db, entry); err != nil {
				return err
			}
		}
		return nil
	})
}

// with returns ctx acting in the scope of there: the transaction of the one, the tenant of the other.
func with(ctx, there context.Context) context.Context {
	scope, _ := From(there)
	return With(ctx, scope)
}
