package testkit

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// The environment variables that name servers to share. Go tests do not share
// Redis (every test starts its own); benchmarks and browser journeys do.
const (
	VarDatabase = "ZHENGTONG_TEST_DATABASE_URL"
	VarRedis    = "ZHENGTONG_TEST_REDIS_URL"
	VarS3       = "ZHENGTONG_TEST_S3_ENDPOINT"
)

type starter func(ctx context.Context, dir string, detached bool) (*Server, error)

// RunMain runs the tests of a package with one PostgreSQL (and nothing else)
// shared between them, and returns the exit code for os.Exit. A package with
// several tests on PostgreSQL calls it from TestMain, so that they do not
// each start a server when none is given.
func RunMain(m *testing.M) int {
	if _, found := shared(VarDatabase); found {
		return m.Run()
	}
	dir, err := workDir()
	if err == nil {
		defer os.RemoveAll(dir)
		var server *Server
		if server, err = StartPostgres(context.Background(), dir, false); err == nil {
			defer server.Stop()
			err = os.Setenv(VarDatabase, server.URL)
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "testkit:", err)
		return 1
	}
	return m.Run()
}

// address returns the URL of the shared server, or of one started for t alone.
func address(t testing.TB, variable string, start starter) string {
	t.Helper()
	if found, ok := shared(variable); ok {
		return found
	}
	return own(t, start).URL
}

func own(t testing.TB, start starter) *Server {
	t.Helper()
	dir, err := workDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	server, err := start(t.Context(), dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// workDir makes a folder outside t.TempDir, whose parents another user (postgres) may not enter.
func workDir() (string, error) {
	dir, err := os.MkdirTemp("", "zhengtong-test-")
	if err != nil {
		return "", err
	}
	return dir, os.Chmod(dir, 0o755)
}

// shared looks for a server in the environment, then among the development
// servers, whose file may be left from a machine that was switched off.
func shared(variable string) (string, bool) {
	if value := os.Getenv(variable); value != "" {
		return value, true
	}
	value := DevEnv()[variable]
	u, err := url.Parse(value)
	if err != nil || u.Host == "" {
		return "", false
	}
	connection, err := net.DialTimeout("tcp", u.Host, time.Second)
	if err != nil {
		return "", false
	}
	connection.Close()
	return value, true
}

// DevDir is where `go run ./deploy/dev up` notes its servers.
func DevDir() string { return filepath.Join(Root(), ".cache", "dev") }

// DevEnv reads the variables that `go run ./deploy/dev up` wrote; none when it has not run.
func DevEnv() map[string]string {
	values := map[string]string{}
	file, err := os.Open(filepath.Join(DevDir(), "env"))
	if err != nil {
		return values
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		name, value, found := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		if found {
			values[name] = strings.Trim(value, "'")
		}
	}
	return values
}

// Root is the folder of go.mod. It is found from the working directory, or,
// when a test has moved away, from where this file was compiled.
func Root() string {
	here, err := os.Getwd()
	if _, file, _, ok := runtime.Caller(0); err != nil || !below(here) && ok {
		here = filepath.Dir(file)
	}
	for dir := here; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
	}
}

func below(dir string) bool {
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return true
		}
	}
	return false
}
