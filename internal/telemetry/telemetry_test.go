package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

type applicant struct{ Name, IDNo string }

func (a applicant) LogValue() slog.Value {
	return slog.GroupValue(slog.String("name", a.Name), slog.String("id", "p-1"))
}

// Structured logs carry no personal data (issue "the spine", M2).
func TestLogHidesPersonalData(t *testing.T) {
	const secret = "430321199001011234"
	var out bytes.Buffer
	log := NewLogger(&out, "debug")
	log.With("password", secret, "tenant", "431321").WithGroup("applicant").InfoContext(WithRequestID(t.Context(), "r-1"), "submitted",
		"id_no", secret, "idNo", secret, "contact.Phone", secret, "agentMobile", secret, "authorization", secret,
		slog.Group("input", "form", map[string]string{"x": secret}, "size", 3),
		"who", applicant{Name: secret}, "whole", struct{ Name string }{secret}, "map", map[string]string{"a": secret},
		"error", errors.New("version is stale"), "status_code", 409, "took", time.Second)
	if strings.Contains(out.String(), secret) {
		t.Fatalf("personal data in the log: %s", out.String())
	}
	var record map[string]any
	if err := json.Unmarshal(out.Bytes(), &record); err != nil {
		t.Fatal(err)
	}
	group, _ := record["applicant"].(map[string]any)
	if record["tenant"] != "431321" || record["password"] != Redacted || group["error"] != "version is stale" || group["request"] != "r-1" || group["status_code"] != float64(409) {
		t.Errorf("the rest must stay readable: %s", out.String())
	}
}

func TestSensitiveKeys(t *testing.T) {
	for key, want := range map[string]bool{
		"name": true, "applicantName": true, "applicant_name": true, "ID_NO": true, "applicantIDNo": true, "X-Token": true, "accessToken": true,
		"form": true, "formData": true, "body": true, "payload": true, "email": true,
		"matter_name": false, "status_code": false, "tenant": false, "case": false, "format": false, "platform": false, "tokens": false, "error": false,
	} {
		if Sensitive(key) != want {
			t.Errorf("%s: hidden is %t, want %t", key, !want, want)
		}
	}
}

func TestRequestIDIsOurs(t *testing.T) {
	var seen string
	handler := WithRequest(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { seen = RequestID(r.Context()) }))
	request := httptest.NewRequest(http.MethodGet, "/", nil)
	request.Header.Set(RequestHeader, "forged")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, request)
	if seen == "" || seen == "forged" || answer.Header().Get(RequestHeader) != seen {
		t.Errorf("context %q, answer %q", seen, answer.Header().Get(RequestHeader))
	}
}

func get(t *testing.T, handler http.Handler) (int, map[string]any) {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/", nil))
	var body map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &body); err != nil {
		t.Fatalf("%v in %s", err, answer.Body)
	}
	return answer.Code, body
}

// I8: a lost dependency shows in /readyz by name; the process stays alive.
func TestReadyNamesWhatIsAway(t *testing.T) {
	h := NewHealth()
	h.timeout = 20 * time.Millisecond
	h.Register("database", func(context.Context) error { return nil })
	h.Register("redis", func(context.Context) error { return errors.New("connection refused") })
	h.Register("objects", func(context.Context) error { select {} })
	h.Register("mail", func(context.Context) error { panic("nil client") })
	status, body := get(t, h.Ready())
	checks, _ := body["checks"].(map[string]any)
	if status != http.StatusServiceUnavailable || body["status"] != "unavailable" || checks["database"] != "ok" || checks["redis"] != "connection refused" ||
		checks["objects"] != "no answer within 20ms" || checks["mail"] != "check failed: nil client" {
		t.Errorf("%d %v", status, body)
	}
	if status, _ := get(t, h.Live()); status != http.StatusOK {
		t.Errorf("alive answers %d", status)
	}
}

func TestReadyAsksOncePerSecond(t *testing.T) {
	h := NewHealth()
	now := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	h.now = func() time.Time { return now }
	var asked atomic.Int32
	h.Register("database", func(context.Context) error { asked.Add(1); return nil })
	for range 5 {
		if status, _ := get(t, h.Ready()); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times within a second", asked.Load())
	}
	now = now.Add(CheckAge)
	get(t, h.Ready())
	if asked.Load() != 2 {
		t.Errorf("asked %d times after a second", asked.Load())
	}
}

// The answer is shared: one prober that hangs up must not make the dependency look away to the next.
func TestReadyOutlivesAnImpatientProber(t *testing.T) {
	h := NewHealth()
	h.Register("database", func(ctx context.Context) error { return ctx.Err() })
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := h.Report(gone)["database"]; err != nil {
		t.Error(err)
	}
}

func TestMetrics(t *testing.T) {
	m := NewMetrics()
	m.Request("submitApplication", "", 30*time.Millisecond)
	m.Request("submitApplication", "CONFLICT", time.Millisecond)
	m.Job("render", "done", time.Second)
	m.OutboxLag(func() float64 { return 7 })
	m.QueueDepth("default", func() float64 { return 3 })
	answer := httptest.NewRecorder()
	m.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	for _, want := range []string{
		`zhengtong_requests_total{code="OK",operation="submitApplication"} 1`, `zhengtong_requests_total{code="CONFLICT",operation="submitApplication"} 1`,
		`zhengtong_request_seconds_count{operation="submitApplication"} 2`, `zhengtong_jobs_total{outcome="done",type="render"} 1`,
		`zhengtong_outbox_lag_seconds 7`, `zhengtong_queue_depth{queue="default"} 3`, "go_goroutines",
	} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}
