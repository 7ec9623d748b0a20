package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"

	"zhengtong/internal/tenancy"
)

// postgres is a pool whose connections run under one role.
type postgres struct {
	pool   *pgxpool.Pool
	scoped bool
}

func openPostgres(ctx context.Context, cfg Config) (*DB, error) {
	maximum := cfg.MaxConns
	if maximum <= 0 {
		maximum = int32(max(8, 4*runtime.GOMAXPROCS(0)))
	}
	app, err := newPostgres(ctx, cfg.URL, "zt_app", maximum, true)
	if err != nil {
		return nil, err
	}
	relayURL, relayMax := cfg.RelayURL, cfg.RelayMaxConns
	if relayURL == "" {
		relayURL = cfg.URL
	}
	if relayMax <= 0 {
		relayMax = 4
	}
	relay, err := newPostgres(ctx, relayURL, "zt_relay", relayMax, false)
	if err != nil {
		app.close()
		return nil, err
	}
	ownerURL := cfg.OwnerURL
	if ownerURL == "" {
		ownerURL = cfg.URL
	}
	work := &pool{engine: app, scoped: true}
	return &DB{
		pool:  work,
		ent:   newEnt(work),
		relay: &Relay{&pool{engine: relay}},
		sql:   stdlib.OpenDBFromPool(app.pool, stdlib.OptionResetSession(resetSession)),
		log:   cfg.Logger,
		owner: func(context.Context) (*sql.DB, error) { return sql.Open("pgx", ownerURL) },
	}, nil
}

func newPostgres(ctx context.Context, url, role string, maximum int32, scoped bool) (*postgres, error) {
	cfg, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	cfg.MaxConns = maximum
	cfg.ConnConfig.RuntimeParams["application_name"] = role
	cfg.ConnConfig.RuntimeParams["timezone"] = "UTC"
	cfg.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		if _, err := conn.Exec(ctx, "SET ROLE "+role); err != nil {
			return fmt.Errorf("take the role %s (is the database migrated?): %w", role, err)
		}
		return nil
	}
	if scoped {
		cfg.PrepareConn = prepareConn
	}
	p, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("database pool: %w", err)
	}
	return &postgres{pool: p, scoped: scoped}, nil
}

// stuck is where a connection remembers which tenant it was last set to.
const stuck = "zt.scope"

// ownTenant marks the context of a batch, which sets its tenant itself.
type ownTenant struct{}

// prepareConn sets the tenant of ctx on a connection that is taken from the pool, for as long as it is held.
// Without a tenant the settings are empty and row-level security shows nothing.
func prepareConn(ctx context.Context, conn *pgx.Conn) (bool, error) {
	if ctx.Value(ownTenant{}) != nil {
		return true, nil
	}
	scope, _ := tenancy.From(ctx)
	want := scopeOf(ctx)
	if conn.PgConn().CustomData()[stuck] == want {
		return true, nil
	}
	delete(conn.PgConn().CustomData(), stuck)
	if _, err := conn.Exec(ctx, setScope(false), scope.Acting, scope.Path()); err != nil {
		return false, fmt.Errorf("set the tenant: %w", err)
	}
	conn.PgConn().CustomData()[stuck] = want
	return true, nil
}

// scopeOf is what a connection remembers of a context's tenant.
func scopeOf(ctx context.Context) string {
	scope, _ := tenancy.From(ctx)
	return scope.Acting + " " + scope.Path()
}

// resetSession does the same when database/sql hands a connection straight to a waiter, past the pool's hook.
func resetSession(ctx context.Context, conn *pgx.Conn) error {
	_, err := prepareConn(ctx, conn)
	return err
}

func setScope(local bool) string {
	if local {
		return "SELECT set_config('zt.tenant', $1, true), set_config('zt.lineage', $2, true)"
	}
	return "SELECT set_config('zt.tenant', $1, false), set_config('zt.lineage', $2, false)"
}

func (p *postgres) dialect() Dialect { return Postgres }

func (p *postgres) close() { p.pool.Close() }

func (p *postgres) query(ctx context.Context, sql string, args []any) (cursor, error) {
	conn, fresh, err := p.take(ctx)
	if err != nil {
		return nil, err
	}
	if !fresh {
		c, err := queryPostgres(ctx, conn, sql, args)
		if err != nil {
			conn.Release()
			return nil, err
		}
		return &heldCursor{cursor: c, release: func(error) error { conn.Release(); return nil }}, nil
	}
	results, err := scopedBatch(ctx, conn, sql, args)
	if err != nil {
		conn.Release()
		return nil, err
	}
	done := func(failed error) error {
		err := results.Close()
		settle(ctx, conn, errors.Join(failed, err))
		conn.Release()
		return translate(err)
	}
	rows, err := results.Query()
	if err != nil {
		return nil, errors.Join(translate(err), done(err))
	}
	return &heldCursor{cursor: postgresCursor{rows}, release: done}, nil
}

func (p *postgres) exec(ctx context.Context, sql string, args []any) (int64, error) {
	conn, fresh, err := p.take(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Release()
	if !fresh {
		return execPostgres(ctx, conn, sql, args)
	}
	results, err := scopedBatch(ctx, conn, sql, args)
	if err != nil {
		return 0, err
	}
	tag, err := results.Exec()
	err = errors.Join(err, results.Close())
	settle(ctx, conn, err)
	return tag.RowsAffected(), translate(err)
}

// take takes a connection for one statement. fresh says that it is set to another
// tenant: the statement then travels behind the one that sets it, in one round trip.
func (p *postgres) take(ctx context.Context) (conn *pgxpool.Conn, fresh bool, err error) {
	conn, err = p.pool.Acquire(context.WithValue(ctx, ownTenant{}, true))
	if err != nil {
		return nil, false, translate(err)
	}
	return conn, p.scoped && conn.Conn().PgConn().CustomData()[stuck] != scopeOf(ctx), nil
}

// scopedBatch sends a statement behind the one that sets the tenant, whose result is read.
func scopedBatch(ctx context.Context, conn *pgxpool.Conn, sql string, args []any) (pgx.BatchResults, error) {
	values, err := arguments(Postgres, args)
	if err != nil {
		return nil, err
	}
	delete(conn.Conn().PgConn().CustomData(), stuck)
	scope, _ := tenancy.From(ctx)
	batch := &pgx.Batch{}
	batch.Queue(setScope(false), scope.Acting, scope.Path())
	batch.Queue(sql, values...)
	results := conn.SendBatch(ctx, batch)
	if _, err := results.Exec(); err != nil {
		return nil, translate(errors.Join(err, results.Close()))
	}
	return results, nil
}

// settle remembers the tenant that a connection was set to; a batch that failed has set nothing.
func settle(ctx context.Context, conn *pgxpool.Conn, failed error) {
	if failed == nil {
		conn.Conn().PgConn().CustomData()[stuck] = scopeOf(ctx)
	}
}

// heldCursor gives its connection back when it is closed or read to its end.
type heldCursor struct {
	cursor
	release func(failed error) error
	err     error
}

func (c *heldCursor) Next() bool {
	if c.cursor.Next() {
		return true
	}
	c.err = errors.Join(c.err, c.Close())
	return false
}

func (c *heldCursor) Err() error { return errors.Join(c.cursor.Err(), c.err) }

func (c *heldCursor) Close() error {
	err := c.cursor.Close()
	if release := c.release; release != nil {
		c.release = nil
		err = errors.Join(err, release(err))
	}
	return err
}

func (p *postgres) begin(ctx context.Context) (transaction, error) {
	tx, err := p.pool.Begin(ctx)
	if err != nil {
		return nil, translate(err)
	}
	scope, _ := tenancy.From(ctx)
	return &postgresTx{tx: tx, scope: scope, scoped: p.scoped}, nil
}

// run sends the batch on its own: between two syncs PostgreSQL runs it as one transaction.
func (p *postgres) run(ctx context.Context, b *Batch) error {
	conn, err := p.pool.Acquire(context.WithValue(ctx, ownTenant{}, true))
	if err != nil {
		return translate(err)
	}
	defer conn.Release()
	return sendBatch(ctx, conn, b, p.scoped)
}

type postgresTx struct {
	tx     pgx.Tx
	scope  tenancy.Scope // which the transaction is set to
	scoped bool
}

func (t *postgresTx) assume(ctx context.Context) error {
	scope, _ := tenancy.From(ctx)
	if !t.scoped || scope.Same(t.scope) {
		return nil
	}
	if _, err := t.tx.Exec(ctx, setScope(true), scope.Acting, scope.Path()); err != nil {
		return translate(fmt.Errorf("set the tenant: %w", err))
	}
	t.scope = scope
	return nil
}

func (t *postgresTx) query(ctx context.Context, sql string, args []any) (cursor, error) {
	return queryPostgres(ctx, t.tx, sql, args)
}

func (t *postgresTx) exec(ctx context.Context, sql string, args []any) (int64, error) {
	return execPostgres(ctx, t.tx, sql, args)
}

func (t *postgresTx) run(ctx context.Context, b *Batch) error {
	if err := sendBatch(ctx, t.tx, b, t.scoped); err != nil {
		return err
	}
	t.scope, _ = tenancy.From(ctx)
	return nil
}

func (t *postgresTx) commit(ctx context.Context) error { return translate(t.tx.Commit(ctx)) }

func (t *postgresTx) rollback(ctx context.Context) error {
	if err := t.tx.Rollback(ctx); err != nil && !errors.Is(err, pgx.ErrTxClosed) {
		return translate(err)
	}
	return nil
}

// postgresRunner is a pool, a connection or a transaction.
type postgresRunner interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func queryPostgres(ctx context.Context, on postgresRunner, sql string, args []any) (cursor, error) {
	values, err := arguments(Postgres, args)
	if err != nil {
		return nil, err
	}
	rows, err := on.Query(ctx, sql, values...)
	if err != nil {
		return nil, translate(err)
	}
	return postgresCursor{rows}, nil
}

func execPostgres(ctx context.Context, on postgresRunner, sql string, args []any) (int64, error) {
	values, err := arguments(Postgres, args)
	if err != nil {
		return 0, err
	}
	tag, err := on.Exec(ctx, sql, values...)
	return tag.RowsAffected(), translate(err)
}

type postgresCursor struct{ pgx.Rows }

func (c postgresCursor) Close() error {
	c.Rows.Close()
	return c.Rows.Err()
}

func (c postgresCursor) Columns() ([]string, error) {
	fields := c.FieldDescriptions()
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.Name
	}
	return names, nil
}
