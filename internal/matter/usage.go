package matter

import (
	"context"
	"time"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
	"zhengtong/internal/tenancy"
)

// hotDays is how far back applications make a matter hot.
const hotDays = 30

// historyDays is how far back an applicant's own applications count.
const historyDays = 365

// maxHistory bounds the own applications that are looked at.
const maxHistory = 200

// attention is what hot lists go by (R-CAT-05).
type attention struct {
	heat map[uuid.UUID]int  // applications of everybody in the last hotDays
	own  map[uuid.UUID]bool // matters that the applicant has applied for in the last historyDays
	// themes are those that the applicant has subscribed to (R-CAT-14).
	themes []string
}

// attention reads the area's counters and, for an applicant, the own history there.
func (s *Service) attention(ctx context.Context) (attention, error) {
	now := s.now()
	heat, err := s.store.heat(ctx, civil(ctx, now.AddDate(0, 0, -hotDays)))
	if err != nil {
		return attention{}, err
	}
	a := attention{heat: heat, own: map[uuid.UUID]bool{}}
	if p := authz.From(ctx); p.Type == authz.TypeApplicant {
		if a.own, err = s.store.history(ctx, p.Account, now.AddDate(0, 0, -historyDays)); err != nil {
			return a, err
		}
		if s.themes != nil {
			a.themes, err = s.themes(ctx)
		}
	}
	return a, err
}

func civil(ctx context.Context, at time.Time) string {
	return at.In(tenancy.Location(ctx)).Format(time.DateOnly)
}

// scores weighs matters: each by its applications in the area; what the applicant has
// applied for before, or follows by its theme, by as much again as the hottest one has;
// what shares a theme with the applied for by a quarter of it.
func (a attention) scores(found []match) map[uuid.UUID]int {
	hottest, like, followed := 1, map[string]bool{}, map[string]bool{}
	for _, theme := range a.themes {
		followed[theme] = true
	}
	for _, m := range found {
		hottest = max(hottest, a.heat[m.id])
		if a.own[m.id] {
			for _, theme := range listed(m.themes) {
				like[theme] = true
			}
		}
	}
	out := make(map[uuid.UUID]int, len(found))
	for _, m := range found {
		score := 4 * a.heat[m.id]
		switch themes := listed(m.themes); {
		case a.own[m.id] || shares(followed, themes):
			score += 4 * hottest
		case shares(like, themes):
			score += hottest
		}
		out[m.id] = score
	}
	return out
}

func shares(known map[string]bool, themes []string) bool {
	for _, theme := range themes {
		if known[theme] {
			return true
		}
	}
	return false
}

// maxUsageDays bounds the days that one look at the usage of a matter covers.
const maxUsageDays = 366

// Usage is how much a matter is used (R-MGT-05).
type Usage struct {
	Since     string // civil date, the first day counted
	Submitted int
	Channels  []ChannelUsage // by channel
	LastUsed  string         // civil date of the last application ever; "" = never
}

// ChannelUsage is how many applications came through one channel.
type ChannelUsage struct {
	Channel   string
	Submitted int
}

// Usage counts a matter's applications of the last days, today included, 1 to 366.
// It is for staff who read the tenant's configuration (action matter.usage).
func (s *Service) Usage(ctx context.Context, name string, days int) (*Usage, error) {
	if days < 1 || days > maxUsageDays {
		return nil, problem.New(problem.BadRequest, "bad_days", "days 应为 1 至 %d", maxUsageDays)
	}
	if _, err := s.authz.Require(ctx, "matter.usage", authz.Object{Kind: "matter", Tenant: tenancy.Acting(ctx)}); err != nil {
		return nil, err
	}
	row, err := s.found(ctx, Ref{Name: name})
	if err != nil {
		return nil, err
	}
	return s.store.usage(ctx, row.ID, civil(ctx, s.now().AddDate(0, 0, 1-days)))
}
