package relay_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/gofrs/uuid/v5"
	"pgregory.net/rapid"

	"zhengtong/graph/relay"
	"zhengtong/internal/problem"
)

func TestAnIDSurvivesItsText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "uuid"))
		tenant := rapid.StringMatching(`[0-9]{6}|national`).Draw(t, "tenant")
		id := relay.Of(relay.Case, tenant, key)
		back, err := relay.ParseID(id.String())
		if err != nil || back != id || back.UUID() != key {
			t.Fatalf("%v → %v, %v", id, back, err)
		}
	})
	for _, id := range []relay.ID{
		relay.Named(relay.Resource, "431321", "Matter/food-business-licence"),
		relay.Named(relay.Tenant, "national", "431321"),
	} {
		if back, err := relay.ParseID(id.String()); err != nil || back != id {
			t.Errorf("%v → %v, %v", id, back, err)
		}
	}
}

func TestAnIDThatWeDidNotGiveOutIsABadRequest(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for name, text := range map[string]string{
		"empty":            "",
		"not base64":       "案件",
		"no parts":         encode([]byte("Case")),
		"unknown type":     encode([]byte("Nothing:431321:0198c0de-0000-7000-8000-000000000001")),
		"not a uuid":       encode([]byte("Case:431321:1")),
		"uuid in capitals": encode([]byte("Case:431321:0198C0DE-0000-7000-8000-000000000001")),
		"no tenant":        encode([]byte("Case::0198c0de-0000-7000-8000-000000000001")),
		"strange tenant":   encode([]byte("Case:4313'21:0198c0de-0000-7000-8000-000000000001")),
		"empty name":       encode([]byte("Matter:431321:")),
		"too long":         encode([]byte("Matter:431321:" + strings.Repeat("a", 300))),
		"padded":           base64.URLEncoding.EncodeToString([]byte("Tenant:national:431")),
	} {
		if _, err := relay.ParseID(text); problem.CodeOf(err) != problem.BadRequest {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := relay.Named(relay.Tenant, "national", "431321").Expect(relay.Case); problem.ReasonOf(err) != "wrong_type" {
		t.Errorf("wrong type: %v", err)
	}
}

func TestACursorBelongsToItsListAndOrder(t *testing.T) {
	text := relay.Cursor{List: "cases.received_desc", Keys: []string{"2026-02-10T01:30:00Z", "0198"}}.String()
	if c, err := relay.ParseCursor(text, "cases.received_desc", 2); err != nil || c.Keys[1] != "0198" {
		t.Fatal(c, err)
	}
	for name, try := range map[string]func() error{
		"other order": func() error { _, err := relay.ParseCursor(text, "cases.due_asc", 2); return err },
		"other keys":  func() error { _, err := relay.ParseCursor(text, "cases.received_desc", 3); return err },
		"garbage":     func() error { _, err := relay.ParseCursor("!", "cases.received_desc", 2); return err },
	} {
		if err := try(); problem.ReasonOf(err) != "bad_cursor" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFirstIsTwentyUnlessGivenAndAtMostAHundred(t *testing.T) {
	if p, err := relay.PageOf(nil, nil, "l", 1); err != nil || p.First != 20 {
		t.Fatal(p, err)
	}
	for _, n := range []int{-1, 0, 101} {
		if _, err := relay.PageOf(&n, nil, "l", 1); problem.ReasonOf(err) != "bad_first" {
			t.Errorf("first %d: %v", n, err)
		}
	}
	if rows, more := relay.Cut(relay.Page{First: 2}, []int{1, 2, 3}); !more || len(rows) != 2 {
		t.Error("a third row means that a page follows")
	}
}

func TestTotalCountIsCapped(t *testing.T) {
	many := relay.Counter(func(context.Context) (int, error) { return 1_000_000, nil })
	if n, err := many.Total(t.Context()); err != nil || *n != relay.MaxCount {
		t.Error(n, err)
	}
	if n, err := relay.Counter(nil).Total(t.Context()); n != nil || err != nil {
		t.Error(n, err)
	}
}
