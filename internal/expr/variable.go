package expr

// The closed lists behind the variables of §3.1.
var (
	serviceObjects = []string{"natural_person", "enterprise", "public_institution", "social_organisation",
		"unincorporated_enterprise", "administrative_organ", "individual_business", "other"}
	channels   = []string{"web", "mobile", "window", "terminal", "batch"}
	deliveries = []string{"pickup", "courier", "electronic"}
	// statuses are the states of SM-05.
	statuses = []string{"draft", "received", "pre_review", "awaiting_correction", "abnormal", "accepted", "processing",
		"suspended", "awaiting_supplement", "decided", "awaiting_payment", "held", "issuing", "awaiting_delivery", "stored",
		"ended", "archived"}
	// outcomes are the ends of SM-05.
	outcomes = []string{"granted", "partly_granted", "refused", "not_accepted", "no_licence_needed", "concluded", "merged",
		"transferred", "forwarded", "withdrawn", "voided", "deleted", "correction_lapsed"}
	// clockKinds are those of domain part 2, §2.4.
	clockKinds = []string{"acceptance", "dispatch", "statutory", "promised", "stage", "correction", "special", "payment",
		"delivery", "member", "bundle", "reply"}
	units = []string{"hour", "workday", "day", "month", "year"}
)

func must(t *Type) Field { return Field{Type: t} }
func may(t *Type) Field  { return Field{Type: t, Optional: true} }

func factsType(facts map[string]Field) *Type {
	fields := make(map[string]Field, len(facts))
	for name, f := range facts {
		f.Optional = true
		fields[name] = f
	}
	return Object(fields)
}

// caseType is `case`. accepted_on is set in handling and later, decided_on after the
// decision. After the decision delivery may be read without has(), and in refunds the
// outcome: both are "" while nothing was chosen.
func caseType(phase Phase, refund bool) *Type {
	outcome := may(Enum(outcomes...))
	if refund {
		outcome = must(Enum(append([]string{""}, outcomes...)...))
	}
	delivery := may(Enum(deliveries...))
	if phase == PostDecision {
		delivery = must(Enum(append([]string{""}, deliveries...)...))
	}
	return Object(map[string]Field{
		"no": must(stringType), "channel": must(Enum(channels...)), "status": must(Enum(statuses...)), "outcome": outcome,
		"submitted_on": must(dateType),
		"accepted_on":  {Type: dateType, Optional: phase != Handling && phase != PostDecision},
		"decided_on":   {Type: dateType, Optional: phase != PostDecision},
		"delivery":     delivery, "deemed": must(boolType), "corrections": must(intType),
	})
}

func applicantType(objects []string) *Type {
	if len(objects) == 0 {
		objects = serviceObjects
	}
	return Object(map[string]Field{
		"type": must(Enum(objects...)), "name": must(stringType), "level": must(Enum("L1", "L2", "L3", "L4")),
		"is_agent": must(boolType), "uscc": may(stringType), "id_type": may(stringType),
	})
}

func clockType() *Type {
	return Object(map[string]Field{
		"kind": must(Enum(clockKinds...)), "unit": must(Enum(units...)), "n": must(intType), "remaining": must(intType),
		"overdue": must(intType), "running": must(boolType), "expired": must(boolType), "met": must(boolType),
		"provisional": must(boolType),
	})
}

func clocksType() *Type {
	fields := map[string]Field{}
	for _, kind := range clockKinds {
		fields[kind] = may(clockType())
	}
	return Object(fields)
}

func memberType() *Type {
	return Object(map[string]Field{
		"id": must(stringType), "department": must(stringType),
		"pre_review": must(Enum("pending", "pass", "defect", "timed_out", "not_required")),
		"outcome":    must(Enum("pending", "granted", "refused", "not_required")),
	})
}

func billType() *Type {
	adjustment := Object(map[string]Field{"ratio": must(decimalType), "reason": must(stringType)})
	return Object(map[string]Field{"total_fen": must(intType), "computed_fen": must(intType), "adjustment": may(adjustment)})
}

func departmentType() *Type {
	return Object(map[string]Field{"name": must(stringType), "title": must(stringType), "uscc": must(stringType), "line": must(stringType)})
}

func eventType() *Type {
	return Object(map[string]Field{"type": must(stringType), "actor": must(stringType), "on": must(dateType)})
}

// subjectType is the object of an event; nil when there is none of that name.
func subjectType(name string) *Type {
	switch name {
	case "case":
		return caseType("", false)
	case "correction":
		item := Object(map[string]Field{"material": must(stringType), "was_reviewable_before": must(boolType)})
		return Object(map[string]Field{"sequence": must(intType), "count": must(intType), "items": must(ListOf(item))})
	case "special":
		return Object(map[string]Field{"type": must(stringType), "result": may(stringType), "by": must(stringType)})
	case "bill":
		return billType()
	case "licence":
		return Object(map[string]Field{"type": must(stringType), "status": must(stringType), "valid_to": may(dateType)})
	case "complaint":
		return Object(map[string]Field{
			"category": must(stringType), "severity": must(stringType), "injured": must(boolType), "media": must(boolType),
			"persons": must(intType), "reopened": must(intType), "satisfaction": must(intType),
			"departments": must(ListOf(stringType)), "facts": must(ListOf(stringType)),
		})
	case "task":
		return Object(map[string]Field{"node": must(stringType), "assignee": must(stringType), "department": must(stringType)})
	default:
		return nil
	}
}
