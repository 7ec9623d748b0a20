package identity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/tenancy"
)

// passwordRow is a password to write in place of another.
type passwordRow struct {
	account uuid.UUID
	session uuid.UUID // that stays open
	before  string    // hash of the one that is replaced
	hash    string
	former  []string // hashes to remember, the latest first
	at      time.Time
	by      authz.Principal
}

// formerPasswords returns the hashes of an account's former passwords, the latest first.
func (s *store) formerPasswords(ctx context.Context, account uuid.UUID) ([]string, error) {
	var text string
	err := s.db.QueryRow(ctx, "SELECT former_passwords FROM account WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), account).Scan(&text)
	if err != nil {
		return nil, err
	}
	var former []string
	return former, json.Unmarshal([]byte(text), &former)
}

// replacePassword writes a password, unless another was written since it was read, and ends the other sessions.
func (s *store) replacePassword(ctx context.Context, r passwordRow) (ended int, err error) {
	former, err := json.Marshal(r.former)
	if err != nil {
		return 0, err
	}
	tenant := tenancy.Acting(ctx)
	err = s.db.InTx(ctx, func(ctx context.Context) error {
		b := s.db.NewBatch()
		b.Require(`UPDATE account SET password_hash = $3, must_change = $4, former_passwords = $5, failures = 0, locked_until = NULL, row_version = row_version + 1
			WHERE tenant_id = $1 AND id = $2 AND password_hash = $6`, tenant, r.account, r.hash, false, string(former), r.before)
		s.audit(b, tenant, entry{by: r.by, action: "password.change", object: "account:" + r.account.String(), at: r.at})
		if err := s.db.Run(ctx, b); err != nil {
			return err
		}
		ended, err = s.revoke(ctx, r.account, r.session, true, r.at)
		return err
	})
	return ended, err
}

// entry is a row of the audit log.
type entry struct {
	by     authz.Principal
	action string
	object string
	detail map[string]string
	at     time.Time
}

// audit adds a row to the log of a tenant.
func (s *store) audit(b *db.Batch, tenant string, e entry) {
	detail := "{}"
	if len(e.detail) > 0 {
		text, _ := json.Marshal(e.detail) // a map of strings always can be written
		detail = string(text)
	}
	b.Exec("INSERT INTO audit_log (tenant_id, id, at, actor, home, action, object, detail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		tenant, db.NewID(e.at), e.at, e.by.Actor(), e.by.Home, e.action, e.object, detail)
}
