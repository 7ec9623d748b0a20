package configuration

import (
	"context"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
	"zhengtong/schema/kind"
)

// GuideReview is the payload of JobGuideReview: the guide of a matter is to be looked
// through on a day, Matter.guide_review_on.
type GuideReview struct {
	Matter string `json:"matter"`
	On     string `json:"on"`
}

// AskForGuideReview writes a JobGuideReview of the acting tenant for the beginning of its
// day, once for each matter and day.
func AskForGuideReview(ctx context.Context, b *db.Batch, in GuideReview, at time.Time) {
	on, err := deadline.ParseDate(in.On)
	if err != nil {
		return // V-01 has refused it
	}
	booking{tenancy.Acting(ctx), JobGuideReview, "guide/" + in.Matter + "/" + in.On, in, on.StartOf(tenancy.Location(ctx))}.once(b, at)
}

// RemindOfGuide is the handler of JobGuideReview: it tells the authors of the acting
// tenant that the guide of a matter is past its review date (R-CAT-12), unless the date
// has been moved, or the matter is offered no more. with adds the job's own statement.
func (s *Service) RemindOfGuide(ctx context.Context, in GuideReview, with func(*db.Batch)) error {
	ctx = authz.With(ctx, authz.System())
	b := s.store.db.NewBatch()
	matter, _, err := s.Shown(ctx, in.Matter)
	switch {
	case problem.CodeOf(err) == problem.NotFound:
	case err != nil:
		return err
	case matter.Spec.GuideReviewOn == in.On:
		fields := map[string]any{"kind": "Matter", "name": in.Matter, "title": matter.Spec.Title, "review_on": in.On}
		if err := tell(b, tenancy.Acting(ctx), EventGuideStale, fields, s.clock.Now()); err != nil {
			return err
		}
	}
	if with != nil {
		with(b)
	}
	return wrap("remind of a guide", s.store.db.Run(ctx, b))
}

// StaleGuide is a matter whose guide is past its review date.
type StaleGuide struct {
	Name     string
	Title    string
	ReviewOn deadline.Date
}

// StaleGuides lists the matters of the acting tenant whose guides are past their review
// dates, by name. Needs config.read.
func (s *Service) StaleGuides(ctx context.Context) ([]StaleGuide, error) {
	if err := s.require(ctx, "config.read"); err != nil {
		return nil, err
	}
	snapshot, err := s.snapshot(ctx)
	if err != nil {
		return nil, err
	}
	today := deadline.DateOf(s.clock.Now(), tenancy.Location(ctx))
	out := []StaleGuide{}
	for _, found := range snapshot.view.Offered() {
		spec := found.Resource.Spec.(*kind.Matter)
		on, err := deadline.ParseDate(spec.GuideReviewOn)
		name := found.Resource.Metadata.Name
		if err != nil || on.After(today) || gone(snapshot.status[name]) {
			continue
		}
		out = append(out, StaleGuide{Name: name, Title: spec.Title, ReviewOn: on})
	}
	return out, nil
}
