// Command dev runs the servers that development and tests share: PostgreSQL,
// Redis and MinIO, in folders under the system's temporary one, on free
// loopback ports, fully independent of what else the machine runs.
//
//	go run ./deploy/dev up     start what does not run; note addresses in .cache/dev/env
//	go run ./deploy/dev env    print the addresses as shell exports
//	go run ./deploy/dev down   end the servers by process id and remove their files
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"zhengtong/internal/testkit"
)

// service is one server that dev knows how to start.
type service struct {
	name     string
	variable string // under which its address is given to tests
	start    func(ctx context.Context, dir string, detached bool) (*testkit.Server, error)
}

var services = []service{
	{"postgres", testkit.VarDatabase, testkit.StartPostgres},
	{"redis", testkit.VarRedis, testkit.StartRedis},
	{"minio", testkit.VarS3, testkit.StartMinIO},
}

// running notes one started server in .cache/dev/servers.json.
type running struct {
	Name string `json:"name"`
	PID  int    `json:"pid"`
	Dir  string `json:"dir"`
	URL  string `json:"url"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := command(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "dev:", err)
		os.Exit(1)
	}
}

func command(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return errors.New("say up, env or down")
	}
	release, err := lock()
	if err != nil {
		return err
	}
	defer release()
	known, err := load()
	if err != nil {
		return err
	}
	switch args[0] {
	case "up":
		return up(ctx, known)
	case "down":
		return down(known)
	case "env":
		maps.DeleteFunc(known, func(_ string, server running) bool { return !alive(server) })
		fmt.Print(environment(known))
		return nil
	}
	return fmt.Errorf("%q is not up, env or down", args[0])
}

func up(ctx context.Context, known map[string]running) error {
	for _, s := range services {
		if old, ok := known[s.name]; ok {
			if alive(old) {
				continue
			}
			os.RemoveAll(old.Dir) // what a switched-off machine has left
		}
		dir, err := os.MkdirTemp("", "zhengtong-dev-"+s.name+"-")
		if err != nil {
			return err
		}
		if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL runs as another user
			return err
		}
		server, err := s.start(ctx, dir, true)
		if err != nil {
			return errors.Join(fmt.Errorf("start %s: %w", s.name, err), os.RemoveAll(dir))
		}
		known[s.name] = running{Name: s.name, PID: server.PID, Dir: dir, URL: server.URL}
		if err := save(known); err != nil {
			return errors.Join(err, server.Stop())
		}
		fmt.Fprintf(os.Stderr, "dev: %s at %s\n", s.name, server.URL)
	}
	return nil
}

func down(known map[string]running) error {
	var failures []error
	for name, server := range known {
		if alive(server) {
			if err := end(server); err != nil {
				failures = append(failures, fmt.Errorf("end %s: %w", name, err))
				continue
			}
		}
		failures = append(failures, os.RemoveAll(server.Dir))
		delete(known, name)
	}
	return errors.Join(append(failures, save(known))...)
}

// end asks a server to end; SIGINT is PostgreSQL's fast shutdown and ends the others too.
func end(server running) error {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGKILL} {
		if err := syscall.Kill(server.PID, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
			if !alive(server) {
				return nil
			}
		}
	}
	return fmt.Errorf("process %d does not end", server.PID)
}

// alive reports whether the process is still the server it was: process ids
// are used again, but no other process has our folder in its command line.
func alive(server running) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", server.PID))
	return err == nil && strings.Contains(string(line), server.Dir)
}

func environment(known map[string]running) string {
	var out strings.Builder
	for _, s := range services {
		if server, ok := known[s.name]; ok {
			fmt.Fprintf(&out, "export %s='%s'\n", s.variable, server.URL)
		}
	}
	return out.String()
}

func stateFile() string { return filepath.Join(testkit.DevDir(), "servers.json") }

func load() (map[string]running, error) {
	known := map[string]running{}
	content, err := os.ReadFile(stateFile())
	if errors.Is(err, fs.ErrNotExist) {
		return known, nil
	}
	if err != nil {
		return nil, err
	}
	return known, json.Unmarshal(content, &known)
}

func save(known map[string]running) error {
	content, err := json.MarshalIndent(known, "", "  ")
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(stateFile(), content, 0o644),
		os.WriteFile(filepath.Join(testkit.DevDir(), "env"), []byte(environment(known)), 0o644))
}

// lock lets one dev run at a time.
func lock() (release func(), err error) {
	if err := os.MkdirAll(testkit.DevDir(), 0o755); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(testkit.DevDir(), "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return func() { file.Close() }, nil
}
