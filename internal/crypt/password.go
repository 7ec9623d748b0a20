package crypt

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// MaxPassword is the longest password in bytes; a longer one only costs time.
const MaxPassword = 256

// ErrPassword is returned for a password that is empty or longer than MaxPassword.
var ErrPassword = errors.New("a password has 1 to 256 bytes")

var errEncoding = errors.New("not an argon2id hash")

// Cost is what one argon2id hash takes (RFC 9106).
type Cost struct {
	Passes  uint32
	Memory  uint32 // KiB
	Threads uint8
}

// DefaultCost takes about 50 ms of one core of a 2023 server.
var DefaultCost = Cost{Passes: 2, Memory: 32 << 10, Threads: 1}

// TestCost is for tests that are not about passwords.
var TestCost = Cost{Passes: 1, Memory: 64, Threads: 1}

// Passwords hashes and checks passwords. At most `parallel` hashes run at
// once, so that a storm of sign-ins cannot take all memory; the others wait
// until their context ends.
type Passwords struct {
	cost  Cost
	slots chan struct{}
	decoy string
}

// NewPasswords returns a hasher of that cost.
func NewPasswords(cost Cost, parallel int) *Passwords {
	p := &Passwords{cost: cost, slots: make(chan struct{}, max(parallel, 1))}
	p.decoy = encode(cost, make([]byte, 16), make([]byte, 32))
	return p
}

// Hash returns password as `$argon2id$v=19$m=…,t=…,p=…$salt$key`.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if password == "" || len(password) > MaxPassword {
		return "", ErrPassword
	}
	salt := make([]byte, 16)
	rand.Read(salt)
	key, err := p.run(ctx, p.cost, password, salt, 32)
	if err != nil {
		return "", err
	}
	return encode(p.cost, salt, key), nil
}

// Check reports whether password is the one in encoded, and whether encoded
// was made at another cost and should be made anew. An empty encoded stands
// for an unknown account: the answer is no, after the time a real check takes.
func (p *Passwords) Check(ctx context.Context, encoded, password string) (ok, renew bool, err error) {
	unknown := encoded == ""
	if unknown {
		encoded = p.decoy
	}
	if password == "" || len(password) > MaxPassword {
		password, unknown = "-", true
	}
	cost, salt, want, err := decode(encoded)
	if err != nil {
		return false, false, err
	}
	key, err := p.run(ctx, cost, password, salt, len(want))
	if err != nil {
		return false, false, err
	}
	ok = subtle.ConstantTimeCompare(key, want) == 1 && !unknown
	return ok, ok && cost != p.cost, nil
}

func (p *Passwords) run(ctx context.Context, cost Cost, password string, salt []byte, size int) ([]byte, error) {
	select {
	case p.slots <- struct{}{}:
		defer func() { <-p.slots }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to hash a password: %w", ctx.Err())
	}
	return argon2.IDKey([]byte(password), salt, cost.Passes, cost.Memory, cost.Threads, uint32(size)), nil
}

var base = base64.RawStdEncoding

func encode(cost Cost, salt, key []byte) string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, cost.Memory, cost.Passes, cost.Threads,
		base.EncodeToString(salt), base.EncodeToString(key))
}

func decode(encoded string) (cost Cost, salt, key []byte, err error) {
	parts := strings.Split(encoded, "$")
	var version int
	if len(parts) != 6 || parts[1] != "argon2id" {
		return cost, nil, nil, errEncoding
	}
	if _, err := fmt.Sscanf(parts[2], "v=%d", &version); err != nil || version != argon2.Version {
		return cost, nil, nil, errEncoding
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &cost.Memory, &cost.Passes, &cost.Threads); err != nil {
		return cost, nil, nil, errEncoding
	}
	salt, saltErr := base.DecodeString(parts[4])
	key, keyErr := base.DecodeString(parts[5])
	// The bounds keep a hash that somebody put into the table from taking the process down.
	if saltErr != nil || keyErr != nil || len(key) < 16 || cost.Passes < 1 || cost.Passes > 16 || cost.Memory > 1<<20 || cost.Threads < 1 {
		return cost, nil, nil, errEncoding
	}
	return cost, salt, key, nil
}
