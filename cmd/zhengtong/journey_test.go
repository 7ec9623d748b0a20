package main

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"zhengtong/cmd/zhengtong/demo"
	"zhengtong/internal/testkit"
)

// drive runs the journey of the demonstration against a server.
func drive(t testing.TB, origin string, onStep func(demo.Step)) demo.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var told bytes.Buffer
	result, err := demo.Run(ctx, demo.Options{Server: origin, Password: "Zhengtong#2026", Out: &told, Run: t.Name(), OnStep: onStep, Patience: 90 * time.Second})
	if err != nil {
		t.Fatalf("%v\nafter\n%s", err, &told)
	}
	if result.Steps < 20 || result.Archive == "" || result.LicenceNo == "" {
		t.Fatalf("the journey is incomplete: %+v\n%s", result, &told)
	}
	return result
}

// TestJourneyEmbedded drives one application from sign-in to archive on the
// embedded parts, then ends the server as an operator would.
// R-APP-14, R-REC-04, R-REC-06, R-REC-09, R-PRC-15, R-SPC-07, R-LIC-06, R-ARC-02, R-LNK-01
func TestJourneyEmbedded(t *testing.T) {
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
	drive(t, server.origin, nil)
	if code := server.stop(); code != 0 {
		t.Fatalf("SIGTERM ended the server with %d", code)
	}
}

// production starts the real servers and returns the flags that name them.
func production(t testing.TB) []string {
	t.Helper()
	s3 := testkit.MinIO(t)
	return []string{"--demo", "--data", filepath.Join(t.TempDir(), "data"), "--database-url", testkit.Postgres(t, testkit.Template{}), "--redis-url", testkit.Redis(t).URL,
		"--s3-endpoint", s3.Endpoint, "--s3-access-key", s3.AccessKey, "--s3-secret-key", s3.SecretKey,
		"--s3-bucket", s3.Bucket, "--s3-archive-bucket", s3.ArchiveBucket}
}

// TestJourneyProduction drives the same on PostgreSQL, Redis and MinIO,
// with the work done by two worker processes beside the API.
func TestJourneyProduction(t *testing.T) {
	flags := production(t)
	server := startServer(t, append(flags, "--no-workers")...)
	for range 2 {
		startWorker(t, flags)
	}
	drive(t, server.origin, nil)
	if code := server.stop(); code != 0 {
		t.Fatalf("SIGTERM ended the server with %d", code)
	}
}

func startWorker(t testing.TB, flags []string) {
	t.Helper()
	cmd := exec.Command(binary, append([]string{"worker"}, flags...)...)
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("worker:\n%.4000s", log.String())
		}
	})
}

// TestRestartInTheMiddle: what was acknowledged before a restart is there after it.
func TestRestartInTheMiddle(t *testing.T) {
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
	drive(t, server.origin, func(s demo.Step) {
		switch s.N {
		case 5:
			server.kill()
			server.start()
		case 11:
			if code := server.stop(); code != 0 {
				t.Errorf("SIGTERM ended the server with %d", code)
			}
			server.start()
		}
	})
}
