package main

import (
	"context"
	"flag"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"zhengtong/cmd/zhengtong/demo"
	"zhengtong/internal/testkit"
)

var drills = flag.Int("drills", 1, "how many times each random drill runs; `make drill` asks for more")

// TestDrillKill kills the server with signal 9 at random moments of the
// journey, embedded: it goes on after each restart, nothing lost or doubled.
func TestDrillKill(t *testing.T) {
	for run := range *drills {
		t.Run("", func(t *testing.T) {
			server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
			random := rand.New(rand.NewPCG(uint64(run), 20260302))
			ctx, cancel := context.WithCancel(t.Context())
			killed := make(chan int)
			go func() {
				n := 0
				for {
					select {
					case <-ctx.Done():
						killed <- n
						return
					case <-time.After(time.Duration(300+random.IntN(2500)) * time.Millisecond):
						server.kill()
						server.start()
						n++
					}
				}
			}()
			result := drive(t, server.origin, nil)
			cancel()
			if n := <-killed; n == 0 {
				t.Fatal("the journey ended before the server was killed once")
			} else {
				t.Logf("killed %d times; case %s, %d steps", n, result.CaseNumber, result.Steps)
			}
		})
	}
}

// TestDrillFlushRedis empties Redis in the middle of the journey: the database is
// the truth, so leases run out and everything is dispatched again (I1).
func TestDrillFlushRedis(t *testing.T) {
	redisServer := testkit.Redis(t)
	s3 := testkit.MinIO(t)
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"), "--database-url", testkit.Postgres(t, testkit.Template{}),
		"--redis-url", redisServer.URL, "--s3-endpoint", s3.Endpoint, "--s3-access-key", s3.AccessKey, "--s3-secret-key", s3.SecretKey,
		"--s3-bucket", s3.Bucket, "--s3-archive-bucket", s3.ArchiveBucket)
	options, err := redis.ParseURL(redisServer.URL)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(options)
	defer client.Close()
	drive(t, server.origin, func(s demo.Step) {
		if s.N%4 == 0 {
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Errorf("flush Redis: %v", err)
			}
		}
	})
}

// TestDrillObjectStoreAway takes the object store away while the decision is
// made and rendered, and brings it back: documents, licence and package follow.
func TestDrillObjectStoreAway(t *testing.T) {
	s3, minio := testkit.OwnMinIO(t)
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"), "--database-url", testkit.Postgres(t, testkit.Template{}),
		"--redis-url", testkit.Redis(t).URL, "--s3-endpoint", s3.Endpoint, "--s3-access-key", s3.AccessKey, "--s3-secret-key", s3.SecretKey,
		"--s3-bucket", s3.Bucket, "--s3-archive-bucket", s3.ArchiveBucket)
	away := 5 * time.Second
	if *drills > 1 {
		away = time.Minute
	}
	drive(t, server.origin, func(s demo.Step) {
		if s.N != 14 {
			return
		}
		if err := minio.Stop(); err != nil {
			t.Errorf("stop the object store: %v", err)
		}
		time.AfterFunc(away, func() {
			if err := minio.Restart(context.Background()); err != nil {
				t.Errorf("bring the object store back: %v", err)
			}
		})
	})
}
