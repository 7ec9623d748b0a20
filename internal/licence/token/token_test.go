package token

import (
	"encoding/base64"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/crypt"
	"zhengtong/internal/deadline"
	"zhengtong/internal/problem"
)

func signer(t testing.TB, suite string, fill byte) crypt.Signer {
	t.Helper()
	s, err := crypt.SuiteOf(suite)
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, 32)
	for i := range secret {
		secret[i] = fill + byte(i)
	}
	key, err := s.NewSigner(secret)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func public(t testing.TB, s Signer) []byte {
	t.Helper()
	der, err := s.PublicDER()
	if err != nil {
		t.Fatal(err)
	}
	return der
}

func claims() Claims {
	return Claims{
		Identifier: "1.2.156.3005.2.11100000MB0143028R001.11431321006345678X.JY14313210000017.001.8",
		Version:    2, Type: "food-business-licence", Digest: strings.Repeat("ab", 32), IssuedOn: deadline.MustDate("2026-03-19"),
	}
}

// R-LIC-06: what was issued verifies offline, in either suite, through the address in the code.
func TestIssuedTokenVerifies(t *testing.T) {
	for _, suite := range []string{"std", "gm"} {
		s := signer(t, suite, 1)
		issued, err := Issue(claims(), s)
		if err != nil {
			t.Fatal(err)
		}
		address, err := URL("https://zwfw.hunan.example", issued)
		if err != nil || !strings.HasPrefix(address, "https://zwfw.hunan.example/verify?t=") {
			t.Fatalf("%s (%v)", address, err)
		}
		if len(address) > 400 {
			t.Errorf("%s: the address has %d characters; a code of 28 mm could not be read", suite, len(address))
		}
		scanned, err := FromScan(address + "\n")
		if err != nil {
			t.Fatal(err)
		}
		got, err := NewKeyring(public(t, s)).Verify(scanned)
		if err != nil || got != claims() {
			t.Errorf("%s: %+v (%v)", suite, got, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	s := signer(t, "std", 1)
	issued, err := Issue(claims(), s)
	if err != nil {
		t.Fatal(err)
	}
	ring := NewKeyring(public(t, s))
	unsigned := 10 + 1 + 3 + 1 + len(claims().Type) + 1 + len(claims().Identifier) + digestSize
	raw := func(change func([]byte) []byte) string {
		data, err := base64.RawURLEncoding.DecodeString(issued)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(change(data))
	}
	for name, c := range map[string]struct {
		text, reason string
		ring         *Keyring
	}{
		"empty":             {"", ReasonMalformed, ring},
		"not base64":        {"证照", ReasonMalformed, ring},
		"huge":              {strings.Repeat("A", 5000), ReasonMalformed, ring},
		"cut":               {issued[:40], ReasonMalformed, ring},
		"no signature":      {raw(func(b []byte) []byte { return b[:unsigned] }), ReasonMalformed, ring},
		"later format":      {raw(func(b []byte) []byte { b[0] = 9; return b }), ReasonFormat, ring},
		"unknown algorithm": {raw(func(b []byte) []byte { b[1] = 9; return b }), ReasonAlgorithm, ring},
		"other algorithm":   {raw(func(b []byte) []byte { b[1] = 2; return b }), ReasonSignature, ring},
		"another's key":     {issued, ReasonKey, NewKeyring(public(t, signer(t, "std", 2)))},
		"altered version":   {raw(func(b []byte) []byte { b[10]++; return b }), ReasonSignature, ring},
	} {
		_, err := c.ring.Verify(c.text)
		if problem.CodeOf(err) != problem.Validation || problem.ReasonOf(err) != c.reason {
			t.Errorf("%s: %v, want %s", name, err, c.reason)
		}
	}
	if _, err := FromScan("https://example.org/?x=1"); problem.ReasonOf(err) != ReasonMalformed {
		t.Errorf("a foreign address: %v", err)
	}
}

func TestIssueRefusesBadClaims(t *testing.T) {
	s := signer(t, "std", 1)
	for name, change := range map[string]func(*Claims){
		"no identifier":   func(c *Claims) { c.Identifier = "" },
		"long identifier": func(c *Claims) { c.Identifier = strings.Repeat("x", 101) },
		"no type":         func(c *Claims) { c.Type = "" },
		"version 0":       func(c *Claims) { c.Version = 0 },
		"no date":         func(c *Claims) { c.IssuedOn = deadline.Date{} },
		"short digest":    func(c *Claims) { c.Digest = "ab" },
	} {
		c := claims()
		change(&c)
		if text, err := Issue(c, s); err == nil {
			t.Errorf("%s: issued %s", name, text)
		}
	}
	for _, base := range []string{"", "zwfw.example", "ftp://x", "https://"} {
		if u, err := URL(base, "t"); err == nil {
			t.Errorf("base %q gives %s", base, u)
		}
	}
}

// Law: change any bit of a token and it no longer verifies.
func TestAnyChangedBitIsRefused(t *testing.T) {
	s := signer(t, "std", 1)
	issued, err := Issue(claims(), s)
	if err != nil {
		t.Fatal(err)
	}
	ring := NewKeyring(public(t, s))
	rapid.Check(t, func(t *rapid.T) {
		data, err := base64.RawURLEncoding.DecodeString(issued)
		if err != nil {
			t.Fatal(err)
		}
		i := rapid.IntRange(0, len(data)-1).Draw(t, "byte")
		data[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if c, err := ring.Verify(base64.RawURLEncoding.EncodeToString(data)); err == nil {
			t.Fatalf("byte %d may be changed: %+v", i, c)
		}
	})
}

func FuzzParse(f *testing.F) {
	issued, err := Issue(claims(), signer(f, "std", 1))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(issued)
	f.Add("AQE")
	f.Fuzz(func(t *testing.T, text string) {
		if token, err := Parse(text); err == nil && (token.Claims.Identifier == "" || token.Claims.Version < 1) {
			t.Fatalf("%q parsed to %+v", text, token)
		}
	})
}
