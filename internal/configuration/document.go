package configuration

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"zhengtong/internal/deadline"
	"zhengtong/schema/kind"
)

// Layer is one authored resource: what a tenant itself declares, with the texts
// of the layout files that it names. Its Digest addresses all of that, so that
// the layer can be stored and laid out again without the files.
type Layer struct {
	Resource *kind.Resource
	Layouts  map[string]string // file as the spec names it → its text; a file that was not found is absent
	Assets   map[string]string // file as the spec names it, without `asset:` → its SHA-256; a file that was not found is absent
	Digest   string            // of the authored document
	broken   bool              // read with errors: it exists, but says nothing
	merged   bool              // of a file's resource and what was published since: nobody has checked it as a whole
	rooted   *rooted           // of a published layer
}

// rooted is what a published layer resolves to when it extends nothing: the same in every set.
type rooted struct {
	once       sync.Once
	resolution resolution
}

// layoutPaths are the places of a kind's spec that name a layout file; the first is the one compiled into Found.Layout.
func layoutPaths(kindName string) []string {
	switch kindName {
	case "DocumentTemplate":
		return []string{"file"}
	case "LicenceType":
		return []string{"template.file", "lifecycle.upgrade.to_template"}
	}
	return nil
}

// layoutNames returns the layout files that a spec names, in the order of layoutPaths.
func layoutNames(kindName string, doc map[string]any) []string {
	var names []string
	for _, text := range layoutPaths(kindName) {
		path, err := kind.ParsePath(text)
		if err != nil {
			continue // the paths above are well formed
		}
		value, _ := kind.Lookup(doc, path)
		if name, ok := value.(string); ok && name != "" {
			names = append(names, name)
		}
	}
	return names
}

// newLayer addresses a resource with its layouts.
func newLayer(r *kind.Resource, layouts, assets map[string]string) *Layer {
	l := &Layer{Resource: r, Layouts: layouts, Assets: assets}
	l.Digest = kind.Digest(l.canonical())
	return l
}

// canonical is the authored document as it is stored: {kind, metadata, spec, layouts}, and assets where it names any.
func (l *Layer) canonical() []byte {
	return kind.Canonical(withAssets(l.Assets, map[string]any{"kind": l.Resource.Kind, "metadata": l.Resource.Metadata.Tree(),
		"spec": anyMap(l.Resource.Doc), "layouts": textMap(l.Layouts)}))
}

// withAssets adds the digests of the files that a document names; without any, the document stays as it is.
func withAssets(assets map[string]string, tree map[string]any) map[string]any {
	if len(assets) > 0 {
		tree["assets"] = textMap(assets)
	}
	return tree
}

// readLayer restores a layer from its stored document. Its resource has a Doc but no Spec: it is to be merged first.
func readLayer(body []byte, digest string) (*Layer, error) {
	var stored struct {
		Kind     string            `json:"kind"`
		Metadata storedMetadata    `json:"metadata"`
		Spec     json.RawMessage   `json:"spec"`
		Layouts  map[string]string `json:"layouts"`
		Assets   map[string]string `json:"assets"`
	}
	if err := json.Unmarshal(body, &stored); err != nil {
		return nil, fmt.Errorf("configuration: authored document %s: %w", digest, err)
	}
	doc, err := readTree(stored.Spec)
	if err != nil {
		return nil, fmt.Errorf("configuration: authored document %s: %w", digest, err)
	}
	return &Layer{Resource: &kind.Resource{APIVersion: kind.APIVersion, Kind: stored.Kind, Metadata: stored.Metadata.metadata(), Doc: doc},
		Layouts: stored.Layouts, Assets: stored.Assets, Digest: digest, rooted: &rooted{}}, nil
}

// effectiveBody is the effective document as it is stored and pinned: {kind,
// name, spec, layouts, labels}, and assets where it names any. It names no tenant, so
// that tenants with equal documents share the digest and everything compiled from it.
func effectiveBody(r *kind.Resource, layouts, assets map[string]string) []byte {
	return kind.Canonical(withAssets(assets, map[string]any{"kind": r.Kind, "name": r.Metadata.Name, "spec": anyMap(r.Doc), "layouts": textMap(layouts),
		"labels": textMap(r.Metadata.Labels)}))
}

// readFound restores an effective resource from its stored document; owner is the tenant that declares the nearest layer.
func readFound(body []byte, digest, owner string) (*Found, error) {
	var stored struct {
		Kind    string            `json:"kind"`
		Name    string            `json:"name"`
		Spec    json.RawMessage   `json:"spec"`
		Layouts map[string]string `json:"layouts"`
		Assets  map[string]string `json:"assets"`
		Labels  map[string]string `json:"labels"`
	}
	if err := json.Unmarshal(body, &stored); err != nil {
		return nil, fmt.Errorf("configuration: effective document %s: %w", digest, err)
	}
	r, err := kind.FromCanonical(stored.Kind, kind.Metadata{Tenant: owner, Name: stored.Name, Labels: stored.Labels}, stored.Spec)
	if err != nil {
		return nil, fmt.Errorf("configuration: effective %s %s: %w", stored.Kind, digest, err)
	}
	return newFound(r, stored.Layouts, stored.Assets, digest, owner), nil
}

func newFound(r *kind.Resource, layouts, assets map[string]string, digest, owner string) *Found {
	f := &Found{Resource: r, Digest: digest, Owner: owner, Assets: assets, shared: &shared{}}
	if names := layoutNames(r.Kind, r.Doc); len(names) > 0 {
		if text, ok := layouts[names[0]]; ok {
			f.Layout = []byte(text)
		}
	}
	return f
}

// shared is what is derived from an effective document when first asked for.
type shared struct {
	calendarOnce sync.Once
	calendar     *deadline.Calendar
	adopted      sync.Map // owner|level|hall → *Found
	refsOnce     sync.Once
	refs         []kind.Ref
	filesOnce    sync.Once
	files        []kind.Asset
}

// storedMetadata is the envelope's head in JSON, as kind.Metadata.Tree writes it; its keys are read without regard to case.
type storedMetadata struct {
	Tenant    string            `json:"tenant"`
	Name      string            `json:"name"`
	Extends   *kind.Extends     `json:"extends"`
	Effective *kind.Effectivity `json:"effective"`
	Locks     []kind.Lock       `json:"locks"`
	Labels    map[string]string `json:"labels"`
	Pack      string            `json:"pack"`
}

func (m storedMetadata) metadata() kind.Metadata {
	return kind.Metadata{Tenant: m.Tenant, Name: m.Name, Extends: m.Extends, Effective: m.Effective, Locks: m.Locks, Labels: m.Labels, Pack: m.Pack}
}

func textMap(m map[string]string) map[string]any {
	out := make(map[string]any, len(m))
	for key, value := range m {
		out[key] = value
	}
	return out
}

func anyMap(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}

// readTree reads a JSON object with numbers as text, the form in which kinds merge.
func readTree(text []byte) (map[string]any, error) {
	tree, err := kind.ParseJSON(text)
	if err != nil {
		return nil, err
	}
	doc, ok := tree.(map[string]any)
	if !ok && tree != nil {
		return nil, errors.New("it is not an object")
	}
	return doc, nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
