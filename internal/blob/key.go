// Package blob keeps the bytes of uploads, documents and archive packages in
// an S3 object store.
//
// Objects are immutable and addressed by their content (I1): a key is always
// `<tenant>/<purpose>/<sha256>`. Every call names the tenant on whose behalf
// it is made, and a key of another tenant is answered like a key that does
// not exist (I3).
package blob

import (
	"fmt"
	"regexp"
	"strings"

	"zhengtong/internal/problem"
)

// Purpose says why an object is kept; it decides the bucket and whether the object may be deleted.
type Purpose string

// The fixed purposes. Quarantine makes one more for each upload.
const (
	PurposeMaterial Purpose = "material" // an applicant's file, verified
	PurposeDocument Purpose = "document" // a rendered notice, decision or licence
	PurposeAsset    Purpose = "asset"    // a sample or seal image of a configuration pack
	PurposeReport   Purpose = "report"   // an export made for a person
	PurposeArchive  Purpose = "archive"  // an archive package; in the bucket with object lock
)

const quarantinePrefix = "quarantine-"

// Quarantine is the purpose of an upload that nobody has verified yet. file
// is the id of the upload: two people who upload equal bytes do not share an
// object, and nobody can claim a file of which they only know the digest.
func Quarantine(file string) Purpose { return Purpose(quarantinePrefix + file) }

// Quarantined reports whether objects of this purpose are unverified uploads, the only ones that may be deleted.
func (p Purpose) Quarantined() bool { return strings.HasPrefix(string(p), quarantinePrefix) }

// Key addresses one object.
type Key struct {
	Tenant  string  // code of the tenant that owns the object
	Purpose Purpose // lower-case letters, digits and hyphens
	Digest  string  // SHA-256 of the content, 64 lower-case hex digits
}

var (
	tenantPattern  = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)
	purposePattern = regexp.MustCompile(`^[a-z][a-z0-9-]{0,63}$`)
	digestPattern  = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// ParseKey reads `<tenant>/<purpose>/<sha256>`.
func ParseKey(text string) (Key, error) {
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return Key{}, fmt.Errorf("object key %q: want tenant/purpose/sha256", text)
	}
	key := Key{Tenant: parts[0], Purpose: Purpose(parts[1]), Digest: parts[2]}
	return key, key.validate()
}

// String returns `<tenant>/<purpose>/<sha256>`.
func (k Key) String() string { return k.Tenant + "/" + string(k.Purpose) + "/" + k.Digest }

func (k Key) validate() error {
	switch {
	case !tenantPattern.MatchString(k.Tenant):
		return fmt.Errorf("object key: tenant %q", k.Tenant)
	case !purposePattern.MatchString(string(k.Purpose)):
		return fmt.Errorf("object key: purpose %q", k.Purpose)
	case !digestPattern.MatchString(k.Digest):
		return fmt.Errorf("object key: digest %q", k.Digest)
	}
	return nil
}

// check is the tenant wall: the key must belong to the tenant for which the caller acts.
func (k Key) check(tenant string) error {
	if tenant == "" || k.Tenant != tenant || k.validate() != nil {
		return problem.Missing()
	}
	return nil
}
