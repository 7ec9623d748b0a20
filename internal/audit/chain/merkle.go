package chain

import (
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"maps"
	"slices"

	"zhengtong/internal/audit/canonical"
)

// Prefixes that keep leaves, inner nodes and commitments apart (RFC 6962 §2.1).
const (
	prefixLeaf       = 0x00
	prefixNode       = 0x01
	prefixCommitment = 0x02
)

// Root is the Merkle root of a payload, withheld fields included. An empty
// payload has the hash of nothing.
func Root(algorithm Algorithm, payload Payload) (string, error) {
	h, err := algorithm.newHash()
	if err != nil {
		return "", err
	}
	var leaves [][]byte
	for _, name := range slices.Sorted(maps.Keys(payload)) {
		commitment, err := payload[name].commitment(h)
		if err != nil {
			return "", fmt.Errorf("field %q: %w", name, err)
		}
		leaf, err := digest(h, []byte{prefixLeaf}, []string{name, commitment})
		if err != nil {
			return "", fmt.Errorf("field %q: %w", name, err)
		}
		leaves = append(leaves, leaf)
	}
	return hex.EncodeToString(MerkleRoot(h, leaves)), nil
}

// MerkleRoot joins leaf hashes by the tree of RFC 6962: a list splits at the
// largest power of two below its length. No leaves give the hash of nothing.
func MerkleRoot(newHash func() hash.Hash, leaves [][]byte) []byte {
	h := newHash()
	switch n := len(leaves); n {
	case 0:
		return h.Sum(nil)
	case 1:
		return leaves[0]
	default:
		split := 1
		for split*2 < n {
			split *= 2
		}
		h.Write([]byte{prefixNode})
		h.Write(MerkleRoot(newHash, leaves[:split]))
		h.Write(MerkleRoot(newHash, leaves[split:]))
		return h.Sum(nil)
	}
}

// commitment is the hash that stands for a field's value, given or kept.
func (f Field) commitment(newHash func() hash.Hash) (string, error) {
	if f.Withheld != "" {
		if f.Salt != "" || f.Value != nil {
			return "", errors.New("a withheld field still has its salt or value")
		}
		if !isHex(f.Withheld, newHash().Size()) {
			return "", errors.New("the commitment is not a hash")
		}
		return f.Withheld, nil
	}
	if !isHex(f.Salt, saltSize) {
		return "", fmt.Errorf("the salt is not %d bytes", saltSize)
	}
	if !canonical.Is(f.Value) {
		return "", errors.New("the value is not canonical JSON")
	}
	sum, err := digest(newHash, []byte{prefixCommitment}, []any{f.Salt, f.Value})
	return hex.EncodeToString(sum), err
}

// isHex reports whether s is size bytes in lower-case hexadecimal.
func isHex(s string, size int) bool {
	data, err := hex.DecodeString(s)
	return err == nil && len(data) == size && hex.EncodeToString(data) == s
}
