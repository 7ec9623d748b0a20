package licence

import (
	"bytes"
	"context"
	"fmt"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/blob"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/document"
	"zhengtong/internal/document/render"
	"zhengtong/internal/tenancy"
)

// The jobs that follow the issue of a licence; their payload is {licence: id}.
const (
	JobRender   = "licence.render"   // make the PDF
	JobRegister = "licence.register" // note the identifier in the realm
)

// Render makes the PDF of a licence of the acting tenant by the layout its case
// is pinned to. Rendering twice does nothing more.
func (s *Service) Render(ctx context.Context, id uuid.UUID, with func(*db.Batch)) error {
	l, err := s.store.one(ctx, "id = $2", id)
	if err != nil {
		return err
	}
	if l.FileDigest != "" {
		return s.store.settle(ctx, with)
	}
	file, digest, err := s.draw(ctx, l)
	if err != nil {
		return fmt.Errorf("render licence %s: %w", l.Identifier, err)
	}
	key := blob.Key{Tenant: tenancy.Acting(ctx), Purpose: blob.PurposeDocument, Digest: digest}
	if err := s.objects.Put(ctx, key.Tenant, key, bytes.NewReader(file), int64(len(file)), "application/pdf"); err != nil {
		return err
	}
	return s.store.rendered(ctx, id, digest, int64(len(file)), with)
}

func (s *Service) draw(ctx context.Context, l *Licence) ([]byte, string, error) {
	name, pins, err := s.store.pins(ctx, l.Case)
	if err != nil {
		return nil, "", err
	}
	matter, err := s.configuration.Pinned(ctx, name, pins)
	if err != nil {
		return nil, "", err
	}
	kind := matter.Licences[l.Type]
	if kind == nil {
		return nil, "", fmt.Errorf("matter %s has no licence type %s", name, l.Type)
	}
	live, err := s.configuration.Live(ctx)
	if err != nil {
		return nil, "", err
	}
	issued, err := deadline.ParseDate(l.IssuedOn)
	if err != nil {
		return nil, "", err
	}
	// The record has no number of its own: the layout puts the licence's where it belongs.
	assets := render.Assets{Fonts: s.fonts, Organisation: matter.Binding.DepartmentTitle, Seal: document.Stamp(live, matter, kind.Seal),
		VerifyURL: s.codeOf(l), Zone: live.Location}
	record := render.Record{Title: l.Title, TemplateDigest: kind.Digest, Values: l.values(kind), ContentDigest: l.Digest, IssuedOn: issued}
	file, result, err := render.Render(record, kind.Layout, assets)
	if err == nil && len(result.Missing)+len(result.Absent) > 0 {
		s.log.WarnContext(ctx, "a licence has gaps", "licence", l.ID.String(), "type", l.Type, "glyphs", result.Missing, "values", result.Absent)
	}
	return file, result.Digest, err
}

// codeOf is the address to print; a type without QR code may still have a layout that shows one.
func (s *Service) codeOf(l *Licence) string {
	if l.QR != "" {
		return l.QR
	}
	return s.verifyBase
}

// values are what a layout may name: the licence's own facts under `licence`,
// its fields there, under `fields` and `form`, and by their bare names.
func (l *Licence) values(kind *configuration.LicenceType) map[string]any {
	fields := map[string]any{}
	for _, f := range l.Fields {
		fields[f.Name] = f.Value
	}
	own := map[string]any{}
	for name, value := range fields {
		own[name] = value
	}
	own["no"], own["title"], own["identifier"] = l.Number, kind.Spec.Title, l.Identifier
	own["valid_from"], own["valid_to"], own["issued_on"] = l.ValidFrom, l.ValidTo, l.IssuedOn
	if l.ValidTo == "" {
		own["valid_to"] = "长期"
	}
	values := map[string]any{}
	for name, value := range fields {
		values[name] = value
	}
	values["licence"], values["fields"], values["form"] = own, fields, fields
	return values
}

// Register notes in the realm where the licence of an identifier is kept, so
// that anybody can check it without knowing the issuing tenant. The job of the
// issuing tenant is completed in the same transaction.
func (s *Service) Register(ctx context.Context, id uuid.UUID, with func(*db.Batch)) error {
	l, err := s.store.one(ctx, "id = $2", id)
	if err != nil {
		return err
	}
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "register licence "+l.Identifier)
	if err != nil {
		return err
	}
	return s.store.register(ctx, realm, l, with)
}
