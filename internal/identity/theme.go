package identity

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"zhengtong/internal/authz"
	"zhengtong/internal/problem"
)

// The themes that one account may subscribe to, and the characters of one.
const (
	maxThemes = 50
	maxTheme  = 50
)

// profile is what an account has chosen for itself.
type profile struct {
	Themes []string `json:"themes"` // subscribed, sorted
}

// Themes are the themes of matters, life events among them, that the caller has
// subscribed to (R-CAT-14); none for staff and visitors.
func (s *Service) Themes(ctx context.Context) ([]string, error) {
	p := authz.From(ctx)
	if p.Type != authz.TypeApplicant {
		return nil, nil
	}
	chosen, err := s.store.profile(s.home(ctx, p), p.Account)
	return chosen.Themes, err
}

// SubscribeThemes replaces the themes that the caller has subscribed to, and returns
// them sorted, each once. Validation names what is empty, too long or too much; Forbidden
// for all but applicants.
func (s *Service) SubscribeThemes(ctx context.Context, themes []string) ([]string, error) {
	p := authz.From(ctx)
	if p.Type != authz.TypeApplicant {
		return nil, problem.Denied("theme.subscribe", "subject", "只有申请人可以关注主题")
	}
	chosen := make([]string, len(themes))
	var problems problem.List
	for i, theme := range themes {
		chosen[i] = strings.TrimSpace(theme)
		if n := utf8.RuneCountInString(chosen[i]); n == 0 || n > maxTheme {
			problems.Add("$.themes["+theme+"]", "length", "主题应为 1 至 %d 个字", maxTheme)
		}
	}
	slices.Sort(chosen)
	chosen = slices.Compact(chosen)
	if len(chosen) > maxThemes {
		problems.Add("$.themes", "too_many", "最多关注 %d 个主题", maxThemes)
	}
	if err := problem.Invalid(problems); err != nil {
		return nil, err
	}
	return chosen, s.store.keepProfile(s.home(ctx, p), p.Account, profile{Themes: chosen})
}
