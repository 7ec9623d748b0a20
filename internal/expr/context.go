package expr

// Context names a place where an expression stands. It decides the variables and
// the result type (the table of §3.1).
type Context string

// The contexts of §3.1.
const (
	// FormCondition: form `rules`, `show_when`; `required_when`; `situations.when`; `auto_approval.when`.
	FormCondition Context = "form_condition"
	// FlowCondition: workflow `branches.when`, action `when`, `skip_when`; bundle `grant_when`.
	FlowCondition Context = "flow_condition"
	// FeeInput: one of the fee `inputs`; sees the inputs named in Spec.Inputs.
	FeeInput Context = "fee_input"
	// FeeAmount: the fee `amount`, in fen before rounding.
	FeeAmount Context = "fee_amount"
	// FeeWaiver: `waivers.when`.
	FeeWaiver Context = "fee_waiver"
	// RefundCondition: `refund.cases.when`.
	RefundCondition Context = "refund_condition"
	// RefundAmount: `refund.cases.amount`, in fen.
	RefundAmount Context = "refund_amount"
	// NumberMap: a token of a number rule or of a licence number.
	NumberMap Context = "number_map"
	// ValidFrom: a licence's `from_expr`.
	ValidFrom Context = "valid_from"
	// ValidTo: a licence's `to_expr`, which also sees valid_from.
	ValidTo Context = "valid_to"
	// ClockRule: supervision with `scope.event: clock` and complaint escalation with `clock`.
	ClockRule Context = "clock_rule"
	// EventRule: supervision on another event; complaint `severity` and escalation on an event.
	EventRule Context = "event_rule"
	// Measure: a number over the records of a report, index or performance scheme (Spec.Subject names their source).
	Measure Context = "measure"
	// MeasureFilter: which of those records count.
	MeasureFilter Context = "measure_filter"
)

// Phase is a stretch of a case's life; it tells which dates of `case` are set (§3.1, table of variables).
type Phase string

// The three phases of a workflow node.
const (
	PreAcceptance Phase = "pre_acceptance"
	Handling      Phase = "handling"
	PostDecision  Phase = "post_decision"
)

// Spec describes one compilation environment.
type Spec struct {
	Context Context
	// Form is the type of the form's data; nil leaves the variable `form` out.
	Form *Type
	// Facts are the facts of the matter; every one is optional.
	Facts map[string]Field
	// Nodes maps node ids to their action ids, for action_of.
	Nodes map[string][]string
	// Tables are the declared tables of a fee schedule.
	Tables *Tables
	// Inputs names the fee inputs an expression may use.
	Inputs []string
	// Phase of the node, for FlowCondition; licences are always PostDecision.
	Phase Phase
	// Subject is the variable that an EventRule sees beside event:
	// case, correction, special, bill, licence, complaint or task; of a Measure the
	// source of its records: cases, tasks, clocks, …
	Subject string
	// Width demands a text of so many characters from a NumberMap; 0 means any.
	Width int
	// ServiceObjects narrows applicant.type to those a matter serves.
	ServiceObjects []string
}

// variable is one name an expression may use.
type variable struct {
	name string
	typ  *Type
}

// result returns the kind of value the context wants.
func (c Context) result() *Type {
	switch c {
	case FeeInput, FeeAmount, RefundAmount, Measure:
		return decimalType
	case NumberMap:
		return stringType
	case ValidFrom, ValidTo:
		return dateType
	case FormCondition, FlowCondition, FeeWaiver, RefundCondition, ClockRule, EventRule, MeasureFilter:
		return boolType
	default:
		return nil
	}
}

// variables lists what an expression of the spec may name.
func (s Spec) variables() []variable {
	form := []variable{}
	if s.Form != nil {
		form = append(form, variable{"form", s.Form})
	}
	facts := variable{"facts", factsType(s.Facts)}
	switch s.Context {
	case FormCondition:
		return append(form, variable{"applicant", applicantType(s.ServiceObjects)}, variable{"today", dateType})
	case FlowCondition:
		return append(form, facts, variable{"case", caseType(s.Phase, false)}, variable{"applicant", applicantType(s.ServiceObjects)},
			variable{"members", ListOf(memberType())}, variable{"bill", billType()})
	case FeeInput, FeeAmount:
		return append(append(form, s.Tables.variable()), s.inputVariables()...)
	case FeeWaiver:
		return append(form, variable{"applicant", applicantType(s.ServiceObjects)})
	case RefundCondition:
		return append(form, facts, variable{"case", caseType(s.Phase, true)})
	case RefundAmount:
		return append(form, facts, variable{"case", caseType(s.Phase, true)}, variable{"paid", decimalType}, variable{"fee", feeType})
	case NumberMap:
		return append(form, variable{"case", caseType(s.Phase, false)}, variable{"department", departmentType()})
	case ValidFrom:
		return append(form, facts, variable{"case", caseType(PostDecision, false)})
	case ValidTo:
		return append(form, facts, variable{"case", caseType(PostDecision, false)}, variable{"valid_from", dateType})
	case Measure, MeasureFilter:
		return s.measureVariables()
	case ClockRule:
		return []variable{{"clock", clockType()}, {"clocks", clocksType()}}
	case EventRule:
		out := []variable{{"event", eventType()}}
		if t := subjectType(s.Subject); t != nil {
			out = append(out, variable{s.Subject, t})
		}
		return out
	default:
		return nil
	}
}

func (s Spec) inputVariables() []variable {
	out := make([]variable, 0, len(s.Inputs))
	for _, name := range s.Inputs {
		out = append(out, variable{name, decimalType})
	}
	return out
}
