package configuration

import (
	"fmt"

	lru "github.com/hashicorp/golang-lru/v2"

	"zhengtong/schema/kind"
)

// parts keeps what is compiled from documents — forms, nets, programs, layouts,
// licence types, fees — by the digests of all that went into it. Tenants and
// matters that use the same documents share them (docs/architecture.md,
// compilation). Only what compiled without any problem is kept, so that each
// problem is found, and placed, anew. It is safe for concurrent use.
type parts struct {
	kept *lru.Cache[string, any]
}

// maxParts bounds what is kept. A program is some kilobytes, a form some tens of them.
const maxParts = 16_384

func newParts() *parts {
	kept, err := lru.New[string, any](maxParts)
	if err != nil {
		panic(err) // the size is positive
	}
	return &parts{kept: kept}
}

// keeper is a source that has parts of its own.
type keeper interface{ keep() *parts }

// part returns what make makes of the documents that key names, from memory when it is there. make adds its problems
// to the compiler's; with any, the result is returned and not kept.
func part[T any](c *compiler, key string, make func() T) T {
	if c.parts == nil || c.blind {
		return make()
	}
	if known, ok := c.parts.kept.Get(key); ok {
		return known.(T)
	}
	before, missing := len(c.problems), c.missing
	made := make()
	if len(c.problems) == before && c.missing == missing {
		c.parts.kept.Add(key, made)
	}
	return made
}

// terms name what a matter's expressions can see besides the document that holds them: form, facts and applicants.
func (c *compiler) terms() string {
	if c.seen == "" {
		c.seen = fmt.Sprintf("%s|%#v|%q", c.formKey, c.matter.Spec.Facts, c.matter.Spec.ServiceObjects)
	}
	return c.seen
}

// files are the files that a resource names, listed once for all who have the document.
func (f *Found) files() []kind.Asset {
	if f.shared == nil {
		return kind.Assets(f.Resource)
	}
	f.shared.filesOnce.Do(func() { f.shared.files = kind.Assets(f.Resource) })
	return f.shared.files
}

// references are a resource's references, listed once for all who have the document.
func (f *Found) references() []kind.Ref {
	if f.shared == nil {
		return kind.References(f.Resource)
	}
	f.shared.refsOnce.Do(func() { f.shared.refs = kind.References(f.Resource) })
	return f.shared.refs
}
