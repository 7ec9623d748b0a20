package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/gofrs/uuid/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// supply hands out drafts to submit, one at a time.
type supply struct {
	world *world
	ids   []uuid.UUID
	next  atomic.Int64
}

// draftsPerSecond is more than any side can use.
const draftsPerSecond = 8000

// newSupply prepares enough drafts for both sides of a comparison.
func (b *bench) newSupply(ctx context.Context) (*supply, error) {
	n := int(draftsPerSecond * (b.Time.Seconds() + warmUp.Seconds()))
	if b.Profile != "" {
		n *= 2
	}
	ids, err := b.world.drafts(ctx, n)
	if err != nil {
		return nil, err
	}
	_, err = b.world.owner.Exec(ctx, "VACUUM ANALYZE draft")
	return &supply{world: b.world, ids: ids}, err
}

func (s *supply) take() (uuid.UUID, error) {
	i := s.next.Add(1) - 1
	if i >= int64(len(s.ids)) {
		return uuid.Nil, errExhausted
	}
	return s.ids[i], nil
}

// throughAPI submits a draft by GraphQL over HTTP, with an idempotency key.
func (s *supply) throughAPI() (operation, error) {
	const marker = "DRAFT"
	text, err := body(submit, map[string]any{"input": submission(marker)})
	if err != nil {
		return nil, err
	}
	before, after, found := bytes.Cut(text, []byte(marker))
	if !found {
		return nil, errors.New("the request does not name its draft")
	}
	return func(ctx context.Context, _ int) error {
		draft, err := s.take()
		if err != nil {
			return err
		}
		id := draftID(draft)
		_, err = s.world.applicant.send(ctx, bytes.Join([][]byte{before, after}, []byte(id)), id)
		return err
	}, nil
}

// byReplay writes the same rows by the reference.
func (s *supply) byReplay(r *replay, on *pgxpool.Pool, scoped bool) operation {
	return func(ctx context.Context, _ int) error {
		draft, err := s.take()
		if err != nil {
			return err
		}
		return r.send(ctx, on, draft, scoped)
	}
}

func measureSubmit(ctx context.Context, b *bench) ([]Row, error) {
	drafts, err := b.newSupply(ctx)
	if err != nil {
		return nil, err
	}
	ours, err := drafts.throughAPI()
	if err != nil {
		return nil, err
	}
	c, err := compare(ctx, ours, drafts.byReplay(b.world.replay, b.world.app, true), b.Time)
	if err != nil {
		return nil, err
	}
	row := Row{Name: "submit", What: "submit an application through GraphQL over HTTP, with an idempotency key, the draft being there",
		Against: fmt.Sprintf("the same %d rows written by plain SQL in one pipelined pgx batch, under the same role", b.world.replay.rows),
		Ours:    c.Ours, Reference: c.Reference, Unit: "cases/s", Ratio: c.Ratio, Aim: atLeast(0.45),
		Note: c.note()}
	return []Row{row.judged()}, b.profile(ctx, "submit", ours)
}
