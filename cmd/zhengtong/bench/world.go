package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gofrs/uuid/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"zhengtong/graph/relay"
)

// world is a server on a database of its own with the demonstration's tenants,
// the bench matter and many cases.
type world struct {
	data      string
	database  *database
	server    *Server
	app       *pgxpool.Pool // as the product works: behind row-level security
	owner     *pgxpool.Pool // past row-level security
	applicant *client
	reviewer  *client
	approver  *client
	matter    string // id in the API
	model     model
	replay    *replay // of the model; read before anything was copied from it
}

// model is one application that was submitted through the API; drafts and cases are copied from it.
type model struct {
	draft uuid.UUID
	kase  uuid.UUID
}

func openWorld(ctx context.Context, e Env, cases int) (w *world, err error) {
	w = &world{}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.close(ctx))
		}
	}()
	if w.database, err = createDatabase(ctx, e.DatabaseURL); err != nil {
		return w, err
	}
	if w.data, err = os.MkdirTemp("", "zhengtong-bench-"); err != nil {
		return w, err
	}
	packs, err := packFiles()
	if err != nil {
		return w, err
	}
	if w.server, err = e.Serve(ctx, ServerConfig{DatabaseURL: w.database.url, Data: w.data, Packs: packs}); err != nil {
		return w, fmt.Errorf("start the server: %w", err)
	}
	for _, step := range []func(context.Context, Env) error{w.connect, w.enter, w.submitModel} {
		if err = step(ctx, e); err != nil {
			return w, err
		}
	}
	if w.replay, err = newReplay(ctx, w.owner, w.model); err != nil {
		return w, err
	}
	return w, w.fill(ctx, cases)
}

func (w *world) connect(ctx context.Context, _ Env) (err error) {
	if w.app, err = w.database.pool(ctx, appRole); err != nil {
		return err
	}
	w.owner, err = w.database.pool(ctx, "")
	return err
}

// enter signs everybody in and finds the bench matter.
func (w *world) enter(ctx context.Context, e Env) (err error) {
	for _, who := range []struct {
		into          **client
		login, tenant string
	}{{&w.applicant, "xiangwei", ""}, {&w.reviewer, "shencha", county}, {&w.approver, "jueding", county}} {
		if *who.into, err = signIn(ctx, e, w.server.Origin, who.login, who.tenant); err != nil {
			return err
		}
	}
	var out struct{ Matter struct{ ID string } }
	if err := w.applicant.ask(ctx, `query { matter(name: "bench-permit") { id } }`, nil, "", &out); err != nil {
		return err
	}
	if w.matter = out.Matter.ID; w.matter == "" {
		return errors.New("the bench matter is not published")
	}
	return nil
}

const (
	saveDraft = `mutation($input: SaveDraftInput!) { saveDraft(input: $input) { draft { id } } }`
	submit    = `mutation($input: SubmitApplicationInput!) { submitApplication(input: $input) { case { id number status version } } }`
)

// application is the bench form filled in, as input of saveDraft.
func (w *world) application() map[string]any {
	return map[string]any{"matter": w.matter, "form": map[string]any{"operator_name": "双峰县湘味餐饮有限公司", "area_sqm": 86.5, "opening_on": "2026-12-01"}}
}

// submission is the input of submitApplication.
func submission(draft string) map[string]any {
	return map[string]any{"draft": draft, "statement": true}
}

// submitModel makes the application that the rest is copied from.
func (w *world) submitModel(ctx context.Context, _ Env) error {
	draft, kase, err := (&lifecycle{world: w}).apply(ctx)
	if err != nil {
		return err
	}
	for text, into := range map[string]*uuid.UUID{draft: &w.model.draft, kase: &w.model.kase} {
		id, err := relay.ParseID(text)
		if err != nil {
			return err
		}
		*into = id.UUID()
	}
	return nil
}

// close ends the server and removes everything.
func (w *world) close(ctx context.Context) error {
	var errs []error
	if w.server != nil {
		errs = append(errs, w.server.Stop())
	}
	for _, pool := range []*pgxpool.Pool{w.app, w.owner} {
		if pool != nil {
			pool.Close()
		}
	}
	if w.database != nil {
		errs = append(errs, w.database.drop(ctx))
	}
	if strings.Contains(w.data, "zhengtong-bench-") {
		errs = append(errs, os.RemoveAll(w.data))
	}
	return errors.Join(errs...)
}
