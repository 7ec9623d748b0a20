package code

import (
	"fmt"
	"io"
)

// queryAlphabet has 32 characters, none of which is mistaken for another: no 0, 1, I or O.
const queryAlphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// queryLength is the length of a query code: 40 bits.
const queryLength = 8

// QueryCode draws an 8-character query code (查询码) from random, which must be
// cryptographic: the code is a secret that opens a case's progress.
func QueryCode(random io.Reader) (string, error) {
	var b [queryLength]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", fmt.Errorf("draw a query code: %w", err)
	}
	for i := range b {
		b[i] = queryAlphabet[b[i]%byte(len(queryAlphabet))] // 32 divides 256: no bias
	}
	return string(b[:]), nil
}

// CheckQueryCode checks the form of a query code; see Normalise for what people type.
func CheckQueryCode(s string) error {
	return first(sized(s, "查询码", queryLength), within(s, queryAlphabet, 0))
}
