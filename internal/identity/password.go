package identity

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofrs/uuid/v5"

	"zhengtong/internal/authz"
	"zhengtong/internal/crypt"
	"zhengtong/internal/problem"
)

// PasswordChange replaces a password.
type PasswordChange struct {
	Current string
	New     string
}

// ChangePassword replaces the password of the caller's account, by the rules of the
// tenant that the account belongs to, and ends its other sessions (R-PRF-13). It returns
// how many. A one-time password is one no more. Validation says what is wrong with the
// new password, and "wrong_password" of the present one, which counts as a failed
// sign-in (R-ACC-29); Conflict "account_locked" after too many.
func (s *Service) ChangePassword(ctx context.Context, in PasswordChange) (int, error) {
	p := authz.From(ctx)
	if p.Session == uuid.Nil {
		return 0, ended()
	}
	ctx = s.home(ctx, p)
	account, err := s.store.account(ctx, p.Account)
	if err != nil {
		return 0, err
	}
	policy, err := s.policies(ctx)
	if err != nil {
		return 0, err
	}
	now := s.clock.Now()
	if err := s.confirm(ctx, account, policy, in.Current, now); err != nil {
		return 0, err
	}
	former, err := s.store.formerPasswords(ctx, account.ID)
	if err != nil {
		return 0, err
	}
	former = append([]string{account.PasswordHash}, former...)
	if err := s.acceptable(ctx, policy, in.New, former); err != nil {
		return 0, err
	}
	hash, err := s.passwords.Hash(ctx, in.New)
	if err != nil {
		return 0, fmt.Errorf("identity: change a password: %w", err)
	}
	return s.store.replacePassword(ctx, passwordRow{account: account.ID, session: p.Session, before: account.PasswordHash, hash: hash,
		former: former[:min(len(former), policy.History)], at: now, by: p})
}

// confirm checks the present password of somebody who is signed in.
func (s *Service) confirm(ctx context.Context, a *Account, policy Policy, password string, now time.Time) error {
	if now.Before(a.LockedUntil) {
		return problem.New(problem.Conflict, "account_locked", "口令连续输错，账户暂时锁定，请稍后再试")
	}
	ok, _, err := s.passwords.Check(ctx, a.PasswordHash, password)
	if err != nil || ok {
		return err
	}
	if err := s.countFailure(ctx, a, policy, now); err != nil {
		return err
	}
	var problems problem.List
	problems.Add("$.current", "wrong_password", "当前口令不正确")
	return problem.Invalid(problems)
}

// acceptable holds a new password to the policy: long enough, of enough classes, and not one of the last ones. former are
// the hashes of the present one and those before, the latest first.
func (s *Service) acceptable(ctx context.Context, policy Policy, password string, former []string) error {
	var problems problem.List
	if n := utf8.RuneCountInString(password); n < policy.MinLength || len(password) > crypt.MaxPassword {
		problems.Add("$.new", "length", "口令应为 %d 个字符以上，且不超过 %d 字节", policy.MinLength, crypt.MaxPassword)
	}
	if classes(password) < policy.Classes {
		problems.Add("$.new", "classes", "口令应含大写字母、小写字母、数字、其他字符中的至少 %d 类", policy.Classes)
	}
	if err := problem.Invalid(problems); err != nil {
		return err // hashing takes time: not for what is refused anyway
	}
	for _, hash := range former[:min(len(former), max(policy.History, 1))] {
		used, _, err := s.passwords.Check(ctx, hash, password)
		if err != nil {
			return err
		}
		if used {
			problems.Add("$.new", "used_before", "不得与当前口令或最近 %d 次的口令相同", max(policy.History, 1))
			break
		}
	}
	return problem.Invalid(problems)
}

// classes counts the kinds of characters in a password: upper case, lower case, digits, others.
func classes(password string) int {
	n := 0
	for _, is := range []func(rune) bool{unicode.IsUpper, unicode.IsLower, unicode.IsDigit,
		func(r rune) bool { return !unicode.IsUpper(r) && !unicode.IsLower(r) && !unicode.IsDigit(r) }} {
		if strings.ContainsFunc(password, is) {
			n++
		}
	}
	return n
}
