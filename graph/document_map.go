package graph

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/casework"
	"zhengtong/internal/document"
)

func documents(v *casework.View) []*model.IssuedDocument {
	return each(v.Documents(), func(d *casework.Document) *model.IssuedDocument { return documentModel(v, d) })
}

// documentModel shows a document record; nil for none.
func documentModel(v *casework.View, d *casework.Document) *model.IssuedDocument {
	if d == nil {
		return nil
	}
	return &model.IssuedDocument{
		ID: relay.Of(relay.IssuedDocument, v.Case().Tenant, d.ID), View: v, Row: d, Alias: d.Alias, Title: d.Title, Number: d.Number, Class: d.Class,
		Digest: d.ContentDigest, TemplateDigest: d.TemplateDigest, Values: documentValues(v, d), Date: d.CivilDate.String(), CaseVersion: d.CaseVersion,
		IssuedAt: d.IssuedAt, Voided: !d.VoidedAt.IsZero(), VoidReason: opt(d.VoidedReason),
	}
}

// documentValues are what the record says. The query code, printed on receipts, is
// shown to its owner only.
func documentValues(v *casework.View, d *casework.Document) json.RawMessage {
	code := v.Case().QueryCode
	if v.Owner() || code == "" {
		return json.RawMessage(d.Values)
	}
	return json.RawMessage(strings.ReplaceAll(d.Values, strconv.Quote(code), `"********"`))
}

// rendered is the PDF of a document, nil until it is rendered. Its id is the document's own.
func (r *Resolver) rendered(d *model.IssuedDocument) *model.File {
	row := d.Row
	if row.FileDigest == "" {
		return nil
	}
	return &model.File{
		ID: relay.Of(relay.File, d.ID.Tenant, row.ID), Filename: row.Title + ".pdf", Size: int(row.FileSize), Mime: "application/pdf", Sha256: row.FileDigest,
		Status: model.FileStatusStored, Link: func(ctx context.Context) (string, error) {
			ctx, err := r.within(ctx, d.ID.Tenant)
			if err != nil {
				return "", err
			}
			f, err := r.Documents.File(ctx, row.ID)
			return f.URL, err
		},
	}
}

// Documents makes short-lived links to the rendered documents of the acting tenant
// (document.Service). Whoever asks has been shown the record by its case.
type Documents interface {
	File(ctx context.Context, id uuid.UUID) (document.File, error)
}

// issuedFor finds the record that unlocks an action of a task; the latest one when several were made.
func issuedFor(v *casework.View, task relay.ID, action string) *casework.Document {
	var found *casework.Document
	for _, d := range v.Documents() {
		if d.TaskID == task.UUID() && d.Action == action {
			found = d
		}
	}
	return found
}
