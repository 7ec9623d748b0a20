package bench

import (
	"context"
	"fmt"
	"runtime"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
	"zhengtong/tenants"
)

// manyTenants is how many governments a country has at county level and above.
const manyTenants = 3200

// roles answers with the demo county's roles, under a digest of its own for each
// tenant: as if every government had changed one.
type roles struct{ set authz.RoleSet }

// RoleSet implements authz.RoleSource.
func (r roles) RoleSet(_ context.Context, tenant string) (authz.RoleSet, error) {
	return authz.RoleSet{Digest: r.set.Digest + "/" + tenant, Roles: r.set.Roles}, nil
}

// countyRoles are the effective roles of the demo county.
func countyRoles() (authz.RoleSet, error) {
	files, err := kind.Files(tenants.FS(), ".")
	if err != nil {
		return authz.RoleSet{}, err
	}
	layers, problems := configuration.Read(files)
	if problems.HasErrors() {
		return authz.RoleSet{}, fmt.Errorf("shipped packs:\n%s", problems)
	}
	return configuration.RoleSet(configuration.NewSet(layers...).View(county)), nil
}

// question is one decision to make: a reviewer accepts a case of the department.
type question struct {
	ctx    context.Context
	object authz.Object
}

func questions(n int) []question {
	list := make([]question, n)
	for i := range list {
		tenant := fmt.Sprintf("%06d", 100_000+i)
		staff := uuid.Must(uuid.NewV7())
		task := authz.TaskFacts{ID: uuid.Must(uuid.NewV7()), State: "in_progress", Assignee: staff, Department: department, Role: "reviewer"}
		ctx := tenancy.With(context.Background(), tenancy.Scope{Home: tenant, Acting: tenant})
		ctx = authz.With(ctx, authz.Principal{Type: authz.TypeStaff, Account: uuid.Must(uuid.NewV7()), Staff: staff, Home: tenant, Department: department,
			Bindings: []authz.Binding{{Role: "reviewer", Department: department}}})
		list[i] = question{ctx, authz.Object{Kind: "case", Tenant: tenant, Department: department, Task: &task, Tasks: []authz.TaskFacts{task},
			Permission: "case.accept"}}
	}
	return list
}

func measureDecide(ctx context.Context, b *bench) ([]Row, error) {
	set, err := countyRoles()
	if err != nil {
		return nil, err
	}
	var figures [2][rounds]decided
	sides := [2]*decider{}
	for i, n := range []int{1, manyTenants} {
		if sides[i], err = newDecider(ctx, set, n); err != nil {
			return nil, err
		}
	}
	for round := range rounds {
		for i, side := range sides {
			if figures[i][round], err = side.round(b.Time / rounds); err != nil {
				return nil, err
			}
		}
	}
	one, many := summary(figures[0]), summary(figures[1])
	what := fmt.Sprintf("authz.Decide: a reviewer accepts a case, %d tenants in turn, each with roles of its own", manyTenants)
	rows := []Row{
		{Name: "decide", What: what, Against: "one tenant", Ours: many.median, Reference: one.median, Unit: "µs",
			Ratio: many.median / one.median, Aim: atMost(1.1),
			Note: fmt.Sprintf("median; the first decision in each tenant, which compiles its roles, took %s in all", milliseconds(sides[1].cold))},
		{Name: "decide-p99", What: what + ", 99th percentile", Ours: many.p99, Unit: "µs", Aim: atMost(50), Note: fmt.Sprintf("one tenant: %s µs", number(one.p99))},
	}
	for i := range rows {
		rows[i] = rows[i].judged()
	}
	return rows, nil
}

// decider asks its questions of one authorizer.
type decider struct {
	door *authz.Authorizer
	list []question
	cold time.Duration
}

func newDecider(ctx context.Context, set authz.RoleSet, n int) (*decider, error) {
	door, err := authz.New(ctx, roles{set})
	if err != nil {
		return nil, err
	}
	d := &decider{door: door, list: questions(n)}
	began := time.Now()
	for _, q := range d.list {
		if err := d.ask(q); err != nil {
			return nil, err
		}
	}
	d.cold = time.Since(began)
	return d, nil
}

func (d *decider) ask(q question) error {
	decision, err := d.door.Decide(q.ctx, "task.act", q.object)
	if err == nil && !decision.Allow {
		err = fmt.Errorf("the decision was to deny: %s", decision.Reason)
	}
	return err
}

// decided is one round, in microseconds.
type decided struct{ median, p99 float64 }

// stride leads from one question to the next, far away; it is prime, so that all are asked.
const stride = 7919

// round asks for a time and takes each decision's own.
func (d *decider) round(lasting time.Duration) (decided, error) {
	runtime.GC() // what the other side has left is not this side's to clear
	var times []time.Duration
	now := time.Now()
	for end, i := now.Add(lasting), 0; now.Before(end); i += stride {
		began := now
		if err := d.ask(d.list[i%len(d.list)]); err != nil {
			return decided{}, err
		}
		now = time.Now()
		times = append(times, now.Sub(began))
	}
	return decided{median: microseconds(percentile(times, 50)), p99: microseconds(percentile(times, 99))}, nil
}

func summary(list [rounds]decided) decided {
	var medians, p99s []float64
	for _, d := range list {
		medians, p99s = append(medians, d.median), append(p99s, d.p99)
	}
	return decided{median(medians), median(p99s)}
}

func microseconds(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }

func milliseconds(d time.Duration) string { return number(float64(d.Microseconds())/1e3) + " ms" }
