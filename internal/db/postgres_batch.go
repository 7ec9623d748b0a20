package db

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"zhengtong/internal/tenancy"
)

// batchSender is a connection or a transaction.
type batchSender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// sendBatch pipelines the steps behind a statement that sets the tenant until the transaction ends.
func sendBatch(ctx context.Context, on batchSender, b *Batch, scoped bool) error {
	queue := &pgx.Batch{}
	if scoped {
		scope, _ := tenancy.From(ctx)
		queue.Queue(setScope(true), scope.Acting, scope.Path())
	}
	for _, s := range b.steps {
		args, err := arguments(Postgres, s.args)
		if err != nil {
			return err
		}
		sql := s.sql
		if s.require != "" {
			sql = required(s)
		}
		queue.Queue(sql, args...)
	}
	results := on.SendBatch(ctx, queue)
	err := readBatch(results, b, scoped)
	return translate(errors.Join(err, results.Close()))
}

// readBatch reads the results in order. What a statement failed with is more telling than what scan made of it.
func readBatch(results pgx.BatchResults, b *Batch, scoped bool) error {
	if scoped {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	var unread error
	for _, s := range b.steps {
		if s.scan == nil {
			if _, err := results.Exec(); err != nil {
				return err
			}
			continue
		}
		rows, err := results.Query()
		if err != nil {
			return err
		}
		if err := s.scan(&Rows{cursor: postgresCursor{rows}}); err != nil && unread == nil {
			unread = err
		}
		rows.Close()
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return unread
}
