package settings

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"strings"
)

// Check is one question that `zhengtong doctor` asks before a start. Run
// returns nil when the answer is good; the error says what to mend.
type Check struct {
	Name string
	Run  func(context.Context) error
}

// Checks lists what can be asked of the machine without opening a session
// anywhere: the data directory is writable, the master key is private, each
// named server answers on its port.
func (s Settings) Checks() []Check {
	checks := []Check{
		{"data", func(context.Context) error { return writable(s.Data) }},
		{"master-key", func(context.Context) error { return private(s.KeyFile()) }},
	}
	for _, server := range []struct{ name, address, port string }{
		{"database", s.DatabaseURL, "5432"}, {"redis", s.RedisURL, "6379"},
		{"objects", s.S3.Endpoint, ""}, {"smtp", s.SMTP.URL, "25"},
	} {
		if server.address != "" {
			checks = append(checks, Check{server.name, func(ctx context.Context) error { return reachable(ctx, server.address, server.port) }})
		}
	}
	return checks
}

func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("create the data directory: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".doctor-*")
	if err != nil {
		return fmt.Errorf("write in the data directory: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// A missing key file is fine: the first start makes one.
func private(file string) error {
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("master key %s can be read by others (mode %o); run chmod 600", file, info.Mode().Perm())
	}
	return nil
}

func reachable(ctx context.Context, address, port string) error {
	u, err := url.Parse(address)
	if err != nil {
		return errors.New("not a URL")
	}
	if u.Port() != "" {
		port = u.Port()
	} else if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[strings.ToLower(u.Scheme)]
	}
	connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return err
	}
	return connection.Close()
}
