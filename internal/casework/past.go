package casework

import (
	"context"
	"encoding/json"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/tenancy"
)

// PastQuery names past cases of the acting tenant: those of a matter that were
// received from a day through another, at most Limit.
type PastQuery struct {
	Matter   string
	From, To deadline.Date
	Limit    int
}

// Past is a case as a replay reads it: under the version that it is pinned to, with
// its events in clear. It is never changed.
type Past struct {
	*dossier
	Events []Told
}

// The parts of the case.
func (p *Past) Case() *Case                   { return p.kase }
func (p *Past) Matter() *configuration.Matter { return p.matter }
func (p *Past) Live() *configuration.Live     { return p.live }
func (p *Past) Tasks() []*Task                { return p.tasks }
func (p *Past) Specials() []*SpecialRun       { return p.specials }
func (p *Past) Clocks() []*Clock              { return p.clocks }

// FormBy reads what the applicant filled in as another form would.
func (p *Past) FormBy(f *form.Form) (form.Data, error) { return f.Decode([]byte(p.kase.formText)) }

// lastID and lastInstant lie behind every case.
var (
	lastID      = uuid.Max
	lastInstant = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)
)

// pastPage is how many past cases are named at a time.
const pastPage = 100

// Past shows past cases to look, the latest recorded first, one at a time;
// truncated says that there are more. What look is shown may hold personal data that
// its caller must keep to itself. Needs config.simulate.
func (s *Service) Past(ctx context.Context, q PastQuery, look func(*Past) error) (truncated bool, err error) {
	if _, err := s.authz.Require(ctx, "config.simulate", authz.Object{Kind: "configuration", Tenant: tenancy.Acting(ctx)}); err != nil {
		return false, err
	}
	last := pastCase{id: lastID, at: lastInstant}
	for seen := 0; ; {
		page, err := s.store.past(ctx, q, last, min(pastPage, q.Limit-seen+1))
		if err != nil {
			return false, err
		}
		for _, one := range page {
			if seen == q.Limit {
				return true, nil
			}
			past, err := s.past(ctx, one.id)
			if err != nil {
				return false, err
			}
			if err := look(past); err != nil {
				return false, err
			}
			seen, last = seen+1, one
		}
		if len(page) < pastPage {
			return false, nil
		}
	}
}

func (s *Service) past(ctx context.Context, id uuid.UUID) (*Past, error) {
	d, err := s.open(ctx, id)
	if err != nil {
		return nil, err
	}
	events, err := s.store.events(ctx, id, 0, int(d.kase.EventSeq))
	if err != nil {
		return nil, err
	}
	p := &Past{dossier: d}
	for _, e := range events {
		told, err := e.told()
		if err != nil {
			return nil, err
		}
		p.Events = append(p.Events, told)
	}
	return p, nil
}

// told is the event in clear; fields that were withheld or erased are left out.
func (e *Event) told() (Told, error) {
	var payload chain.Payload
	if err := json.Unmarshal([]byte(e.Payload), &payload); err != nil {
		return Told{}, err
	}
	t := Told{Type: e.Type, Actor: e.Actor, At: e.At, Fields: map[string]any{}}
	for name, field := range payload {
		if field.Withheld != "" {
			continue
		}
		var value any
		if err := json.Unmarshal(field.Value, &value); err != nil {
			return Told{}, err
		}
		t.Fields[name] = value
	}
	return t, nil
}

// pastCase is the place of a case in the order of recording.
type pastCase struct {
	id uuid.UUID
	at time.Time
}

// past names cases recorded before one of them; none was recorded before it was received.
func (s *store) past(ctx context.Context, q PastQuery, before pastCase, limit int) ([]pastCase, error) {
	var found []pastCase
	err := s.db.Each(ctx, func(scan func(dest ...any) error) error {
		var one pastCase
		err := scan(&one.id, &one.at)
		found = append(found, one)
		return err
	}, `SELECT id, created_at FROM case_file WHERE tenant_id = $1 AND matter_name = $2 AND received_on BETWEEN $3 AND $4
		AND created_at >= $5 AND (created_at, id) < ($6, $7) ORDER BY created_at DESC, id DESC LIMIT $8`,
		tenancy.Acting(ctx), q.Matter, q.From.String(), q.To.String(), q.From.StartOf(tenancy.Location(ctx)), before.at, before.id, limit)
	return found, err
}
