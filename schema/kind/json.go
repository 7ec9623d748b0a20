package kind

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"

	"github.com/tidwall/gjson"
)

var errJSON = errors.New("it is not one JSON value")

// ParseJSON reads a stored document into a tree: objects as maps, numbers as their text
// (json.Number). A node holds the documents of thousands of tenants, in which the same
// names and words come again and again; short texts are therefore shared.
func ParseJSON(text []byte) (any, error) {
	if !gjson.ValidBytes(text) {
		return nil, errJSON
	}
	return treeOf(gjson.ParseBytes(text)), nil
}

func treeOf(value gjson.Result) any {
	switch {
	case value.IsObject():
		tree := map[string]any{}
		value.ForEach(func(name, member gjson.Result) bool {
			tree[words.shared(name.String())] = treeOf(member)
			return true
		})
		return tree
	case value.IsArray():
		list := []any{}
		value.ForEach(func(_, element gjson.Result) bool {
			list = append(list, treeOf(element))
			return true
		})
		return list
	}
	switch value.Type {
	case gjson.String:
		return words.shared(value.String())
	case gjson.Number:
		return json.Number(words.shared(value.Raw))
	case gjson.True, gjson.False:
		return value.Bool()
	}
	return nil
}

// wordlist keeps one of each short text.
type wordlist struct {
	mu    sync.RWMutex
	known map[string]string
}

// Bounds of the texts that are shared: bytes of one, and how many before the list begins anew.
const (
	maxWord  = 48
	maxWords = 1 << 15
)

var words = wordlist{known: map[string]string{}}

// shared is the text itself, which holds nothing else in memory.
func (w *wordlist) shared(text string) string {
	if len(text) > maxWord {
		return strings.Clone(text)
	}
	w.mu.RLock()
	known, ok := w.known[text]
	w.mu.RUnlock()
	if ok {
		return known
	}
	text = strings.Clone(text)
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.known) >= maxWords {
		w.known = map[string]string{}
	}
	w.known[text] = text
	return text
}
