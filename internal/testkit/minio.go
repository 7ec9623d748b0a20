package testkit

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// MinIOModule is the version that tests run against: a separate program, never linked.
const MinIOModule = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"

// The credentials of every MinIO that this package starts.
const (
	S3AccessKey = "zhengtong"
	S3SecretKey = "zhengtong-test-only"
)

// S3 is an object store for one test.
type S3 struct {
	Endpoint             string
	AccessKey, SecretKey string
	Bucket               string // not made yet, and nobody else's
	ArchiveBucket        string // as above
}

// MinIO returns a MinIO server with bucket names of its own for t.
func MinIO(t testing.TB) S3 {
	t.Helper()
	return s3At(address(t, VarS3, StartMinIO))
}

// OwnMinIO starts a MinIO server that t may stop, for tests of its absence.
func OwnMinIO(t testing.TB) (S3, *Server) {
	t.Helper()
	server := own(t, StartMinIO)
	return s3At(server.URL), server
}

func s3At(endpoint string) S3 {
	name := "zt-test-" + random()
	return S3{Endpoint: endpoint, AccessKey: S3AccessKey, SecretKey: S3SecretKey, Bucket: name, ArchiveBucket: name + "-archive"}
}

// StartMinIO starts a MinIO server with its data under dir.
func StartMinIO(ctx context.Context, dir string, detached bool) (*Server, error) {
	server, err := program("minio", "run `make setup`, which builds "+MinIOModule+" into .cache/bin", MinIOBinary())
	if err != nil {
		return nil, err
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	data := filepath.Join(dir, "data")
	if err := os.MkdirAll(data, 0o700); err != nil {
		return nil, err
	}
	listen := fmt.Sprintf("127.0.0.1:%d", port)
	return launch{
		dir: dir, detached: detached, stop: syscall.SIGTERM, url: "http://" + listen,
		command: []string{server, "server", "--quiet", "--address", listen, "--console-address", "127.0.0.1:0", data},
		env: []string{"MINIO_ROOT_USER=" + S3AccessKey, "MINIO_ROOT_PASSWORD=" + S3SecretKey, "MINIO_UPDATE=off",
			"MINIO_BROWSER=off", "MINIO_CALLHOME_ENABLE=off", "HOME=" + dir},
		ready: func(ctx context.Context) error { return serves(ctx, listen) },
	}.start(ctx)
}

// MinIOBinary is where `make setup` leaves the program.
func MinIOBinary() string { return filepath.Join(Root(), ".cache", "bin", "minio") }

// serves asks for something that needs the object layer: the server's own health
// page says ready while that is still being initialised.
func serves(ctx context.Context, address string) error {
	client, err := minio.New(address, &minio.Options{Creds: credentials.NewStaticV4(S3AccessKey, S3SecretKey, ""), MaxRetries: 1})
	if err != nil {
		return err
	}
	_, err = client.ListBuckets(ctx)
	return err
}
