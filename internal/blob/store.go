package blob

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"zhengtong/internal/problem"
)

// Config says where the object store is. All fields but Transport are needed.
type Config struct {
	Endpoint      string // http or https URL of the S3 server, without a path
	Region        string
	AccessKey     string
	SecretKey     string
	Bucket        string
	ArchiveBucket string            // with object lock
	PublicBase    string            // origin under which browsers reach Proxy, such as https://zt.example
	Transport     http.RoundTripper // nil means the default one
}

// Store is a client of the object store. Its errors are *problem.Error:
// NOT_FOUND for an object that is absent or another tenant's, UNAVAILABLE
// (retryable) when the store does not answer, VALIDATION when content is not
// what was announced.
type Store struct {
	config   Config
	endpoint *url.URL
	client   *minio.Client
}

// Info is what the store knows about an object.
type Info struct {
	Key      Key
	Size     int64
	MIME     string
	Modified time.Time
}

// New returns a client. It does no I/O, so a process starts while the store is away.
func New(config Config) (*Store, error) {
	endpoint, err := url.Parse(config.Endpoint)
	if err != nil || endpoint.Host == "" {
		return nil, errors.New("object store: the endpoint is not a URL")
	}
	if config.Bucket == "" || config.ArchiveBucket == "" || config.Bucket == config.ArchiveBucket {
		return nil, errors.New("object store: two buckets with different names are needed")
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds:        credentials.NewStaticV4(config.AccessKey, config.SecretKey, ""),
		Secure:       endpoint.Scheme == "https",
		Region:       config.Region, // known, so that signing a URL needs no request
		BucketLookup: minio.BucketLookupPath,
		Transport:    config.Transport,
		MaxRetries:   2, // jobs and browsers try again themselves; a request must not hang
	})
	if err != nil {
		return nil, fmt.Errorf("object store: %w", err)
	}
	return &Store{config: config, endpoint: endpoint, client: client}, nil
}

// Prepare makes the two buckets if they are absent.
func (s *Store) Prepare(ctx context.Context) error {
	for _, bucket := range []string{s.config.Bucket, s.config.ArchiveBucket} {
		exists, err := s.client.BucketExists(ctx, bucket)
		if err != nil {
			return refusal("look for bucket "+bucket, err)
		}
		if exists {
			continue
		}
		err = s.client.MakeBucket(ctx, bucket, minio.MakeBucketOptions{Region: s.config.Region, ObjectLocking: bucket == s.config.ArchiveBucket})
		if code := minio.ToErrorResponse(err).Code; err != nil && code != "BucketAlreadyOwnedByYou" && code != "BucketAlreadyExists" {
			return refusal("make bucket "+bucket, err)
		}
	}
	return nil
}

// Ping asks whether the store answers and has the bucket, for /readyz.
func (s *Store) Ping(ctx context.Context) error {
	exists, err := s.client.BucketExists(ctx, s.config.Bucket)
	if err != nil {
		return errors.New("the object store does not answer")
	}
	if !exists {
		return fmt.Errorf("bucket %s does not exist", s.config.Bucket)
	}
	return nil
}

// Put stores size bytes of content under key. It refuses with VALIDATION,
// keeping nothing, when the bytes do not hash to the key's digest or are not
// size long. An object that exists already is left as it is: its content is
// the same by its name.
func (s *Store) Put(ctx context.Context, tenant string, key Key, content io.Reader, size int64, mime string) error {
	return s.put(ctx, tenant, key, content, size, minio.PutObjectOptions{ContentType: mime})
}

// PutRetained is Put for an archive package: the store refuses to delete or
// replace it for the time retain, whoever asks (compliance mode; retention
// periods of 档案法实施条例 and DA/T 103 are data of the archive service).
func (s *Store) PutRetained(ctx context.Context, tenant string, key Key, content io.Reader, size int64, mime string, retain time.Duration) error {
	if key.Purpose != PurposeArchive || retain <= 0 {
		return fmt.Errorf("retention is for archive packages, for a time: %s for %s", key.Purpose, retain)
	}
	return s.put(ctx, tenant, key, content, size, minio.PutObjectOptions{
		ContentType: mime, Mode: minio.Compliance,
		// The store compares with its own clock, so machine time is meant even on a virtual clock.
		RetainUntilDate: time.Now().UTC().Add(retain),
	})
}

func (s *Store) put(ctx context.Context, tenant string, key Key, content io.Reader, size int64, options minio.PutObjectOptions) error {
	if err := key.check(tenant); err != nil {
		return err
	}
	if _, err := s.client.StatObject(ctx, s.bucket(key), key.String(), minio.StatObjectOptions{}); err == nil {
		return nil
	}
	verified := newVerifier(content, key.Digest, size)
	options.DisableMultipart = true
	options.UserMetadata = map[string]string{"X-Amz-Checksum-Sha256": checksum(key.Digest)}
	_, err := s.client.PutObject(ctx, s.bucket(key), key.String(), verified, size, options)
	if verified.err != nil {
		return verified.err
	}
	return refusal("store an object", err)
}

// Get opens an object for reading; the caller closes it. Reading fails when
// the bytes do not hash to the key's digest, at the latest with the last of them.
func (s *Store) Get(ctx context.Context, tenant string, key Key) (io.ReadCloser, Info, error) {
	if err := key.check(tenant); err != nil {
		return nil, Info{}, err
	}
	object, err := s.client.GetObject(ctx, s.bucket(key), key.String(), minio.GetObjectOptions{})
	if err != nil {
		return nil, Info{}, refusal("read an object", err)
	}
	stat, err := object.Stat()
	if err != nil {
		object.Close()
		return nil, Info{}, refusal("read an object", err)
	}
	return struct {
		io.Reader
		io.Closer
	}{newVerifier(object, key.Digest, stat.Size), object}, info(key, stat), nil
}

// Stat returns what the store knows about an object.
func (s *Store) Stat(ctx context.Context, tenant string, key Key) (Info, error) {
	if err := key.check(tenant); err != nil {
		return Info{}, err
	}
	stat, err := s.client.StatObject(ctx, s.bucket(key), key.String(), minio.StatObjectOptions{})
	if err != nil {
		return Info{}, refusal("look at an object", err)
	}
	return info(key, stat), nil
}

// RetainedUntil tells until when the store itself refuses to delete or replace
// an archive package; the zero time when it would not refuse.
func (s *Store) RetainedUntil(ctx context.Context, tenant string, key Key) (time.Time, error) {
	if err := key.check(tenant); err != nil {
		return time.Time{}, err
	}
	stat, err := s.client.StatObject(ctx, s.bucket(key), key.String(), minio.StatObjectOptions{})
	if err != nil {
		return time.Time{}, refusal("look at a retention", err)
	}
	if !strings.EqualFold(stat.Metadata.Get("X-Amz-Object-Lock-Mode"), minio.Compliance.String()) {
		return time.Time{}, nil
	}
	until, err := time.Parse(time.RFC3339, stat.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date"))
	if err != nil {
		return time.Time{}, refusal("look at a retention", err)
	}
	return until.UTC(), nil
}

// Delete removes an unverified upload; any other purpose is immutable. What
// does not exist is deleted already.
func (s *Store) Delete(ctx context.Context, tenant string, key Key) error {
	if err := key.check(tenant); err != nil {
		return err
	}
	if !key.Purpose.Quarantined() {
		return problem.New(problem.Conflict, "immutable", "已入库的文件不可删除")
	}
	err := s.client.RemoveObject(ctx, s.bucket(key), key.String(), minio.RemoveObjectOptions{})
	return refusal("delete an upload", err)
}

func (s *Store) bucket(key Key) string {
	if key.Purpose == PurposeArchive {
		return s.config.ArchiveBucket
	}
	return s.config.Bucket
}

func info(key Key, stat minio.ObjectInfo) Info {
	return Info{Key: key, Size: stat.Size, MIME: stat.ContentType, Modified: stat.LastModified.UTC()}
}

func checksum(digest string) string {
	raw, err := hex.DecodeString(digest)
	if err != nil { // a Key that passed check has a digest of hex digits
		return ""
	}
	return base64.StdEncoding.EncodeToString(raw)
}

// refusal turns an error of the store into one with a code; nil stays nil.
func refusal(doing string, err error) error {
	if err == nil {
		return nil
	}
	answer := minio.ToErrorResponse(err)
	switch {
	case answer.Code == "NoSuchKey" || answer.Code == "NoSuchBucket" || answer.StatusCode == http.StatusNotFound:
		return problem.Missing()
	case strings.Contains(answer.Code, "Digest") || strings.Contains(answer.Code, "Checksum") || answer.Code == "IncompleteBody":
		return &problem.Error{Code: problem.Validation, Reason: "digest_mismatch", Message: "文件内容与摘要不符", Cause: err}
	}
	return &problem.Error{Code: problem.Unavailable, Reason: "object_store", Message: "文件存储暂时不可用，请稍后重试",
		Retryable: true, RetryAfter: 5 * time.Second, Cause: fmt.Errorf("%s: %w", doing, err)}
}
