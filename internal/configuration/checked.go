package configuration

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// checked is a change with what the checks found in it.
type checked struct {
	key    [sha256.Size]byte // zero = not to be kept
	set    *Set
	report Report
}

// lastChecked keeps the change that was checked last, for whoever goes on with it on
// this node: a plan is submitted, a submission approved, an approval published. Each
// of them works the change out anew, on what is then in force; when all that the
// checks look at is as it was, so is what they find. A Set serves one at a time, so
// what is taken is gone until it is brought back.
type lastChecked struct {
	mu   sync.Mutex
	last *checked
}

func (l *lastChecked) take(key [sha256.Size]byte) *checked {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last == nil || l.last.key != key {
		return nil
	}
	taken := l.last
	l.last = nil
	return taken
}

func (l *lastChecked) bringBack(c *checked) {
	if c == nil || c.key == [sha256.Size]byte{} {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = c
}

// check is checkLayers, or what it gave for the very same change on the very same base. A
// change with a Migration is always checked: that looks at running cases.
func (s *Service) check(ctx context.Context, files []kind.File, layers []*Layer, problems problem.List, deletes []Key, base Base) (*checked, error) {
	c := &checked{}
	if !slices.ContainsFunc(layers, func(l *Layer) bool { return l.Resource.Kind == "Migration" }) {
		key, err := checkedKey(tenancy.Acting(ctx), files, layers, problems, deletes, base)
		if err != nil {
			return nil, err
		}
		if known := s.checked.take(key); known != nil {
			known.set.stand(base) // its own reads as the request that is over
			return known, nil
		}
		c.key = key
	}
	c.set, c.report = checkLayers(layers, problems, deletes, base)
	c.report.Problems = slices.Clip(c.report.Problems) // whoever adds to them has a copy
	return c, nil
}

// checkedKey names everything that checkLayers looks at, but for history, which stays as it is.
func checkedKey(acting string, files []kind.File, layers []*Layer, problems problem.List, deletes []Key, base Base) (key [sha256.Size]byte, err error) {
	var text bytes.Buffer
	out := json.NewEncoder(&text)
	write := func(v any) {
		if err == nil {
			err = out.Encode(v)
		}
	}
	for _, f := range files { // where things stand in them, too
		write([]any{f.Path, f.Digest, sha256.Sum256(f.Content)})
	}
	write(acting)
	tenants := false
	for _, list := range [][]*Layer{layers, base.Layers} {
		for _, l := range list {
			text.WriteString(l.key().String())
			text.WriteString("=" + l.Digest + "\n")
		}
		text.WriteByte('\n')
	}
	for _, l := range layers {
		tenants = tenants || l.Resource.Kind == "Tenant"
	}
	write([]any{problems, deletes, base.Holders})
	if tenants && base.Register != nil { // division codes are nobody else's
		for _, t := range base.Register() {
			write([]any{t.Code, t.DivisionCode, t.Status})
		}
	}
	return sha256.Sum256(text.Bytes()), err
}
