package blob

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"zhengtong/internal/problem"
)

// Upload tells a browser how to send one file: Method to URL with exactly
// these Headers (Content-Length is set by the browser itself). The store
// refuses bytes of another length or digest; Accept checks both again.
type Upload struct {
	Key     Key
	URL     string
	Method  string
	Headers map[string]string
	Expires time.Time
}

// PresignPut permits one upload into quarantine until now + valid (1 second
// to 7 days). size is in bytes; the digest is the key's.
func (s *Store) PresignPut(ctx context.Context, tenant string, key Key, size int64, mime string, valid time.Duration) (Upload, error) {
	if err := key.check(tenant); err != nil {
		return Upload{}, err
	}
	if !key.Purpose.Quarantined() {
		return Upload{}, problem.New(problem.Conflict, "not_quarantined", "只能上传到待验区")
	}
	headers := map[string]string{"Content-Type": mime, "X-Amz-Checksum-Sha256": checksum(key.Digest)}
	signed := http.Header{"Content-Length": {strconv.FormatInt(size, 10)}}
	for name, value := range headers {
		signed.Set(name, value)
	}
	target, err := s.client.PresignHeader(ctx, http.MethodPut, s.bucket(key), key.String(), valid, nil, signed)
	if err != nil {
		return Upload{}, refusal("sign an upload", err)
	}
	return Upload{Key: key, URL: s.public(target), Method: http.MethodPut, Headers: headers, Expires: time.Now().UTC().Add(valid)}, nil
}

// PresignGet permits reading one object until now + valid. A filename makes
// browsers save it under that name; without one they may show it.
func (s *Store) PresignGet(ctx context.Context, tenant string, key Key, filename string, valid time.Duration) (string, error) {
	if err := key.check(tenant); err != nil {
		return "", err
	}
	query := url.Values{}
	if filename != "" {
		query.Set("response-content-disposition", "attachment; filename*=UTF-8''"+url.PathEscape(filename))
	}
	target, err := s.client.PresignedGetObject(ctx, s.bucket(key), key.String(), valid, query)
	if err != nil {
		return "", refusal("sign a download", err)
	}
	return s.public(target), nil
}

// public moves a signed URL from the store's own address to the path that Proxy serves.
func (s *Store) public(target *url.URL) string {
	return s.config.PublicBase + ProxyPath + target.EscapedPath()[1:] + "?" + target.RawQuery
}
