package crypt

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math/big"
)

// NewToken returns an unguessable bearer token (256 bits, URL-safe).
// Keep only its TokenDigest.
func NewToken() string {
	raw := make([]byte, 32)
	rand.Read(raw)
	return base64.RawURLEncoding.EncodeToString(raw)
}

// TokenDigest returns what is stored of a token: SHA-256 in hex. A plain hash
// is enough, for a token cannot be guessed.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// NewCode returns an even choice among all strings of length signs of
// alphabet: one-time codes (Digits) and query codes (Readable).
func NewCode(alphabet string, length int) string {
	signs := []rune(alphabet)
	bound := big.NewInt(int64(len(signs)))
	out := make([]rune, length)
	for i := range out {
		n, err := rand.Int(rand.Reader, bound)
		if err != nil { // crypto/rand ends the process before it fails
			panic(err)
		}
		out[i] = signs[n.Int64()]
	}
	return string(out)
}

// The alphabets of codes; Readable leaves out signs that are mistaken for one another on paper.
const (
	Digits   = "0123456789"
	Readable = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
)
