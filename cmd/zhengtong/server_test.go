package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"zhengtong/internal/testkit"
)

var binary string

// TestMain builds the program once, as `make build` does without the web, and
// runs it as its user would: a child process that is ended by its id.
func TestMain(m *testing.M) { os.Exit(testMain(m)) }

func testMain(m *testing.M) int {
	dir, err := os.MkdirTemp("", "zhengtong-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "zhengtong")
	build := exec.Command("go", "build", "-o", binary, ".")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "build the program:", err)
		return 2
	}
	return testkit.RunMain(m)
}

// process is a running server.
type process struct {
	t      testing.TB
	args   []string
	origin string
	cmd    *exec.Cmd
	log    tail
	exited chan error
}

// tail keeps the last lines a process wrote, to be shown when a test fails.
type tail struct {
	mu    sync.Mutex
	lines []string
}

func (l *tail) read(from io.Reader) {
	scanner := bufio.NewScanner(from)
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		l.mu.Lock()
		l.lines = append(l.lines, scanner.Text())
		if len(l.lines) > 60 {
			l.lines = l.lines[1:]
		}
		l.mu.Unlock()
	}
}

func (l *tail) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	text := ""
	for _, line := range l.lines {
		text += line + "\n"
	}
	return text
}

// startServer runs `zhengtong serve` with the flags on a free loopback port and
// waits until it is ready. It is ended with the test.
func startServer(t testing.TB, flags ...string) *process {
	t.Helper()
	address := freeAddress(t)
	p := &process{t: t, origin: "http://" + address, args: append([]string{"serve", "--listen", address}, flags...)}
	t.Cleanup(func() {
		if p.cmd != nil {
			p.kill()
		}
		if t.Failed() {
			t.Logf("last lines of the server:\n%s", &p.log)
		}
	})
	p.start()
	return p
}

func (p *process) start() {
	p.t.Helper()
	p.cmd = exec.Command(binary, p.args...)
	output, err := p.cmd.StderrPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd.Stdout = io.Discard
	if runtime.GOOS == "linux" {
		p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.exited = make(chan error, 1)
	go func(cmd *exec.Cmd, exited chan error) {
		p.log.read(output)
		exited <- cmd.Wait()
	}(p.cmd, p.exited)
	p.awaitReady()
}

func (p *process) awaitReady() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.origin+"/readyz", nil)
		if err != nil {
			p.t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-p.exited:
			p.cmd = nil
			p.t.Fatalf("the server ended before it was ready: %v\n%s", err, &p.log)
		case <-ctx.Done():
			p.t.Fatalf("the server did not become ready: %v\n%s", err, &p.log)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// kill ends the process as a power cut would.
func (p *process) kill() {
	if p.cmd == nil {
		return
	}
	_ = p.cmd.Process.Kill()
	<-p.exited
	p.cmd = nil
}

// stop asks the process to end and returns its exit code.
func (p *process) stop() int {
	p.t.Helper()
	cmd := p.cmd
	p.cmd = nil
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	select {
	case <-p.exited:
		return cmd.ProcessState.ExitCode()
	case <-time.After(40 * time.Second):
		_ = cmd.Process.Kill()
		p.t.Fatal("the server did not end within 40 s of SIGTERM")
		return -1
	}
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}
