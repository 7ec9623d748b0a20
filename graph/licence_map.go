package graph

import (
	"context"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/graph/model"
	"zhengtong/graph/relay"
	"zhengtong/internal/authz"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/licence"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Licences answers for licences issued (licence.Service).
type Licences interface {
	ByCase(ctx context.Context, caseID uuid.UUID) ([]*licence.Licence, error)
	Get(ctx context.Context, id uuid.UUID) (*licence.Licence, error)
	File(ctx context.Context, l *licence.Licence) (url, filename string, err error)
	Verify(ctx context.Context, c licence.Check) (licence.Verification, error)
}

// licenceOf is the licence of a case that was looked at, the latest one when there are several; nil for none.
func (r *Resolver) licenceOf(ctx context.Context, v *casework.View) (*model.Licence, error) {
	all, err := r.Licences.ByCase(ctx, v.Case().ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	latest := all[0]
	for _, l := range all {
		if l.CreatedAt.After(latest.CreatedAt) {
			latest = l
		}
	}
	return r.licenceModel(ctx, latest), nil
}

func (r *Resolver) licenceModel(ctx context.Context, l *licence.Licence) *model.Licence {
	today := deadline.DateOf(r.Clock.Now(), tenancy.Location(ctx)).String()
	out := &model.Licence{
		ID: relay.Of(relay.Licence, l.Tenant, l.ID), Row: l, Identifier: l.Identifier, LicenceNo: l.Number, Type: l.Type, Title: l.Title, Holder: l.HolderName,
		Status: model.LicenceStatus(l.StatusOn(today)), ValidFrom: l.ValidFrom, ValidTo: opt(l.ValidTo), Version: l.Version, Fields: licenceFields(l.Fields),
		QR: l.QR, IssuedAt: l.CreatedAt,
	}
	for _, f := range l.Fields {
		if f.Name == "issued_by" {
			out.Issuer = words(f.Value)
		}
	}
	if t, ok := r.Tree.Get(l.Tenant); ok && out.Issuer == "" {
		out.Issuer = t.Title
	}
	return out
}

func licenceFields(fields []licence.Field) []*model.LicenceField {
	return each(fields, func(f licence.Field) *model.LicenceField {
		return &model.LicenceField{Name: f.Name, Title: f.Title, Value: words(f.Value)}
	})
}

// words is a value of a licence for people.
func words(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case bool:
		if value {
			return "是"
		}
		return "否"
	case []any:
		text := ""
		for i, one := range value {
			if i > 0 {
				text += "、"
			}
			text += words(one)
		}
		return text
	}
	return fmt.Sprint(value)
}

// licenceFile is the licence's PDF, nil until it is rendered. Its id is the licence's own.
func (r *Resolver) licenceFile(m *model.Licence) *model.File {
	l := m.Row
	if l.FileDigest == "" {
		return nil
	}
	return &model.File{
		ID: relay.Of(relay.File, l.Tenant, l.ID), Filename: l.Title + " " + l.Number + ".pdf", Size: int(l.FileSize), Mime: "application/pdf",
		Sha256: l.FileDigest, Status: model.FileStatusStored, Link: func(ctx context.Context) (string, error) {
			ctx, err := r.within(ctx, l.Tenant)
			if err != nil {
				return "", err
			}
			url, _, err := r.Licences.File(ctx, l)
			return url, err
		},
	}
}

// licenceNode finds a licence by id: its holder's own, or one of a case that the viewer may see.
func (r *Resolver) licenceNode(ctx context.Context, id relay.ID) (model.Node, error) {
	ctx, key, err := r.target(ctx, id, relay.Licence)
	if err != nil {
		return nil, err
	}
	l, err := r.Licences.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	if l.Holder != authz.From(ctx).Account {
		if _, err := r.view(ctx, id.Tenant, l.Case); err != nil {
			return nil, problem.Missing()
		}
	}
	return r.licenceModel(ctx, l), nil
}

func verification(v licence.Verification) *model.LicenceVerification {
	out := &model.LicenceVerification{Verdict: model.LicenceVerdict(v.Verdict), Message: v.Message, Fields: licenceFields(v.Fields), SignatureValid: v.Signed,
		CheckedAt: v.CheckedAt, Issuer: opt(v.Issuer)}
	if v.Status != "" {
		out.Status = opt(model.LicenceStatus(v.Status))
	}
	if l := v.Licence; l != nil {
		out.LicenceNo, out.Identifier, out.Title, out.ValidFrom, out.ValidTo = opt(l.Number), opt(l.Identifier), opt(l.Title), opt(l.ValidFrom), opt(l.ValidTo)
	}
	return out
}
