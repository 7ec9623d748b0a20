package licence

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

const columns = "id, identifier, licence_no, type, type_code, title, case_id, holder_id, holder_name, status, valid_from, valid_to, issued_on, version, " +
	"data, public_data, data_digest, signature, qr, file_digest, file_size, created_at, row_version"

// list reads licences of the acting tenant that meet a condition whose parameters start at $2, newest first.
func (s store) list(ctx context.Context, condition string, args ...any) ([]*Licence, error) {
	tenant := tenancy.Acting(ctx)
	var found []*Licence
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		l := &Licence{Tenant: tenant}
		var data, public string
		if err := scan(&l.ID, &l.Identifier, &l.Number, &l.Type, &l.TypeCode, &l.Title, &l.Case, &l.Holder, &l.HolderName, &l.Status, &l.ValidFrom,
			&l.ValidTo, &l.IssuedOn, &l.Version, &data, &public, &l.Digest, &l.Token, &l.QR, &l.FileDigest, &l.FileSize, &l.CreatedAt, &l.revision); err != nil {
			return err
		}
		if err := errors.Join(decode(data, &l.Fields), decode(public, &l.Public)); err != nil {
			return fmt.Errorf("licence %s: %w", l.Identifier, err)
		}
		found = append(found, l)
		return nil
	}, "SELECT "+columns+" FROM licence WHERE tenant_id = $1 AND "+condition+" ORDER BY created_at DESC, id DESC", append([]any{tenant}, args...)...)
	return found, err
}

func (s store) one(ctx context.Context, condition string, args ...any) (*Licence, error) {
	found, err := s.list(ctx, condition, args...)
	if err == nil && len(found) == 0 {
		return nil, problem.Missing()
	}
	if err != nil {
		return nil, err
	}
	return found[0], nil
}

// decode reads fields with numbers as their text, which canonical JSON needs.
func decode(text string, into *[]Field) error {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	return d.Decode(into)
}

func encode(fields []Field) (string, error) {
	list := make([]any, len(fields))
	for i, f := range fields {
		list[i] = map[string]any{"name": f.Name, "title": f.Title, "value": f.Value}
	}
	text, err := form.Canonical(list)
	return string(text), err
}

// insert adds the licence and the jobs that follow it to a batch.
func (s store) insert(b *db.Batch, l *Licence, now time.Time) {
	b.Exec("INSERT INTO licence (tenant_id, "+columns+") VALUES ("+db.Placeholders(1, 24)+")", l.Tenant, l.ID, l.Identifier, l.Number, l.Type, l.TypeCode,
		l.Title, l.Case, l.Holder, l.HolderName, l.Status, l.ValidFrom, l.ValidTo, l.IssuedOn, l.Version, l.data, l.public, l.Digest, l.Token, l.QR,
		l.FileDigest, l.FileSize, l.CreatedAt, 1)
	for _, kind := range []string{JobRender, JobRegister} {
		b.Exec(`INSERT INTO job (tenant_id, id, type, key, case_id, payload, run_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
			l.Tenant, db.NewID(now), kind, kind+"/"+l.ID.String(), l.Case, `{"licence":"`+l.ID.String()+`"}`, now)
	}
}

// serial takes the next serial number of a licence type in a year, as 20 digits. Serials may have gaps.
func (s store) serial(ctx context.Context, typeCode, year string) (string, error) {
	tenant, key := tenancy.Acting(ctx), "licence-serial/"+typeCode+"/"+year
	var next int64
	b := s.db.NewBatch()
	b.Exec(`INSERT INTO number_series (tenant_id, key, next) VALUES ($1, $2, 1)
		ON CONFLICT (tenant_id, key) DO UPDATE SET next = number_series.next + 1`, tenant, key)
	b.Query(func(rows *db.Rows) error {
		for rows.Next() {
			if err := rows.Scan(&next); err != nil {
				return err
			}
		}
		return rows.Err()
	}, "SELECT next FROM number_series WHERE tenant_id = $1 AND key = $2", tenant, key)
	if err := s.db.Run(ctx, b); err != nil {
		return "", err
	}
	return fmt.Sprintf("%s%016d", year, next), nil
}

// pins returns the matter of a case and what it is pinned to.
func (s store) pins(ctx context.Context, caseID uuid.UUID) (string, configuration.Pins, error) {
	var name, text string
	err := s.db.QueryRow(ctx, "SELECT matter_name, pins FROM case_file WHERE tenant_id = $1 AND id = $2", tenancy.Acting(ctx), caseID).Scan(&name, &text)
	if err != nil {
		return "", nil, err
	}
	var pins configuration.Pins
	return name, pins, json.Unmarshal([]byte(text), &pins)
}

func (s store) rendered(ctx context.Context, id uuid.UUID, digest string, size int64, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	b.Exec("UPDATE licence SET file_digest = $3, file_size = $4, row_version = row_version + 1 WHERE tenant_id = $1 AND id = $2 AND file_digest = ''",
		tenancy.Acting(ctx), id, digest, size)
	with(b)
	return s.db.Run(ctx, b)
}

func (s store) settle(ctx context.Context, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	with(b)
	return s.db.Run(ctx, b)
}

// register writes the realm's row and runs with in the licence's own tenant, in one transaction.
func (s store) register(ctx, realm context.Context, l *Licence, with func(*db.Batch)) error {
	return s.db.InTx(ctx, func(tx context.Context) error {
		scope, _ := tenancy.From(realm)
		if _, err := s.db.Exec(tenancy.With(tx, scope), `INSERT INTO licence_index (tenant_id, identifier, licence_tenant, licence_id) VALUES ($1, $2, $3, $4)
			ON CONFLICT (tenant_id, identifier) DO NOTHING`, scope.Acting, l.Identifier, l.Tenant, l.ID); err != nil {
			return err
		}
		return s.settle(tx, with)
	})
}

// place tells which tenant keeps the licence of an identifier; NotFound when none does.
func (s store) place(ctx context.Context, identifier string) (tenant string, id uuid.UUID, err error) {
	err = s.db.QueryRow(ctx, "SELECT licence_tenant, licence_id FROM licence_index WHERE tenant_id = $1 AND identifier = $2", tenancy.Acting(ctx), identifier).
		Scan(&tenant, &id)
	if errors.Is(err, db.ErrNoRows) {
		return "", uuid.Nil, problem.Missing()
	}
	return tenant, id, err
}
