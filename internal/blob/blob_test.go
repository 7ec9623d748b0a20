package blob_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zhengtong/internal/blob"
	"zhengtong/internal/problem"
	"zhengtong/internal/testkit"
)

const tenant, other = "431321", "431322"

var pdf = []byte("%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF\n")

func keyOf(purpose blob.Purpose, content []byte) blob.Key {
	sum := sha256.Sum256(content)
	return blob.Key{Tenant: tenant, Purpose: purpose, Digest: hex.EncodeToString(sum[:])}
}

// open returns a prepared store and an origin that serves its signed URLs.
func open(t *testing.T, config blob.Config) *blob.Store {
	t.Helper()
	var handler http.Handler
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(origin.Close)
	config.PublicBase = origin.URL
	store, err := blob.New(config)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second start finds the buckets
		if err := store.Prepare(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	handler = store.Proxy(1 << 20)
	return store
}

func minioConfig(s3 testkit.S3) blob.Config {
	return blob.Config{Endpoint: s3.Endpoint, Region: "us-east-1", AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Bucket: s3.Bucket, ArchiveBucket: s3.ArchiveBucket}
}

// The same contract holds embedded and on MinIO (docs/architecture.md).
func TestContract(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		server, err := blob.StartEmbedded(t.Context(), t.TempDir()+"/objects")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := server.Stop(); err != nil {
				t.Error(err)
			}
		})
		contract(t, open(t, server.Config()))
	})
	t.Run("minio", func(t *testing.T) { contract(t, open(t, minioConfig(testkit.MinIO(t)))) })
}

func contract(t *testing.T, s *blob.Store) {
	t.Run("tenants do not see each other", func(t *testing.T) { tenantsAreApart(t, s) })
	t.Run("what is put is got", func(t *testing.T) { putAndGet(t, s) })
	t.Run("wrong content is refused", func(t *testing.T) { wrongContent(t, s) })
	t.Run("uploads", func(t *testing.T) { uploads(t, s) })
	t.Run("accept", func(t *testing.T) { accept(t, s) })
	t.Run("archives are locked", func(t *testing.T) { archives(t, s) })
	t.Run("proxy adds no right", func(t *testing.T) { proxy(t, s) })
	if err := s.Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func put(t *testing.T, s *blob.Store, purpose blob.Purpose, content []byte, mime string) blob.Key {
	t.Helper()
	key := keyOf(purpose, content)
	if err := s.Put(t.Context(), tenant, key, bytes.NewReader(content), int64(len(content)), mime); err != nil {
		t.Fatal(err)
	}
	return key
}

func want(t *testing.T, what string, err error, code problem.Code, reason string) {
	t.Helper()
	if problem.CodeOf(err) != code || problem.ReasonOf(err) != reason {
		t.Errorf("%s: %v, want %s(%s)", what, err, code, reason)
	}
}

// I3: a key of another tenant is answered like a key that does not exist, by every call.
func tenantsAreApart(t *testing.T, s *blob.Store) {
	key := put(t, s, blob.Quarantine("apart"), pdf, "application/pdf")
	ctx := t.Context()
	for _, acting := range []string{other, ""} {
		want(t, "put", s.Put(ctx, acting, key, bytes.NewReader(pdf), int64(len(pdf)), ""), problem.NotFound, "")
		_, _, err := s.Get(ctx, acting, key)
		want(t, "get", err, problem.NotFound, "")
		_, err = s.Stat(ctx, acting, key)
		want(t, "stat", err, problem.NotFound, "")
		_, err = s.Verify(ctx, acting, key)
		want(t, "verify", err, problem.NotFound, "")
		_, err = s.Accept(ctx, acting, key, blob.PurposeMaterial, blob.Claim{})
		want(t, "accept", err, problem.NotFound, "")
		_, err = s.PresignPut(ctx, acting, key, 1, "", time.Minute)
		want(t, "presign put", err, problem.NotFound, "")
		_, err = s.PresignGet(ctx, acting, key, "", time.Minute)
		want(t, "presign get", err, problem.NotFound, "")
		want(t, "delete", s.Delete(ctx, acting, key), problem.NotFound, "")
	}
	if _, err := s.Stat(ctx, tenant, key); err != nil {
		t.Errorf("the object must still be there: %v", err)
	}
	outside := blob.Key{Tenant: tenant, Purpose: "../" + other, Digest: key.Digest}
	_, err := s.Stat(ctx, tenant, outside)
	want(t, "a purpose that climbs", err, problem.NotFound, "")
}

func putAndGet(t *testing.T, s *blob.Store) {
	large := bytes.Repeat([]byte("政务"), 1<<20) // 6 MiB: more than any buffer on the way
	for _, content := range [][]byte{{}, pdf, large} {
		key := put(t, s, blob.PurposeDocument, content, "application/pdf")
		put(t, s, blob.PurposeDocument, content, "application/pdf") // immutable, so twice is once
		reader, info, err := s.Get(t.Context(), tenant, key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(reader)
		reader.Close()
		if err != nil || !bytes.Equal(got, content) || info.Size != int64(len(content)) || info.MIME != "application/pdf" {
			t.Errorf("%d bytes: got %d, %+v, %v", len(content), len(got), info, err)
		}
		want(t, "delete", s.Delete(t.Context(), tenant, key), problem.Conflict, "immutable")
	}
	_, _, err := s.Get(t.Context(), tenant, keyOf(blob.PurposeDocument, []byte("never")))
	want(t, "absent", err, problem.NotFound, "")
}

func wrongContent(t *testing.T, s *blob.Store) {
	ctx := t.Context()
	key := keyOf(blob.PurposeMaterial, []byte("right content"))
	for name, test := range map[string]struct {
		content string
		size    int64
		reason  string
	}{
		"other bytes": {"wrong content", 13, "digest_mismatch"}, "shorter": {"right", 13, "size_mismatch"}, "longer": {"right content!", 13, "size_mismatch"},
	} {
		err := s.Put(ctx, tenant, key, strings.NewReader(test.content), test.size, "text/plain")
		want(t, name, err, problem.Validation, test.reason)
		_, err = s.Stat(ctx, tenant, key)
		want(t, name+" keeps nothing", err, problem.NotFound, "")
	}
}

// send does what a browser does with an Upload.
func send(t *testing.T, upload blob.Upload, content []byte, change func(*http.Request)) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), upload.Method, upload.URL, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range upload.Headers {
		request.Header.Set(name, value)
	}
	request.Header.Set("Cookie", "session=secret")
	request.Header.Set("Origin", "http://127.0.0.1")
	if change != nil {
		change(request)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	return answer.StatusCode
}

// Presigned uploads take the announced bytes only (issue "the spine", M2).
func uploads(t *testing.T, s *blob.Store) {
	ctx := t.Context()
	sign := func(content []byte, valid time.Duration) blob.Upload {
		upload, err := s.PresignPut(ctx, tenant, keyOf(blob.Quarantine("f1"), content), int64(len(content)), "application/pdf", valid)
		if err != nil {
			t.Fatal(err)
		}
		return upload
	}
	good := append(bytes.Clone(pdf), '1')
	upload := sign(good, time.Minute)
	forged := bytes.Clone(good)
	forged[len(forged)-1] = '2'
	refused := map[string]int{
		"other bytes": send(t, upload, forged, nil),
		"longer":      send(t, upload, append(bytes.Clone(good), 'x'), nil),
		"other type":  send(t, upload, good, func(r *http.Request) { r.Header.Set("Content-Type", "text/html") }),
		"no checksum": send(t, upload, good, func(r *http.Request) { r.Header.Del("X-Amz-Checksum-Sha256") }),
		"other key":   send(t, upload, good, func(r *http.Request) { r.URL.Path = strings.Replace(r.URL.Path, tenant, other, 1) }),
		"other signature": send(t, upload, good, func(r *http.Request) {
			r.URL.RawQuery = strings.Replace(r.URL.RawQuery, "X-Amz-Signature=", "X-Amz-Signature=0", 1)
		}),
	}
	for name, status := range refused {
		if status < 400 || status >= 500 {
			t.Errorf("%s: status %d", name, status)
		}
	}
	_, err := s.Stat(ctx, tenant, upload.Key)
	want(t, "a refused upload keeps nothing", err, problem.NotFound, "")
	if status := send(t, upload, good, nil); status != http.StatusOK {
		t.Errorf("good upload: status %d", status)
	}
	if info, err := s.Stat(ctx, tenant, upload.Key); err != nil || info.Size != int64(len(good)) {
		t.Errorf("%+v %v", info, err)
	}
	large := make([]byte, 1<<20+1)
	if status := send(t, sign(large, time.Minute), large, nil); status != http.StatusRequestEntityTooLarge {
		t.Errorf("more than the limit: status %d", status)
	}
	_, err = s.PresignPut(ctx, tenant, keyOf(blob.PurposeMaterial, good), 1, "", time.Minute)
	want(t, "upload past quarantine", err, problem.Conflict, "not_quarantined")
}

func accept(t *testing.T, s *blob.Store) {
	ctx := t.Context()
	content := append(bytes.Clone(pdf), "accept"...)
	claim := blob.Claim{Size: int64(len(content)), MIME: "application/pdf"}
	key := put(t, s, blob.Quarantine("f2"), content, "application/pdf")
	_, err := s.Accept(ctx, tenant, key, blob.PurposeMaterial, blob.Claim{Size: 1, MIME: "image/png"})
	want(t, "false claim", err, problem.Validation, "")
	if text := err.Error(); !strings.Contains(text, "$.mime") || !strings.Contains(text, "$.size") {
		t.Errorf("both problems should be named: %s", text)
	}
	info, err := s.Accept(ctx, tenant, key, blob.PurposeMaterial, claim)
	if err != nil || info.Key != keyOf(blob.PurposeMaterial, content) || info.MIME != "application/pdf" || info.Size != claim.Size {
		t.Errorf("%+v %v", info, err)
	}
	_, err = s.Stat(ctx, tenant, key)
	want(t, "the upload is gone", err, problem.NotFound, "")
	// Who only knows a digest has no upload, and gets nothing.
	_, err = s.Accept(ctx, tenant, keyOf(blob.Quarantine("f3"), content), blob.PurposeMaterial, claim)
	want(t, "claim without upload", err, problem.NotFound, "")
	page := []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")
	key = put(t, s, blob.Quarantine("f4"), page, "image/png")
	_, err = s.Accept(ctx, tenant, key, blob.PurposeMaterial, blob.Claim{Size: int64(len(page)), MIME: "image/png"})
	want(t, "a page that says it is a picture", err, problem.Validation, "")
}

func archives(t *testing.T, s *blob.Store) {
	ctx := t.Context()
	content := []byte("archive package")
	key := keyOf(blob.PurposeArchive, content)
	for range 2 {
		if err := s.PutRetained(ctx, tenant, key, bytes.NewReader(content), int64(len(content)), "application/zip", 24*time.Hour); err != nil {
			t.Fatal(err)
		}
	}
	want(t, "delete", s.Delete(ctx, tenant, key), problem.Conflict, "immutable")
	if until, err := s.RetainedUntil(ctx, tenant, key); err != nil || time.Until(until) < 23*time.Hour {
		t.Errorf("the store itself must refuse until tomorrow: %s %v", until, err)
	}
	if facts, err := s.Verify(ctx, tenant, key); err != nil || facts.Size != int64(len(content)) {
		t.Errorf("%+v %v", facts, err)
	}
	if err := s.PutRetained(ctx, tenant, keyOf(blob.PurposeMaterial, content), nil, 0, "", time.Hour); err == nil {
		t.Error("retention outside the archive bucket must be refused")
	}
}

func proxy(t *testing.T, s *blob.Store) {
	page := []byte("<html><script>alert(1)</script></html>")
	key := put(t, s, blob.PurposeMaterial, page, "text/html")
	address, err := s.PresignGet(t.Context(), tenant, key, "营业 执照.html", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	answer, body := fetch(t, http.MethodGet, address)
	if answer.StatusCode != http.StatusOK || !bytes.Equal(body, page) {
		t.Fatalf("%d %s", answer.StatusCode, body)
	}
	for name, want := range map[string]string{"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff", "Content-Disposition": "attachment"} {
		if got := answer.Header.Get(name); !strings.Contains(got, want) {
			t.Errorf("%s: %q lacks %q", name, got, want)
		}
	}
	unsigned, _, _ := strings.Cut(address, "?")
	bucket := unsigned[:strings.Index(unsigned, "/"+tenant)]
	for name, try := range map[string][2]string{
		"unsigned":       {http.MethodGet, unsigned},
		"bucket listing": {http.MethodGet, bucket + "?list-type=2&X-Amz-Signature=x"},
		"deleting":       {http.MethodDelete, address},
		"climbing":       {http.MethodGet, strings.Replace(address, "/material/", "/material/../", 1)},
		"tampered":       {http.MethodGet, strings.Replace(address, "X-Amz-Expires=60", "X-Amz-Expires=600", 1)},
	} {
		if answer, _ := fetch(t, try[0], try[1]); answer.StatusCode < 400 || answer.StatusCode >= 500 {
			t.Errorf("%s: status %d", name, answer.StatusCode)
		}
	}
}

func fetch(t *testing.T, method, address string) (*http.Response, []byte) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer, body
}

// I8: a store that is away gives a retryable error, soon, and shows in Ping; when it is back, all goes on.
func TestStoreAway(t *testing.T) {
	s3, server := testkit.OwnMinIO(t)
	s := open(t, minioConfig(s3))
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	content := []byte("x")
	err := s.Put(ctx, tenant, keyOf(blob.PurposeDocument, content), bytes.NewReader(content), 1, "text/plain")
	want(t, "put", err, problem.Unavailable, "object_store")
	if err := s.Ping(ctx); err == nil {
		t.Error("ping must fail")
	}
	address, err := s.PresignGet(ctx, tenant, keyOf(blob.PurposeDocument, content), "", time.Minute)
	if err != nil {
		t.Fatalf("signing needs no server: %v", err)
	}
	if answer, _ := fetch(t, http.MethodGet, address); answer.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("proxy: status %d", answer.StatusCode)
	}
}

// A signed URL and every object outlive a restart of the embedded server.
func TestEmbeddedRestart(t *testing.T) {
	dir := t.TempDir() + "/objects"
	first, err := blob.StartEmbedded(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, first.Config())
	key := put(t, s, blob.PurposeDocument, pdf, "application/pdf")
	address, err := s.PresignGet(t.Context(), tenant, key, "", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Stop(); err != nil {
		t.Fatal(err)
	}
	second, err := blob.StartEmbedded(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer second.Stop()
	again, err := blob.New(second.Config())
	if err != nil {
		t.Fatal(err)
	}
	if facts, err := again.Verify(t.Context(), tenant, key); err != nil || facts.MIME != "application/pdf" {
		t.Errorf("%+v %v", facts, err)
	}
	recorder := httptest.NewRecorder()
	path := address[strings.Index(address, blob.ProxyPath):]
	again.Proxy(1<<20).ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	if recorder.Code != http.StatusOK || !bytes.Equal(recorder.Body.Bytes(), pdf) {
		t.Errorf("a URL signed before the restart: %d", recorder.Code)
	}
}

func TestParseKey(t *testing.T) {
	digest := strings.Repeat("ab", 32)
	if key, err := blob.ParseKey("431321/material/" + digest); err != nil || key.String() != "431321/material/"+digest {
		t.Errorf("%v %v", key, err)
	}
	for _, bad := range []string{"", "431321/material", "431321/material/" + digest[1:], "431321/material/" + strings.ToUpper(digest),
		"/material/" + digest, "../material/" + digest, "431321/Material/" + digest, "431321/material/x/" + digest} {
		if _, err := blob.ParseKey(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}
