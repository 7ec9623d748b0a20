package caseworktest

import (
	"encoding/json"
	"maps"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/casework"
)

// Application is a form that the shipped matter accepts, with fields replaced;
// a nil value takes the field away.
func Application(changes map[string]any) []byte {
	fields := map[string]any{
		"operator_name": "双峰县湘味餐饮有限公司", "uscc": "91431321MA4L00011P", "legal_rep": "李湘", "legal_rep_id": "431321199003070013",
		"premises_division": "431321", "premises_address": "双峰县永丰街道城中路18号", "business_mode": "catering_service",
		"categories": []string{"catering", "cold_dish"}, "area_sqm": json.Number("86.5"), "contact_phone": "13900000001", "truth_commitment": true,
	}
	maps.Copy(fields, changes)
	maps.DeleteFunc(fields, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(fields)
	if err != nil {
		panic(err) // strings, lists and numbers always have JSON
	}
	return text
}

// LowRisk is an application that needs no site inspection.
func LowRisk() []byte {
	return Application(map[string]any{"business_mode": "food_sale", "categories": []string{"beverage"}, "area_sqm": json.Number("30")})
}

// Fill saves a draft of an applicant with every material the matter asks for.
func (c *County) Fill(login string, form []byte) *casework.Draft {
	c.Helper()
	ctx := c.As(login)
	draft, err := c.Cases.SaveDraft(ctx, casework.DraftInput{Matter: Matter, Form: form})
	c.must(err)
	materials := []casework.MaterialInput{{Ref: "food-safety-manager-cert", Commitment: true}}
	for _, ref := range []string{"business-licence-copy", "premises-layout", "safety-rules"} {
		materials = append(materials, casework.MaterialInput{Ref: ref, Files: []uuid.UUID{c.UploadPDF(ctx, draft.ID, ref)}})
	}
	draft, err = c.Cases.SaveDraft(ctx, casework.DraftInput{ID: draft.ID, Matter: Matter, Form: form, Materials: materials})
	c.must(err)
	if draft.Problems.HasErrors() {
		c.Fatalf("the draft has problems: %s", draft.Problems)
	}
	return draft
}

// Apply files an application and returns the case.
func (c *County) Apply(login string, form []byte) *Case {
	c.Helper()
	draft := c.Fill(login, form)
	view, err := c.Cases.Submit(c.As(login), casework.SubmitInput{Draft: draft.ID, Statement: true, Delivery: "pickup"})
	c.must(err)
	return &Case{County: c, ID: view.Case().ID, Applicant: login}
}
