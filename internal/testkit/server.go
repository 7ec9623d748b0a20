// Package testkit gives Go tests real servers: PostgreSQL, Redis and MinIO.
//
// A test asks for what it needs (`testkit.Postgres(t, …)`). Servers come from
// the environment (ZHENGTONG_TEST_DATABASE_URL, …) or from
// `go run ./deploy/dev up`, which `make test` calls; without either, the test
// starts its own and ends them by process id. A program that is not installed
// fails the test: nothing is skipped.
package testkit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Server is one running server process.
type Server struct {
	URL string // how clients reach it
	PID int
	Dir string // everything the process writes

	ended chan struct{}
	spec  launch
}

// launch describes a server to start.
type launch struct {
	dir      string
	detached bool // outlives this process
	stop     syscall.Signal
	user     *syscall.Credential
	ready    func(context.Context) error
	url      string
	command  []string
	env      []string
}

// readyTime is the longest time a server may take to answer.
const readyTime = 30 * time.Second

// start runs the command and waits until it answers. Its output goes to `log`
// in its folder, whose end is part of the error when it does not come up.
func (l launch) start(ctx context.Context) (*Server, error) {
	server := &Server{URL: l.url, Dir: l.dir, spec: l}
	return server, server.run(ctx)
}

func (s *Server) run(ctx context.Context) error {
	l := s.spec
	output, err := os.OpenFile(filepath.Join(l.dir, "log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	defer output.Close()
	command := exec.Command(l.command[0], l.command[1:]...)
	command.Dir, command.Stdout, command.Stderr, command.Env = l.dir, output, output, append(os.Environ(), l.env...)
	command.SysProcAttr = &syscall.SysProcAttr{Credential: l.user, Setsid: true}
	if !l.detached { // a test binary that times out runs no clean-up
		command.SysProcAttr.Pdeathsig = l.stop
	}
	if err := command.Start(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(l.command[0]), err)
	}
	ended := make(chan struct{})
	s.PID, s.ended = command.Process.Pid, ended
	go func() {
		defer close(ended)
		_ = command.Wait() // a server that ends by itself is noticed by await, or by whoever uses it
	}()
	if err := s.await(ctx, l.ready); err != nil {
		return errors.Join(fmt.Errorf("%s: %w\n%s", filepath.Base(l.command[0]), err, tail(output.Name())), s.Stop())
	}
	return nil
}

// Restart starts a stopped or killed server again, at the same address and
// with what it had kept on disk.
func (s *Server) Restart(ctx context.Context) error { return s.run(ctx) }

func (s *Server) await(ctx context.Context, ready func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ready(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.ended:
			return errors.New("ended at once")
		case <-ctx.Done():
			return fmt.Errorf("does not answer: %w", err)
		case <-tick.C:
		}
	}
}

// Stop asks the process to end, waits five seconds, then kills it.
func (s *Server) Stop() error { return s.end(s.spec.stop) }

// Kill ends the process as a power cut would.
func (s *Server) Kill() error { return s.end(syscall.SIGKILL) }

func (s *Server) end(signal syscall.Signal) error {
	if err := syscall.Kill(s.PID, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("end process %d: %w", s.PID, err)
	}
	select {
	case <-s.ended:
		return nil
	case <-time.After(5 * time.Second):
	}
	if err := syscall.Kill(s.PID, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("kill process %d: %w", s.PID, err)
	}
	<-s.ended
	return nil
}

// freePort returns a loopback port that was free a moment ago.
func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// program finds an executable in PATH or by patterns, newest version last.
func program(name, advice string, patterns ...string) (string, error) {
	for i := len(patterns) - 1; i >= 0; i-- {
		found, err := filepath.Glob(patterns[i])
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("the program %s is missing: %s", name, advice)
}

func tail(file string) string {
	content, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	lines := bytes.Split(bytes.TrimSpace(content), []byte("\n"))
	return string(bytes.Join(lines[max(0, len(lines)-8):], []byte("\n")))
}
