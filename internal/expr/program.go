package expr

import (
	"errors"
	"fmt"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/interpreter"

	"zhengtong/internal/deadline"
)

// ErrEval wraps every failure of an evaluation: an absent field, a division by zero,
// a number out of range. On validated data only arithmetic can fail.
var ErrEval = errors.New("expr: evaluation failed")

// FeeFunc computes the whole schedule again with some form fields replaced; values
// are int64, Decimal, string (dates too) and bool. It returns fen.
type FeeFunc func(changes map[string]any) (Decimal, error)

// Input is what one evaluation sees. Vars holds the context's variables as plain
// values: records as map[string]any, lists as []any, dates as deadline.Date or
// "YYYY-MM-DD", numbers as Decimal, whole numbers as int64 or int. A record that is
// missing is empty. The same Input may serve several programs, also at once.
type Input struct {
	Calendar *deadline.Calendar
	Vars     map[string]any
	Actions  map[string]string // node id → last action taken there
	Fee      FeeFunc
}

// Truth is the result of a condition on incomplete data.
type Truth int8

// The three values.
const (
	False   Truth = -1
	Unknown Truth = 0
	True    Truth = 1
)

// Program is a compiled expression, immutable and safe for concurrent use.
type Program struct {
	env     *Env
	source  string
	run     cel.Program
	partial func() (cel.Program, error)
	holds   proven
	reads   []string
}

func newProgram(e *Env, src string, checked *cel.Ast) (*Program, error) {
	run, err := e.cel.Program(checked, cel.EvalOptions(cel.OptOptimize), cel.CustomDecorator(fold))
	if err != nil {
		return nil, err
	}
	return &Program{env: e, source: src, run: run, partial: sync.OnceValues(func() (cel.Program, error) {
		return e.cel.Program(checked, cel.EvalOptions(cel.OptOptimize|cel.OptPartialEval), cel.CustomDecorator(fold))
	})}, nil
}

// fold evaluates dec('…'), date('…') and days(…) of literals once, when the program is planned.
func fold(i interpreter.Interpretable) (interpreter.Interpretable, error) {
	call, ok := i.(interpreter.InterpretableCall)
	if !ok {
		return i, nil
	}
	switch call.Function() {
	case "dec", "date", "days":
	default:
		return i, nil
	}
	for _, arg := range call.Args() {
		if _, ok := arg.(interpreter.InterpretableConst); !ok {
			return i, nil
		}
	}
	v := call.Eval(interpreter.EmptyActivation())
	if err, ok := v.(*types.Err); ok {
		return nil, err
	}
	return interpreter.NewConstValue(call.ID(), v), nil
}

// Source returns the expression as written.
func (p *Program) Source() string { return p.source }

// Reads lists the paths the expression reads, such as "form.area_sqm", sorted. Paths
// below a loop variable carry the variable's name.
func (p *Program) Reads() []string { return p.reads }

// Eval evaluates the program and returns a bool, a Decimal, a deadline.Date or a
// string, as the context says. Errors wrap ErrEval.
func (p *Program) Eval(in Input) (any, error) {
	v, _, err := p.run.Eval(&activation{env: p.env, in: in})
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrEval, p.source, err)
	}
	return p.result(v)
}

func (p *Program) result(v ref.Val) (any, error) {
	switch v := v.(type) {
	case types.Bool:
		return bool(v), nil
	case decimalVal:
		return v.d, nil
	case dateVal:
		return v.d, nil
	case types.String:
		return p.text(string(v))
	default:
		return nil, fmt.Errorf("%w: %s: no value", ErrEval, p.source)
	}
}

func (p *Program) text(s string) (any, error) {
	if width := p.env.spec.Width; width != 0 && len([]rune(s)) != width {
		return nil, fmt.Errorf("%w: %s: %q is not %d characters", ErrEval, p.source, s, width)
	}
	return s, nil
}

func as[T any](p *Program, in Input) (T, error) {
	v, err := p.Eval(in)
	if err != nil {
		var none T
		return none, err
	}
	out, ok := v.(T)
	if !ok {
		return out, fmt.Errorf("%w: %s: result is %T", ErrEval, p.source, v)
	}
	return out, nil
}

// Bool evaluates a condition.
func (p *Program) Bool(in Input) (bool, error) { return as[bool](p, in) }

// Decimal evaluates an amount.
func (p *Program) Decimal(in Input) (Decimal, error) { return as[Decimal](p, in) }

// Date evaluates a date.
func (p *Program) Date(in Input) (deadline.Date, error) { return as[deadline.Date](p, in) }

// Text evaluates a text.
func (p *Program) Text(in Input) (string, error) { return as[string](p, in) }

// EvalPartial evaluates a condition on a draft: absent fields are unknown, never an
// error, and the result is Unknown only when it depends on them.
func (p *Program) EvalPartial(in Input) (Truth, error) {
	run, err := p.partial()
	if err != nil {
		return Unknown, fmt.Errorf("%w: %s: %w", ErrEval, p.source, err)
	}
	v, _, err := run.Eval(newDraft(p.env, in))
	switch {
	case types.IsUnknown(v):
		return Unknown, nil
	case err != nil:
		return Unknown, fmt.Errorf("%w: %s: %w", ErrEval, p.source, err)
	case v == types.True:
		return True, nil
	case v == types.False:
		return False, nil
	default:
		return Unknown, fmt.Errorf("%w: %s: no condition", ErrEval, p.source)
	}
}
