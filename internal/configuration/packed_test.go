package configuration

import (
	"encoding/json"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// anyDocument is the text of an effective document with members of chance.
func anyDocument(r *rand.Rand) map[string]any {
	value := func() any {
		switch r.IntN(5) {
		case 0:
			return nil
		case 1:
			return float64(r.IntN(9))
		case 2:
			return []any{"甲", map[string]any{"ref": "a<b>&c", "n": true}}
		case 3:
			return map[string]any{"n": float64(r.IntN(3)), "unit": "workday"}
		}
		return strings.Repeat("\"引\\号\n", r.IntN(4))
	}
	doc := map[string]any{"kind": "Matter", "name": "permit"}
	for _, name := range []string{"assets", "labels", "layouts"} {
		if r.IntN(3) == 0 {
			doc[name] = map[string]any{"x": value()}
		}
	}
	spec := map[string]any{"title": "测试许可"}
	for _, name := range []string{"abstract", "fee", "fee-1", "form", "guide", "promised_limit", "zone"} {
		if r.IntN(3) > 0 {
			spec[name] = value()
		}
	}
	within := map[string]any{}
	for _, name := range []string{"address", "phone"} {
		if r.IntN(2) > 0 {
			within[name] = map[string]any{"a": value(), "b": within[name]}
		}
	}
	if r.IntN(3) > 0 {
		spec["fee"] = within
	}
	doc["spec"] = spec
	return doc
}

func textOf(t *testing.T, doc map[string]any, spaced bool) []byte {
	t.Helper()
	marshal := json.Marshal
	if spaced {
		marshal = func(v any) ([]byte, error) { return json.MarshalIndent(v, "", " ") }
	}
	text, err := marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A packed document says what it said, whatever it is packed against: members that differ, that are new and that are gone.
func TestPackedDocumentsComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	smaller := 0
	for i := range 2000 {
		over := packed("over", textOf(t, anyDocument(r), i%2 == 0), nil)
		doc := anyDocument(r)
		d := together([]*document{packed("other", []byte("{}"), nil), packed("d", textOf(t, doc, i%2 == 0), over)})[1]
		got, err := d.body()
		var back map[string]any
		if err != nil || json.Unmarshal(got, &back) != nil || !reflect.DeepEqual(back, doc) {
			t.Fatalf("over %s\nwant %v\ngot  %s: %v", over.text, doc, got, err)
		}
		if d.over != nil {
			smaller++
		}
	}
	if smaller == 0 {
		t.Error("nothing was packed")
	}
}

// What is no effective document is kept as it is, and cut bytes are no document.
func TestOtherTextsAreKept(t *testing.T) {
	over := packed("over", []byte(`{"kind":"Matter","name":"a","spec":{"title":"x"}}`), nil)
	for _, text := range []string{``, `[]`, `{"spec":{}}`, `{"spec":1}`, `{"kind":"Matter","spec":{"a\"b":1}}`, `{"kind":"Matter","spec":{"a/b":1,"c":{"d":2}}}`, `{"spec":{"title":"x"`} {
		d := packed("d", []byte(text), over)
		got, err := d.body()
		if d.over != nil || err != nil || string(got) != text {
			t.Errorf("%s came back as %s, %v", text, got, err)
		}
		if other := packed("e", []byte(`{"kind":"Matter","name":"a","spec":{"title":"y"}}`), packed("odd", []byte(text), nil)); other.over != nil {
			t.Errorf("packed against %s", text)
		}
	}
	d := packed("d", []byte(`{"kind":"Matter","name":"a","spec":{"title":"y"}}`), over)
	for n := 1; n < len(d.text); n++ {
		if got, err := (&document{digest: "d", text: d.text[:n], over: over}).body(); err == nil {
			t.Errorf("%d bytes were read as %s", n, got)
		}
	}
}
