package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"zhengtong/internal/problem"
)

// ErrDuplicate is returned when a row breaks a unique constraint or primary
// key. Constraint is PostgreSQL's name for it on both databases and in every
// partition: "case_file_tenant_id_case_no_key", "session_pkey".
type ErrDuplicate struct {
	Constraint string
	Cause      error
}

func (e *ErrDuplicate) Error() string { return "duplicate: " + e.Constraint }

// Unwrap returns the driver's error.
func (e *ErrDuplicate) Unwrap() error { return e.Cause }

// IsDuplicate reports whether err is an ErrDuplicate of one of the constraints, or of any when none is named.
func IsDuplicate(err error, constraints ...string) bool {
	var e *ErrDuplicate
	if !errors.As(err, &e) {
		return false
	}
	for _, name := range constraints {
		if e.Constraint == name {
			return true
		}
	}
	return len(constraints) == 0
}

// translate gives a driver's error its meaning: ErrNoRows, ErrDuplicate, a
// Conflict from zt_require, Unavailable for a lost database. Others stay.
func translate(err error) error {
	var known *problem.Error
	var twice *ErrDuplicate
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, &twice):
		return err
	case errors.Is(err, pgx.ErrNoRows), errors.Is(err, sql.ErrNoRows):
		return ErrNoRows
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return translatePostgres(pg, err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return translateSQLite(lite, err)
	}
	if disconnected(err) {
		return unavailable(err)
	}
	return err
}

func translatePostgres(pg *pgconn.PgError, err error) error {
	switch {
	case pg.Code == "23505":
		return &ErrDuplicate{Constraint: partition.ReplaceAllString(pg.ConstraintName, "${1}_"), Cause: err}
	case pg.Code == "ZT001":
		return stale(pg.Message)
	case strings.HasPrefix(pg.Code, "08"), strings.HasPrefix(pg.Code, "57P"), pg.Code == "53300", pg.Code == "25006":
		return unavailable(err)
	}
	return err
}

// partition finds the year in the name of a partition's own constraint: job_2026_pkey is job_pkey.
var partition = regexp.MustCompile(`^(case_event|outbox|job|message|audit_log)_(?:\d{4}|default)_`)

func translateSQLite(lite *sqlite.Error, err error) error {
	switch code := lite.Code(); {
	case code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, code == sqlite3.SQLITE_CONSTRAINT_UNIQUE:
		return &ErrDuplicate{Constraint: constraintName(lite.Error(), code), Cause: err}
	case code&0xff == sqlite3.SQLITE_CANTOPEN, code&0xff == sqlite3.SQLITE_IOERR, code&0xff == sqlite3.SQLITE_FULL:
		return unavailable(err)
	}
	return err
}

// constraintName makes PostgreSQL's name out of "… UNIQUE constraint failed: session.tenant_id, session.token_hash (2067)".
func constraintName(message string, code int) string {
	_, list, _ := strings.Cut(message, "constraint failed: ")
	if _, inner, ok := strings.Cut(list, "constraint failed: "); ok {
		list = inner
	}
	list, _, _ = strings.Cut(list, " (")
	var table string
	var columns []string
	for _, part := range strings.Split(list, ", ") {
		t, column, _ := strings.Cut(part, ".")
		table, columns = t, append(columns, column)
	}
	if code == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY {
		return table + "_pkey"
	}
	return fmt.Sprintf("%s_%s_key", table, strings.Join(columns, "_"))
}

func stale(reason string) error {
	return problem.New(problem.Conflict, reason, "数据已被更新，请刷新后重试")
}

func unavailable(cause error) error {
	e := problem.New(problem.Unavailable, "database", "数据库暂时不可用，请稍后重试")
	e.Retryable, e.RetryAfter, e.Cause = true, time.Second, cause
	return e
}

func disconnected(err error) bool {
	var network net.Error
	var connect *pgconn.ConnectError
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || strings.Contains(err.Error(), "conn closed")
}

// lost reports whether the statement was refused only because others were at work: running it again may succeed.
func lost(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "40001" || pg.Code == "40P01"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code()&0xff == sqlite3.SQLITE_BUSY || lite.Code()&0xff == sqlite3.SQLITE_LOCKED)
}
