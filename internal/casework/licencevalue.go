package casework

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/expr"
)

// licenceValues gives a decision the number of the licence it will lead to, so
// that decision and licence cite the same one: reserved now, taken again by
// LicenceDraft. Licence numbers may have gaps and are never reused (invariant 11).
func (c *Change) licenceValues() (map[string]any, error) {
	for _, result := range c.matter.Spec.Results {
		licence, known := c.matter.Licences[result.LicenceType]
		if !known {
			continue
		}
		number := c.reservedLicence()
		if number == "" {
			var err error
			if number, err = c.licenceNumber(licence); err != nil {
				return nil, err
			}
		}
		return map[string]any{"no": number, "title": licence.Spec.Title}, nil
	}
	return nil, nil
}

// reservedLicence is the number in an unvoided document of this case, or "".
func (c *Change) reservedLicence() string {
	for _, d := range c.documents {
		if !d.VoidedAt.IsZero() || d.fresh {
			continue
		}
		var values struct {
			Licence struct {
				No string `json:"no"`
			} `json:"licence"`
		}
		if err := json.Unmarshal([]byte(d.Values), &values); err == nil && values.Licence.No != "" {
			return values.Licence.No
		}
	}
	return ""
}

func (c *Change) licenceNumber(l *configuration.LicenceType) (string, error) {
	key := "licence/" + l.Name
	if slices.Contains(l.Number.Tokens(), "yyyy") {
		key += "/" + c.today.String()[:4]
	}
	seq, err := c.service.number(c.ctx, c.kase.Tenant, key)
	if err != nil {
		return "", err
	}
	values := c.numberValues(c.matter.Binding.DepartmentShort, seq)
	values.Custom = map[string]string{}
	in := c.dossier.input(c.today)
	for token, program := range l.NumberMap {
		text, err := program.Text(in)
		if err != nil {
			return "", err
		}
		values.Custom[token] = text
	}
	number, err := l.Number.Format(values)
	return l.Spec.NumberRule.Prefix + number, err
}

// LicenceDraft is everything of a licence but its identifier and signature.
type LicenceDraft struct {
	Case       *Case
	Matter     *configuration.Matter
	Type       *configuration.LicenceType
	Live       *configuration.Live
	Number     string
	ValidFrom  deadline.Date
	ValidTo    deadline.Date // zero = permanent
	IssuedOn   deadline.Date
	Data       map[string]any // fields in declared order of LicenceType.fields
	PublicData map[string]any
}

// DraftLicence computes what the licence of a decided case says (V-35, V-36).
func (s *Service) DraftLicence(ctx context.Context, caseID uuid.UUID, licenceType string) (*LicenceDraft, error) {
	d, err := s.open(asSystem(ctx), caseID)
	if err != nil {
		return nil, err
	}
	l, known := d.matter.Licences[licenceType]
	if !known {
		return nil, fmt.Errorf("casework: matter %s has no licence type %s", d.matter.Name, licenceType)
	}
	c := s.newChange(asSystem(ctx), d)
	draft := &LicenceDraft{Case: d.kase, Matter: d.matter, Type: l, Live: d.live, IssuedOn: c.today, Number: c.reservedLicence()}
	if draft.Number == "" {
		if draft.Number, err = c.licenceNumber(l); err != nil {
			return nil, err
		}
	}
	if draft.ValidFrom, draft.ValidTo, err = c.validity(l); err != nil {
		return nil, err
	}
	c.licenceData(draft)
	return draft, nil
}

func (c *Change) validity(l *configuration.LicenceType) (from, to deadline.Date, err error) {
	from, v := c.kase.DecidedOn, l.Spec.Validity
	in := c.dossier.input(c.today)
	if l.FromExpr != nil {
		if from, err = l.FromExpr.Date(in); err != nil {
			return from, to, err
		}
	}
	in = withVar(in, "valid_from", from)
	switch {
	case l.ToExpr != nil:
		to, err = l.ToExpr.Date(in)
	case v.Years > 0:
		to = from.AddMonths(12 * v.Years)
	case v.Days > 0:
		to = from.AddDays(v.Days)
	}
	if err == nil && l.ToExpr == nil && !to.IsZero() && v.End == "minus_one_day" {
		to = to.AddDays(-1)
	}
	return from, to, err
}

func withVar(in expr.Input, name string, value any) expr.Input {
	vars := map[string]any{name: value}
	for k, v := range in.Vars {
		vars[k] = v
	}
	in.Vars = vars
	return in
}

func (c *Change) licenceData(draft *LicenceDraft) {
	roots := map[string]any{"form": map[string]any(c.kase.Form), "facts": map[string]any(c.kase.Facts), "case": texted(c.caseFields()),
		"department": map[string]any{"title": c.matter.Binding.DepartmentTitle, "name": c.matter.Binding.Department, "uscc": c.matter.Binding.USCC},
		"applicant":  c.kase.Applicant.fields()}
	draft.Data, draft.PublicData = map[string]any{}, map[string]any{}
	for _, field := range draft.Type.Spec.Fields {
		value, found := lookUp(roots, field.From)
		if !found {
			continue
		}
		draft.Data[field.Name] = value
		if field.Public {
			draft.PublicData[field.Name] = value
		}
	}
}

// texted turns dates into text, as documents and licences hold them.
func texted(fields map[string]any) map[string]any {
	out := map[string]any{}
	for name, value := range fields {
		if date, ok := value.(deadline.Date); ok {
			value = date.String()
		}
		out[name] = value
	}
	return out
}
