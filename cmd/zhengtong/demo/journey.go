// Package demo drives one application from sign-in to archive through the HTTP
// API of a running server on its virtual clock, as a firm, a clerk, an inspector
// and a supervisor would, and says at each step what changed. The same journeys
// are the project's own tests: cast.go says what a journey is made of, food.go and
// lingshan.go are the two there are.
package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Options say which server is driven and how steps are told.
type Options struct {
	Server   string        // origin, such as http://127.0.0.1:8080
	Password string        // of the demonstration accounts
	Matter   string        // Food or Energy; Food when empty
	Steps    int           // stop after so many steps and leave the case there; 0 walks to the end
	Out      io.Writer     // where steps are told
	JSON     bool          // one JSON object a line instead of text
	Patience time.Duration // how long to wait for a server that is away; 20 s when zero
	Run      string        // distinguishes runs on one server, in idempotency keys
	OnStep   func(Step)    // called after each step; optional
}

// Step is one step of the journey as told.
type Step struct {
	N       int      `json:"n"`
	At      string   `json:"at"` // virtual instant, RFC 3339 in China time
	Who     string   `json:"who"`
	What    string   `json:"what"`
	Changes []string `json:"changes,omitempty"`
}

// Result is what the journey ended with.
type Result struct {
	Steps      int
	Draft      string // id of the draft, which the case came from
	CaseID     string
	CaseNumber string
	QueryCode  string
	Decision   string // number of the decision document
	LicenceNo  string // of the licence, where one is issued
	Identifier string
	Archive    string // digest of the package
}

type journey struct {
	Options
	cast     *cast
	server   string
	password string
	patience time.Duration
	http     *http.Client
	steps    int
	result   Result
	caseID   string
	drafts   string
	matter   string
	version  int
}

// errEnough ends a journey that was asked to go only so far.
var errEnough = errors.New("as many steps as asked for")

// Run drives a journey. The first error ends it.
func Run(ctx context.Context, o Options) (Result, error) {
	play, err := castOf(o.Matter)
	if err != nil {
		return Result{}, err
	}
	j := &journey{Options: o, cast: play, server: strings.TrimRight(o.Server, "/"), password: o.Password, patience: o.Patience,
		http: &http.Client{Timeout: 60 * time.Second}}
	if j.patience == 0 {
		j.patience = 20 * time.Second
	}
	for _, chapter := range play.chapters {
		err = chapter(j, ctx)
		j.result.Steps = j.steps
		if errors.Is(err, errEnough) {
			return j.result, nil
		}
		if err != nil {
			return j.result, fmt.Errorf("step %d: %w", j.steps+1, err)
		}
	}
	return j.result, nil
}

// tell says a step with the server's own time; after the last step asked for it answers errEnough.
func (j *journey) tell(ctx context.Context, who, what string, changes ...string) error {
	if err := j.say(ctx, who, what, changes); err != nil {
		return err
	}
	if j.steps == j.Steps {
		return errEnough
	}
	return nil
}

func (j *journey) say(ctx context.Context, who, what string, changes []string) error {
	now, err := j.now(ctx)
	if err != nil {
		return err
	}
	j.steps++
	step := Step{N: j.steps, At: now.In(china).Format(time.RFC3339), Who: who, What: what, Changes: changes}
	if j.OnStep != nil {
		j.OnStep(step)
	}
	if j.JSON {
		return json.NewEncoder(j.Out).Encode(step)
	}
	_, err = fmt.Fprintf(j.Out, "%2d  %s  %s：%s\n", step.N, now.In(china).Format("2006-01-02 Mon 15:04"), who, what)
	for _, change := range changes {
		if err == nil {
			_, err = fmt.Fprintf(j.Out, "      %s\n", change)
		}
	}
	return err
}

var china = time.FixedZone("Asia/Shanghai", 8*60*60)

// now reads the server's virtual clock.
func (j *journey) now(ctx context.Context) (time.Time, error) {
	return j.clock(ctx, http.MethodGet, time.Time{})
}

// advance moves the virtual clock; it returns when everything due by then has been handled.
func (j *journey) advance(ctx context.Context, to time.Time) error {
	_, err := j.clock(ctx, http.MethodPost, to)
	return err
}

// morning moves to nine o'clock, days civil days later.
func (j *journey) morning(ctx context.Context, days int) error {
	now, err := j.now(ctx)
	if err != nil {
		return err
	}
	y, m, d := now.In(china).Date()
	return j.advance(ctx, time.Date(y, m, d+days, 9, 0, 0, 0, china))
}

// later moves the clock by some minutes of the same day.
func (j *journey) later(ctx context.Context, minutes int) error {
	now, err := j.now(ctx)
	if err != nil {
		return err
	}
	return j.advance(ctx, now.Add(time.Duration(minutes)*time.Minute))
}

func (j *journey) clock(ctx context.Context, method string, to time.Time) (time.Time, error) {
	var last error
	deadline := time.Now().Add(j.patience)
	for {
		now, err := j.clockOnce(ctx, method, to)
		if err == nil {
			return now, nil
		}
		last = err
		if time.Now().After(deadline) || ctx.Err() != nil {
			return time.Time{}, fmt.Errorf("virtual clock: %w", last)
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return time.Time{}, err
		}
	}
}

func (j *journey) clockOnce(ctx context.Context, method string, to time.Time) (time.Time, error) {
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(fmt.Sprintf(`{"to": %q}`, to.Format(time.RFC3339)))
	}
	req, err := http.NewRequestWithContext(ctx, method, j.server+"/debug/clock", body)
	if err != nil {
		return time.Time{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := j.http.Do(req)
	if err != nil {
		return time.Time{}, err
	}
	defer res.Body.Close()
	var answer struct {
		Now   time.Time `json:"now"`
		Error string    `json:"error"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode != http.StatusOK {
		return time.Time{}, fmt.Errorf("%s %s %v", res.Status, answer.Error, err)
	}
	return answer.Now, nil
}

// key makes an idempotency key of this run.
func (j *journey) key(parts ...string) string {
	key := j.Run + "-" + strings.Join(parts, "-")
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return '_'
	}, key)
}
