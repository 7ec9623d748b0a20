package card

import (
	"encoding/json"
	"slices"
	"strings"

	"zhengtong/internal/expr"
	"zhengtong/internal/problem"
)

// The levels that are cards.
const (
	Yellow = "yellow"
	Red    = "red"
)

// Levels are the levels of a rule from the lightest to the gravest.
func Levels() []string { return []string{"info", "warning", Yellow, Red} }

// Rank is the weight of a level; -1 for an unknown word.
func Rank(level string) int { return slices.Index(Levels(), level) }

// Spec is the part of a declared rule that decides verdicts, with the field names of
// kind SupervisionRule.
type Spec struct {
	Title      string        `json:"title"`
	Scope      *Scope        `json:"scope"`
	Levels     []LevelSpec   `json:"levels"`
	Accumulate *Accumulation `json:"accumulate"`
}

// Scope is an event, or `clock` with the kinds of clock; the other lists narrow it,
// an empty one does not.
type Scope struct {
	Event       string `json:"event"`
	Clock       Kinds  `json:"clock"`
	Nodes       Kinds  `json:"nodes"`
	Matters     Kinds  `json:"matters"`
	Departments Kinds  `json:"departments"`
}

// Kinds is a list that may be written as a single text.
type Kinds []string

// UnmarshalJSON accepts a text or a list of texts.
func (k *Kinds) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*k = make(Kinds, 1)
		return json.Unmarshal(data, &(*k)[0])
	}
	return json.Unmarshal(data, (*[]string)(k))
}

// LevelSpec is a condition with its consequence.
type LevelSpec struct {
	Level      string `json:"level"`
	When       string `json:"when"`
	Score      int    `json:"score"`
	Respondent string `json:"respondent"`
	ConfirmBy  string `json:"confirm_by"`
	Message    string `json:"message"`
	Order      bool   `json:"order"`
}

// Rule is a compiled rule. It is immutable.
type Rule struct {
	Name       string
	Title      string
	scope      Scope
	levels     []level
	accumulate *Accumulation // nil for none
}

// Accumulates is how yellow cards of the rule come to a red one; nil when they do not.
func (r *Rule) Accumulates() *Accumulation { return r.accumulate }

type level struct {
	LevelSpec
	when *expr.Program
}

// Event is the scope's word for rules on clocks.
const Event = "clock"

// Compile makes a rule ready to judge. Its problems carry paths below `$.levels` and
// `$.accumulate`. A rule without a scope runs by schedule over counters and is nil: no
// single case decides it.
func Compile(name string, spec Spec) (*Rule, problem.List) {
	if spec.Scope == nil {
		return nil, nil
	}
	env, err := expr.NewEnv(EnvOf(spec.Scope.Event))
	if err != nil {
		return nil, problem.List{{Path: "$.levels", Code: "V-17", Message: err.Error(), Severity: problem.SeverityError}}
	}
	rule := &Rule{Name: name, Title: spec.Title, scope: *spec.Scope}
	var problems problem.List
	if spec.Accumulate != nil {
		accumulation := *spec.Accumulate
		rule.accumulate, problems = &accumulation, accumulation.check(spec.Levels)
	}
	for i, l := range spec.Levels {
		program, found := env.Compile(l.When)
		problems = append(problems, expr.At(found, "$.levels["+itoa(i)+"].when")...)
		rule.levels = append(rule.levels, level{l, program})
	}
	if problems.HasErrors() {
		return nil, problems
	}
	return rule, problems
}

// EnvOf is what a condition may read in a scope.
func EnvOf(event string) expr.Spec {
	if event == Event {
		return expr.Spec{Context: expr.ClockRule}
	}
	return expr.Spec{Context: expr.EventRule, Subject: Subject(event)}
}

// Subject is the variable that an event's rule sees beside `event`: the event's object, or "".
func Subject(event string) string {
	object, _, _ := strings.Cut(event, ".")
	switch object {
	case "case", "correction", "special", "bill", "licence", "complaint", "task":
		return object
	}
	return ""
}

// Watches reports whether the rule looks at cases of a matter in a department.
func (r *Rule) Watches(matter, department string) bool {
	return within(r.scope.Matters, matter) && within(r.scope.Departments, department)
}

// Names reports whether the rule names a matter itself.
func (r *Rule) Names(matter string) bool { return slices.Contains(r.scope.Matters, matter) }

func within(list []string, name string) bool { return len(list) == 0 || slices.Contains(list, name) }
