package code

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Error says what is wrong with a code. Position and End are the first and last
// 1-based characters at fault, both 0 when the whole code is. Message is Chinese, for people.
type Error struct {
	Position int
	End      int
	Message  string
}

// Error returns the message, led by the position when there is one.
func (e *Error) Error() string {
	switch {
	case e.Position == 0:
		return e.Message
	case e.End > e.Position:
		return fmt.Sprintf("第 %d 至 %d 位%s", e.Position, e.End, e.Message)
	}
	return fmt.Sprintf("第 %d 位%s", e.Position, e.Message)
}

func whole(format string, args ...any) *Error { return span(0, 0, format, args...) }

func at(position int, format string, args ...any) *Error {
	return span(position, position, format, args...)
}

func span(from, to int, format string, args ...any) *Error {
	return &Error{Position: from, End: to, Message: fmt.Sprintf(format, args...)}
}

// The alphabets of the codes.
const (
	digits       = "0123456789"
	alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

// sized returns an error unless s has exactly n characters.
func sized(s, name string, n int) error {
	if got := utf8.RuneCountInString(s); got != n {
		return whole("%s应为 %d 位，实为 %d 位", name, n, got)
	}
	return nil
}

// within returns an error at the first character of s outside the alphabet. offset
// is the number of characters that stand before s in the whole code.
func within(s, alphabet string, offset int) error {
	i := offset
	for _, r := range s {
		i++
		if strings.ContainsRune(alphabet, r) {
			continue
		}
		if strings.ContainsRune(alphabet, upper(r)) {
			return at(i, "“%c”应为大写", r)
		}
		if alphabet == digits {
			return at(i, "“%c”应为数字", r)
		}
		return at(i, "“%c”不在允许的字符之中", r)
	}
	return nil
}

// shift moves an error of a part to its place in the whole code, offset characters further.
func shift(err error, offset int) error {
	var e *Error
	if errors.As(err, &e) && e.Position > 0 {
		return &Error{Position: e.Position + offset, End: e.End + offset, Message: e.Message}
	}
	return err
}

// named puts the name of a part before its error.
func named(err error, part string) error {
	if err == nil {
		return nil
	}
	return whole("%s：%v", part, err)
}

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Normalise returns s as people mean it: without spaces, full-width letters and digits
// made half-width, letters in upper case. The checks themselves are strict.
func Normalise(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '\t' || r == '\u3000' || r == '\u00a0':
			return -1
		case r >= '！' && r <= '～': // the full-width forms of ASCII
			r -= '！' - '!'
		}
		return upper(r)
	}, s)
}

func upper(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r - 'a' + 'A'
	}
	return r
}
