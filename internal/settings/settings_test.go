package settings_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"zhengtong/internal/settings"
)

func parse(t *testing.T, file string, environ []string, args ...string) (settings.Settings, *settings.Source, error) {
	t.Helper()
	source, err := settings.NewSource(file, environ)
	if err != nil {
		return settings.Settings{}, nil, err
	}
	var got settings.Settings
	parser, err := kong.New(&got, kong.Resolvers(source), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	_, err = parser.Parse(args)
	return got, source, err
}

func write(t *testing.T, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "zhengtong.yaml")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func TestDefaultsAreTheFlagDefaults(t *testing.T) {
	got, _, err := parse(t, "", nil)
	if err != nil {
		t.Fatal(err)
	}
	want := settings.Defaults()
	if !filepath.IsAbs(got.Data) {
		t.Errorf("data directory %q must be absolute: the embedded object store changes the working directory", got.Data)
	}
	got.Data = want.Data
	if got != want {
		t.Errorf("flags give\n%+v\nDefaults gives\n%+v", got, want)
	}
	if problems := want.Validate(); len(problems) != 0 {
		t.Errorf("the defaults have problems:\n%s", problems)
	}
}

func TestStrongerSourceWins(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:1\nlog-level: warn\ns3-bucket: from-file\nlimit-request-time: 5s\n")
	environ := []string{"ZHENGTONG_LISTEN=127.0.0.1:2", "ZHENGTONG_LOG_LEVEL=error", "PATH=/bin", "ZHENGTONG_CLOCK_START=2025-09-26T09:00:00+08:00"}
	got, _, err := parse(t, file, environ, "--listen=127.0.0.1:3")
	if err != nil {
		t.Fatal(err)
	}
	if got.Listen != "127.0.0.1:3" || got.LogLevel != "error" || got.S3.Bucket != "from-file" || got.Limit.RequestTime != 5*time.Second {
		t.Errorf("got %+v", got)
	}
	if want := time.Date(2025, 9, 26, 1, 0, 0, 0, time.UTC); !got.ClockStart.Equal(want) {
		t.Errorf("clock start %s, want %s", got.ClockStart, want)
	}
}

func TestProblemsNameFileAndLine(t *testing.T) {
	file := write(t, "\nlisten: nowhere\ndatabase-url: mysql://root:hunter2@db/zt\n")
	got, source, err := parse(t, file, nil)
	if err != nil {
		t.Fatal(err)
	}
	report := source.Locate(got.Validate()).String()
	for _, want := range []string{file + ":2:9 $.listen", file + ":3:15 $.database-url"} {
		if !strings.Contains(report, want) {
			t.Errorf("report lacks %q:\n%s", want, report)
		}
	}
	if strings.Contains(report, "hunter2") {
		t.Errorf("a password leaked into the report:\n%s", report)
	}
}

func TestUnknownSettingIsRefused(t *testing.T) {
	file := write(t, "listen: 127.0.0.1:1\nlisten-adress: x\n")
	_, _, err := parse(t, file, nil)
	if err == nil || !strings.Contains(err.Error(), file+":2:16 $.listen-adress") {
		t.Errorf("got %v", err)
	}
	if _, err := settings.NewSource(write(t, "listen: [1, 2]\n"), nil); err == nil {
		t.Error("a list is not a setting")
	}
	if _, err := settings.NewSource(write(t, "- listen\n"), nil); err == nil {
		t.Error("a list is not settings")
	}
}

func TestValidateCombinations(t *testing.T) {
	start := time.Date(2025, 9, 26, 0, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name   string
		change func(*settings.Settings)
		want   string
	}{
		{"clock control without a virtual clock", func(s *settings.Settings) { s.ClockControl = true }, "$.clock-control"},
		{"clock control off loopback", func(s *settings.Settings) { s.ClockControl, s.ClockStart, s.Listen = true, start, "0.0.0.0:80" }, "$.clock-control"},
		{"S3 without keys", func(s *settings.Settings) { s.S3.Endpoint = "http://s3:9000" }, "$.s3-access-key"},
		{"one bucket for both", func(s *settings.Settings) { s.S3.ArchiveBucket = s.S3.Bucket }, "$.s3-bucket"},
		{"origin with a path", func(s *settings.Settings) { s.PublicURL = "https://zt.example/app" }, "$.public-url"},
		{"owner without database", func(s *settings.Settings) { s.DatabaseOwnerURL = "postgres://o@db/zt" }, "$.database-owner-url"},
		{"embedded queue without workers", func(s *settings.Settings) { s.NoWorkers = true }, "$.no-workers"},
		{"bad sender", func(s *settings.Settings) { s.SMTP.URL, s.SMTP.From = "smtp://m:25", "nobody" }, "$.smtp-from"},
		{"no limit", func(s *settings.Settings) { s.Limit.QueryDepth = 0 }, "$.limit-query-depth"},
		{"unknown suite", func(s *settings.Settings) { s.Keys.Suite = "rot13" }, "$.key-suite"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := settings.Defaults()
			test.change(&s)
			problems := s.Validate()
			if len(problems) != 1 || problems[0].Path != test.want {
				t.Errorf("want one problem at %s, got:\n%s", test.want, problems)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	for listen, want := range map[string]string{
		"127.0.0.1:8080": "http://127.0.0.1:8080", "0.0.0.0:80": "http://localhost:80", ":80": "http://localhost:80", "[::]:80": "http://localhost:80",
	} {
		if got := (settings.Settings{Listen: listen}).Origin(); got != want {
			t.Errorf("%s: %s, want %s", listen, got, want)
		}
	}
	if got := (settings.Settings{PublicURL: "https://zt.example/"}).Origin(); got != "https://zt.example" {
		t.Error(got)
	}
}

func TestChecks(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := settings.Defaults()
	s.Data = filepath.Join(t.TempDir(), "data")
	s.RedisURL = "redis://" + listener.Addr().String()
	outcome := func() map[string]bool {
		good := map[string]bool{}
		for _, check := range s.Checks() {
			good[check.Name] = check.Run(t.Context()) == nil
		}
		return good
	}
	if got := outcome(); !got["data"] || !got["master-key"] || !got["redis"] || len(got) != 3 {
		t.Errorf("all three should pass: %v", got)
	}
	listener.Close()
	if err := os.WriteFile(s.KeyFile(), []byte("key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := outcome(); got["master-key"] || got["redis"] {
		t.Errorf("a readable key and a closed port should fail: %v", got)
	}
}
