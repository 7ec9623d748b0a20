package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pkg/xattr"
	"github.com/versity/versitygw/auth"
	"github.com/versity/versitygw/backend/meta"
	"github.com/versity/versitygw/backend/posix"
	"github.com/versity/versitygw/embedgw"
	"github.com/versity/versitygw/s3api"
)

// embeddedHost is the name for which URLs are signed. It is never looked up:
// the transport dials the port of the moment, so that a signed URL outlives a restart.
const embeddedHost = "objects.internal"

// Embedded is an S3 server inside this process that keeps its objects as
// files (versitygw, posix backend).
//
// Two facts of that library shape its use: a process can run one such server
// at a time, and the server changes the working directory of the process to
// its own folder until Stop. Make every relative path absolute first.
type Embedded struct {
	address string
	secret  string
	stop    context.CancelFunc
	ended   chan struct{}
	err     error
	back    string // the working directory before
}

// StartEmbedded serves the objects kept in dir (made when absent) on a free
// loopback port and returns once the server listens.
func StartEmbedded(ctx context.Context, dir string) (*Embedded, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("embedded object store: %w", err)
	}
	back, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("embedded object store: %w", err)
	}
	secret, err := openSecret(filepath.Join(filepath.Dir(dir), "objects.secret"))
	if err != nil {
		return nil, fmt.Errorf("embedded object store: %w", err)
	}
	// Between choosing a free port and listening on it, another process may take it.
	for try := 0; ; try++ {
		server, err := startOnce(ctx, dir, back, secret)
		if err == nil {
			return server, nil
		}
		if try == 3 || ctx.Err() != nil {
			return nil, errors.Join(fmt.Errorf("embedded object store: %w", err), os.Chdir(back))
		}
	}
}

func startOnce(ctx context.Context, dir, back, secret string) (*Embedded, error) {
	backend, err := openPosix(dir)
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	e := &Embedded{address: address, secret: secret, stop: stop, ended: make(chan struct{}), back: back}
	listening := make(chan struct{})
	go func() {
		defer close(e.ended)
		e.err = embedgw.RunVersityGW(running, backend, &embedgw.Config{
			RootUserAccess: accessKey, RootUserSecret: secret, Region: embeddedRegion, Ports: []string{address},
			MaxConnections: 1024, MaxRequests: 512, MultipartMaxParts: 10000, Quiet: true, KeepAlive: true, DisableACLs: true,
			IAMService: auth.NewIAMServiceSingle(auth.Account{Access: accessKey, Secret: secret, Role: auth.RoleAdmin}),
			S3Options:  []s3api.Option{s3api.WithOnListen(func() { close(listening) })},
		})
	}()
	select {
	case <-listening:
		return e, nil
	case <-e.ended:
		stop()
		return nil, fmt.Errorf("serve on %s: %w", address, e.err)
	case <-ctx.Done():
		stop()
		<-e.ended
		return nil, ctx.Err()
	}
}

const (
	accessKey      = "zhengtong"
	embeddedRegion = "us-east-1"
)

// Config returns how to reach the server; the caller adds PublicBase and may rename the buckets.
func (e *Embedded) Config() Config {
	return Config{
		Endpoint: "http://" + embeddedHost, Region: embeddedRegion, AccessKey: accessKey, SecretKey: e.secret,
		Bucket: "zhengtong", ArchiveBucket: "zhengtong-archive", Transport: e.transport(),
	}
}

func (e *Embedded) transport() *http.Transport {
	dialer := &net.Dialer{Timeout: 2 * time.Second}
	return &http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, e.address)
		},
		MaxIdleConnsPerHost: 32, IdleConnTimeout: time.Minute, DisableCompression: true,
	}
}

// Stop ends the server, waits for it and returns to the former working directory.
func (e *Embedded) Stop() error {
	e.stop()
	<-e.ended
	return errors.Join(e.err, os.Chdir(e.back))
}

// Attributes of objects live in extended attributes of their files, or, on a
// file system without these, in a folder beside, `object-attributes`. A store
// that began with the folder stays with it.
func openPosix(dir string) (*posix.Posix, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	options := posix.PosixOpts{CopyObjectThreshold: 5 << 30} // zero would refuse every copy
	sidecar := filepath.Join(filepath.Dir(dir), "object-attributes")
	if _, err := os.Stat(sidecar); errors.Is(err, fs.ErrNotExist) && takesAttributes(dir) {
		return posix.New(dir, meta.XattrMeta{}, options)
	}
	if err := os.MkdirAll(sidecar, 0o700); err != nil {
		return nil, err
	}
	storer, err := meta.NewSideCar(sidecar)
	if err != nil {
		return nil, err
	}
	options.SideCarDir = sidecar
	return posix.New(dir, storer, options)
}

func takesAttributes(dir string) bool {
	probe, err := os.CreateTemp(dir, ".attributes-*")
	if err != nil {
		return false
	}
	defer os.Remove(probe.Name())
	return errors.Join(probe.Close(), xattr.Set(probe.Name(), "user.zhengtong", []byte("1"))) == nil
}

// openSecret keeps the server's secret key over restarts, so that signed URLs stay good.
func openSecret(file string) (string, error) {
	if content, err := os.ReadFile(file); err == nil {
		return strings.TrimSpace(string(content)), nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return "", err
	}
	raw := make([]byte, 32)
	rand.Read(raw)
	secret := hex.EncodeToString(raw)
	return secret, os.WriteFile(file, []byte(secret+"\n"), 0o600)
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}
