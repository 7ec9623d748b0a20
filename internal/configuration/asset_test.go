package configuration_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"zhengtong/internal/blob"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
	"zhengtong/internal/problem"
	"zhengtong/internal/testkit"
	"zhengtong/schema/kind"
)

func sha(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// openStore returns an object store and an origin that serves its signed URLs.
func openStore(t *testing.T) *blob.Store {
	t.Helper()
	s3 := testkit.MinIO(t)
	var handler http.Handler
	origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(origin.Close)
	store, err := blob.New(blob.Config{Endpoint: s3.Endpoint, Region: "us-east-1", AccessKey: s3.AccessKey, SecretKey: s3.SecretKey,
		Bucket: s3.Bucket, ArchiveBucket: s3.ArchiveBucket, PublicBase: origin.URL})
	if err == nil {
		err = store.Prepare(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	handler = store.Proxy(1 << 20)
	return store
}

// upload announces, sends as a browser does, and completes an asset.
func (o *office) upload(t *testing.T, ctx context.Context, content []byte, mime string) (*configuration.Asset, error) {
	t.Helper()
	in := configuration.AssetInput{SHA256: sha(content), Size: int64(len(content)), MIME: mime}
	_, permit, err := o.RequestAsset(ctx, in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(t.Context(), permit.Method, permit.URL, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range permit.Headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if err := res.Body.Close(); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("sent: %s, %v", res.Status, err)
	}
	return o.CompleteAsset(ctx, in.SHA256)
}

// rules is the county's Material with a sample that it uploads itself.
const rules = `apiVersion: zhengtong/v1
kind: Material
metadata: {tenant: "431321", name: safety-rules, extends: {tenant: "430000", name: safety-rules}}
spec: {sample: "asset:samples/rules.pdf"}
`

// R-CAT-10: a sample is uploaded by digest, named in a change, checked at publication,
// inherited, replaced by a later version, and comes back with a rollback.
func TestAssets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := openStored(t, d, openStore(t), packs(t, "national", "hunan"))
		county := "431321"
		author, reviewer := o.as(t, "author", county, "config-author"), o.as(t, "reviewer", county, "config-reviewer")
		visitor := o.as(t, "visitor", county)
		first, second := []byte("%PDF-1.4\n% rules of 2026 "+string(d.Dialect())+"\n%%EOF\n"), []byte("%PDF-1.4\n% rules of 2027\n%%EOF\n")
		change := func(content []byte) configuration.Submission {
			return configuration.Submission{Message: "样表", Files: []kind.File{{Path: "county/materials.yaml", Content: []byte(rules)},
				{Path: "county/samples/rules.pdf", Digest: sha(content)}}}
		}

		if _, err := o.SubmitChange(author, change(first)); !refusedAt(err, "V-37", "$.spec.sample") {
			t.Errorf("a file that nobody uploaded: %v", err)
		}
		without := change(first)
		without.Files = without.Files[:1]
		if _, err := o.SubmitChange(author, without); !refusedAt(err, "V-37", "$.spec.sample") {
			t.Errorf("a file that the change does not bring: %v", err)
		}
		if _, err := o.upload(t, reviewer, first, "application/pdf"); problem.CodeOf(err) != problem.Forbidden {
			t.Errorf("a reviewer uploads: %v", err)
		}
		for _, in := range []configuration.AssetInput{{SHA256: sha(first), Size: 1, MIME: "text/html"}, {SHA256: "abc", Size: 1, MIME: "image/png"}, {SHA256: sha(first), Size: 1 << 40, MIME: "image/png"}} {
			if _, _, err := o.RequestAsset(author, in); problem.CodeOf(err) != problem.Validation {
				t.Errorf("%+v: %v", in, err)
			}
		}
		page := []byte("<!DOCTYPE html><html><script>alert(1)</script></html>")
		if _, err := o.upload(t, author, page, "application/pdf"); problem.CodeOf(err) != problem.Validation {
			t.Errorf("a page that says it is a PDF: %v", err)
		}
		if _, err := o.CompleteAsset(author, sha([]byte("never asked for"))); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("nothing was announced: %v", err)
		}
		if a, err := o.upload(t, author, first, "application/pdf"); err != nil || a.Status != configuration.AssetStored {
			t.Fatalf("%+v, %v", a, err)
		}
		if again, _, err := o.RequestAsset(author, configuration.AssetInput{SHA256: sha(first), Size: int64(len(first)), MIME: "application/pdf"}); err != nil || again.Status != configuration.AssetStored {
			t.Errorf("announced again: %+v, %v", again, err)
		}
		elsewhere := o.as(t, "author", "431300", "config-author")
		if _, err := o.Asset(elsewhere, sha(first)); problem.CodeOf(err) != problem.NotFound {
			t.Errorf("the city sees the county's file: %v", err)
		}

		o.through(t, county, change(first))
		o.wantSample(t, visitor, first)
		if _, err := o.upload(t, author, second, "application/pdf"); err != nil {
			t.Fatal(err)
		}
		c := o.through(t, county, change(second))
		if fields := c.Plan.Tenants[0].Entries[0].Fields; len(fields) != 1 || !strings.HasPrefix(fields[0].Path, "assets") || fields[0].After != sha(second) {
			t.Errorf("the plan: %+v", fields)
		}
		o.wantSample(t, visitor, second)
		if _, err := o.Rollback(reviewer, c.Revisions[county]-1, "样表有误"); err != nil {
			t.Fatal(err)
		}
		o.wantSample(t, visitor, first)

		m, err := o.Current(visitor, "food-business-licence")
		if err != nil {
			t.Fatal(err)
		}
		for _, term := range m.Materials { // the province's blank, which the county inherits
			if term.Ref == "food-application-form" {
				if url, err := o.AssetURL(visitor, term.Assets["blanks/food-form.docx"], "food-form.docx"); err != nil || !strings.Contains(url, "/430000/asset/") {
					t.Errorf("inherited: %q, %v", url, err)
				}
			}
		}
	})
}

// wantSample reads the sample of the county's matter as anybody may.
func (o *office) wantSample(t *testing.T, ctx context.Context, want []byte) {
	t.Helper()
	m, err := o.Current(ctx, "food-business-licence")
	if err != nil {
		t.Fatal(err)
	}
	for _, term := range m.Materials {
		if term.Ref != "safety-rules" {
			continue
		}
		if term.Spec.Sample != "asset:samples/rules.pdf" || term.Assets["samples/rules.pdf"] != sha(want) {
			t.Fatalf("%q %v", term.Spec.Sample, term.Assets)
		}
		url, err := o.AssetURL(ctx, sha(want), "rules.pdf")
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.Get(url)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if got, err := io.ReadAll(res.Body); err != nil || !bytes.Equal(got, want) || res.StatusCode != http.StatusOK {
			t.Errorf("%s: %s %q, %v", url, res.Status, got, err)
		}
		return
	}
	t.Fatal("no such material")
}

// refusedAt reports a Validation refusal with a problem of a check at a path.
func refusedAt(err error, code, path string) bool {
	var refusal *problem.Error
	if !errors.As(err, &refusal) {
		return false
	}
	for _, p := range refusal.Problems {
		if p.Code == code && p.Path == path {
			return true
		}
	}
	return false
}
