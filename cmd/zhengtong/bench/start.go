package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

const (
	startRuns     = 3                     // of each kind
	startPatience = 30 * time.Second      // before a start counts as failed
	startPoll     = 10 * time.Millisecond // between attempts to be answered
)

// measureStart runs the program as its users do, everything embedded, first on an
// empty directory (which it fills with the demonstration), then on what it left.
func measureStart(ctx context.Context, b *bench) ([]Row, error) {
	var cold, warm []float64
	for range startRuns {
		dir, err := os.MkdirTemp("", "zhengtong-bench-")
		if err != nil {
			return nil, err
		}
		for _, into := range []*[]float64{&cold, &warm} {
			took, err := startOnce(ctx, b.Program, dir)
			if err != nil {
				return nil, errors.Join(err, os.RemoveAll(dir))
			}
			*into = append(*into, took.Seconds())
		}
		if err := os.RemoveAll(dir); err != nil {
			return nil, err
		}
	}
	rows := []Row{
		{Name: "start-cold", What: "start embedded on an empty directory, loading the demonstration, until a query for matters is answered", Ours: median(cold)},
		{Name: "start-warm", What: "start embedded on the directory that the last run left, until a query for matters is answered", Ours: median(warm)},
	}
	for i, times := range [][]float64{cold, warm} {
		rows[i].Unit, rows[i].Aim = "s", atMost(2)
		rows[i].Note = fmt.Sprintf("median of %d, at worst %s s", startRuns, number(slices.Max(times)))
		rows[i] = rows[i].judged()
	}
	return rows, nil
}

// startOnce starts the program, waits for its first answer and ends it again.
func startOnce(ctx context.Context, program, dir string) (took time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, startPatience)
	defer cancel()
	address, err := freeAddress()
	if err != nil {
		return 0, err
	}
	var output bytes.Buffer
	command := exec.CommandContext(ctx, program, "serve", "--demo", "--data", dir, "--listen", address)
	command.Stdout, command.Stderr = &output, &output
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = 10 * time.Second
	began := time.Now()
	if err := command.Start(); err != nil {
		return 0, err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	err = answered(ctx, "http://"+address, ended)
	took = time.Since(began)
	if err != nil {
		return 0, fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	if err := command.Process.Signal(syscall.SIGTERM); err != nil {
		return 0, err
	}
	if err := <-ended; err != nil {
		return 0, fmt.Errorf("end the program: %w\n%s", err, output.Bytes())
	}
	return took, nil
}

// answered asks until there is an answer, or the program ends.
func answered(ctx context.Context, origin string, ended <-chan error) error {
	visitor := &client{http: &http.Client{Timeout: startPatience}, origin: origin}
	text, err := body(`query { matters(first: 1) { edges { node { id title } } } }`, nil)
	if err != nil {
		return err
	}
	ticker := time.NewTicker(startPoll)
	defer ticker.Stop()
	for {
		answer, err := visitor.send(ctx, text, "")
		if err == nil {
			if !bytes.Contains(answer, []byte(`"title"`)) {
				return fmt.Errorf("no matter is offered: %s", answer)
			}
			return nil
		}
		if !errors.Is(err, syscall.ECONNREFUSED) {
			return err
		}
		select {
		case err := <-ended:
			return fmt.Errorf("the program ended before it answered: %w", err)
		case <-ctx.Done():
			return fmt.Errorf("no answer within %s", startPatience)
		case <-ticker.C:
		}
	}
}

// freeAddress is a loopback address that was free a moment ago.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
