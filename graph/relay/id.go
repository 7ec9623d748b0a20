// Package relay holds the Relay contract of the API: opaque ids that carry their
// type and tenant, and typed keyset cursors.
package relay

import (
	"encoding/base64"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/problem"
)

// Type names the GraphQL type of an object that has an id.
type Type string

// The types that node(id) finds, and those whose ids only serve as keys in a client's cache (Clock).
const (
	Account        Type = "Account"
	Tenant         Type = "Tenant"     // key: division code
	Department     Type = "Department" // key: resource name
	Matter         Type = "Matter"     // key: resource name
	Resource       Type = "Resource"   // key: Kind/name
	Draft          Type = "Draft"
	File           Type = "File"
	Asset          Type = "Asset" // key: SHA-256
	Case           Type = "Case"
	Task           Type = "Task"
	Clock          Type = "Clock"
	Correction     Type = "Correction"
	SpecialRun     Type = "SpecialRun"
	Extension      Type = "Extension"
	IssuedDocument Type = "IssuedDocument"
	Licence        Type = "Licence"
	Change         Type = "Change"
	ReviewRequest  Type = "ReviewRequest"
	LinkedCase     Type = "LinkedCase"
	Message        Type = "Message"
)

// named are the types whose key is a name; the key of every other type is a UUID.
var named = [...]Type{Tenant, Department, Matter, Resource, Asset}

// uuidTypes are the types whose key is a UUID.
var uuidTypes = [...]Type{Account, Draft, File, Case, Task, Clock, Correction, SpecialRun, Extension,
	IssuedDocument, Licence, Change, LinkedCase, Message}

// ID identifies an object: its GraphQL type, the code of the tenant that owns its
// row ("431321", "national") and its key there. On the wire it is base64url of
// `Type:tenant:key`. The tenant lets an applicant's request reach the tenant of
// a case; it grants nothing: staff who send another tenant's id get NOT_FOUND.
type ID struct {
	Type   Type
	Tenant string
	Key    string
}

// Of makes the id of an object whose key is a UUID.
func Of(t Type, tenant string, key uuid.UUID) ID { return ID{t, tenant, key.String()} }

// Named makes the id of an object whose key is a name.
func Named(t Type, tenant, key string) ID { return ID{t, tenant, key} }

// String is the opaque text.
func (id ID) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(string(id.Type) + ":" + id.Tenant + ":" + id.Key))
}

// IsZero reports whether the id names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// UUID is the key as a UUID; uuid.Nil for a named object.
func (id ID) UUID() uuid.UUID { return uuid.FromStringOrNil(id.Key) }

// maxIDLength bounds the text of an id: a type, a code of at most 12 digits and a digest or a name of at most 63 letters with its kind.
const maxIDLength = 256

// ParseID reads an opaque id; anything that this API cannot have given out is BAD_REQUEST, reason "bad_id".
func ParseID(text string) (ID, error) {
	if len(text) > maxIDLength {
		return ID{}, badID()
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return ID{}, badID()
	}
	parts := strings.SplitN(string(raw), ":", 3)
	if len(parts) != 3 {
		return ID{}, badID()
	}
	id := ID{Type: Type(parts[0]), Tenant: parts[1], Key: parts[2]}
	if !id.wellFormed() {
		return ID{}, badID()
	}
	return id, nil
}

func (id ID) wellFormed() bool {
	if !plain(id.Tenant, "") {
		return false
	}
	if slices.Contains(named[:], id.Type) {
		return plain(id.Key, "/")
	}
	key, err := uuid.FromString(id.Key)
	return err == nil && key.String() == id.Key && slices.Contains(uuidTypes[:], id.Type)
}

// plain reports whether s is non-empty and made of the letters of names and codes and those of more.
func plain(s, more string) bool {
	for _, c := range s {
		if c != '-' && c != '_' && (c < '0' || c > '9') && (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && !strings.ContainsRune(more, c) {
			return false
		}
	}
	return s != ""
}

// Expect refuses an id of any other type with BAD_REQUEST, reason "wrong_type".
func (id ID) Expect(t Type) error {
	if id.Type == t {
		return nil
	}
	return problem.New(problem.BadRequest, "wrong_type", "标识的类型应为 %s，而不是 %s", t, id.Type)
}

func badID() error { return problem.New(problem.BadRequest, "bad_id", "标识无效") }

// MarshalGQL writes the opaque text.
func (id ID) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(id.String())) }

// UnmarshalGQL reads the opaque text.
func (id *ID) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return badID()
	}
	parsed, err := ParseID(text)
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}
