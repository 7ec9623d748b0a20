package db

import (
	"context"
	stdsql "database/sql"
	"errors"
	"fmt"

	"entgo.io/ent/dialect"
	"entgo.io/ent/dialect/sql"

	"zhengtong/internal/ent"
	"zhengtong/internal/ent/intercept"
	"zhengtong/internal/tenancy"
)

// Ent returns the generated client for reads and administrative writes. It
// joins the transaction of the context it is called with; every query, update
// and delete bears the acting tenant's predicate, every create its tenant.
func (db *DB) Ent() *ent.Client { return db.ent }

// newEnt returns a client with the first wall between tenants built in.
func newEnt(p *pool) *ent.Client {
	client := ent.NewClient(ent.Driver(entDriver{p}))
	client.Intercept(intercept.TraverseFunc(func(ctx context.Context, q intercept.Query) error {
		tenant, err := actingTenant(ctx)
		if err != nil {
			return err
		}
		q.WhereP(sql.FieldEQ("tenant_id", tenant))
		return nil
	}))
	client.Use(tenantHook)
	return client
}

func actingTenant(ctx context.Context) (string, error) {
	if tenant := tenancy.Acting(ctx); tenant != "" {
		return tenant, nil
	}
	return "", ErrNoTenant
}

// ErrOtherTenant is returned when a row is created for a tenant other than the acting one.
var ErrOtherTenant = errors.New("a row of another tenant cannot be created here")

// tenantHook binds mutations to the acting tenant. An interceptor alone would let UpdateOneID and DeleteOneID
// of another tenant's row through.
func tenantHook(next ent.Mutator) ent.Mutator {
	return ent.MutateFunc(func(ctx context.Context, m ent.Mutation) (ent.Value, error) {
		tenant, err := actingTenant(ctx)
		if err != nil {
			return nil, err
		}
		if m.Op().Is(ent.OpCreate) {
			return create(ctx, next, m, tenant)
		}
		bound, ok := m.(interface {
			WhereP(predicates ...func(*sql.Selector))
		})
		if !ok {
			return nil, fmt.Errorf("%s: a mutation that cannot be bound to a tenant", m.Type())
		}
		bound.WhereP(sql.FieldEQ("tenant_id", tenant))
		return next.Mutate(ctx, m)
	})
}

func create(ctx context.Context, next ent.Mutator, m ent.Mutation, tenant string) (ent.Value, error) {
	if given, ok := m.Field("tenant_id"); ok && given != tenant {
		return nil, fmt.Errorf("%s: %w", m.Type(), ErrOtherTenant)
	}
	if err := m.SetField("tenant_id", tenant); err != nil {
		return nil, err
	}
	return next.Mutate(ctx, m)
}

// entDriver lets Ent speak through a pool: in the transaction of the context, as its tenant, with its arguments.
type entDriver struct{ pool *pool }

// Dialect returns Ent's name of the database.
func (d entDriver) Dialect() string {
	if d.pool.Dialect() == SQLite {
		return dialect.SQLite
	}
	return dialect.Postgres
}

// Close does nothing: the DB closes its pools.
func (d entDriver) Close() error { return nil }

// Query runs a statement into v, a *sql.Rows of Ent.
func (d entDriver) Query(ctx context.Context, query string, args, v any) error {
	rows, ok := v.(*sql.Rows)
	if !ok {
		return fmt.Errorf("ent: query into %T", v)
	}
	values, err := entArguments(args)
	if err != nil {
		return err
	}
	result, err := d.pool.Query(ctx, query, values...)
	if err != nil {
		return err
	}
	*rows = sql.Rows{ColumnScanner: entRows{result}}
	return nil
}

// Exec runs a statement and leaves the number of changed rows in v, when it is a *sql.Result.
func (d entDriver) Exec(ctx context.Context, query string, args, v any) error {
	values, err := entArguments(args)
	if err != nil {
		return err
	}
	n, err := d.pool.Exec(ctx, query, values...)
	if err != nil {
		return err
	}
	if result, ok := v.(*sql.Result); ok {
		*result = affected(n)
	}
	return nil
}

func entArguments(args any) ([]any, error) {
	values, ok := args.([]any)
	if !ok {
		return nil, fmt.Errorf("ent: arguments of type %T", args)
	}
	return values, nil
}

// Tx returns the transaction of ctx, which InTx ends, or a new one, which Ent ends: it uses them for one
// mutation of several statements.
func (d entDriver) Tx(ctx context.Context) (dialect.Tx, error) {
	if d.pool.current(ctx) != nil {
		return dialect.NopTx(d), nil
	}
	if err := d.pool.admit(ctx); err != nil {
		return nil, err
	}
	tx, err := d.pool.engine.begin(ctx)
	if err != nil {
		return nil, err
	}
	return &entTx{entDriver: d, ctx: ctx, state: &txState{tx: tx}}, nil
}

// entTx is a transaction of Ent's own. It keeps the context it was begun with, for Commit takes none.
type entTx struct {
	entDriver
	ctx   context.Context
	state *txState
}

func (t *entTx) inside(ctx context.Context) context.Context {
	return context.WithValue(ctx, txKey{t.pool.engine}, t.state)
}

func (t *entTx) Query(ctx context.Context, query string, args, v any) error {
	return t.entDriver.Query(t.inside(ctx), query, args, v)
}

func (t *entTx) Exec(ctx context.Context, query string, args, v any) error {
	return t.entDriver.Exec(t.inside(ctx), query, args, v)
}

func (t *entTx) Commit() error { return t.state.tx.commit(t.ctx) }

func (t *entTx) Rollback() error { return t.state.tx.rollback(context.WithoutCancel(t.ctx)) }

// entRows is a result as Ent reads it.
type entRows struct{ *Rows }

func (r entRows) Columns() ([]string, error) { return r.cursor.Columns() }

// ColumnTypes is asked for by Ent's reflection helpers only, which generated code does not use.
func (r entRows) ColumnTypes() ([]*stdsql.ColumnType, error) {
	return nil, errors.New("ent: column types are not offered")
}

// NextResultSet reports that there is one result.
func (r entRows) NextResultSet() bool { return false }

// affected is the number of changed rows as a driver's result.
type affected int64

func (affected) LastInsertId() (int64, error) { return 0, errors.New("ids are made before rows") }

func (n affected) RowsAffected() (int64, error) { return int64(n), nil }
