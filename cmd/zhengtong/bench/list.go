package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

// pageSize is how many cases a page of the list holds.
const pageSize = 20

const listQuery = `query($first: Int!) { cases(first: $first) { edges { cursor node {
	id number status receivedAt promisedDueOn version
	matter { id name title } applicant { type name }
	tasks { id node title state dueOn } } } pageInfo { hasNextPage endCursor } } }`

// listSQL is what a programmer would write who has one page to serve and nothing
// else: one statement that makes the JSON in the database.
const listSQL = `SELECT coalesce(json_agg(page.node), '[]')::text FROM (
	SELECT json_build_object('id', c.id, 'number', c.case_no, 'status', c.status, 'receivedAt', c.received_at,
		'promisedDueOn', nullif(c.promised_due, ''), 'version', c.row_version,
		'matter', json_build_object('id', m.id, 'name', m.name, 'title', m.title),
		'applicant', json_build_object('type', c.applicant->>'type', 'name', c.applicant->>'name'),
		'tasks', (SELECT coalesce(json_agg(json_build_object('id', t.id, 'node', t.node_id, 'title', t.title, 'state', t.state, 'dueOn', nullif(t.due_on, ''))
			ORDER BY t.opened_at, t.id), '[]') FROM task t
			WHERE t.tenant_id = c.tenant_id AND t.case_id = c.id AND t.state IN ('offered', 'in_progress'))) AS node
	FROM case_file c JOIN matter m ON m.tenant_id = c.tenant_id AND m.id = c.matter_id
	WHERE c.tenant_id = $1 AND c.department = $2
	ORDER BY c.created_at DESC, c.id DESC LIMIT $3) AS page`

// department is whose cases the reviewer of the demonstration sees.
const department = "scjgj"

// readList runs the reference statement.
func readList(ctx context.Context, on *pgxpool.Pool) (string, error) {
	var page string
	err := on.QueryRow(ctx, listSQL, county, department, pageSize).Scan(&page)
	return page, err
}

// serveList puts the statement behind net/http on loopback.
func serveList(on *pgxpool.Pool) (origin string, stop func() error, err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	handler := func(w http.ResponseWriter, r *http.Request) {
		page, err := readList(r.Context(), on)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(page))
	}
	server := &http.Server{Handler: http.HandlerFunc(handler), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }()
	return "http://" + listener.Addr().String(), server.Close, nil
}

func measureList(ctx context.Context, b *bench) ([]Row, error) {
	origin, stop, err := serveList(b.world.app)
	if err != nil {
		return nil, err
	}
	defer stop()
	request, err := body(listQuery, map[string]any{"first": pageSize})
	if err != nil {
		return nil, err
	}
	byAPI := func(ctx context.Context) ([]byte, error) { return b.world.reviewer.send(ctx, request, "") }
	plain := newHTTP()
	byHand := func(ctx context.Context) ([]byte, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, origin, nil)
		if err != nil {
			return nil, err
		}
		return receive(plain, req)
	}
	if err := samePage(ctx, byAPI, byHand); err != nil {
		return nil, err
	}
	ours := func(ctx context.Context, _ int) error { _, err := byAPI(ctx); return err }
	reference := func(ctx context.Context, _ int) error { _, err := byHand(ctx); return err }
	c, err := compare(ctx, ours, reference, b.Time)
	if err != nil {
		return nil, err
	}
	row := Row{Name: "list", What: fmt.Sprintf("list %d of %d cases with matter, applicant and open tasks through GraphQL over HTTP, signed in", pageSize, b.Cases),
		Against: "the same page by one hand-written statement with json_agg behind net/http, without sign-in",
		Ours:    c.Ours, Reference: c.Reference, Unit: "pages/s", Ratio: c.Ratio, Aim: atLeast(0.60),
		Note: c.note()}
	return []Row{row.judged()}, b.profile(ctx, "list", ours)
}

// listed is what both sides say of a case, as far as it is compared.
type listed struct {
	Number string
	Matter struct{ Title string }
	Tasks  []struct{ Node string }
}

// samePage refuses to compare pages that differ: cases in order, their matters and open tasks.
func samePage(ctx context.Context, byAPI, byHand func(context.Context) ([]byte, error)) error {
	answer, err := byAPI(ctx)
	if err != nil {
		return err
	}
	var api struct {
		Cases struct{ Edges []struct{ Node listed } }
	}
	if err := decode(answer, &api); err != nil {
		return err
	}
	page, err := byHand(ctx)
	if err != nil {
		return err
	}
	var hand []listed
	if err := json.Unmarshal(page, &hand); err != nil {
		return err
	}
	same := slices.EqualFunc(api.Cases.Edges, hand, func(a struct{ Node listed }, h listed) bool {
		return a.Node.Number == h.Number && a.Node.Matter == h.Matter && slices.Equal(a.Node.Tasks, h.Tasks)
	})
	if !same || len(hand) != pageSize {
		return fmt.Errorf("the two sides do not show the same page:\n%s\n%s", answer, page)
	}
	return nil
}
