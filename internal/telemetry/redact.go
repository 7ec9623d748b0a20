package telemetry

import (
	"context"
	"log/slog"
	"strings"
)

// Redacted stands in a log record where personal data or a secret was.
const Redacted = "[redacted]"

// sensitive lists words that mark an attribute as personal data or a secret
// when they are a part of its key, parts being separated by `_`, `-` or `.`.
// Personal data must not reach the log (个人信息保护法 arts. 5, 6: no more than
// the purpose needs; 51: technical safeguards).
var sensitive = map[string]bool{
	"id_no": true, "idno": true, "phone": true, "mobile": true, "tel": true, "name": true, "email": true, "address": true,
	"password": true, "passwd": true, "secret": true, "token": true, "cookie": true, "authorization": true, "session": true,
	"key": true, "otp": true, "code": true, "form": true, "body": true, "payload": true, "variables": true, "fields": true,
	"birth": true, "birthday": true, "bank": true, "account": true, "opinion": true, "dsn": true,
}

// plain lists whole keys that hold a sensitive word but no personal data.
var plain = map[string]bool{
	"matter_name": true, "resource_name": true, "clock_name": true, "operation_name": true, "file_name": true,
	"error_code": true, "status_code": true, "matter_code": true, "object_key": true, "account_id": true,
}

// redactor hides sensitive attributes before they reach the inner handler.
type redactor struct{ inner slog.Handler }

// Redact wraps a handler so that the value of every attribute whose key names
// personal data or a secret is replaced by Redacted, in groups too. Values
// that resolve themselves (slog.LogValuer) are resolved first, and a value
// that is a struct or map is printed by its type only: its inside cannot be
// judged key by key.
func Redact(inner slog.Handler) slog.Handler { return redactor{inner} }

func (r redactor) Enabled(ctx context.Context, level slog.Level) bool {
	return r.inner.Enabled(ctx, level)
}

func (r redactor) Handle(ctx context.Context, record slog.Record) error {
	clean := slog.NewRecord(record.Time, record.Level, record.Message, record.PC)
	record.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(redact(a))
		return true
	})
	clean.AddAttrs(contextAttrs(ctx)...)
	return r.inner.Handle(ctx, clean)
}

func (r redactor) WithAttrs(attrs []slog.Attr) slog.Handler {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = redact(a)
	}
	return redactor{r.inner.WithAttrs(clean)}
}

func (r redactor) WithGroup(name string) slog.Handler { return redactor{r.inner.WithGroup(name)} }

func redact(a slog.Attr) slog.Attr {
	value := a.Value.Resolve()
	if value.Kind() == slog.KindGroup {
		members := value.Group()
		clean := make([]slog.Attr, len(members))
		for i, member := range members {
			clean[i] = redact(member)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	}
	if Sensitive(a.Key) {
		return slog.String(a.Key, Redacted)
	}
	return slog.Attr{Key: a.Key, Value: opaque(value)}
}

// Sensitive reports whether an attribute of this key is hidden.
func Sensitive(key string) bool {
	key = snake(key)
	if plain[key] {
		return false
	}
	if sensitive[key] || strings.Contains(key, "id_no") {
		return true
	}
	for _, part := range strings.FieldsFunc(key, func(r rune) bool { return r == '_' || r == '-' || r == '.' }) {
		if sensitive[part] {
			return true
		}
	}
	return false
}

// snake turns idNo, ID-No and id_no into id_no.
func snake(key string) string {
	var b strings.Builder
	lower := false
	for _, r := range key {
		upper := r >= 'A' && r <= 'Z'
		if upper && lower {
			b.WriteByte('_')
		}
		lower = !upper && r != '_' && r != '-' && r != '.'
		if r == '-' || r == '.' {
			r = '_'
		}
		b.WriteRune(r)
	}
	return strings.ToLower(b.String())
}
