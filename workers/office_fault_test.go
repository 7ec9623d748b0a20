package workers_test

import (
	"errors"
	"sync"
	"testing"

	"zhengtong/internal/casework/caseworktest"
	"zhengtong/internal/crypt"
	"zhengtong/internal/db"
	"zhengtong/internal/licence"
	"zhengtong/internal/testkit"
	"zhengtong/internal/workflow"
)

// I1: Redis is wiped after every step of an application; each effect still happens once.
func TestRedisFlushedAtEveryStep(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, store(t, testkit.MinIO(t)), options{})
		flush := (&rig{t: t, redis: o.redis}).flush
		k := o.Apply("xiangwei", caseworktest.LowRisk())
		flush()
		o.do(k, "pre_review", "pass", nil)
		o.do(k, "acceptance", "accept", nil)
		flush()
		o.do(k, "review", "submit", proposal)
		o.do(k, "decide", "grant", nil)
		flush()
		o.lapse()
		o.settle()
		o.delivered(k)
		flush()
		o.archived(t, k)
		if k.Told("licence.issued") != 1 || k.Told("case.archived") != 1 {
			t.Errorf("%d licences, archived %d times", k.Told("licence.issued"), k.Told("case.archived"))
		}
		if licences, err := o.services.Licences.ByCase(k.System(), k.ID); err != nil || len(licences) != 1 {
			t.Errorf("%d licences, %v", len(licences), err)
		}
	})
}

// lapse ends the leases of tasks that were lost with Redis, as waiting would.
func (o *office) lapse() {
	o.Helper()
	_, err := o.DB.Exec(o.System(), "UPDATE job SET lease_until = created_at WHERE tenant_id = $1 AND state = 'dispatched'", caseworktest.Tenant)
	o.ok(err)
}

// keyless stands for a key store that is away for good.
type keyless struct{}

func (keyless) Signer(string, string) (crypt.Signer, error) {
	return nil, errors.New("the key store is away")
}
func (keyless) Hash([]byte) []byte { return make([]byte, 32) }

// A licence that cannot be made leaves the case with a person, not in silence (I8).
func TestLicenceThatCannotBeMade(t *testing.T) {
	o := newOffice(t, openSQLite(t), store(t, testkit.MinIO(t)), options{keys: keyless{}, attempts: 2})
	k := o.Apply("xiangwei", caseworktest.LowRisk())
	o.granted(k)
	o.settle()
	if k.Open("deliver_manual") == nil || k.Told("licence.issued") != 0 {
		t.Errorf("the case is %s", k.Now().Case().Status)
	}
}

// Two attempts at once make one licence; whoever loses leaves nothing behind.
func TestTwoAttemptsMakeOneLicence(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d, store(t, testkit.MinIO(t)), options{})
		k := o.Apply("xiangwei", caseworktest.LowRisk())
		o.workers.Hold(func() {
			o.granted(k)
			order := licence.Order{Case: k.ID, Type: "food-business-licence", Token: k.Task("issue").Token}
			var wait sync.WaitGroup
			for range 4 {
				wait.Go(func() {
					// Losing against the others is what is tested: the error says so.
					_ = o.services.Licences.Issue(k.System(), order, func(*db.Batch) {})
				})
			}
			wait.Wait()
		})
		o.settle()
		licences, err := o.services.Licences.ByCase(k.System(), k.ID)
		if err != nil || len(licences) != 1 || k.Told("licence.issued") != 1 || k.Now().Case().Status != workflow.StatusAwaitingDelivery {
			t.Errorf("%d licences, told %d times, %v; the case is %s", len(licences), k.Told("licence.issued"), err, k.Now().Case().Status)
		}
	})
}
