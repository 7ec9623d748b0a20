// Package token makes the signed text behind a licence's QR code (R-LIC-04,
// R-LIC-06): enough to prove, without a network and without a database, that
// this licence version was issued by the holder of a published key. Whether it is
// still valid is for the issuer's register to say (R-LIC-07).
//
// A token is base64url, without padding, of
//
//	format (1) · algorithm (1) · key id (8) · version (uvarint) · issued on (varint, days since 1970-01-01)
//	· type (length, text) · identifier (length, text) · content digest (32) · signature (the rest)
//
// The signature covers the context "zhengtong-licence-token" and every byte before itself.
package token

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"zhengtong/internal/crypt"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

// Reasons of refusal; each is a problem.Validation error.
const (
	ReasonMalformed = "token_malformed"         // not a token at all, or damaged
	ReasonFormat    = "token_format_unknown"    // made by a later version
	ReasonAlgorithm = "token_algorithm_unknown" // signed with something this version cannot check
	ReasonKey       = "token_key_unknown"       // signed by nobody we know
	ReasonSignature = "token_signature_invalid" // forged or altered
)

const (
	format     = 1
	context    = "zhengtong-licence-token\x00"
	digestSize = 32
	maxText    = 100 // bytes of a type or an identifier
	maxToken   = 1024
)

// algorithms are the signature algorithms by their number in a token.
var algorithms = map[byte]string{1: "ECDSA-P256-SHA256", 2: "SM2-SM3"}

// Claims are what a token says.
type Claims struct {
	Identifier string        // 电子证照标识 of the licence
	Version    int           // of the licence, from 1 (R-LIC-09)
	Type       string        // licence type
	Digest     string        // of the licence version's content, SHA-256 or SM3, hexadecimal
	IssuedOn   deadline.Date // of this version
}

// Signer signs; crypt.Signer is one.
type Signer interface {
	Algorithm() string
	SignMessage(message []byte) ([]byte, error)
	PublicDER() ([]byte, error)
}

// KeyID names a key: the first eight bytes of the SHA-256 of its PKIX form.
type KeyID [8]byte

// KeyIDOf returns the name of a public key given as PKIX DER.
func KeyIDOf(publicDER []byte) KeyID {
	sum := sha256.Sum256(publicDER)
	return KeyID(sum[:8])
}

// String is the id in hexadecimal.
func (k KeyID) String() string { return hex.EncodeToString(k[:]) }

// Token is a parsed, not yet verified token.
type Token struct {
	Claims    Claims
	Algorithm string
	Key       KeyID

	signed    []byte
	signature []byte
}

// Issue makes the token of claims. Signatures are salted, so two tokens of the
// same claims differ: issue once and keep it with the licence version.
func Issue(c Claims, s Signer) (string, error) {
	body, err := encode(c, s)
	if err != nil {
		return "", err
	}
	signature, err := s.SignMessage(append([]byte(context), body...))
	if err != nil {
		return "", fmt.Errorf("sign licence token: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(append(body, signature...)), nil
}

func encode(c Claims, s Signer) ([]byte, error) {
	digest, err := hex.DecodeString(c.Digest)
	if err != nil || len(digest) != digestSize {
		return nil, fmt.Errorf("licence token: digest %q is not %d bytes in hexadecimal", c.Digest, digestSize)
	}
	if c.Version < 1 || c.IssuedOn.IsZero() || !fits(c.Identifier) || !fits(c.Type) {
		return nil, fmt.Errorf("licence token: claims are incomplete or too long: %+v", c)
	}
	var number byte
	for n, name := range algorithms {
		if name == s.Algorithm() {
			number = n
		}
	}
	if number == 0 {
		return nil, fmt.Errorf("licence token: no number for algorithm %q", s.Algorithm())
	}
	public, err := s.PublicDER()
	if err != nil {
		return nil, fmt.Errorf("licence token: %w", err)
	}
	id := KeyIDOf(public)
	out := append([]byte{format, number}, id[:]...)
	out = binary.AppendUvarint(out, uint64(c.Version))
	out = binary.AppendVarint(out, int64(c.IssuedOn.Sub(epoch())))
	for _, text := range []string{c.Type, c.Identifier} {
		out = append(append(out, byte(len(text))), text...)
	}
	return append(out, digest...), nil
}

func fits(text string) bool { return text != "" && len(text) <= maxText && utf8.ValidString(text) }

func epoch() deadline.Date { return deadline.NewDate(1970, 1, 1) }

// Parse reads a token without checking its signature: nothing in it may be
// believed before Keyring.Verify.
func Parse(text string) (Token, error) {
	if len(text) > maxToken {
		return Token{}, refuse(ReasonMalformed, "核验码过长")
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(data) < 2 {
		return Token{}, refuse(ReasonMalformed, "不是有效的证照核验码")
	}
	if data[0] != format {
		return Token{}, refuse(ReasonFormat, "证照核验码版本 %d 无法识别", data[0])
	}
	t := Token{Algorithm: algorithms[data[1]]}
	if t.Algorithm == "" {
		return Token{}, refuse(ReasonAlgorithm, "证照核验码的签名算法 %d 无法识别", data[1])
	}
	r := reader{rest: data[2:]}
	copy(t.Key[:], r.take(len(t.Key)))
	version, days := r.uvarint(), r.varint()
	t.Claims.Type, t.Claims.Identifier = r.text(), r.text()
	t.Claims.Digest = hex.EncodeToString(r.take(digestSize))
	t.signed, t.signature = data[:len(data)-len(r.rest)], r.rest
	if r.failed || len(r.rest) == 0 || version < 1 || version > 1<<30 || days < -1e6 || days > 1e7 {
		return Token{}, refuse(ReasonMalformed, "证照核验码已损坏")
	}
	t.Claims.Version = int(version)
	t.Claims.IssuedOn = epoch().AddDays(int(days))
	return t, nil
}

// reader takes fields from the front of a token and remembers the first failure.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) take(n int) []byte {
	if r.failed || len(r.rest) < n {
		r.failed = true
		return make([]byte, n)
	}
	out := r.rest[:n]
	r.rest = r.rest[n:]
	return out
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.rest)
	r.take(r.size(n))
	return v
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.rest)
	r.take(r.size(n))
	return v
}

// size turns the failure mark of encoding/binary into ours.
func (r *reader) size(n int) int {
	if n <= 0 {
		r.failed = true
	}
	return max(n, 0)
}

func (r *reader) text() string {
	s := string(r.take(int(r.take(1)[0])))
	if !r.failed && !fits(s) {
		r.failed = true
	}
	return s
}

// Keyring holds the public keys (PKIX DER) whose tokens are accepted: the
// tenants' present keys and those they have retired, for licences issued before.
type Keyring struct {
	keys map[KeyID][]byte
}

// NewKeyring returns a ring of the given keys.
func NewKeyring(publicDER ...[]byte) *Keyring {
	k := &Keyring{keys: make(map[KeyID][]byte, len(publicDER))}
	for _, der := range publicDER {
		k.keys[KeyIDOf(der)] = bytes.Clone(der)
	}
	return k
}

// Verify parses a token and checks its signature.
func (k *Keyring) Verify(text string) (Claims, error) {
	t, err := Parse(text)
	if err != nil {
		return Claims{}, err
	}
	der, ok := k.keys[t.Key]
	if !ok {
		return Claims{}, refuse(ReasonKey, "证照核验码由未知的签发机关签名")
	}
	if !crypt.Verify(t.Algorithm, der, append([]byte(context), t.signed...), t.signature) {
		return Claims{}, refuse(ReasonSignature, "证照核验码签名无效，证照可能系伪造或被篡改")
	}
	return t.Claims, nil
}

// URL is the address in a QR code: base (scheme and host, with or without a path) + /verify?t=token.
func URL(base, text string) (string, error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "", fmt.Errorf("verification base %q is not an http address", base)
	}
	u = u.JoinPath("verify")
	u.RawQuery = url.Values{"t": {text}}.Encode()
	return u.String(), nil
}

// FromScan finds the token in what a scanner read: the address of URL, or the bare token.
func FromScan(scanned string) (string, error) {
	scanned = strings.TrimSpace(scanned)
	if !strings.Contains(scanned, "://") {
		return scanned, nil
	}
	u, err := url.Parse(scanned)
	if err != nil || u.Query().Get("t") == "" {
		return "", refuse(ReasonMalformed, "二维码不是证照核验码")
	}
	return u.Query().Get("t"), nil
}

func refuse(reason, message string, args ...any) error {
	return problem.New(problem.Validation, reason, message, args...)
}
