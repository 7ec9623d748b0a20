package bench

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// county is the demonstration's tenant that the bench works in, with its lineage.
const (
	county  = "431321"
	lineage = "national/430000/431300/431321"
)

// appRole is the role under which the product works, behind row-level security.
const appRole = "zt_app"

// database is a temporary one; drop removes it.
type database struct {
	server string // URL of the server's own database
	name   string
	url    string
}

func createDatabase(ctx context.Context, server string) (*database, error) {
	if server == "" {
		return nil, errors.New("a PostgreSQL server is needed: give --database-url, or start one with `make dev-up` and `eval \"$(go run ./deploy/dev env)\"`")
	}
	name := "zt_bench_" + strings.ToLower(rand.Text()[:10])
	within, err := url.Parse(server)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	within.Path = "/" + name
	d := &database{server: server, name: name, url: within.String()}
	if err := d.onServer(ctx, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return nil, fmt.Errorf("create a database: %w", err)
	}
	return d, nil
}

func (d *database) drop(ctx context.Context) error {
	return d.onServer(context.WithoutCancel(ctx), "DROP DATABASE IF EXISTS "+d.name+" WITH (FORCE)")
}

func (d *database) onServer(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, d.server)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// pool opens connections for the references, as many as there are clients. Under
// appRole they are bound to the county; with no role they are the owner's. settings are
// names and values of the server's parameters, in turn.
func (d *database) pool(ctx context.Context, role string, settings ...string) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(d.url)
	if err != nil {
		return nil, err
	}
	config.MaxConns, config.MinConns = concurrency, concurrency
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	for i := 0; i+1 < len(settings); i += 2 {
		config.ConnConfig.RuntimeParams[settings[i]] = settings[i+1]
	}
	if role != "" {
		config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
			if _, err := conn.Exec(ctx, "SET ROLE "+role); err != nil {
				return err
			}
			_, err := conn.Exec(ctx, "SELECT set_config('zt.tenant', $1, false), set_config('zt.lineage', $2, false)", county, lineage)
			return err
		}
	}
	return pgxpool.NewWithConfig(ctx, config)
}
