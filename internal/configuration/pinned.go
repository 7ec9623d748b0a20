package configuration

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// Pinned returns a matter as it was when a case of the acting tenant was pinned
// to it (invariant I4): documents by digest from the tenant or its ancestors,
// whatever has been published since. NotFound when a pinned document is unknown.
func (s *Service) Pinned(ctx context.Context, name string, pins Pins) (*Matter, error) {
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	if found, ok := snapshot.view.Offer(name); ok && found.Digest == pins["Matter/"+name] {
		current, err := s.matter(snapshot, found)
		if err != nil {
			return nil, err
		}
		if maps.Equal(current.Pins, pins) {
			return current, nil
		}
	}
	key := tenancy.Acting(ctx) + "/" + name + "/" + pins.Digest()
	if m, ok := s.pinned.Get(key); ok {
		return m, nil
	}
	m, err := s.compilePinned(ctx, snapshot.view, name, pins)
	if err != nil {
		return nil, err
	}
	s.pinned.Add(key, m)
	return m, nil
}

// Digest addresses the whole set of pins: it names a version of a matter, all that a case can be
// pinned to at once, where the digest of the Matter alone would leave out its flow and its form.
func (p Pins) Digest() string { return kind.Digest(kind.Canonical(textMap(p))) }

func (s *Service) compilePinned(ctx context.Context, live *view, name string, pins Pins) (*Matter, error) {
	old := &pinnedSource{view: live, found: map[string]*Found{}}
	if err := s.loadPins(ctx, live, pins, old.found); err != nil {
		return nil, err
	}
	found, ok := old.found["Matter/"+name]
	if !ok {
		return nil, problem.Missing()
	}
	m, problems := Compile(old, name)
	if m == nil {
		return nil, fmt.Errorf("configuration: matter %s pinned to %s no longer compiles:\n%s", name, found.Digest, problems.Errors())
	}
	return m, nil
}

// loadPins gets the pinned documents, from memory or by one query.
func (s *Service) loadPins(ctx context.Context, live *view, pins Pins, into map[string]*Found) error {
	var missing []string
	documents := map[string]*document{}
	for key, digest := range pins {
		if d, ok := s.documents.Get(digest); ok {
			documents[key] = d
		} else if !slices.Contains(missing, digest) {
			missing = append(missing, digest)
		}
	}
	slices.Sort(missing)
	if len(missing) > 0 {
		rows, err := s.store.versions(ctx, live.lineage, missing)
		if err != nil {
			return err
		}
		for _, row := range rows {
			documents[row.kind+"/"+row.name] = s.share([]*document{packed(row.digest, row.body, nil)})[0]
		}
	}
	for key := range pins {
		d, ok := documents[key]
		if !ok {
			return problem.Missing()
		}
		body, err := d.body()
		if err != nil {
			return fmt.Errorf("configuration: effective document %s: %w", d.digest, err)
		}
		found, err := readFound(body, d.digest, live.Tenant())
		if err != nil {
			return err
		}
		into[key] = found
		if matter, ok := found.Resource.Spec.(*kind.Matter); ok && matter.Abstract { // it was adopted
			into[key] = concreteAt(found, live.Level(), "", false)
		}
	}
	return nil
}

// pinnedSource finds what a case is pinned to, and everything else as it now stands.
type pinnedSource struct {
	*view
	found map[string]*Found // "Kind/name"
}

// Find prefers the pinned version. A pinned matter is concrete, however it became so.
func (p *pinnedSource) Find(kindName, name string) (*Found, bool) {
	if f, ok := p.found[kindName+"/"+name]; ok {
		return f, true
	}
	return p.view.Find(kindName, name)
}

func splitKey(key string) (kindName, name string) {
	kindName, name, _ = strings.Cut(key, "/")
	return kindName, name
}
