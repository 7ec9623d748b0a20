// Package guide composes the service guide (办事指南) of a matter from its
// configuration and writes it as a page and as a printed document. It is pure: one
// composed guide is the source of both, so that every face shows the same words
// under the same version and digest (R-CAT-13), and the same guide gives the same
// bytes on any machine and at any time.
package guide

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/schema/kind"
)

// Form names how guides are written. It is part of each digest: whoever changes
// what the bytes of a page or a document look like raises it.
const Form = "guide/1"

// Guide is a service guide: sections in the order in which they are read.
type Guide struct {
	Tenant      string    `json:"tenant"`
	TenantTitle string    `json:"tenant_title"`
	Name        string    `json:"name"` // of the Matter
	Title       string    `json:"title"`
	Body        string    `json:"body"` // implementing department's title
	Sections    []Section `json:"sections"`

	Version   string        `json:"version"` // of the publication that last touched it, "431321-3"
	UpdatedOn deadline.Date `json:"updated_on"`
	Digest    string        `json:"-"` // SHA-256 of all of the above and Form, hexadecimal
}

// Section is one titled part. ID is its anchor.
type Section struct {
	ID     string  `json:"id"`
	Title  string  `json:"title"`
	Blocks []Block `json:"blocks"`
}

// Block is one piece of a section; exactly one of its fields is set.
type Block struct {
	Text  string   `json:"text,omitempty"`
	Facts []Fact   `json:"facts,omitempty"`
	List  []string `json:"list,omitempty"`
	Table *Table   `json:"table,omitempty"`
	Steps []Step   `json:"steps,omitempty"`
	Links []Link   `json:"links,omitempty"`
}

// Fact is a name with its value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Table is a head with rows of as many cells; Shares are the columns' parts of the width.
type Table struct {
	Head   []string   `json:"head"`
	Shares []int      `json:"shares"`
	Rows   [][]string `json:"rows"`
}

// Step is a step of handling.
type Step struct {
	Title string `json:"title"`
	Phase string `json:"phase"`
	Who   string `json:"who,omitempty"`
	Limit string `json:"limit,omitempty"`
}

// Link leads to a file or a page.
type Link struct {
	Title string `json:"title"`
	URL   string `json:"url"`
}

// composer gathers a guide and the keys ("Kind/name") of every resource that it reads.
type composer struct {
	source configuration.Source
	matter *configuration.Matter
	parts  map[string]bool
}

// Compose writes down everything that a tenant's configuration says of a matter
// (R-CAT-06), and returns the resources it was made of, sorted: whoever knows when
// they were last published can date the guide. The guide has no version until Date.
func Compose(m *configuration.Matter, source configuration.Source) (*Guide, []string) {
	c := &composer{source: source, matter: m, parts: map[string]bool{"Matter/" + m.Name: true}}
	g := &Guide{Tenant: m.Tenant, TenantTitle: m.Tenant, Name: m.Name, Title: m.Spec.Title, Body: m.Binding.DepartmentTitle}
	if t := c.tenant(); t != nil {
		g.TenantTitle = t.Title
	}
	for _, section := range []Section{
		{ID: "basic", Title: "基本信息", Blocks: c.basic()},
		{ID: "basis", Title: "设定依据", Blocks: c.basis()},
		{ID: "conditions", Title: "受理条件", Blocks: c.conditions()},
		{ID: "materials", Title: "申请材料", Blocks: c.materials()},
		{ID: "limits", Title: "办理时限", Blocks: c.limits()},
		{ID: "fee", Title: "收费", Blocks: c.fee()},
		{ID: "flow", Title: "办理流程", Blocks: c.flow()},
		{ID: "special", Title: "特别程序", Blocks: c.specials()},
		{ID: "results", Title: "办理结果", Blocks: c.results()},
		{ID: "places", Title: "办理地点与时间", Blocks: c.places()},
		{ID: "supervision", Title: "咨询与监督投诉", Blocks: c.supervision()},
		{ID: "remedies", Title: "救济途径", Blocks: c.remedies()},
		{ID: "faq", Title: "常见问题", Blocks: c.questions()},
	} {
		if len(section.Blocks) > 0 {
			g.Sections = append(g.Sections, section)
		}
	}
	return g, slices.Sorted(maps.Keys(c.parts))
}

// Date gives the guide its version and the day it was last updated, and with them its digest.
func (g *Guide) Date(version string, updated deadline.Date) error {
	g.Version, g.UpdatedOn = version, updated
	text, err := canonical.Marshal(map[string]any{"form": Form, "guide": g})
	if err != nil {
		return fmt.Errorf("guide of %s: %w", g.Name, err)
	}
	sum := sha256.Sum256(text)
	g.Digest = hex.EncodeToString(sum[:])
	return nil
}

// spec finds the effective spec of a resource and notes it as a part; nil when there is none.
func spec[T any](c *composer, kindName, name string) *T {
	if name == "" {
		return nil
	}
	c.parts[kindName+"/"+name] = true
	found, ok := c.source.Find(kindName, name)
	if !ok {
		return nil
	}
	s, _ := found.Resource.Spec.(*T)
	return s
}

func (c *composer) tenant() *kind.Tenant { return spec[kind.Tenant](c, "Tenant", c.source.Tenant()) }

// department is a department's title; its name when it is not declared any more.
func (c *composer) department(name string) string {
	if d := spec[kind.Department](c, "Department", name); d != nil {
		return d.Title
	}
	return name
}

// title is another matter's title.
func (c *composer) title(matter string) string {
	if m := spec[kind.Matter](c, "Matter", matter); m != nil {
		return m.Title
	}
	return matter
}

// facts keeps those that say something.
func facts(list ...Fact) []Block {
	list = slices.DeleteFunc(list, func(f Fact) bool { return f.Value == "" })
	if len(list) == 0 {
		return nil
	}
	return []Block{{Facts: list}}
}

func listed(items []string) []Block {
	if len(items) == 0 {
		return nil
	}
	return []Block{{List: items}}
}

func limit(l *kind.Limit) string {
	if l == nil {
		return ""
	}
	return deadline.Limit{N: l.N, Unit: deadline.Unit(l.Unit)}.String()
}
