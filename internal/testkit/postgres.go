package testkit

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Template says how the databases of a test look. Databases with one Digest
// are copies of one template, which is migrated once a server; the zero
// Template is an empty database.
type Template struct {
	Digest  string                                      // changes whenever the migrations change
	Migrate func(ctx context.Context, url string) error // must close its connections
}

// Postgres returns the URL of a database of its own for t, with all rights,
// and drops it when t ends.
func Postgres(t testing.TB, template Template) string {
	t.Helper()
	server := address(t, VarDatabase, StartPostgres)
	from, err := template.prepare(t.Context(), server)
	if err != nil {
		t.Fatalf("template database: %v", err)
	}
	name := "zt_test_" + random()
	if err := execute(t.Context(), server, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, from)); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	t.Cleanup(func() {
		if err := execute(context.Background(), server, fmt.Sprintf("DROP DATABASE IF EXISTS %s WITH (FORCE)", name)); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return inDatabase(server, name)
}

// templateLock is the advisory lock under which templates are built: migrations create roles, which belong to the whole server.
const templateLock = 8311321

func (tp Template) prepare(ctx context.Context, server string) (string, error) {
	if tp.Migrate == nil {
		return "template0", nil
	}
	name := "zt_template_" + tp.Digest[:min(len(tp.Digest), 16)]
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return "", err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return "", err
	}
	var ready bool
	err = conn.QueryRow(ctx, "SELECT coalesce(bool_or(datistemplate), false) FROM pg_database WHERE datname = $1", name).Scan(&ready)
	if err != nil || ready {
		return name, err
	}
	for _, statement := range []string{"DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name + " TEMPLATE template0"} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return "", err
		}
	}
	if err := tp.Migrate(ctx, inDatabase(server, name)); err != nil {
		return "", fmt.Errorf("migrate: %w", err)
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+name+" IS_TEMPLATE true ALLOW_CONNECTIONS false")
	return name, err
}

// StartPostgres starts a PostgreSQL server with all its files under dir. As
// root it runs as the user postgres, because PostgreSQL refuses root.
func StartPostgres(ctx context.Context, dir string, detached bool) (*Server, error) {
	const advice = "install PostgreSQL 15 or later (Debian package postgresql, or `make setup`)"
	const packaged = "/usr/lib/postgresql/1[5-9]/bin/"
	initdb, err := program("initdb", advice, packaged+"initdb")
	if err != nil {
		return nil, err
	}
	postgres, err := program("postgres", advice, packaged+"postgres")
	if err != nil {
		return nil, err
	}
	credential, err := unprivileged(dir)
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	prepare := exec.CommandContext(ctx, initdb, "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	prepare.Dir, prepare.SysProcAttr = dir, &syscall.SysProcAttr{Credential: credential}
	if output, err := prepare.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w\n%s", err, output)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	address := fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres?sslmode=disable", port)
	return launch{
		dir: dir, detached: detached, stop: syscall.SIGINT, user: credential, url: address,
		command: []string{postgres, "-D", data, "-p", strconv.Itoa(port), "-k", dir, "-c", "listen_addresses=127.0.0.1",
			"-c", "max_connections=300", "-c", "shared_buffers=256MB", "-c", "max_locks_per_transaction=256", "-c", "max_wal_size=4GB"},
		ready: func(ctx context.Context) error { return execute(ctx, address, "SELECT 1") },
	}.start(ctx)
}

// unprivileged returns the user to run as, and gives it dir; nil when this process is not root.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres to run it as")
	}
	uid, uidErr := strconv.ParseUint(account.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(dir, int(uid), int(gid))
}

func execute(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(context.WithoutCancel(ctx)))
}

func inDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func random() string {
	raw := make([]byte, 8)
	rand.Read(raw)
	return hex.EncodeToString(raw)
}
