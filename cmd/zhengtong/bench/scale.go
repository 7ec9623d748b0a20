package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhengtong/cmd/zhengtong/bench/nation"
	"zhengtong/internal/authz"
	"zhengtong/internal/clock"
	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
	"zhengtong/internal/matter"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// node is what one process of a large installation has of its configuration.
type node struct {
	url     string
	db      *db.DB
	tree    *tenancy.Tree
	service *configuration.Service
}

// openNode opens a node on a database, migrating it.
func openNode(ctx context.Context, url string) (*node, error) {
	d, err := db.Open(ctx, db.Config{URL: url})
	if err != nil {
		return nil, err
	}
	n := &node{url: url, db: d, tree: tenancy.NewTree(d)}
	if err := n.build(ctx); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return n, nil
}

func (n *node) build(ctx context.Context) error {
	if err := n.db.Migrate(ctx); err != nil {
		return err
	}
	if err := n.tree.Refresh(ctx); err != nil {
		return err
	}
	var err error
	n.service, err = configuration.New(configuration.Config{DB: n.db, Clock: clock.System{}, Tree: n.tree, Projection: matter.NewProjection(n.db)})
	if err != nil {
		return err
	}
	door, err := authz.New(ctx, n.service)
	if err != nil {
		return err
	}
	n.service.UseAuthz(door)
	return nil
}

func (n *node) as(ctx context.Context, tenant string) (context.Context, error) {
	return n.tree.ActAs(ctx, tenant, "bench")
}

// touched is how many matters of each tenant are compiled before memory is measured.
const touched = 3

// touch does in a tenant what its first requests would: roles, what is live, and some matters, one of them patched.
func (n *node) touch(ctx context.Context, country *nation.Nation, t nation.Tenant) error {
	there, err := n.as(ctx, t.Code)
	if err != nil {
		return err
	}
	if _, err := n.service.RoleSet(there, t.Code); err != nil {
		return err
	}
	if _, err := n.service.Live(there); err != nil {
		return err
	}
	patched := 0
	for i := range country.Matters {
		if country.Patches(t, i) {
			patched = i
			break
		}
	}
	for i := range touched {
		if _, err := n.service.Current(there, nation.MatterName((patched+i)%country.Matters)); err != nil {
			return fmt.Errorf("%s in %s: %w", nation.MatterName((patched+i)%country.Matters), t.Code, err)
		}
	}
	return nil
}

// memory is the live heap after garbage collection, and what the process holds of the machine, in megabytes.
type memory struct{ heap, resident float64 }

func memoryNow() memory {
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return memory{heap: float64(m.HeapAlloc) / 1e6, resident: residentBytes() / 1e6}
}

// residentBytes is 0 where the system does not tell.
func residentBytes() float64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	if err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize())
}

// measureScale makes a country in a database of its own, through the path that changes go, and measures what it costs
// a node and a publication.
func measureScale(ctx context.Context, b *bench) (rows []Row, err error) {
	country, err := nation.New(nation.Size{Tenants: b.Tenants, Matters: b.Matters, Every: 10})
	if err != nil {
		return nil, err
	}
	url := b.Country
	if url == "" {
		database, err := createDatabase(ctx, b.DatabaseURL)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, database.drop(ctx)) }()
		url = database.url
	}
	s := &scale{bench: b, country: country}
	defer func() { err = errors.Join(err, s.close()) }()
	if s.author, err = openNode(ctx, url); err != nil {
		return nil, err
	}
	if err := b.profiled("scale-found", func() error { return s.found(ctx) }); err != nil {
		return nil, err
	}
	for _, step := range []struct {
		name    string
		measure func(context.Context) ([]Row, error)
	}{{"memory", s.memory}, {"poll", s.poll}, {"plan", s.plan}, {"publish", s.publish}} {
		err := b.profiled("scale-"+step.name, func() error {
			more, err := step.measure(ctx)
			rows = append(rows, more...)
			return err
		})
		if err != nil {
			return rows, err
		}
	}
	return rows, nil
}

// scale is a country with the node that publishes and the node that reads.
type scale struct {
	*bench
	country        *nation.Nation
	author, reader *node
	founded        string // what founding took
}

func (s *scale) close() error {
	var errs []error
	for _, n := range []*node{s.author, s.reader} {
		if n != nil {
			errs = append(errs, n.db.Close())
		}
	}
	return errors.Join(errs...)
}

// found makes the country, or what is missing of one that was begun before.
func (s *scale) found(ctx context.Context) error {
	if s.Country != "" && s.AsFounded {
		s.country.Keep(func(code string) bool { _, ok := s.author.tree.Get(code); return ok })
		return nil
	}
	began, missing := time.Now(), len(s.country.Tenants)-max(0, s.author.tree.Len()-1)
	err := s.country.Publish(ctx, s.author.service, s.author.tree, func(done, of int) { s.say("founded %d of %d governments", done, of) })
	if missing > 0 {
		s.founded = fmt.Sprintf("; founding %d governments took %s s", missing, number(time.Since(began).Seconds()))
	}
	return err
}

func (s *scale) what() string {
	return fmt.Sprintf("%d tenants adopting %d matters, 10 %% of them patched in each county", len(s.country.Tenants), s.country.Matters)
}

// memory compares a node that has served one tenant with the same after it has served all of them.
func (s *scale) memory(ctx context.Context) (_ []Row, err error) {
	if s.reader, err = openNode(ctx, s.author.url); err != nil {
		return nil, err
	}
	if err := s.reader.touch(ctx, s.country, s.country.Tenants[len(s.country.Tenants)-1]); err != nil {
		return nil, err
	}
	one := memoryNow()
	if err := s.profileHeap("scale-heap-one"); err != nil {
		return nil, err
	}
	began := time.Now()
	for _, t := range s.country.Tenants {
		if err := s.reader.touch(ctx, s.country, t); err != nil {
			return nil, err
		}
	}
	took, all := time.Since(began), memoryNow()
	if err := s.profileHeap("scale-heap"); err != nil {
		return nil, err
	}
	more := "memory that a node holds more when it has served all of " + s.what()
	rows := []Row{
		{Name: "scale-memory", What: more + ": resident, after garbage collection", Ours: all.resident - one.resident, Unit: "MB", Aim: atMost(300),
			Note: fmt.Sprintf("with roles, live configuration and %d compiled matters of each; the first requests of all took %s s%s", touched, number(took.Seconds()), s.founded)},
		{Name: "scale-heap", What: more + ": live heap", Ours: all.heap - one.heap, Unit: "MB", Aim: atMost(300)},
	}
	for i := range rows {
		rows[i] = rows[i].judged()
	}
	return rows, nil
}

// poll is what a node does each second while nothing is published.
func (s *scale) poll(ctx context.Context) ([]Row, error) {
	const times = 20
	if err := s.reader.service.Refresh(ctx); err != nil {
		return nil, err
	}
	var list []float64
	for range times {
		began := time.Now()
		if err := s.reader.service.Refresh(ctx); err != nil {
			return nil, err
		}
		list = append(list, float64(time.Since(began).Microseconds())/1e3)
	}
	row := Row{Name: "scale-poll", What: "look at the heads, as every node does each second, nothing having moved: " + s.what(), Ours: median(list), Unit: "ms", Aim: atMost(10),
		Note: "median of 20"}
	return []Row{row.judged()}, nil
}

// province is the one that has as many tenants below as 湖南.
const province = "430000"

// plan asks what a change of the province would do.
func (s *scale) plan(ctx context.Context) ([]Row, error) {
	there, err := s.author.as(ctx, province)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	p, report, err := s.author.service.Plan(nation.As(there, "config-author"), configuration.Submission{Files: s.country.Patch(province, 0, 7)})
	took := time.Since(began)
	if err != nil {
		return nil, err
	}
	if !report.OK() || len(p.Tenants) == 0 {
		return nil, fmt.Errorf("the plan has nothing to show: %v", report.Problems.Errors())
	}
	row := Row{Name: "scale-plan", What: "plan of a matter that a province changes, with all that it would do below", Ours: took.Seconds(), Unit: "s", Aim: atMost(3),
		Note: fmt.Sprintf("%d tenants below, %d of them with a patch of the matter; %d matters in the catalogue", len(s.country.Under(province))-1, len(p.Tenants)-1, s.country.Matters)}
	return []Row{row.judged()}, nil
}

// publish changes one matter of the nation and watches the other node.
func (s *scale) publish(ctx context.Context) ([]Row, error) {
	const changed = 1
	edition := "（" + strconv.FormatInt(time.Now().Unix(), 36) + "）"
	nationally, err := s.author.as(ctx, kind.National)
	if err != nil {
		return nil, err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	w := newWatch(s, changed, edition)
	var group sync.WaitGroup
	group.Go(func() { w.run(watching) })
	began := time.Now()
	revision, err := nation.Change(nationally, s.author.service, s.country.MatterChange(changed, edition), "修改一个事项")
	published := time.Since(began)
	if err == nil {
		err = s.author.service.Republish(nationally, revision, nil)
	}
	followed := time.Since(w.moved())
	if err != nil {
		stop()
		group.Wait()
		return nil, err
	}
	waited := make(chan struct{})
	go func() { group.Wait(); close(waited) }()
	select {
	case <-waited:
	case <-time.After(time.Minute):
		stop()
		group.Wait()
	}
	if err := w.finished(); err != nil {
		return nil, err
	}
	rows := []Row{
		{Name: "scale-visible", What: fmt.Sprintf("one matter of the nation published: until another node shows it in each of the %d tenants without a patch of it", len(w.plain)),
			Ours: w.plainSeen.Sub(w.moved()).Seconds(), Unit: "s", Aim: atMost(1),
			Note: fmt.Sprintf("from the instant that the head moved, the node being told at once, to a read in every tenant; submission, review and publication took %s s", number(published.Seconds()))},
		{Name: "scale-follow", What: fmt.Sprintf("the same publication: until the %d tenants with a patch of the matter show it too, their patches laid over it anew", len(w.patched)),
			Ours: w.patchedSeen.Sub(w.moved()).Seconds(), Unit: "s", Aim: atMost(5),
			Note: fmt.Sprintf("by one worker; the rows of all tenants, by which matters are found and applied for, were renewed after %s s", number(followed.Seconds()))},
	}
	for i := range rows {
		rows[i] = rows[i].judged()
	}
	return rows, nil
}

// watch is a reader of one matter in every tenant of another node.
type watch struct {
	scale                  *scale
	matter                 string
	title                  string
	plain, patched         []string // tenants
	plainSeen, patchedSeen time.Time
	mu                     sync.Mutex
	at                     time.Time // the head moved
	err                    error
}

func newWatch(s *scale, changed int, edition string) *watch {
	w := &watch{scale: s, matter: nation.MatterName(changed), title: nation.Title(changed) + edition}
	for _, t := range s.country.Tenants {
		if s.country.Patches(t, changed) {
			w.patched = append(w.patched, t.Code)
		} else {
			w.plain = append(w.plain, t.Code)
		}
	}
	return w
}

func (w *watch) moved() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// run looks until both lists show the new title.
func (w *watch) run(ctx context.Context) {
	reader := w.scale.reader
	before, err := w.head(ctx)
	for err == nil && (w.plainSeen.IsZero() || w.patchedSeen.IsZero()) {
		var now int
		if now, err = w.head(ctx); err == nil && now == before && w.moved().IsZero() {
			time.Sleep(time.Millisecond)
			continue
		}
		if w.moved().IsZero() {
			w.mu.Lock()
			w.at = time.Now()
			w.mu.Unlock()
		}
		if err = reader.service.Refresh(ctx); err != nil {
			break
		}
		for _, side := range []struct {
			tenants []string
			seen    *time.Time
		}{{w.plain, &w.plainSeen}, {w.patched, &w.patchedSeen}} {
			if !side.seen.IsZero() {
				continue
			}
			var all bool
			if all, err = w.shown(ctx, side.tenants); all {
				*side.seen = time.Now()
			}
		}
		time.Sleep(20 * time.Millisecond) // what looks on takes little of what is looked at
	}
	w.err = err
}

func (w *watch) head(ctx context.Context) (revision int, err error) {
	there, err := w.scale.author.as(ctx, kind.National)
	if err != nil {
		return 0, err
	}
	return revision, w.scale.author.db.QueryRow(there, "SELECT revision FROM configuration_head WHERE tenant_id = $1", kind.National).Scan(&revision)
}

// shown reports whether every one of the tenants shows the new title.
func (w *watch) shown(ctx context.Context, tenants []string) (bool, error) {
	for _, tenant := range tenants {
		there, err := w.scale.reader.as(ctx, tenant)
		if err != nil {
			return false, err
		}
		found, err := w.scale.reader.service.Effective(there, "Matter", w.matter)
		if err != nil {
			return false, err
		}
		if found.Resource.Title() != w.title {
			return false, nil
		}
	}
	return true, nil
}

func (w *watch) finished() error {
	switch {
	case w.err != nil:
		return w.err
	case w.plainSeen.IsZero():
		return errors.New("the tenants without a patch do not show the new version")
	case w.patchedSeen.IsZero():
		return errors.New("the tenants with a patch do not show the new version")
	}
	return nil
}
