package idempotency

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// Use is what a key was used for: the hash of the body, and the object that
// answers a repeat.
type Use struct {
	BodyHash [32]byte
	Kind     string // "case", "draft", "file", …
	ID       string
}

// Store reads the records of the acting tenant. Services write theirs in the
// transaction that does the work; Keep is for work that has no transaction.
type Store struct{ db *db.DB }

// NewStore returns the store over d.
func NewStore(d *db.DB) *Store { return &Store{db: d} }

// result is the JSON of the column `result`.
type result struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Find returns the record of a principal's key in the acting tenant; ok is false when there is none.
func (s *Store) Find(ctx context.Context, principal uuid.UUID, key string) (r Use, ok bool, err error) {
	var hash, text string
	err = s.db.QueryRow(ctx, "SELECT body_hash, result FROM idempotency WHERE tenant_id = $1 AND principal = $2 AND key = $3",
		tenancy.Acting(ctx), principal, key).Scan(&hash, &text)
	if errors.Is(err, db.ErrNoRows) {
		return Use{}, false, nil
	}
	if err != nil {
		return Use{}, false, fmt.Errorf("idempotency: %w", err)
	}
	raw, err := hex.DecodeString(hash)
	if err != nil || len(raw) != len(r.BodyHash) {
		return Use{}, false, fmt.Errorf("idempotency: body hash %q is no SHA-256", hash)
	}
	var named result
	if err := json.Unmarshal([]byte(text), &named); err != nil {
		return Use{}, false, fmt.Errorf("idempotency: result: %w", err)
	}
	return Use{BodyHash: [32]byte(raw), Kind: named.Kind, ID: named.ID}, true, nil
}

// Keep writes a record unless there is one already.
func (s *Store) Keep(ctx context.Context, principal uuid.UUID, key Key, kind, id string, at time.Time) error {
	text, err := json.Marshal(result{Kind: kind, ID: id})
	if err != nil {
		return fmt.Errorf("idempotency: %w", err)
	}
	_, err = s.db.Exec(ctx, `INSERT INTO idempotency (tenant_id, key, principal, body_hash, operation, result, created_at)
		VALUES ($1, $2, $3, $4, '', $5, $6) ON CONFLICT DO NOTHING`,
		tenancy.Acting(ctx), key.Key, principal, hex.EncodeToString(key.BodyHash[:]), string(text), at)
	return err
}
