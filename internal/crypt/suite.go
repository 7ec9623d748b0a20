package crypt

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"
	"hash"

	"github.com/emmansun/gmsm/sm2"
	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"
	"github.com/emmansun/gmsm/smx509"
)

// Suite is one coherent set of algorithms. Whatever a suite has written names
// it, so that data of both suites can live side by side after a change.
type Suite interface {
	// Name is "std" or "gm".
	Name() string
	// HashName names the hash inside records: "sha256" or "sm3".
	HashName() string
	NewHash() hash.Hash
	// NewAEAD makes an authenticated cipher from a key of KeySize bytes.
	NewAEAD(key []byte) (cipher.AEAD, error)
	KeySize() int
	// NewSigner makes a signing key from 32 secret bytes; ErrScalar asks for other bytes.
	NewSigner(secret []byte) (Signer, error)
	// Verify reports whether signature is by the owner of publicKey (PKIX DER) over message.
	Verify(publicKey, message, signature []byte) bool
}

// Signer signs whole messages and serves as a crypto.Signer for certificates and PDF signatures.
type Signer interface {
	crypto.Signer
	// Algorithm is "ECDSA-P256-SHA256" or "SM2-SM3".
	Algorithm() string
	// SignMessage returns an ASN.1 signature over message.
	SignMessage(message []byte) ([]byte, error)
	// PublicDER returns the public key as PKIX DER.
	PublicDER() ([]byte, error)
}

// ErrScalar is returned by NewSigner for the few byte strings that are no private key of the curve.
var ErrScalar = errors.New("these bytes are not a private key of the curve")

// SuiteOf returns the suite of that name.
func SuiteOf(name string) (Suite, error) {
	switch name {
	case "std":
		return stdSuite{}, nil
	case "gm":
		return gmSuite{}, nil
	}
	return nil, fmt.Errorf("unknown suite %q, want std or gm", name)
}

// NewHash returns the hash that a record names: "sha256" or "sm3".
func NewHash(name string) (hash.Hash, error) {
	switch name {
	case "sha256":
		return sha256.New(), nil
	case "sm3":
		return sm3.New(), nil
	}
	return nil, fmt.Errorf("unknown hash %q, want sha256 or sm3", name)
}

// Verify checks a signature made by a Signer of any suite, by the algorithm it names.
func Verify(algorithm string, publicKey, message, signature []byte) bool {
	for _, suite := range []Suite{stdSuite{}, gmSuite{}} {
		if algorithmOf(suite) == algorithm {
			return suite.Verify(publicKey, message, signature)
		}
	}
	return false
}

func algorithmOf(s Suite) string {
	if s.Name() == "gm" {
		return "SM2-SM3"
	}
	return "ECDSA-P256-SHA256"
}

// stdSuite is SHA-256, AES-256-GCM and ECDSA over P-256.
type stdSuite struct{}

func (stdSuite) Name() string       { return "std" }
func (stdSuite) HashName() string   { return "sha256" }
func (stdSuite) NewHash() hash.Hash { return sha256.New() }
func (stdSuite) KeySize() int       { return 32 }

func (stdSuite) NewAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (stdSuite) NewSigner(secret []byte) (Signer, error) {
	key, err := ecdsa.ParseRawPrivateKey(elliptic.P256(), secret)
	if err != nil {
		return nil, ErrScalar
	}
	return stdSigner{key}, nil
}

func (stdSuite) Verify(publicKey, message, signature []byte) bool {
	parsed, err := x509.ParsePKIXPublicKey(publicKey)
	if err != nil {
		return false
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	digest := sha256.Sum256(message)
	return ok && ecdsa.VerifyASN1(key, digest[:], signature)
}

type stdSigner struct{ *ecdsa.PrivateKey }

func (stdSigner) Algorithm() string { return algorithmOf(stdSuite{}) }

func (s stdSigner) SignMessage(message []byte) ([]byte, error) {
	digest := sha256.Sum256(message)
	return ecdsa.SignASN1(rand.Reader, s.PrivateKey, digest[:])
}

func (s stdSigner) PublicDER() ([]byte, error) { return x509.MarshalPKIXPublicKey(s.Public()) }

// gmSuite is SM3 (GB/T 32905), SM4-GCM (GB/T 32907) and SM2 (GB/T 32918), as 密码法 and GM/T 0054 ask of government systems.
type gmSuite struct{}

func (gmSuite) Name() string       { return "gm" }
func (gmSuite) HashName() string   { return "sm3" }
func (gmSuite) NewHash() hash.Hash { return sm3.New() }
func (gmSuite) KeySize() int       { return sm4.BlockSize }

func (gmSuite) NewAEAD(key []byte) (cipher.AEAD, error) {
	block, err := sm4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func (gmSuite) NewSigner(secret []byte) (Signer, error) {
	key, err := sm2.NewPrivateKey(secret)
	if err != nil {
		return nil, ErrScalar
	}
	return gmSigner{key}, nil
}

func (gmSuite) Verify(publicKey, message, signature []byte) bool {
	parsed, err := smx509.ParsePKIXPublicKey(publicKey)
	if err != nil {
		return false
	}
	key, ok := parsed.(*ecdsa.PublicKey)
	return ok && sm2.IsSM2PublicKey(key) && sm2.VerifyASN1WithSM2(key, nil, message, signature)
}

type gmSigner struct{ *sm2.PrivateKey }

func (gmSigner) Algorithm() string { return algorithmOf(gmSuite{}) }

func (s gmSigner) SignMessage(message []byte) ([]byte, error) {
	return s.SignWithSM2(rand.Reader, nil, message)
}

func (s gmSigner) PublicDER() ([]byte, error) { return smx509.MarshalPKIXPublicKey(s.Public()) }
