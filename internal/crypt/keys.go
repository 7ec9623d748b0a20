// Package crypt is where keys and algorithms live: hashing for the evidence
// chain, encryption of personal fields under a key of their tenant, blind
// indexes to find what is encrypted, signatures, passwords and tokens.
//
// Two suites stand behind one interface: `std` (SHA-256, AES-256-GCM,
// ECDSA P-256) and `gm` (SM3, SM4-GCM, SM2).
package crypt

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
)

// ErrSealed is returned when a sealed value cannot be opened: it is damaged,
// or belongs to another tenant, field or row, or to another master key.
var ErrSealed = errors.New("the sealed value does not open here")

// Scope says to what a sealed value belongs. The tenant selects the key;
// field and row are authenticated with the value, so that a value copied to
// another column or row does not open. Row may be empty where the row has no
// identity yet.
type Scope struct {
	Tenant string // the tenant's code, never empty
	Field  string // `entity.column`, never empty
	Row    string // the row's id
}

// Keys derives every key of an installation from one master key. It is safe
// for concurrent use.
type Keys struct {
	suite  Suite
	master Master
}

// NewKeys returns the keys under master in the suite named suite (std or gm).
func NewKeys(suite string, master Master) (*Keys, error) {
	s, err := SuiteOf(suite)
	if err != nil {
		return nil, err
	}
	return &Keys{suite: s, master: master}, nil
}

// Suite returns the suite that new values are written with.
func (k *Keys) Suite() Suite { return k.suite }

// Hash returns the digest of data in the current suite; Suite().HashName() names it.
func (k *Keys) Hash(data []byte) []byte {
	h := k.suite.NewHash()
	h.Write(data)
	return h.Sum(nil)
}

// A sealed value is: format, suite, nonce (12 bytes), ciphertext with tag (16 bytes).
const sealFormat = 1

var suiteBytes = [...]struct {
	mark  byte
	suite Suite
}{{'s', stdSuite{}}, {'g', gmSuite{}}}

// Seal encrypts plaintext for scope. The same plaintext gives a different
// value each time; use BlindIndex to find equal ones.
func (k *Keys) Seal(scope Scope, plaintext []byte) ([]byte, error) {
	aead, err := k.cipher(k.suite, scope)
	if err != nil {
		return nil, err
	}
	sealed := make([]byte, 2+aead.NonceSize(), 2+aead.NonceSize()+len(plaintext)+aead.Overhead())
	sealed[0], sealed[1] = sealFormat, mark(k.suite)
	rand.Read(sealed[2:]) // never fails: crypto/rand ends the process instead
	return aead.Seal(sealed, sealed[2:], plaintext, scope.bytes()), nil
}

// Open decrypts what Seal made for the same scope, in either suite. Anything
// else gives ErrSealed.
func (k *Keys) Open(scope Scope, sealed []byte) ([]byte, error) {
	if len(sealed) < 2 || sealed[0] != sealFormat {
		return nil, ErrSealed
	}
	for _, known := range suiteBytes {
		if known.mark != sealed[1] {
			continue
		}
		aead, err := k.cipher(known.suite, scope)
		if err != nil {
			return nil, err
		}
		rest := sealed[2:]
		if len(rest) < aead.NonceSize() {
			return nil, ErrSealed
		}
		plaintext, err := aead.Open(nil, rest[:aead.NonceSize()], rest[aead.NonceSize():], scope.bytes())
		if err != nil {
			return nil, ErrSealed
		}
		return plaintext, nil
	}
	return nil, ErrSealed
}

// BlindIndex returns 32 bytes that are equal for equal values of one field of
// one tenant and say nothing else about the value. The caller normalises the
// value (case, spaces) first.
func (k *Keys) BlindIndex(tenant, field, value string) ([]byte, error) {
	key, err := k.derive(k.suite, 32, "index", tenant, field)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(k.suite.NewHash, key)
	mac.Write([]byte(value))
	return mac.Sum(nil), nil
}

// Signer returns the signing key of tenant for a purpose (`licence`,
// `archive`, …). It is derived, so every node and every restore has the same.
func (k *Keys) Signer(tenant, purpose string) (Signer, error) {
	// A derived string is no private key with a chance below 2^-32; then the next one is taken.
	for try := range 8 {
		secret, err := k.derive(k.suite, 32, "sign", tenant, purpose, fmt.Sprint(try))
		if err != nil {
			return nil, err
		}
		signer, err := k.suite.NewSigner(secret)
		if !errors.Is(err, ErrScalar) {
			return signer, err
		}
	}
	return nil, ErrScalar
}

// MAC authenticates message under a key of its own for tenant and purpose:
// cursors, links in mail, anything that leaves and must come back unchanged.
func (k *Keys) MAC(tenant, purpose string, message []byte) ([]byte, error) {
	key, err := k.derive(k.suite, 32, "mac", tenant, purpose)
	if err != nil {
		return nil, err
	}
	mac := hmac.New(k.suite.NewHash, key)
	mac.Write(message)
	return mac.Sum(nil), nil
}

func (k *Keys) derive(suite Suite, size int, use, tenant string, parts ...string) ([]byte, error) {
	if tenant == "" || parts[0] == "" {
		return nil, fmt.Errorf("derive %s key: tenant and purpose are needed", use)
	}
	info := append([]byte("zhengtong/v1"), frame(append([]string{suite.Name(), use, tenant}, parts...)...)...)
	return hkdf.Key[hash.Hash](suite.NewHash, k.master[:], nil, string(info), size)
}

func (k *Keys) cipher(suite Suite, scope Scope) (cipher.AEAD, error) {
	key, err := k.derive(suite, suite.KeySize(), "seal", scope.Tenant, scope.Field)
	if err != nil {
		return nil, err
	}
	return suite.NewAEAD(key)
}

func (s Scope) bytes() []byte { return frame(s.Tenant, s.Field, s.Row) }

// frame joins strings so that no two different lists give the same bytes.
func frame(parts ...string) []byte {
	var out []byte
	for _, part := range parts {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

func mark(s Suite) byte {
	for _, known := range suiteBytes {
		if known.suite == s {
			return known.mark
		}
	}
	return 0
}
