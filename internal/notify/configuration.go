package notify

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"zhengtong/internal/authz"
	"zhengtong/internal/configuration"
	"zhengtong/internal/tenancy"
)

// configurationFacts are what messages say of an event of the tenant's configuration. It
// concerns those who review changes there, a stale guide those who write them.
func (s *Service) configurationFacts(ctx context.Context, e Event) (Facts, error) {
	own := map[string]any{}
	if err := json.Unmarshal(e.Fields, &own); err != nil {
		return Facts{}, fmt.Errorf("event %s: %w", e.ID, err)
	}
	if above, ok := own["above"].(string); ok {
		t, _ := s.tree.Get(above)
		own["above_title"] = t.Title
	}
	own["terms"] = "上级没有定期限；在复核之前沿用现有配置。"
	if text, ok := own["deadline"].(string); ok {
		deadline, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return Facts{}, fmt.Errorf("event %s: %w", e.ID, err)
		}
		outcome := map[any]string{configuration.OnOverdueOverride: "冲突的内容以上级为准", configuration.OnOverdueSuspend: "相关事项将被挂起"}[own["on_overdue"]]
		own["terms"] = fmt.Sprintf("请于%s前处理，逾期%s。", deadline.In(tenancy.Location(ctx)).Format("2006年1月2日15:04"), outcome)
	}
	own["outcome_text"] = map[any]string{string(configuration.ReviewOverridden): "冲突的内容已以上级为准", string(configuration.ReviewSuspended): "相关事项已挂起"}[own["outcome"]]
	concerned := "config.review"
	if e.Topic == configuration.EventGuideStale {
		concerned = "config.author"
	}
	facts := Facts{Values: map[string]any{"config": own}}
	roles, err := s.configuration.RoleSet(ctx, tenancy.Acting(ctx))
	if err != nil {
		return Facts{}, err
	}
	facts.Staff, err = s.store.holders(ctx, holding(roles, concerned))
	return facts, err
}

// holding are the roles that hold a permission, by themselves or by what they inherit.
func holding(set authz.RoleSet, permission string) []string {
	byName := map[string]authz.Role{}
	for _, r := range set.Roles {
		byName[r.Name] = r
	}
	var out []string
	for _, r := range set.Roles {
		for at, seen := r, 0; seen <= len(set.Roles); at, seen = byName[at.Inherits], seen+1 {
			if slices.Contains(at.Permissions, permission) {
				out = append(out, r.Name)
				break
			}
			if at.Inherits == "" {
				break
			}
		}
	}
	return out
}
