package edge

import (
	"errors"
	"net/netip"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"

	"zhengtong/internal/problem"
)

// Rate is a token bucket: so many requests a second for ever, so many at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Rates are the buckets of a limiter.
type Rates struct {
	Address   Rate // per IPv4 address, per IPv6 /64: before anything else is done
	Principal Rate // per account: after it is known
	Attempt   Rate // per secret being guessed at, such as a query code; 1 in 10 seconds, 10 at once, when zero
}

// buckets bounds the memory of a limiter; the longest unused bucket is forgotten first, full again when it comes back.
const buckets = 100_000

// Limiter bounds requests in this process's memory. A nil one bounds nothing.
type Limiter struct {
	rates Rates
	now   func() time.Time
	seen  *lru.Cache[string, *rate.Limiter]
}

// NewLimiter makes a limiter; now is real time, not the installation's virtual clock.
func NewLimiter(rates Rates, now func() time.Time) (*Limiter, error) {
	if rates.Address.PerSecond <= 0 || rates.Address.Burst <= 0 || rates.Principal.PerSecond <= 0 || rates.Principal.Burst <= 0 || now == nil {
		return nil, errors.New("edge: limiter needs positive rates and a clock")
	}
	if rates.Attempt.PerSecond <= 0 || rates.Attempt.Burst <= 0 {
		rates.Attempt = Rate{PerSecond: 0.1, Burst: 10}
	}
	seen, err := lru.New[string, *rate.Limiter](buckets)
	if err != nil {
		return nil, err
	}
	return &Limiter{rates: rates, now: now, seen: seen}, nil
}

func (l *Limiter) takeAddress(addr netip.Addr) error {
	if l == nil || !addr.IsValid() {
		return nil
	}
	bits := 32
	if addr.Is6() {
		bits = 64 // one subscriber has at least a /64
	}
	prefix, err := addr.Prefix(bits)
	if err != nil {
		return err
	}
	return l.take("a:"+prefix.String(), l.rates.Address)
}

func (l *Limiter) takePrincipal(key string) error {
	if l == nil || key == "" {
		return nil
	}
	return l.take("p:"+key, l.rates.Principal)
}

// Attempt takes one token from the bucket of something that could be guessed, whoever tries.
func (l *Limiter) Attempt(key string) error {
	if l == nil {
		return nil
	}
	return l.take("g:"+key, l.rates.Attempt)
}

// take takes one token; an empty bucket is RATE_LIMITED, retryable after the time to the next one.
func (l *Limiter) take(key string, r Rate) error {
	bucket, ok := l.seen.Get(key)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(r.PerSecond), r.Burst)
		if earlier, found, _ := l.seen.PeekOrAdd(key, bucket); found {
			bucket = earlier
		}
	}
	now := l.now()
	reserved := bucket.ReserveN(now, 1)
	wait := reserved.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reserved.CancelAt(now)
	return &problem.Error{Code: problem.RateLimited, Reason: "rate", Message: "请求过于频繁，请稍后再试", Retryable: true, RetryAfter: wait}
}
