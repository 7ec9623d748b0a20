package document

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// Verification answers whoever scans the code of a document (R-DOC-04): that it
// was issued, and nothing that is not printed beside the code.
type Verification struct {
	Title    string
	Number   string
	IssuedOn deadline.Date
	IssuedAt time.Time
	Voided   bool // 作废: another document has taken its place
	Digest   string
}

// shortDigest is how much of the content digest the code holds.
const shortDigest = 16

// verifyURL is the address in a document's code: <base>/verify?document=<tenant>.<id>.<digest>.
func (s *Service) verifyURL(tenant string, r row) string {
	code := strings.Join([]string{tenant, r.id.String(), r.contentDigest[:min(shortDigest, len(r.contentDigest))]}, ".")
	return strings.TrimRight(s.verifyBase, "/") + "/verify?" + url.Values{"document": {code}}.Encode()
}

// Verify looks up what a document's code names; NotFound when no such document was issued.
func (s *Service) Verify(ctx context.Context, code string) (Verification, error) {
	parts := strings.Split(code, ".")
	if len(parts) != 3 || len(parts[2]) != shortDigest {
		return Verification{}, problem.Missing()
	}
	id, err := uuid.FromString(parts[1])
	if err != nil {
		return Verification{}, problem.Missing()
	}
	if _, known := s.tree.Get(parts[0]); !known {
		return Verification{}, problem.Missing()
	}
	there, err := s.tree.ActAs(ctx, parts[0], "verify document "+id.String())
	if err != nil {
		return Verification{}, err
	}
	r, err := s.store.load(there, id)
	if err != nil {
		return Verification{}, err
	}
	if !strings.HasPrefix(r.contentDigest, parts[2]) {
		return Verification{}, problem.Missing()
	}
	return Verification{Title: r.title, Number: r.number, IssuedOn: r.civilDate, IssuedAt: r.issuedAt, Voided: r.voided, Digest: r.contentDigest}, nil
}
