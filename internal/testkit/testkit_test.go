package testkit_test

import (
	"context"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"zhengtong/internal/testkit"
)

func TestMain(m *testing.M) { os.Exit(testkit.RunMain(m)) }

// Tests that share a template each write into a database of their own.
func TestPostgresGivesEachTestItsOwn(t *testing.T) {
	var migrations atomic.Int32
	template := testkit.Template{Digest: "testkit1" + strings.Repeat("0", 8), Migrate: func(ctx context.Context, url string) error {
		migrations.Add(1)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer conn.Close(ctx)
		_, err = conn.Exec(ctx, "CREATE TABLE thing (id int PRIMARY KEY)")
		return err
	}}
	t.Run("group", func(t *testing.T) {
		for i := range 4 {
			t.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				conn, err := pgx.Connect(t.Context(), testkit.Postgres(t, template))
				if err != nil {
					t.Fatal(err)
				}
				if _, err := conn.Exec(t.Context(), "INSERT INTO thing VALUES (1)"); err != nil {
					t.Errorf("databases are not separate: %v", err)
				}
				conn.Close(t.Context())
			})
		}
	})
	if n := migrations.Load(); n > 1 {
		t.Errorf("migrated %d times", n)
	}
}

func TestRedisEndsWithItsTest(t *testing.T) {
	var server *testkit.Server
	t.Run("inner", func(t *testing.T) {
		server = testkit.Redis(t)
		options, err := redis.ParseURL(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		client := redis.NewClient(options)
		defer client.Close()
		if err := client.Set(t.Context(), "a", "b", 0).Err(); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Kill(server.PID, 0); err == nil {
		t.Errorf("process %d is still there", server.PID)
	}
	if _, err := os.Stat(server.Dir); !os.IsNotExist(err) {
		t.Errorf("folder %s is still there", server.Dir)
	}
}
