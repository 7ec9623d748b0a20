// Package pack is the format of a case package (案卷, R-ARC-07): one ZIP file
// that holds a finished case's form, materials, documents, opinions, time log,
// licence, ratings and events, with a manifest that makes any later change
// detectable with nothing but the file itself (DA/T 70 四性检测: authenticity,
// integrity, usability, security).
//
// The files are stored, not compressed, in order of name, without dates; then
// manifest.json. The same items give the same bytes on any machine. The
// manifest's root is a Merkle root (package chain) over
//
//	leaf 0 = H(0x00 ‖ canonical JSON of the manifest without root and items)
//	leaf i = H(0x00 ‖ canonical JSON of item i), items in order of path
//
// so that one number, kept with the case's row or signed, vouches for the whole
// package; and a single item can be proved without handing over the others.
package pack

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/emmansun/gmsm/sm3"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/audit/chain"
)

// Format names this version of the package.
const Format = "zhengtong-case-package/1"

// ManifestName is the manifest's name in the package.
const ManifestName = "manifest.json"

// Role says what an item is; the names are those of ArchiveClass.package, and events.
type Role string

// The roles of items.
const (
	RoleForm     Role = "form"
	RoleMaterial Role = "material"
	RoleDocument Role = "document"
	RoleOpinion  Role = "opinion"
	RoleClockLog Role = "clock_log"
	RoleLicence  Role = "licence"
	RoleRating   Role = "rating"
	RoleEvents   Role = "events" // the hash chain as chain.Write makes it; exactly one
)

var roles = []Role{RoleForm, RoleMaterial, RoleDocument, RoleOpinion, RoleClockLog, RoleLicence, RoleRating, RoleEvents}

// Item is one file of a package. Digest is by the manifest's algorithm, hexadecimal.
type Item struct {
	Path   string `json:"path"`
	Role   Role   `json:"role"`
	MIME   string `json:"mime"`
	Size   int64  `json:"size"`
	Digest string `json:"digest"`
}

// Retention is how long the archive class keeps the package; Years is 0 when Permanent.
type Retention struct {
	Class     string `json:"class"`
	Years     int    `json:"years,omitempty"`
	Permanent bool   `json:"permanent,omitempty"`
	Until     string `json:"until,omitempty"` // civil date, absent when permanent
}

// Chain ties the package to the case's events.
type Chain struct {
	Algorithm chain.Algorithm `json:"algorithm"` // of the genesis; each event names its own
	Subject   string          `json:"subject"`   // what Genesis was made for: the case's id
	Events    int64           `json:"events"`
	Head      string          `json:"head"` // hash of the last event
}

// Header is the manifest without what packing works out.
type Header struct {
	Format    string    `json:"format"`
	Tenant    string    `json:"tenant"`
	Case      string    `json:"case"` // case number
	Matter    string    `json:"matter"`
	Algorithm string    `json:"algorithm"` // of items and root: sha256 or sm3
	PackedOn  string    `json:"packed_on"` // civil date
	Retention Retention `json:"retention"`
	Chain     Chain     `json:"chain"`
}

// Manifest lists a package.
type Manifest struct {
	Header
	Items []Item `json:"items"`
	Root  string `json:"root"`
}

// newHash returns the hash function that ArchiveClass.hash names.
func newHash(algorithm string) (func() hash.Hash, error) {
	switch algorithm {
	case "sha256":
		return sha256.New, nil
	case "sm3":
		return sm3.New, nil
	}
	return nil, fmt.Errorf("unknown package hash %q, want sha256 or sm3", algorithm)
}

// rootOf is the Merkle root over header and items, in the order they have.
func (m Manifest) rootOf() (string, error) {
	h, err := newHash(m.Algorithm)
	if err != nil {
		return "", err
	}
	leaves := make([][]byte, 0, len(m.Items)+1)
	add := func(v any) error {
		data, err := canonical.Marshal(v)
		if err != nil {
			return err
		}
		leaf := h()
		leaf.Write([]byte{0})
		leaf.Write(data)
		leaves = append(leaves, leaf.Sum(nil))
		return nil
	}
	if err := add(m.Header); err != nil {
		return "", err
	}
	for _, item := range m.Items {
		if err := add(item); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(chain.MerkleRoot(h, leaves)), nil
}

// check refuses headers that could not be verified later.
func (h Header) check() error {
	switch {
	case h.Format != Format:
		return fmt.Errorf("package format %q, want %q", h.Format, Format)
	case h.Tenant == "" || h.Case == "" || h.Chain.Subject == "" || h.PackedOn == "":
		return fmt.Errorf("package header is incomplete: %+v", h)
	case h.Retention.Permanent == (h.Retention.Years > 0):
		return fmt.Errorf("retention must be a number of years or permanent: %+v", h.Retention)
	}
	_, err := newHash(h.Algorithm)
	return err
}

// checkItems refuses paths that could leave the folder they are unpacked in or
// that come twice, unknown roles, and anything but exactly one events item.
func checkItems(items []Item) error {
	events := 0
	for i, item := range items {
		if !safePath(item.Path) || item.Path == ManifestName {
			return fmt.Errorf("item path %q is not allowed", item.Path)
		}
		if !slices.Contains(roles, item.Role) {
			return fmt.Errorf("item %q has unknown role %q", item.Path, item.Role)
		}
		if i > 0 && item.Path <= items[i-1].Path {
			return fmt.Errorf("item %q is repeated or out of order", item.Path)
		}
		if item.Role == RoleEvents {
			events++
		}
	}
	if events != 1 {
		return fmt.Errorf("a package has one events item, this one has %d", events)
	}
	return nil
}

// safePath accepts clean relative paths with forward slashes.
func safePath(p string) bool {
	return p != "" && len(p) <= 255 && utf8.ValidString(p) && path.Clean(p) == p && !path.IsAbs(p) &&
		p != ".." && !strings.HasPrefix(p, "../") && !strings.ContainsAny(p, "\\:\x00")
}

func byPath(a, b Source) int { return cmp.Compare(a.Path, b.Path) }
