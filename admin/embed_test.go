package admin

import (
	"bytes"
	"io/fs"
	"testing"
)

// A clean clone compiles and serves a page before npm has run (docs/architecture.md); a built
// one has both faces, with a place for the nonce.
func TestFiles(t *testing.T) {
	files, built, err := Files()
	if err != nil {
		t.Fatal(err)
	}
	hall, err := fs.ReadFile(files, HallPage)
	if err != nil {
		t.Fatal(err)
	}
	if !built {
		if !bytes.Contains(hall, []byte("make build")) {
			t.Error("the page for an unbuilt web does not say how to build")
		}
		return
	}
	desk, err := fs.ReadFile(files, DeskPage)
	if err != nil {
		t.Fatal(err)
	}
	for name, page := range map[string][]byte{HallPage: hall, DeskPage: desk} {
		if !bytes.Contains(page, []byte(Nonce)) {
			t.Errorf("%s has no place for the nonce", name)
		}
	}
}
