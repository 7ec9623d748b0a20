package testkit

import (
	"context"
	"fmt"
	"strconv"
	"syscall"
	"testing"

	"github.com/redis/go-redis/v9"
)

// Redis starts a Redis server of its own for t and ends it with t: it starts
// in milliseconds, and a test may flush, stop or kill it.
func Redis(t testing.TB) *Server {
	t.Helper()
	return own(t, StartRedis)
}

// StartRedis starts a Redis server that keeps nothing on disk: Redis is never the truth (I1).
func StartRedis(ctx context.Context, dir string, detached bool) (*Server, error) {
	server, err := program("redis-server", "install Redis 7 or later (Debian package redis-server, or `make setup`)")
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	return startRedisOn(ctx, server, dir, port, detached)
}

func startRedisOn(ctx context.Context, server, dir string, port int, detached bool) (*Server, error) {
	address := fmt.Sprintf("redis://127.0.0.1:%d/0", port)
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, err
	}
	options.MaxRetries = -1
	return launch{
		dir: dir, detached: detached, stop: syscall.SIGTERM, url: address,
		command: []string{server, "--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
			"--set-proc-title", "no", "--dir", dir},
		ready: func(ctx context.Context) error {
			client := redis.NewClient(options)
			defer client.Close()
			return client.Ping(ctx).Err()
		},
	}.start(ctx)
}
