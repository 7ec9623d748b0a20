package kind

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

// FuzzParseJSON holds the reading of stored documents to encoding/json. What is no
// UTF-8, or leaves half of a pair of surrogates, is stored by nobody.
func FuzzParseJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,2.50,-3e7,true,null,"\u4e2d\n"],"b":{"c":{}}}`, `"x"`, ` [ ] `, `{"a":1,"a":2}`, `{"a":1} 2`, `{"a"}`, `01`, `"` + "\t" + `"`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := ParseJSON(text)
		if (err == nil) != json.Valid(text) {
			t.Fatalf("%q: %v", text, err)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var want any
		if err != nil || decoder.Decode(&want) != nil || !utf8.Valid(text) || strings.ContainsRune(string(Canonical(want)), utf8.RuneError) {
			return
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q was read as %#v, want %#v", text, got, want)
		}
	})
}

// Short texts are shared by all who read at once, however many there are.
func TestWordsAreShared(t *testing.T) {
	w := wordlist{known: map[string]string{}}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for i := range maxWords + maxWords/2 {
				if text := strconv.Itoa(i); w.shared(text) != text {
					t.Errorf("%q came back otherwise", text)
				}
			}
		})
	}
	group.Wait()
	if len(w.known) > maxWords {
		t.Errorf("%d words are kept", len(w.known))
	}
}
