// Package chain makes a case's history tamper-evident (invariant 14 of domain
// part 2: event hashes chain without a break) while leaving it erasable: each
// event's hash covers the hash before it, and its payload through a Merkle root
// over salted fields, so that one field can be withheld or erased by law
// (个人信息保护法 art. 47) and the chain still verifies. Everything is computable
// from the exported events alone.
//
// With H the hash that the event's algorithm names and C the canonical JSON of
// package canonical:
//
//	commitment(field) = H(0x02 ‖ C([salt, value]))            // all that remains of a withheld field
//	leaf(field)       = H(0x00 ‖ C([name, commitment]))       // names are never withheld
//	root(payload)     = Merkle tree of RFC 6962 over the leaves in order of name; node = H(0x01 ‖ left ‖ right)
//	hash(event)       = H(C([algorithm, prev, seq, type, actor, at, root]))
//	first prev        = H(C(["zhengtong-genesis", tenant, subject]))
//
// Hashes are lower-case hexadecimal; at is UTC with microseconds.
package chain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"

	"zhengtong/internal/audit/canonical"
)

// Algorithm names how an event is hashed; it is written in each event, so that
// a chain can move to another algorithm midway.
type Algorithm string

// The algorithms (SM3: GB/T 32905-2016).
const (
	SHA256 Algorithm = "sha256-merkle-v1"
	SM3    Algorithm = "sm3-merkle-v1"
)

// ErrAlgorithm is returned for an algorithm this version does not know.
var ErrAlgorithm = errors.New("unknown chain algorithm")

// newHash returns the hash function of an algorithm.
func (a Algorithm) newHash() (func() hash.Hash, error) {
	switch a {
	case SHA256:
		return sha256.New, nil
	case SM3:
		return sm3.New, nil
	}
	return nil, fmt.Errorf("%w %q", ErrAlgorithm, string(a))
}

// timeLayout is how instants are hashed and exported.
const timeLayout = "2006-01-02T15:04:05.000000Z"

// saltSize is the number of random bytes that keep a withheld value from being guessed.
const saltSize = 16

// Link is the place where the next event attaches: the last event's number and hash.
type Link struct {
	Seq  int64
	Hash string
}

// Field is one salted value of a payload, or what is left of it: then Withheld
// holds the commitment and Salt and Value are empty.
type Field struct {
	Salt     string          `json:"salt,omitempty"`
	Value    json.RawMessage `json:"value,omitempty"`
	Withheld string          `json:"withheld,omitempty"`
}

// Payload is what an event says, by field name.
type Payload map[string]Field

// Event is one link of a chain, as stored and exported.
type Event struct {
	Algorithm Algorithm
	Seq       int64 // from 1
	Type      string
	Actor     string
	At        time.Time // to the microsecond
	Payload   Payload
	Root      string
	Prev      string
	Hash      string
}

// Link returns the place after this event.
func (e Event) Link() Link { return Link{Seq: e.Seq, Hash: e.Hash} }

// Draft is an event that has no place yet. Payload values are anything JSON can hold.
type Draft struct {
	Type    string
	Actor   string
	At      time.Time
	Payload map[string]any
}

// Genesis is the start of the chain of one subject (a case's id) in one tenant:
// a chain cannot be passed off as another's.
func Genesis(algorithm Algorithm, tenant, subject string) (Link, error) {
	h, err := algorithm.newHash()
	if err != nil {
		return Link{}, err
	}
	sum, err := digest(h, nil, []any{"zhengtong-genesis", tenant, subject})
	return Link{Hash: hex.EncodeToString(sum)}, err
}

// Append makes the event that follows prev. random gives the salts
// (crypto/rand.Reader outside tests). It fails on a draft without type, actor or
// time, on a value that JSON cannot hold and on an unknown algorithm.
func Append(algorithm Algorithm, prev Link, d Draft, random io.Reader) (Event, error) {
	if d.Type == "" || d.Actor == "" || d.At.IsZero() {
		return Event{}, errors.New("an event needs a type, an actor and a time")
	}
	payload := make(Payload, len(d.Payload))
	for _, name := range slices.Sorted(maps.Keys(d.Payload)) {
		value, err := canonical.Marshal(d.Payload[name])
		if err != nil {
			return Event{}, fmt.Errorf("event field %q: %w", name, err)
		}
		salt := make([]byte, saltSize)
		if _, err := io.ReadFull(random, salt); err != nil {
			return Event{}, fmt.Errorf("salt: %w", err)
		}
		payload[name] = Field{Salt: hex.EncodeToString(salt), Value: value}
	}
	e := Event{
		Algorithm: algorithm, Seq: prev.Seq + 1, Type: d.Type, Actor: d.Actor,
		At: d.At.UTC().Truncate(time.Microsecond), Payload: payload, Prev: prev.Hash,
	}
	var err error
	if e.Root, err = Root(algorithm, payload); err != nil {
		return Event{}, err
	}
	e.Hash, err = e.compute()
	return e, err
}

// Redact returns the event without the values of the named fields. Its hash and
// root stay what they were. It fails on a field the event does not have;
// withholding a field twice changes nothing.
func (e Event) Redact(fields ...string) (Event, error) {
	h, err := e.Algorithm.newHash()
	if err != nil {
		return Event{}, err
	}
	e.Payload = maps.Clone(e.Payload)
	for _, name := range fields {
		field, ok := e.Payload[name]
		if !ok {
			return Event{}, fmt.Errorf("event %d has no field %q", e.Seq, name)
		}
		commitment, err := field.commitment(h)
		if err != nil {
			return Event{}, fmt.Errorf("event %d field %q: %w", e.Seq, name, err)
		}
		e.Payload[name] = Field{Withheld: commitment}
	}
	return e, nil
}

// compute returns the hash that the event's content calls for.
func (e Event) compute() (string, error) {
	h, err := e.Algorithm.newHash()
	if err != nil {
		return "", err
	}
	sum, err := digest(h, nil, []any{string(e.Algorithm), e.Prev, e.Seq, e.Type, e.Actor, e.At.UTC().Format(timeLayout), e.Root})
	return hex.EncodeToString(sum), err
}

// digest hashes prefix followed by the canonical JSON of v.
func digest(newHash func() hash.Hash, prefix []byte, v any) ([]byte, error) {
	data, err := canonical.Marshal(v)
	if err != nil {
		return nil, err
	}
	h := newHash()
	h.Write(prefix)
	h.Write(data)
	return h.Sum(nil), nil
}
