package identity

import (
	"context"
	"errors"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/db"
	"zhengtong/internal/problem"
)

// PrincipalOf loads who an account of the acting tenant is, without a session;
// NotFound when there is none, or it may not act. It explains decisions and
// never lets anybody act as another.
func (s *Service) PrincipalOf(ctx context.Context, account uuid.UUID) (authz.Principal, error) {
	a, err := s.store.account(ctx, account)
	if errors.Is(err, db.ErrNoRows) {
		return authz.Principal{}, problem.Missing()
	}
	if err != nil {
		return authz.Principal{}, err
	}
	p, err := s.principal(ctx, a)
	if problem.CodeOf(err) == problem.Unauthenticated {
		return p, problem.Missing()
	}
	return p, err
}
