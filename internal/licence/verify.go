package licence

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"zhengtong/internal/audit"
	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/deadline"
	"zhengtong/internal/licence/token"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// Verdict is what a check found.
type Verdict string

// The verdicts.
const (
	Valid    Verdict = "valid"
	NotValid Verdict = "not_valid" // genuine, see Status
	Forged   Verdict = "forged"    // the code's signature or content does not fit
	Unknown  Verdict = "unknown"   // not issued here
)

// Verification answers a check (R-LIC-07): the verdict and public fields only.
type Verification struct {
	Verdict   Verdict
	Message   string
	Status    string // when genuine
	Licence   *Licence
	Issuer    string // field issued_by, when public; else the tenant's title
	Fields    []Field
	Signed    *bool // whether the signature verifies; nil when no code was given
	CheckedAt time.Time
}

// Check is what a person enters or scans; exactly one of the two.
type Check struct {
	Identifier string
	QR         string // address or bare token
}

// Verify says whether a licence is genuine and valid now. Anybody may ask;
// each check of a licence that exists is recorded with it. An identifier that
// is not well formed, like one never issued, is Unknown.
func (s *Service) Verify(ctx context.Context, c Check) (Verification, error) {
	if (c.Identifier == "") == (c.QR == "") {
		return Verification{}, problem.Invalid(problem.List{{Path: "$.identifier", Code: "one_of", Message: "请输入证照标识或扫描二维码，二者择一",
			Severity: problem.SeverityError}})
	}
	v := Verification{CheckedAt: s.clock.Now()}
	identifier := strings.TrimSpace(c.Identifier)
	var shown token.Token
	if c.QR != "" {
		text, err := token.FromScan(c.QR)
		if err == nil {
			shown, err = token.Parse(text)
		}
		if err != nil {
			return v.as(Forged, "", "二维码不是本平台签发的证照核验码"), nil
		}
		identifier = shown.Claims.Identifier
	}
	l, there, err := s.find(ctx, identifier)
	if problem.CodeOf(err) == problem.NotFound {
		return v.as(Unknown, "", "非本平台签发，或证照标识有误"), nil
	}
	if err != nil {
		return Verification{}, err
	}
	s.judge(&v, l, c, shown, there)
	return v, s.audit.Record(there, audit.Entry{Actor: authz.From(ctx).Actor(), Home: authz.From(ctx).Home, Action: "licence.verify",
		Object: "licence:" + l.ID.String(), Detail: map[string]string{"verdict": string(v.Verdict), "way": wayOf(c)}})
}

func wayOf(c Check) string {
	if c.QR != "" {
		return "qr"
	}
	return "identifier"
}

// find looks an identifier up in the realm and reads the licence as its tenant.
func (s *Service) find(ctx context.Context, identifier string) (*Licence, context.Context, error) {
	realm, err := s.tree.ActAs(ctx, tenancy.Realm, "verify a licence")
	if err != nil {
		return nil, nil, err
	}
	tenant, id, err := s.store.place(realm, identifier)
	if err != nil {
		return nil, nil, err
	}
	there, err := s.tree.ActAs(ctx, tenant, "verify licence "+identifier)
	if err != nil {
		return nil, nil, err
	}
	l, err := s.store.one(there, "id = $2", id)
	return l, there, err
}

func (s *Service) judge(v *Verification, l *Licence, c Check, shown token.Token, there context.Context) {
	status := l.StatusOn(today(s.clock, there))
	if c.QR != "" {
		signed := s.signedBy(l, c.QR)
		v.Signed = &signed
		switch {
		case !signed, shown.Claims.Version == l.Version && shown.Claims.Digest != l.Digest:
			*v = v.as(Forged, "", "签名或内容与登记不符，证照可能系伪造或被篡改")
			return
		case shown.Claims.Version < l.Version:
			status = StatusSuperseded
		}
	}
	if !s.intact(l) {
		*v = v.as(Forged, "", "登记内容与签发时的摘要不符")
		return
	}
	verdict, message := NotValid, "证照真实，当前状态："+statusText[status]
	if status == StatusValid {
		verdict, message = Valid, "证照真实有效"
	}
	*v = v.as(verdict, status, message)
	v.Licence, v.Fields, v.Issuer = l, l.Public, s.issuer(l)
}

func (v Verification) as(verdict Verdict, status, message string) Verification {
	v.Verdict, v.Status, v.Message = verdict, status, message
	return v
}

// statusText are the answers of R-LIC-07 in words.
var statusText = map[string]string{
	StatusValid: "有效", StatusExpired: "已过有效期", StatusSuspended: "暂停", StatusSuperseded: "已被新版本替代", "issuing": "制证中",
	"annulled": "已撤销", "withdrawn": "已撤回", "revoked": "已吊销", "cancelled": "已注销",
}

// StatusText is a licence's state in words (SM-11).
func StatusText(status string) string { return statusText[status] }

func (s *Service) signedBy(l *Licence, qr string) bool {
	signer, err := s.keys.Signer(l.Tenant, keyPurpose)
	if err != nil {
		return false
	}
	public, err := signer.PublicDER()
	if err != nil {
		return false
	}
	text, err := token.FromScan(qr)
	if err != nil {
		return false
	}
	_, err = token.NewKeyring(public).Verify(text)
	return err == nil
}

// intact reports whether the register still says what was signed.
func (s *Service) intact(l *Licence) bool {
	content, err := l.Content()
	return err == nil && hex.EncodeToString(s.keys.Hash(content)) == l.Digest
}

func (s *Service) issuer(l *Licence) string {
	for _, f := range l.Fields {
		if f.Name == "issued_by" {
			return fmt.Sprint(f.Value)
		}
	}
	tenant, _ := s.tree.Get(l.Tenant)
	return tenant.Title
}

func today(c clock.Clock, ctx context.Context) string {
	return deadline.DateOf(c.Now(), tenancy.Location(ctx)).String()
}
