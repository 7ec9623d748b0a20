package settings

import (
	"net"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"zhengtong/internal/problem"
)

// Validate returns every problem of the settings, each at the path of the
// flag it concerns (`$.database-url`). It does no I/O; see Checks for that.
func (s Settings) Validate() problem.List {
	var list problem.List
	host := s.validateListen(&list)
	s.validateServers(&list)
	s.validateClock(&list, host)
	s.Limit.validate(&list)
	if s.Data == "" {
		list.Add("$.data", "required", "a data directory is needed")
	}
	if !slices.Contains([]string{"debug", "info", "warn", "error"}, s.LogLevel) {
		list.Add("$.log-level", "enum", "%q is not debug, info, warn or error", s.LogLevel)
	}
	if !slices.Contains([]string{"std", "gm"}, s.Keys.Suite) {
		list.Add("$.key-suite", "enum", "%q is not std or gm", s.Keys.Suite)
	}
	return list.Sorted()
}

func (s Settings) validateListen(list *problem.List) string {
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil || port == "" {
		list.Add("$.listen", "format", "%q is not host:port", s.Listen)
	}
	if s.PublicURL == "" {
		return host
	}
	u, err := url.Parse(s.PublicURL)
	switch {
	case err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https"):
		list.Add("$.public-url", "format", "not an http or https origin")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.User != nil:
		list.Add("$.public-url", "format", "only scheme, host and port are allowed")
	}
	return host
}

func (s Settings) validateServers(list *problem.List) {
	checkURL(list, "$.database-url", s.DatabaseURL, "postgres", "postgresql")
	checkURL(list, "$.database-owner-url", s.DatabaseOwnerURL, "postgres", "postgresql")
	checkURL(list, "$.redis-url", s.RedisURL, "redis", "rediss", "redis-sentinel")
	checkURL(list, "$.s3-endpoint", s.S3.Endpoint, "http", "https")
	checkURL(list, "$.smtp-url", s.SMTP.URL, "smtp", "smtps", "smtp+starttls")
	if s.DatabaseOwnerURL != "" && s.DatabaseURL == "" {
		list.Add("$.database-owner-url", "alone", "given without --database-url")
	}
	if s.S3.Endpoint != "" && (s.S3.AccessKey == "" || s.S3.SecretKey == "") {
		list.Add("$.s3-access-key", "required", "an S3 server needs --s3-access-key and --s3-secret-key")
	}
	if s.S3.Bucket == "" || s.S3.Bucket == s.S3.ArchiveBucket {
		list.Add("$.s3-bucket", "format", "two buckets with different names are needed")
	}
	if s.SMTP.URL != "" {
		if _, err := mail.ParseAddress(s.SMTP.From); err != nil {
			list.Add("$.smtp-from", "format", "%q is not an address", s.SMTP.From)
		}
	}
	if s.NoWorkers && s.EmbeddedQueue() {
		list.Add("$.no-workers", "combination", "an embedded queue has no other process to work for it; give --redis-url")
	}
}

// A URL may hold a password, so a bad one is never repeated in the message.
func checkURL(list *problem.List, path, value string, schemes ...string) {
	if value == "" {
		return
	}
	u, err := url.Parse(value)
	if err != nil || u.Host == "" || !slices.Contains(schemes, u.Scheme) {
		list.Add(path, "format", "not a %s:// URL with a host", strings.Join(schemes, ":// or "))
	}
}

// The clock may be moved by anyone who reaches the listener, so it is served on loopback only (docs/architecture.md).
func (s Settings) validateClock(list *problem.List, host string) {
	if !s.ClockControl {
		return
	}
	if !s.Virtual() {
		list.Add("$.clock-control", "combination", "only a virtual clock can be moved; give --clock-start or --demo")
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		list.Add("$.clock-control", "combination", "the clock is only served on loopback, not on %q", s.Listen)
	}
}

func (l Limit) validate(list *problem.List) {
	for _, limit := range []struct {
		path  string
		value int64
	}{
		{"$.limit-body", l.Body}, {"$.limit-upload", l.Upload},
		{"$.limit-request-time", int64(l.RequestTime)}, {"$.limit-drain-time", int64(l.DrainTime)},
		{"$.limit-query-tokens", int64(l.QueryTokens)}, {"$.limit-query-depth", int64(l.QueryDepth)},
		{"$.limit-query-aliases", int64(l.QueryAliases)}, {"$.limit-query-cost", int64(l.QueryCost)},
		{"$.limit-database-conns", int64(l.DatabaseConns)}, {"$.limit-worker-tasks", int64(l.WorkerTasks)},
		{"$.limit-requests-per-min", int64(l.RequestsPerMin)},
	} {
		if limit.value <= 0 {
			list.Add(limit.path, "range", "must be greater than zero")
		}
	}
}
