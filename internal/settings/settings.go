// Package settings holds what an operator decides about one process: where it
// listens, which database, queue and object store it uses, its limits.
//
// Values come, strongest first, from flags (kong), from ZHENGTONG_*
// environment variables, from an optional YAML file, and from the defaults
// below. Nothing here concerns what a tenant offers: that is configuration.
package settings

import (
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"
)

// EnvPrefix starts the name of every environment variable that is read:
// `--database-url` is ZHENGTONG_DATABASE_URL.
const EnvPrefix = "ZHENGTONG_"

// Settings are the settings of one process. The zero value is not usable:
// parse it with kong (which fills defaults) or take Defaults.
type Settings struct {
	Config string `help:"YAML file with settings, named like the flags." placeholder:"FILE" type:"path"`

	Listen    string `help:"Address to serve HTTP on." default:"127.0.0.1:8080"`
	PublicURL string `name:"public-url" help:"Origin under which browsers reach this server; derived from --listen when empty." placeholder:"URL"`
	Data      string `help:"Directory for everything this process keeps: embedded database, objects, keys." default:"data" type:"path"`
	NoWorkers bool   `help:"Leave background work to 'zhengtong worker' processes."`
	LogLevel  string `help:"debug, info, warn or error." default:"info" enum:"debug,info,warn,error"`

	DatabaseURL      string `name:"database-url" help:"PostgreSQL URL; empty uses SQLite under --data." placeholder:"URL"`
	DatabaseOwnerURL string `name:"database-owner-url" help:"PostgreSQL URL of the owner of the tables, used by migrations only; empty uses --database-url." placeholder:"URL"`
	RedisURL         string `name:"redis-url" help:"Redis URL; empty runs a Redis inside the process." placeholder:"URL"`

	S3   S3   `embed:"" prefix:"s3-"`
	SMTP SMTP `embed:"" prefix:"smtp-"`
	Keys Keys `embed:"" prefix:"key-"`

	Demo         bool      `help:"On an empty data directory, load the demo tenants and accounts and run on a virtual clock."`
	ClockStart   time.Time `help:"Start a new database on a virtual clock at this RFC 3339 instant." placeholder:"TIME"`
	ClockControl bool      `help:"Serve POST /debug/clock on loopback; only with a virtual clock."`

	Limit Limit `embed:"" prefix:"limit-"`
}

// S3 names the object store. An empty Endpoint runs one inside the process.
type S3 struct {
	Endpoint      string `help:"URL of an S3 server; empty runs one inside the process under --data." placeholder:"URL"`
	Region        string `help:"Region of the buckets." default:"us-east-1"`
	AccessKey     string `help:"Access key." placeholder:"KEY"`
	SecretKey     string `help:"Secret key." placeholder:"SECRET"`
	Bucket        string `help:"Bucket of uploads and documents." default:"zhengtong"`
	ArchiveBucket string `help:"Bucket of archive packages, with object lock." default:"zhengtong-archive"`
}

// SMTP names the mail server. Without a URL, mail is not sent and stays visible in the inbox only.
type SMTP struct {
	URL  string `name:"url" help:"smtp://, smtps:// or smtp+starttls:// URL of the mail server." placeholder:"URL"`
	From string `help:"Sender address." default:"zhengtong@localhost"`
}

// Keys says where the master key is and which algorithms are used.
type Keys struct {
	File  string `help:"File with the master key (64 hex digits); empty keeps one under --data." placeholder:"FILE" type:"path"`
	Suite string `help:"std (SHA-256, AES-GCM, ECDSA) or gm (SM3, SM4-GCM, SM2)." default:"std" enum:"std,gm"`
}

// Limit bounds what one request or one process may use. Sizes are bytes.
type Limit struct {
	Body           int64         `help:"Largest request body." default:"1048576"`
	Upload         int64         `help:"Largest uploaded file." default:"52428800"`
	RequestTime    time.Duration `help:"Longest time for one request." default:"30s"`
	DrainTime      time.Duration `help:"Longest time to finish work after SIGTERM." default:"20s"`
	QueryTokens    int           `help:"Most lexical tokens in a GraphQL document." default:"4000"`
	QueryDepth     int           `help:"Deepest GraphQL selection." default:"15"`
	QueryAliases   int           `help:"Most aliases in a GraphQL document." default:"60"`
	QueryCost      int           `help:"Largest computed cost of a GraphQL document." default:"20000"`
	DatabaseConns  int           `help:"Most database connections." default:"16"`
	WorkerTasks    int           `help:"Most background tasks at once." default:"8"`
	RequestsPerMin int           `help:"Requests one address may make in a minute." default:"1200"`
}

// Defaults returns the settings of a process started without any flag.
func Defaults() Settings {
	return Settings{
		Listen: "127.0.0.1:8080", Data: "data", LogLevel: "info",
		S3:   S3{Region: "us-east-1", Bucket: "zhengtong", ArchiveBucket: "zhengtong-archive"},
		SMTP: SMTP{From: "zhengtong@localhost"},
		Keys: Keys{Suite: "std"},
		Limit: Limit{Body: 1 << 20, Upload: 50 << 20, RequestTime: 30 * time.Second, DrainTime: 20 * time.Second,
			QueryTokens: 4000, QueryDepth: 15, QueryAliases: 60, QueryCost: 20000,
			DatabaseConns: 16, WorkerTasks: 8, RequestsPerMin: 1200},
	}
}

// EmbeddedDatabase reports whether the process keeps its own SQLite file.
func (s Settings) EmbeddedDatabase() bool { return s.DatabaseURL == "" }

// EmbeddedQueue reports whether the process runs its own Redis.
func (s Settings) EmbeddedQueue() bool { return s.RedisURL == "" }

// EmbeddedObjects reports whether the process runs its own S3 server.
func (s Settings) EmbeddedObjects() bool { return s.S3.Endpoint == "" }

// Virtual reports whether the process asks for a virtual clock.
func (s Settings) Virtual() bool { return s.Demo || !s.ClockStart.IsZero() }

// DatabaseFile returns the SQLite file of embedded mode.
func (s Settings) DatabaseFile() string { return filepath.Join(s.Data, "zhengtong.db") }

// ObjectDir returns the folder of the embedded object store.
func (s Settings) ObjectDir() string { return filepath.Join(s.Data, "objects") }

// KeyFile returns the file of the master key.
func (s Settings) KeyFile() string {
	if s.Keys.File != "" {
		return s.Keys.File
	}
	return filepath.Join(s.Data, "master.key")
}

// Origin returns the public origin, without a final slash. An unspecified
// listening address (0.0.0.0, ::) is shown as localhost.
func (s Settings) Origin() string {
	if s.PublicURL != "" {
		return strings.TrimRight(s.PublicURL, "/")
	}
	host, port, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return "http://" + s.Listen
	}
	if ip := net.ParseIP(host); host == "" || (ip != nil && ip.IsUnspecified()) {
		host = "localhost"
	}
	return (&url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}).String()
}
