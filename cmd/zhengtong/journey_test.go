package main

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"zhengtong/cmd/zhengtong/demo"
	"zhengtong/internal/testkit"
)

// drive runs the journey of the food business licence against a server.
func drive(t testing.TB, origin string, onStep func(demo.Step)) demo.Result {
	t.Helper()
	result, told := walk(t, demo.Options{Server: origin, OnStep: onStep})
	if result.Steps < 20 || result.Archive == "" || result.LicenceNo == "" {
		t.Fatalf("the journey is incomplete: %+v\n%s", result, told)
	}
	return result
}

// walk drives any journey, or its first steps, and returns what was told.
func walk(t testing.TB, o demo.Options) (demo.Result, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	var told bytes.Buffer
	o.Password, o.Out, o.Patience = demoPassword, &told, 90*time.Second
	o.Run = fmt.Sprintf("%s-%d", t.Name(), o.Steps) // walks of one test are not repeats of each other
	result, err := demo.Run(ctx, o)
	if err != nil {
		t.Fatalf("%v\nafter\n%s", err, &told)
	}
	return result, told.String()
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

// TestJourneyLingshan drives a real county matter, the energy review of Lingshan
// carried from its published record, on the same program: the institution's
// review stops both clocks alike, the reply is the result, region and city see
// the case and a county beside does not.
// R-SPC-02, R-SPC-05, R-LNK-01
func TestJourneyLingshan(t *testing.T) {
	server := startServer(t, "--demo", "--data", filepath.Join(t.TempDir(), "data"))
	var suspended []string
	result, told := walk(t, demo.Options{Server: server.origin, Matter: demo.Energy, OnStep: func(s demo.Step) {
		if strings.HasPrefix(s.What, "受理；") {
			suspended = s.Changes
		}
	}})
	if result.Archive == "" || result.LicenceNo != "" || result.Decision != "灵审批节能〔2026〕0001号" {
		t.Fatalf("the journey ended with %+v\n%s", result, told)
	}
	if state := strings.Join(suspended, "\n"); strings.Count(state, "（中止中）") != 2 {
		t.Errorf("acceptance suspends the statutory and the promised clock, got\n%s", state)
	}
	for _, who := range []struct {
		login, home string
		sees        bool
	}{{"gx-jiancha", "450000", true}, {"qz-jiancha", "450700", true}, {"sheng-jiancha", "430000", false}} {
		seen := signIn(t, server.origin, who.login, who.home).do(t, `query { linkedCases(under: "450721") { edges { node { number applicantMasked } } } }`, nil)
		if sees := strings.Contains(seen.Body, result.CaseNumber); sees != who.sees {
			t.Errorf("%s sees the case: %v, want %v\n%s", who.login, sees, who.sees, seen.Body)
		}
		if strings.Contains(seen.Body, "湘味餐饮") {
			t.Errorf("%s sees the applicant unmasked: %s", who.login, seen.Body)
		}
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
