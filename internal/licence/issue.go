package licence

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
	"zhengtong/internal/code"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/licence/token"
	"zhengtong/internal/problem"
)

// Order asks for the licence of a decided case.
type Order struct {
	Case  uuid.UUID
	Type  string // LicenceType name
	Token string // of the auto node that waits; "" when a person's action asked
	Last  bool   // no further attempt follows: a failure is reported to the flow
}

// keyPurpose names the tenants' key for licences.
const keyPurpose = "licence"

// Issue makes the licence of a case: number, validity and fields as casework
// drafts them, the identifier of GB/T 36904, the content's digest, the signed
// token and its address. The licence, the jobs that render and register it, and
// the case's step on are one transaction; a case has one licence of a type,
// however often it is asked for.
func (s *Service) Issue(ctx context.Context, o Order, with func(*db.Batch)) error {
	err := s.issue(ctx, o, with)
	if err == nil {
		s.wake()
		return nil
	}
	if !o.Last || o.Token == "" || problem.CodeOf(err) == problem.Conflict {
		return err
	}
	s.log.ErrorContext(ctx, "a licence could not be issued", "case", o.Case.String(), "type", o.Type, "error", err)
	return s.cases.ReportAuto(ctx, o.Case, o.Token, false, nil, with)
}

func (s *Service) issue(ctx context.Context, o Order, with func(*db.Batch)) error {
	earlier, err := s.store.list(ctx, "case_id = $2 AND type = $3", o.Case, o.Type)
	if err != nil {
		return err
	}
	if len(earlier) > 0 {
		return s.report(ctx, o, earlier[0], with)
	}
	draft, err := s.cases.DraftLicence(ctx, o.Case, o.Type)
	if err != nil {
		return err
	}
	l, err := s.make(ctx, draft)
	if err != nil {
		return fmt.Errorf("licence %s of case %s: %w", o.Type, draft.Case.No, err)
	}
	return s.report(ctx, o, l, func(b *db.Batch) {
		s.store.insert(b, l, s.clock.Now())
		with(b)
	})
}

// report tells the case of its licence, in the transaction of with.
func (s *Service) report(ctx context.Context, o Order, l *Licence, with func(*db.Batch)) error {
	payload := map[string]any{"identifier": l.Identifier, "no": l.Number, "no_masked": masked(l.Number), "type": l.Type, "title": l.Title,
		"valid_from": l.ValidFrom, "valid_to": l.ValidTo, "digest": l.Digest}
	if o.Token != "" {
		return s.cases.ReportAuto(ctx, o.Case, o.Token, true, payload, with)
	}
	return s.cases.RecordBySystem(ctx, o.Case, "licence.issued", payload, with)
}

func (s *Service) make(ctx context.Context, d *casework.LicenceDraft) (*Licence, error) {
	now := s.clock.Now()
	spec := d.Type.Spec
	l := &Licence{Tenant: d.Case.Tenant, ID: db.NewID(now), Number: d.Number, Type: d.Type.Name, TypeCode: spec.TypeCode, Title: spec.Title,
		Case: d.Case.ID, Holder: d.Case.ApplicantID, HolderName: d.Case.Applicant.Name, Status: StatusValid, ValidFrom: d.ValidFrom.String(),
		ValidTo: d.ValidTo.String(), IssuedOn: d.IssuedOn.String(), Version: 1, CreatedAt: now}
	serial, err := s.store.serial(ctx, spec.TypeCode, d.IssuedOn.String()[:4])
	if err != nil {
		return nil, err
	}
	if l.Identifier, err = (code.Licence{Type: spec.TypeCode, Issuer: d.Matter.Binding.USCC, Serial: serial, Version: l.Version}).Identifier(); err != nil {
		return nil, err
	}
	for _, f := range spec.Fields {
		value, present := d.Data[f.Name]
		if !present {
			continue
		}
		field := Field{Name: f.Name, Title: titleOf(f.Title, f.Name), Value: value}
		l.Fields = append(l.Fields, field)
		if f.Public || slices.Contains(spec.Verify.PublicFields, f.Name) {
			l.Public = append(l.Public, field)
		}
	}
	if l.data, err = encode(l.Fields); err != nil {
		return nil, err
	}
	if l.public, err = encode(l.Public); err != nil {
		return nil, err
	}
	return l, s.sign(l, d.IssuedOn, spec.Template.QR != "none")
}

// sign fixes the content by its digest and makes the token, once: signatures are salted.
func (s *Service) sign(l *Licence, on deadline.Date, coded bool) error {
	content, err := l.Content()
	if err != nil {
		return err
	}
	l.Digest = hex.EncodeToString(s.keys.Hash(content))
	signer, err := s.keys.Signer(l.Tenant, keyPurpose)
	if err != nil {
		return err
	}
	if l.Token, err = token.Issue(token.Claims{Identifier: l.Identifier, Version: l.Version, Type: l.Type, Digest: l.Digest, IssuedOn: on}, signer); err != nil {
		return err
	}
	if coded {
		l.QR, err = token.URL(s.verifyBase, l.Token)
	}
	return err
}

// Content is the data message that is signed: the licence and its fields as canonical JSON.
func (l *Licence) Content() ([]byte, error) {
	fields := map[string]any{}
	for _, f := range l.Fields {
		fields[f.Name] = f.Value
	}
	return form.Canonical(map[string]any{"identifier": l.Identifier, "licence_no": l.Number, "type": l.Type, "type_code": l.TypeCode, "title": l.Title,
		"holder": l.HolderName, "valid_from": l.ValidFrom, "valid_to": l.ValidTo, "issued_on": l.IssuedOn, "version": int64(l.Version), "fields": fields})
}

// fieldTitles are the words for common fields whose type gives none.
var fieldTitles = map[string]string{
	"operator_name": "经营者名称", "uscc": "统一社会信用代码", "legal_rep": "法定代表人（负责人）", "premises_address": "经营场所", "business_mode": "主体业态",
	"categories": "经营项目", "issued_by": "发证机关", "issue_date": "签发日期", "licence_no": "许可证编号", "status": "状态", "valid_from": "有效期自",
	"valid_to": "有效期至", "holder": "持证人",
}

func titleOf(title, name string) string {
	if title != "" {
		return title
	}
	if common := fieldTitles[name]; common != "" {
		return common
	}
	return name
}

// masked shows the ends of a number only, for messages.
func masked(number string) string {
	runes := []rune(number)
	if len(runes) <= 6 {
		return number
	}
	for i := 3; i < len(runes)-3; i++ {
		runes[i] = '*'
	}
	return string(runes)
}
