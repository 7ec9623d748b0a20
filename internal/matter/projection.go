package matter

import (
	"context"
	"errors"

	"zhengtong/internal/configuration"
	"zhengtong/internal/db"
)

// Projection keeps the rows of table matter in step with what tenants publish. It
// is a configuration.Projection: internal/configuration calls it in the
// transaction of each publication.
type Projection struct {
	store    *store
	language language
}

// NewProjection returns a projection into the database.
func NewProjection(d *db.DB) *Projection { return &Projection{store: &store{db: d}} }

// Project writes the rows of the matters that a tenant offers from now on. A
// matter keeps its id for good; one that is no longer offered is cancelled, for
// its cases still point at it (R-MGT-10). A suspension outlives a publication. Rows
// of matters that cannot have changed are not looked at.
func (p *Projection) Project(ctx context.Context, publication configuration.Publication) error {
	known, err := p.store.known(ctx, publication.Tenant, publication.Only)
	if err != nil {
		return err
	}
	var former map[string][]string // read when a row is to be written
	batch := p.store.db.NewBatch()
	for _, name := range publication.Kept {
		delete(known, name)
	}
	for _, offer := range publication.Offered {
		row := rowOf(publication, offer)
		before, exists := known[row.Name]
		delete(known, row.Name)
		if exists && before.same(row) && before.flow == p.language.phrases(row.Flow) {
			continue
		}
		row.ID = before.id
		if !exists {
			row.ID = db.NewID(publication.At)
		} else {
			recode(batch, before, row)
		}
		if former == nil {
			if former, err = p.store.former(ctx); err != nil {
				return err
			}
		}
		row.Former = former[row.Name]
		if on := offer.Spec.GuideReviewOn; on != "" {
			configuration.AskForGuideReview(ctx, batch, configuration.GuideReview{Matter: row.Name, On: on}, publication.At)
		}
		if err := p.language.upsert(batch, row); err != nil {
			return err
		}
	}
	for name, before := range known {
		if before.status == statusPublished || before.status == statusSuspended {
			cancel(batch, publication, name)
		}
	}
	return p.store.db.Run(ctx, batch)
}

// recode makes a code that a matter no longer has lead to it (R-MGT-11).
func recode(b *db.Batch, before knownRow, row Row) {
	for _, code := range []string{before.code, before.basic} {
		if code != "" && code != row.ImplementationCode && code != row.BasicCode {
			alias(b, row.Tenant, code, row.Name, before.name, row.UpdatedAt)
		}
	}
}

// CarryOut writes the states that orders put matters in. What is merged, or cancelled
// with a successor, leads there by name and codes from now on: for bookmarks, for
// drafts, for search and for statistics (R-MGT-11).
func (p *Projection) CarryOut(ctx context.Context, orders []configuration.Ordered) error {
	batch := p.store.db.NewBatch()
	for _, o := range orders {
		status := o.Status()
		if status != "" {
			setStatus(batch, o, status)
		}
		if o.Successor == "" {
			continue
		}
		row, err := p.store.byName(ctx, o.Matter)
		if errors.Is(err, db.ErrNoRows) {
			row, err = Row{Tenant: o.Tenant, Name: o.Matter}, nil
		}
		if err != nil {
			return err
		}
		follow(batch, o.Tenant, o.Matter, o.Successor)
		for _, old := range []string{row.Name, row.BasicCode, row.ImplementationCode} {
			if old != "" {
				alias(batch, o.Tenant, old, o.Successor, row.Title, o.EffectiveAt)
			}
		}
		moveDrafts(batch, o)
	}
	if err := p.store.db.Run(ctx, batch); err != nil {
		return err
	}
	return p.reindex(ctx, orders)
}

// Indexed returns what Project writes for searching a row: the text in which words
// are looked for, and the readings for letters.
func (p *Projection) Indexed(row Row) (search, sounds string) { return p.language.searchText(row) }

// rowOf is a published matter as one row.
func rowOf(p configuration.Publication, o configuration.Offer) Row {
	spec := o.Spec
	themes := spec.Themes
	if theme := o.Found.Resource.Metadata.Labels["theme"]; theme != "" && len(themes) == 0 {
		themes = []string{theme}
	}
	return Row{
		Tenant: p.Tenant, Name: o.Found.Resource.Metadata.Name, Title: spec.Title, BasicCode: spec.BasicCode,
		ImplementationCode: o.Binding.ImplementationCode, ItemType: spec.ItemType, CaseType: spec.CaseType,
		Department: o.Binding.Department, DepartmentTitle: o.Binding.DepartmentTitle, Line: spec.Line, Level: spec.ExerciseLevel,
		Audiences: spec.ServiceObjects, Themes: themes, Aliases: spec.Aliases, Channels: spec.Channels, Deliveries: spec.Delivery,
		OnlineDepth: spec.OnlineDepth, Joint: len(spec.JointDepartments) > 0, CrossArea: spec.CrossArea, Flow: o.Flow, Status: statusPublished,
		PublicListed: spec.PublicListed && !spec.BundleOnly, Digest: o.Found.Digest, Revision: p.Revision, UpdatedAt: p.At,
	}
}
