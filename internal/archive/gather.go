package archive

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/archive/pack"
	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/audit/chain"
	"zhengtong/internal/blob"
	"zhengtong/internal/casework"
	"zhengtong/internal/deadline"
	"zhengtong/internal/form"
	"zhengtong/internal/licence"
)

// dossier is everything that goes into a package.
type dossier struct {
	view     *casework.View
	licences []*licence.Licence
	events   []chain.Event
	today    deadline.Date
}

// eventPage is how many events are read at a time.
const eventPage = 500

// gather reads the case, and refuses while a file of it is still to come.
func (s *Service) gather(ctx context.Context, caseID uuid.UUID) (*dossier, error) {
	view, err := s.cases.View(ctx, caseID)
	if err != nil {
		return nil, err
	}
	d := &dossier{view: view, today: deadline.DateOf(s.clock.Now(), view.Live().Location)}
	for _, document := range view.Documents() {
		if document.FileDigest == "" {
			return nil, waiting{"document " + document.ID.String() + " is not rendered"}
		}
	}
	if d.licences, err = s.licences.ByCase(ctx, caseID); err != nil {
		return nil, err
	}
	for _, l := range d.licences {
		if l.FileDigest == "" {
			return nil, waiting{"licence " + l.ID.String() + " is not rendered"}
		}
	}
	for {
		page, err := s.cases.Timeline(ctx, view, int64(len(d.events)), eventPage)
		if err != nil {
			return nil, err
		}
		for _, e := range page {
			link := chain.Event{Algorithm: chain.Algorithm(e.Algorithm), Seq: e.Seq, Type: e.Type, Actor: e.Actor, At: e.At, Root: e.Root, Prev: e.PrevHash, Hash: e.Hash}
			if err := json.Unmarshal([]byte(e.Payload), &link.Payload); err != nil {
				return nil, fmt.Errorf("event %d: %w", e.Seq, err)
			}
			d.events = append(d.events, link)
		}
		if len(page) < eventPage {
			return d, nil
		}
	}
}

// sources lists the files that the archive class wants, and the events, which are always there.
func (s *Service) sources(tenant string, d *dossier) ([]pack.Source, error) {
	var events bytes.Buffer
	if err := chain.Write(&events, d.events); err != nil {
		return nil, err
	}
	sources := []pack.Source{inline("events.jsonl", pack.RoleEvents, "application/jsonl", events.Bytes())}
	for _, part := range d.view.Matter().Archive.Package {
		made, err := s.part(tenant, part, d)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", part, err)
		}
		sources = append(sources, made...)
	}
	return sources, nil
}

// part makes the files of one entry of ArchiveClass.package. Ratings come after the case and are not part of it yet.
func (s *Service) part(tenant, name string, d *dossier) ([]pack.Source, error) {
	switch name {
	case "form":
		k := d.view.Case()
		text, err := form.Canonical(map[string]any{"form": map[string]any(k.Form), "facts": map[string]any(k.Facts), "form_digest": k.FormDigest})
		return []pack.Source{inline("form.json", pack.RoleForm, "application/json", text)}, err
	case "materials":
		return s.materials(tenant, d.view), nil
	case "documents":
		return s.documents(tenant, d.view), nil
	case "opinions":
		return one("opinions.json", pack.RoleOpinion, opinions(d.view))
	case "clock_log":
		return one("clocks.json", pack.RoleClockLog, clocks(d.view))
	case "licence":
		return s.licenceFiles(tenant, d.licences)
	}
	return nil, nil
}

func (s *Service) materials(tenant string, v *casework.View) []pack.Source {
	var sources []pack.Source
	for _, m := range v.Materials() {
		for i, f := range m.Files {
			name := fmt.Sprintf("materials/%s/%02d-%s", safe(m.Ref), i+1, safe(f.Filename))
			sources = append(sources, s.stored(name, pack.RoleMaterial, f.MIME, blob.Key{Tenant: tenant, Purpose: blob.PurposeMaterial, Digest: f.SHA256}))
		}
	}
	return sources
}

func (s *Service) documents(tenant string, v *casework.View) []pack.Source {
	var sources []pack.Source
	for i, d := range v.Documents() {
		name := fmt.Sprintf("documents/%02d-%s-%s", i+1, safe(d.Alias), safe(d.Number))
		if !d.VoidedAt.IsZero() {
			name += "-voided"
		}
		sources = append(sources, s.stored(name+".pdf", pack.RoleDocument, "application/pdf", blob.Key{Tenant: tenant, Purpose: blob.PurposeDocument, Digest: d.FileDigest}))
	}
	return sources
}

func (s *Service) licenceFiles(tenant string, licences []*licence.Licence) ([]pack.Source, error) {
	var sources []pack.Source
	for _, l := range licences {
		content, err := l.Content()
		if err != nil {
			return nil, err
		}
		base := "licence/" + safe(l.Identifier)
		sources = append(sources,
			s.stored(base+".pdf", pack.RoleLicence, "application/pdf", blob.Key{Tenant: tenant, Purpose: blob.PurposeDocument, Digest: l.FileDigest}),
			inline(base+".json", pack.RoleLicence, "application/json", content),
			inline(base+".token", pack.RoleLicence, "text/plain", []byte(l.Token)))
	}
	return sources, nil
}

func opinions(v *casework.View) any {
	list := []map[string]any{}
	for _, t := range v.Tasks() {
		if t.State == casework.TaskDone {
			list = append(list, map[string]any{"node": t.Node, "title": t.Title, "action": t.Action, "opinion": t.Opinion, "fields": t.Fields,
				"actor": t.Actor.String(), "department": t.Department, "opened_at": stamp(t.OpenedAt), "closed_at": stamp(t.ClosedAt)})
		}
	}
	return list
}

func clocks(v *casework.View) any {
	list := []map[string]any{}
	for _, c := range v.Clocks() {
		list = append(list, map[string]any{"kind": c.Body.Kind, "party": c.Body.Party, "state": c.Body.State, "due_on": c.DueOn.String(), "ledger": c.Body,
			"explanation": v.Explain(c)})
	}
	return list
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// stored is a file in the object store, which proves it by its digest as it is read.
func (s *Service) stored(name string, role pack.Role, mime string, key blob.Key) pack.Source {
	return pack.Source{Path: name, Role: role, MIME: mime, Open: func(ctx context.Context) (io.ReadCloser, error) {
		content, _, err := s.objects.Get(ctx, key.Tenant, key)
		return content, err
	}}
}

func inline(name string, role pack.Role, mime string, content []byte) pack.Source {
	return pack.Source{Path: name, Role: role, MIME: mime, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content)), nil
	}}
}

func one(name string, role pack.Role, value any) ([]pack.Source, error) {
	text, err := canonical.Marshal(value)
	return []pack.Source{inline(name, role, "application/json", text)}, err
}

// longestName leaves room for the folder: a path in a package has 255 bytes at most.
const longestName = 120

// safe makes one step of a path out of any text, such as a file name an applicant chose; its ending stays.
func safe(text string) string {
	const refused = "/\\:*?\"<>|"
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(refused, r) {
			return '_'
		}
		return r
	}, strings.TrimSpace(text))
	ending := path.Ext(text)
	runes := []rune(strings.TrimSuffix(text, ending))
	for len(string(runes))+len(ending) > longestName && len(runes) > 0 {
		runes = slices.Delete(runes, len(runes)-1, len(runes))
	}
	if name := string(runes) + ending; name != "" && name != "." && name != ".." && len(name) <= longestName {
		return name
	}
	return "_"
}
