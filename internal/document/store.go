package document

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// store holds every query of the package.
type store struct{ db *db.DB }

// row is a document record with what its case is pinned to.
type row struct {
	id                       uuid.UUID
	template, templateDigest string
	title, number, seal      string
	values, contentDigest    string
	civilDate                deadline.Date
	issuedAt                 time.Time
	voided                   bool
	fileDigest               string
	fileSize                 int64
	kase                     uuid.UUID
	matter                   string
	pins                     configuration.Pins
}

func (s store) load(ctx context.Context, id uuid.UUID) (row, error) {
	r := row{id: id}
	var pins string
	err := s.db.QueryRow(ctx, `SELECT d.template, d.template_digest, d.title, d.number, d.seal, d.field_values, d.content_digest, d.civil_date, d.issued_at,
		d.voided_at IS NOT NULL, d.file_digest, d.file_size, c.id, c.matter_name, c.pins
		FROM issued_document d JOIN case_file c ON c.tenant_id = d.tenant_id AND c.id = d.case_id
		WHERE d.tenant_id = $1 AND d.id = $2`, tenancy.Acting(ctx), id).
		Scan(&r.template, &r.templateDigest, &r.title, &r.number, &r.seal, &r.values, &r.contentDigest, &r.civilDate, &r.issuedAt,
			&r.voided, &r.fileDigest, &r.fileSize, &r.kase, &r.matter, &pins)
	if errors.Is(err, db.ErrNoRows) {
		return row{}, problem.Missing()
	}
	if err != nil {
		return row{}, err
	}
	if err := json.Unmarshal([]byte(pins), &r.pins); err != nil {
		return row{}, fmt.Errorf("pins of document %s: %w", id, err)
	}
	return r, nil
}

// earlierPins is what a case was pinned to before it was moved to other versions, latest first.
func (s store) earlierPins(ctx context.Context, kase uuid.UUID) ([]configuration.Pins, error) {
	var out []configuration.Pins
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var text string
		var pins configuration.Pins
		if err := scan(&text); err != nil {
			return err
		}
		err := json.Unmarshal([]byte(text), &pins)
		out = append(out, pins)
		return err
	}, "SELECT pins_before FROM migration_case WHERE tenant_id = $1 AND case_id = $2 AND outcome = 'moved' ORDER BY at DESC", tenancy.Acting(ctx), kase)
	return out, err
}

// rendered notes the file of a record, once.
func (s store) rendered(ctx context.Context, id uuid.UUID, digest string, size int64, at time.Time, with func(*db.Batch)) error {
	b := s.db.NewBatch()
	b.Exec(`UPDATE issued_document SET file_digest = $3, file_size = $4, rendered_at = $5 WHERE tenant_id = $1 AND id = $2 AND file_digest = ''`,
		tenancy.Acting(ctx), id, digest, size, at)
	if with != nil {
		with(b)
	}
	return s.db.Run(ctx, b)
}

// settle runs with alone: there was nothing left to do.
func (s store) settle(ctx context.Context, with func(*db.Batch)) error {
	if with == nil {
		return nil
	}
	b := s.db.NewBatch()
	with(b)
	return s.db.Run(ctx, b)
}
