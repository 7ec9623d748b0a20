package blob

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"github.com/gabriel-vasile/mimetype"
	"github.com/minio/minio-go/v7"

	"zhengtong/internal/problem"
)

// Facts is what Verify found by reading the whole object.
type Facts struct {
	Size int64
	MIME string // by content, not by what the uploader said
}

// Claim is what an uploader said about a file.
type Claim struct {
	Size int64
	MIME string
}

// sniffBytes is how much of a file is needed to tell its type; Office files hold their marks late.
const sniffBytes = 1 << 16

// Verify reads an object again, checks that it hashes to its digest and
// tells its size and true type. A damaged object gives VALIDATION with reason
// digest_mismatch.
func (s *Store) Verify(ctx context.Context, tenant string, key Key) (Facts, error) {
	content, about, err := s.Get(ctx, tenant, key)
	if err != nil {
		return Facts{}, err
	}
	defer content.Close()
	var head bytes.Buffer
	if _, err := io.CopyN(&head, content, sniffBytes); err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, reading(err)
	}
	if _, err := io.Copy(io.Discard, content); err != nil {
		return Facts{}, reading(err)
	}
	return Facts{Size: about.Size, MIME: TypeOf(head.Bytes())}, nil
}

// TypeOf tells the media type of content, or of its beginning, from its bytes.
func TypeOf(content []byte) string {
	mime, _, _ := strings.Cut(mimetype.Detect(content).String(), ";")
	return mime
}

// Accept verifies a quarantined upload against the uploader's claim and, when
// all is true, files it under to (same tenant and digest) and removes the
// upload. Size and type that differ from the claim are VALIDATION problems at
// `$.size` and `$.mime`. Accepting twice is the same as once, as long as the
// caller keeps asking with the same upload.
func (s *Store) Accept(ctx context.Context, tenant string, upload Key, to Purpose, claim Claim) (Info, error) {
	target := Key{Tenant: upload.Tenant, Purpose: to, Digest: upload.Digest}
	if err := errors.Join(upload.check(tenant), target.check(tenant)); err != nil {
		return Info{}, problem.Missing()
	}
	if !upload.Purpose.Quarantined() || to.Quarantined() {
		return Info{}, problem.New(problem.Conflict, "not_quarantined", "只有待验文件可以入库")
	}
	facts, err := s.Verify(ctx, tenant, upload)
	if err != nil {
		return Info{}, err
	}
	if err := claim.compare(facts); err != nil {
		return Info{}, err
	}
	_, err = s.client.CopyObject(ctx,
		minio.CopyDestOptions{Bucket: s.bucket(target), Object: target.String(), ReplaceMetadata: true, ContentType: facts.MIME},
		minio.CopySrcOptions{Bucket: s.bucket(upload), Object: upload.String()})
	if err != nil {
		return Info{}, refusal("file an upload", err)
	}
	if err := s.Delete(ctx, tenant, upload); err != nil {
		return Info{}, err
	}
	return s.Stat(ctx, tenant, target)
}

func (c Claim) compare(facts Facts) error {
	var list problem.List
	if c.Size != facts.Size {
		list.Add("$.size", "size_mismatch", "文件大小为 %d 字节，与声明的 %d 字节不符", facts.Size, c.Size)
	}
	if claimed, _, _ := strings.Cut(c.MIME, ";"); !sameType(strings.TrimSpace(claimed), facts.MIME) {
		list.Add("$.mime", "mime_mismatch", "文件实际类型为 %s，与声明的 %s 不符", facts.MIME, claimed)
	}
	return problem.Invalid(list)
}

// sameType allows for the second names that the IANA register and browsers use for one type.
func sameType(claimed, found string) bool {
	if strings.EqualFold(claimed, found) {
		return true
	}
	known := mimetype.Lookup(found)
	return known != nil && known.Is(claimed)
}

// verifier passes content on while hashing it. It holds back the last bytes
// until the digest is known, so that a wrong content is never complete on
// the other side.
type verifier struct {
	content io.Reader
	hash    hash.Hash
	digest  string
	left    int64
	err     error // why the content was refused
}

func newVerifier(content io.Reader, digest string, size int64) *verifier {
	return &verifier{content: content, hash: sha256.New(), digest: digest, left: size}
}

func (v *verifier) Read(p []byte) (int, error) {
	if v.err != nil {
		return 0, v.err
	}
	n, err := v.content.Read(p)
	v.hash.Write(p[:n])
	v.left -= int64(n)
	ended := errors.Is(err, io.EOF)
	switch {
	case v.left < 0 || (ended && v.left > 0):
		v.err = &problem.Error{Code: problem.Validation, Reason: "size_mismatch", Message: "文件大小与声明不符"}
	case v.left == 0 && hex.EncodeToString(v.hash.Sum(nil)) != v.digest:
		v.err = &problem.Error{Code: problem.Validation, Reason: "digest_mismatch", Message: "文件内容与摘要不符"}
	}
	if v.err != nil {
		return 0, v.err
	}
	return n, err
}

// reading keeps a refusal of the verifier and turns any other failure into UNAVAILABLE.
func reading(err error) error {
	var known *problem.Error
	if errors.As(err, &known) {
		return known
	}
	return refusal("read an object", err)
}
