package db_test

import (
	"context"
	"encoding/json"
	"sort"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"
	"pgregory.net/rapid"

	"zhengtong/internal/db"
	"zhengtong/internal/db/dbtest"
)

type status string

type textual struct{ s string }

func (t textual) MarshalText() ([]byte, error) { return []byte(t.s), nil }

// What is written is read back the same on both databases, through both doors.
func TestValuesSurvive(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		rapid.Check(t, func(r *rapid.T) { checkValues(r, d, ctx) })
	})
}

func checkValues(r *rapid.T, d *db.DB, ctx context.Context) {
	// a database cannot hold U+0000 in text
	text := rapid.StringOf(rapid.Rune().Filter(func(c rune) bool { return c != 0 })).Draw(r, "text")
	zone := time.FixedZone("", rapid.IntRange(-12, 14).Draw(r, "zone")*3600)
	at := time.UnixMicro(rapid.Int64Range(0, 4e15).Draw(r, "at")).In(zone).Add(999)
	id, owner, caseID := db.NewID(at), db.NewID(at), db.NewID(at)
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		r.Fatal(err)
	}
	var maybe *uuid.UUID
	if rapid.Bool().Draw(r, "case") {
		maybe = &caseID
	}
	if _, err := d.Exec(ctx, `INSERT INTO draft (tenant_id, id, account_id, matter_name, form, case_id, expires_at, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $7)`, textual{"431321"}, id, &owner, status(text), json.RawMessage(body), maybe, at); err != nil {
		r.Fatal(err)
	}
	var gotOwner uuid.UUID
	var gotCase *uuid.UUID
	var name status
	var form json.RawMessage
	var expires time.Time
	var created *time.Time
	if err := d.QueryRow(ctx, "SELECT account_id, case_id, matter_name, form, expires_at, max(created_at) OVER () FROM draft WHERE tenant_id = $1 AND id = $2",
		"431321", id).Scan(&gotOwner, &gotCase, &name, &form, &expires, &created); err != nil {
		r.Fatal(err)
	}
	want := at.UTC().Truncate(time.Microsecond)
	if gotOwner != owner || (gotCase == nil) != (maybe == nil) || string(name) != text || expires != want || created.Before(want) {
		r.Fatalf("read %v %v %q %v %v, want %v %v %q %v", gotOwner, gotCase, name, expires, created, owner, maybe, text, want)
	}
	row, err := d.Ent().Draft.Get(ctx, id)
	if err != nil {
		r.Fatal(err)
	}
	for _, raw := range []json.RawMessage{form, row.Form} {
		var back map[string]string
		if err := json.Unmarshal(raw, &back); err != nil || back["text"] != text {
			r.Fatalf("the form is %s, %v", raw, err)
		}
	}
	if row.ExpiresAt.UTC() != want || row.MatterName != text || (row.CaseID == nil) != (maybe == nil) {
		r.Fatalf("ent read %v", row)
	}
}

// Instants compare as such, on SQLite too, where they are text.
func TestInstantsSort(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := dbtest.As(t.Context(), ours)
		times := []time.Time{noon, noon.Add(time.Microsecond), noon.Add(time.Second).Truncate(time.Second), noon.Add(-time.Hour)}
		for _, at := range times {
			if _, err := d.Exec(ctx, insertDraft, "431321", db.NewID(at), db.NewID(at), "m", at, at, at); err != nil {
				t.Fatal(err)
			}
		}
		sort.Slice(times, func(i, j int) bool { return times[i].Before(times[j]) })
		var got []time.Time
		if err := d.Each(ctx, func(scan func(dest ...any) error) error {
			var at time.Time
			got = append(got, at)
			return scan(&got[len(got)-1])
		}, "SELECT created_at FROM draft WHERE tenant_id = $1 AND created_at >= $2 ORDER BY created_at", "431321", noon); err != nil {
			t.Fatal(err)
		}
		if len(got) != 3 || got[0] != times[1] || got[2] != times[3] {
			t.Errorf("got %v of %v", got, times)
		}
		n, err := d.Ent().Draft.Query().Count(ctx)
		if err != nil || n != 4 {
			t.Errorf("%d, %v", n, err)
		}
	})
}

func TestArgumentsThatHaveNoPlace(t *testing.T) {
	d := dbtest.Open(t, db.SQLite)
	ctx := dbtest.As(t.Context(), ours)
	for _, bad := range []any{[]string{"a"}, map[string]int{}, 1.5, struct{}{}} {
		if _, err := d.Exec(ctx, "SELECT $1", bad); err == nil {
			t.Errorf("%T was accepted", bad)
		}
	}
	if got := db.Placeholders(3, 2) + db.Placeholders(1, 0); got != "$3, $4NULL" {
		t.Error(got)
	}
}

func TestIDsSortAsTheyWereMade(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a := rapid.Int64Range(0, 4e12).Draw(r, "a")
		b := rapid.Int64Range(a+1, 4e12+1).Draw(r, "b")
		x, y := db.NewID(time.UnixMilli(a)), db.NewID(time.UnixMilli(b))
		if x.String() >= y.String() || x.Version() != 7 {
			r.Fatalf("%s, %s", x, y)
		}
	})
}
