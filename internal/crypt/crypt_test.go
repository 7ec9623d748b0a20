package crypt_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"zhengtong/internal/crypt"
)

var suites = []string{"std", "gm"}

func keys(t *testing.T, suite string) *crypt.Keys {
	t.Helper()
	master, err := crypt.ParseMaster(strings.Repeat("0123456789abcdef", 4))
	if err != nil {
		t.Fatal(err)
	}
	k, err := crypt.NewKeys(suite, master)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The vectors are those of FIPS 180-4 and GB/T 32905-2016 annex A.1 for "abc".
func TestHashVectors(t *testing.T) {
	for suite, want := range map[string]string{
		"std": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
		"gm":  "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0",
	} {
		k := keys(t, suite)
		if got := hex.EncodeToString(k.Hash([]byte("abc"))); got != want {
			t.Errorf("%s: %s, want %s", suite, got, want)
		}
		h, err := crypt.NewHash(k.Suite().HashName())
		if err != nil {
			t.Fatal(err)
		}
		h.Write([]byte("abc"))
		if got := hex.EncodeToString(h.Sum(nil)); got != want {
			t.Errorf("%s by name: %s", suite, got)
		}
	}
}

// RFC 8998 appendix A.1 (SM4-GCM), and NIST GCM test case 16 (AES-256-GCM).
func TestCipherVectors(t *testing.T) {
	for _, test := range []struct{ suite, key, nonce, plain, aad, want string }{
		{"gm", "0123456789abcdeffedcba9876543210", "00001234567800000000abcd",
			"aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccddddddddddddddddeeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d83de3541e4c2b58177e065a9bf7b62ec"},
		{"std", "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
			"d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
			"feedfacedeadbeeffeedfacedeadbeefabaddad2",
			"522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
	} {
		suite, err := crypt.SuiteOf(test.suite)
		if err != nil {
			t.Fatal(err)
		}
		aead, err := suite.NewAEAD(unhex(t, test.key))
		if err != nil {
			t.Fatal(err)
		}
		if got := hex.EncodeToString(aead.Seal(nil, unhex(t, test.nonce), unhex(t, test.plain), unhex(t, test.aad))); got != test.want {
			t.Errorf("%s: %s, want %s", test.suite, got, test.want)
		}
	}
}

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// I3: a value sealed for one tenant, field or row opens nowhere else.
func TestSealOpensOnlyInItsPlace(t *testing.T) {
	scope := crypt.Scope{Tenant: "431321", Field: "account.id_no", Row: "r1"}
	others := []crypt.Scope{
		{Tenant: "431322", Field: scope.Field, Row: scope.Row}, {Tenant: scope.Tenant, Field: "account.phone", Row: scope.Row},
		{Tenant: scope.Tenant, Field: scope.Field, Row: "r2"}, {Tenant: scope.Tenant, Field: scope.Field},
	}
	for _, suite := range suites {
		k := keys(t, suite)
		rapid.Check(t, func(t *rapid.T) {
			plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
			sealed, err := k.Seal(scope, plain)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := k.Open(scope, sealed); err != nil || !bytes.Equal(got, plain) {
				t.Fatalf("%v: %x", err, got)
			}
			for _, other := range others {
				if _, err := k.Open(other, sealed); !errors.Is(err, crypt.ErrSealed) {
					t.Fatalf("opened as %+v: %v", other, err)
				}
			}
			broken := bytes.Clone(sealed)
			broken[rapid.IntRange(0, len(broken)-1).Draw(t, "at")] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
			if _, err := k.Open(scope, broken); !errors.Is(err, crypt.ErrSealed) {
				t.Fatalf("a damaged value opened: %v", err)
			}
			cut := sealed[:rapid.IntRange(0, len(sealed)-1).Draw(t, "cut")]
			if _, err := k.Open(scope, cut); !errors.Is(err, crypt.ErrSealed) {
				t.Fatalf("a cut value opened: %v", err)
			}
		})
	}
}

func TestSuitesReadOneAnother(t *testing.T) {
	scope := crypt.Scope{Tenant: "431321", Field: "account.id_no"}
	sealed, err := keys(t, "std").Seal(scope, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := keys(t, "gm").Open(scope, sealed); err != nil || string(got) != "x" {
		t.Errorf("after a change of suite, old values must still open: %v", err)
	}
	if _, err := keys(t, "std").Seal(crypt.Scope{Field: "f"}, nil); err == nil {
		t.Error("sealing without a tenant must be refused")
	}
}

func TestBlindIndex(t *testing.T) {
	for _, suite := range suites {
		k := keys(t, suite)
		seen := map[string]string{}
		for _, in := range [][3]string{{"a", "f", "v"}, {"b", "f", "v"}, {"a", "g", "v"}, {"a", "f", "w"}, {"a", "fv", ""}} {
			first, err := k.BlindIndex(in[0], in[1], in[2])
			if err != nil {
				t.Fatal(err)
			}
			again, _ := k.BlindIndex(in[0], in[1], in[2])
			if !bytes.Equal(first, again) {
				t.Errorf("%v: not stable", in)
			}
			if other, taken := seen[string(first)]; taken {
				t.Errorf("%v and %s share an index", in, other)
			}
			seen[string(first)] = fmt.Sprint(in)
		}
	}
}

func TestSignatures(t *testing.T) {
	for _, suite := range suites {
		k := keys(t, suite)
		signer, err := k.Signer("431321", "licence")
		if err != nil {
			t.Fatal(err)
		}
		again, _ := keys(t, suite).Signer("431321", "licence")
		other, _ := k.Signer("431322", "licence")
		public, err := signer.PublicDER()
		if err != nil {
			t.Fatal(err)
		}
		samePublic, _ := again.PublicDER()
		otherPublic, _ := other.PublicDER()
		if !bytes.Equal(public, samePublic) || bytes.Equal(public, otherPublic) {
			t.Errorf("%s: a key belongs to its tenant and purpose, on every node", suite)
		}
		signature, err := signer.SignMessage([]byte("许可"))
		if err != nil {
			t.Fatal(err)
		}
		if !crypt.Verify(signer.Algorithm(), public, []byte("许可"), signature) {
			t.Errorf("%s: own signature refused", suite)
		}
		if crypt.Verify(signer.Algorithm(), public, []byte("不许可"), signature) || crypt.Verify(signer.Algorithm(), otherPublic, []byte("许可"), signature) ||
			crypt.Verify("none", public, []byte("许可"), signature) || crypt.Verify(signer.Algorithm(), []byte("no key"), nil, signature) {
			t.Errorf("%s: a wrong message, key or algorithm was accepted", suite)
		}
	}
}

func TestMasterIsMadeOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys", "master.key")
	var wait sync.WaitGroup
	got := make([]crypt.Master, 8)
	for i := range got {
		wait.Go(func() {
			m, err := crypt.OpenMaster(file)
			if err != nil {
				t.Error(err)
			}
			got[i] = m
		})
	}
	wait.Wait()
	for _, m := range got {
		if m != got[0] || m == (crypt.Master{}) {
			t.Fatal("processes that start together must share one key")
		}
	}
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if text := fmt.Sprintf("%v %+v %#v %s", got[0], got[0], got[0], got[0]); strings.Contains(text, hex.EncodeToString(got[0][:4])) || strings.Contains(text, "0x") {
		t.Errorf("the key prints itself: %s", text)
	}
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := crypt.OpenMaster(file); err == nil {
		t.Error("a damaged key must be refused, not replaced")
	}
}

func TestPasswords(t *testing.T) {
	p := crypt.NewPasswords(crypt.TestCost, 2)
	encoded, err := p.Hash(t.Context(), "办事大厅-2025")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name, encoded, password string
		ok                      bool
	}{
		{"right", encoded, "办事大厅-2025", true}, {"wrong", encoded, "x", false}, {"empty", encoded, "", false},
		{"too long", encoded, strings.Repeat("x", crypt.MaxPassword+1), false}, {"unknown account", "", "x", false},
	} {
		if ok, renew, err := p.Check(t.Context(), test.encoded, test.password); err != nil || ok != test.ok || renew {
			t.Errorf("%s: ok %t renew %t err %v", test.name, ok, renew, err)
		}
	}
	stronger := crypt.NewPasswords(crypt.Cost{Passes: 2, Memory: 64, Threads: 1}, 1)
	if ok, renew, err := stronger.Check(t.Context(), encoded, "办事大厅-2025"); !ok || !renew || err != nil {
		t.Errorf("a hash of another cost should be renewed: %t %t %v", ok, renew, err)
	}
	for _, bad := range []string{"plain", "$argon2id$v=19$m=4294967295,t=1,p=1$AAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=1$m=64,t=1,p=1$AAAA$AAAA"} {
		if ok, _, err := p.Check(t.Context(), bad, "x"); ok || err == nil {
			t.Errorf("%s: accepted", bad)
		}
	}
	if _, err := p.Hash(t.Context(), ""); !errors.Is(err, crypt.ErrPassword) {
		t.Errorf("an empty password: %v", err)
	}
}

func TestTokensAndCodes(t *testing.T) {
	first, second := crypt.NewToken(), crypt.NewToken()
	if first == second || len(first) != 43 || len(crypt.TokenDigest(first)) != 64 {
		t.Errorf("%s %s", first, second)
	}
	code := crypt.NewCode(crypt.Readable, 12)
	if len(code) != 12 || strings.Trim(code, crypt.Readable) != "" {
		t.Error(code)
	}
}

func BenchmarkPasswordDefaultCost(b *testing.B) {
	p := crypt.NewPasswords(crypt.DefaultCost, 1)
	for b.Loop() {
		if _, err := p.Hash(b.Context(), "办事大厅-2025"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSeal(b *testing.B) {
	k, err := crypt.NewKeys("std", crypt.NewMaster())
	if err != nil {
		b.Fatal(err)
	}
	scope := crypt.Scope{Tenant: "431321", Field: "account.id_no", Row: "r"}
	for b.Loop() {
		if _, err := k.Seal(scope, []byte("430321199001011234")); err != nil {
			b.Fatal(err)
		}
	}
}
