package casework

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/audit/chain"
	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/problem"
)

// memory is the book of a sandbox: one draft, the one case it becomes, and the
// people who act on it. It is not safe for concurrent use.
type memory struct {
	matter  *configuration.Matter
	live    *configuration.Live
	people  []authz.Principal
	id      uuid.UUID // that the matter has here
	drafted *Draft
	uploads []FileObject
	kept    *dossier
	series  map[string]int64
	told    []Told
}

func newMemory(m *configuration.Matter, live *configuration.Live, people []authz.Principal) *memory {
	return &memory{matter: m, live: live, people: people, id: uuid.Must(uuid.NewV4()), series: map[string]int64{}}
}

func (m *memory) termOf(material string) int {
	return slices.IndexFunc(m.matter.Materials, func(t configuration.MaterialTerm) bool { return t.Ref == material })
}

func (m *memory) draft(_ context.Context, id uuid.UUID) (*Draft, error) {
	if m.drafted == nil || m.drafted.ID != id {
		return nil, problem.Missing()
	}
	d := *m.drafted
	return &d, nil
}

func (m *memory) insertDraft(ctx context.Context, d *Draft) error { return m.updateDraft(ctx, d) }

func (m *memory) updateDraft(_ context.Context, d *Draft) error {
	kept := *d
	var err error
	kept.formText, _, _, err = d.columns()
	m.drafted = &kept
	return err
}

func (m *memory) files(_ context.Context, owner uuid.UUID) (map[uuid.UUID]FileObject, error) {
	found := map[uuid.UUID]FileObject{}
	for _, f := range m.uploads {
		if f.Owner == owner {
			found[f.ID] = f
		}
	}
	return found, nil
}

func (m *memory) matterID(context.Context, string) (uuid.UUID, error) { return m.id, nil }

// load answers a copy, so that a verb that is refused leaves the case as it was.
func (m *memory) load(_ context.Context, id uuid.UUID) (*dossier, error) {
	if m.kept == nil || m.kept.kase.ID != id {
		return nil, problem.Missing()
	}
	d := m.kept.copied()
	var err error
	d.bill, err = billFields(m.matter, m.live, m.kept.kase)
	return d, err
}

func (d *dossier) copied() *dossier {
	kase := *d.kase
	kase.Facts = maps.Clone(d.kase.Facts)
	return &dossier{kase: &kase, tasks: copies(d.tasks), materials: copies(d.materials), corrections: copies(d.corrections), specials: copies(d.specials),
		extensions: copies(d.extensions), clocks: copies(d.clocks), timers: copies(d.timers), documents: copies(d.documents)}
}

func copies[T any](all []*T) []*T {
	out := make([]*T, len(all))
	for i, one := range all {
		copied := *one
		out[i] = &copied
	}
	return out
}

func (m *memory) caseOf(_ context.Context, table string, id uuid.UUID) (uuid.UUID, error) {
	if m.kept == nil {
		return uuid.Nil, problem.Missing()
	}
	d, found := m.kept, false
	switch table {
	case "task":
		found = d.task(id) != nil
	case "special_run":
		found = d.special(id) != nil
	case "timer":
		found = find(d.timers, func(t *Timer) bool { return t.ID == id }) != nil
	case "extension":
		found = find(d.extensions, func(e *Extension) bool { return e.ID == id }) != nil
	case "issued_document":
		found = find(d.documents, func(r *Document) bool { return r.ID == id }) != nil
	}
	if !found {
		return uuid.Nil, problem.Missing()
	}
	return d.kase.ID, nil
}

// caseID is the id of the one case; none before it was submitted.
func (m *memory) caseID() uuid.UUID {
	if m.kept == nil {
		return uuid.Nil
	}
	return m.kept.kase.ID
}

func (m *memory) holders(_ context.Context, role, department string, _ deadline.Date) ([]holder, error) {
	var found []holder
	for _, p := range m.people {
		holds := slices.ContainsFunc(p.Bindings, func(b authz.Binding) bool {
			return b.Role == role && (department == "" || b.Department == department)
		})
		if p.Type == authz.TypeStaff && holds {
			found = append(found, holder{Staff: p.Staff, Account: p.Account, StaffNo: p.StaffNo, Name: p.Name, Relatives: slices.Clone(p.Relatives)})
		}
	}
	slices.SortFunc(found, func(a, b holder) int { return strings.Compare(a.StaffNo, b.StaffNo) })
	return found, nil
}

// weigh knows the tasks of this one case alone.
func (m *memory) weigh(_ context.Context, holders []holder, _ string) error {
	for i := range holders {
		h := &holders[i]
		if m.kept == nil {
			return nil
		}
		for _, t := range m.kept.tasks {
			if t.Assignee != h.Staff {
				continue
			}
			if t.State == TaskInProgress {
				h.Load++
			}
			if t.OpenedAt.After(h.LastAssigned) {
				h.LastAssigned = t.OpenedAt
			}
		}
	}
	return nil
}

func (m *memory) reserve(_ context.Context, key string, n int64) (int64, error) {
	first := m.series[key] + 1
	m.series[key] += n
	return first, nil
}

func (m *memory) recordLook(context.Context, time.Time, uuid.UUID) error { return nil }

// write keeps what the change made of the case, with the documents numbered.
func (m *memory) write(_ context.Context, c *Change, read mark, _ []chain.Event) error {
	if m.kept != nil && (m.kept.kase.Version != read.version || m.kept.kase.EventSeq != read.seq) {
		return problem.New(problem.Conflict, "stale_version", "办件已被更新")
	}
	for _, d := range c.documents {
		if !d.fresh {
			continue
		}
		if d.CaseVersion == 0 {
			d.CaseVersion = c.kase.Version
		}
		if d.Series != "" {
			m.series[d.Series]++
			d.Seq = m.series[d.Series]
			d.Number = d.number.before + padded(d.Seq, d.number.width) + d.number.after
		}
	}
	kept := c.dossier.copied()
	texts, err := textsOf(kept.kase)
	if err != nil {
		return err
	}
	kept.kase.formText, kept.kase.factsText = texts[0], texts[1]
	kept.settled()
	m.kept = kept
	if c.draft != nil {
		m.drafted.CaseID = c.kase.ID
	}
	for _, e := range c.events {
		m.told = append(m.told, Told{Type: e.kind, Actor: c.actor.Actor(), At: c.now, Fields: e.payload})
	}
	return nil
}

func textsOf(k *Case) (texts [2]string, err error) {
	for i, data := range []form.Data{k.Form, k.Facts} {
		if data == nil {
			data = form.Data{}
		}
		text, err := form.Canonical(data)
		if err != nil {
			return texts, err
		}
		texts[i] = string(text)
	}
	return texts, nil
}

// settled clears the marks of what is to be written.
func (d *dossier) settled() {
	for _, r := range d.rows() {
		*r = row{}
	}
}

func (d *dossier) rows() []*row {
	var rows []*row
	for _, p := range d.tasks {
		rows = append(rows, &p.row)
	}
	for _, p := range d.materials {
		rows = append(rows, &p.row)
	}
	for _, p := range d.corrections {
		rows = append(rows, &p.row)
	}
	for _, p := range d.specials {
		rows = append(rows, &p.row)
	}
	for _, p := range d.extensions {
		rows = append(rows, &p.row)
	}
	for _, p := range d.clocks {
		rows = append(rows, &p.row)
	}
	for _, p := range d.timers {
		rows = append(rows, &p.row)
	}
	for _, p := range d.documents {
		rows = append(rows, &p.row)
	}
	return rows
}

func padded(n int64, width int) string {
	text := strconv.FormatInt(n, 10)
	return strings.Repeat("0", max(0, width-len(text))) + text
}
