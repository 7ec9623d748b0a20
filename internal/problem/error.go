package problem

import (
	"errors"
	"fmt"
	"time"
)

// Code is the stable, public name of a kind of refusal (the API contract, table of errors).
type Code string

// The codes that leave the process. Unknown errors become Internal, with a reference only.
const (
	Unauthenticated     Code = "UNAUTHENTICATED"      // no or ended session
	Forbidden           Code = "FORBIDDEN"            // a visible object, but permission, separation or recusal forbids the act
	NotFound            Code = "NOT_FOUND"            // absent, of another tenant, or out of scope: the three look the same
	BadRequest          Code = "BAD_REQUEST"          // not valid GraphQL, or a limit of form broken
	Validation          Code = "VALIDATION"           // the input breaks a schema, a rule, a material's terms or a pack's checks
	Conflict            Code = "CONFLICT"             // stale version, action not offered, locked, lost claim, changed head
	RateLimited         Code = "RATE_LIMITED"         // too many requests; RetryAfter says when to come back
	TooComplex          Code = "TOO_COMPLEX"          // the query costs more than allowed
	IdempotencyMismatch Code = "IDEMPOTENCY_MISMATCH" // same key, other body
	Unavailable         Code = "UNAVAILABLE"          // a dependency is away; try again
	Internal            Code = "INTERNAL"             // our fault; the log has the cause under the reference
)

// Error is a refusal with a stable code. Message is for people; Reason is a
// machine-readable detail of the code (for Conflict: "stale_version",
// "action_not_offered", "document_required", …); Permission names what was
// lacking for Forbidden; Problems lists the places for Validation.
type Error struct {
	Code       Code
	Reason     string
	Message    string
	Permission string
	Problems   List
	Retryable  bool
	RetryAfter time.Duration
	Cause      error
}

// Error joins code, reason and message.
func (e *Error) Error() string {
	s := string(e.Code)
	if e.Reason != "" {
		s += "(" + e.Reason + ")"
	}
	s += ": " + e.Message
	if len(e.Problems) > 0 {
		s += "\n" + e.Problems.String()
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// New makes a refusal; format is the message for people.
func New(code Code, reason, format string, args ...any) *Error {
	return &Error{Code: code, Reason: reason, Message: fmt.Sprintf(format, args...)}
}

// Invalid makes a Validation refusal from problems, sorted. It returns nil when none of them is an error.
func Invalid(problems List) error {
	if !problems.HasErrors() {
		return nil
	}
	return &Error{Code: Validation, Message: "输入有误，请按提示修改", Problems: problems.Errors().Sorted()}
}

// Denied makes a Forbidden refusal that names the missing permission.
func Denied(permission, reason, format string, args ...any) *Error {
	return &Error{Code: Forbidden, Reason: reason, Permission: permission, Message: fmt.Sprintf(format, args...)}
}

// Missing makes the one NotFound refusal, which never says why.
func Missing() *Error { return &Error{Code: NotFound, Message: "未找到"} }

// CodeOf returns the code of err, Internal for an error without one, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return Internal
}

// ReasonOf returns the reason of err, or "".
func ReasonOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}
