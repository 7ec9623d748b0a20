package graph_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"
)

// R-CAT-10: an author uploads a sample, two people publish the change that names it,
// and anybody downloads it without signing in; so does a blank that came with the pack.
func TestSamplesAndBlanksArePublic(t *testing.T) {
	w := open(t)
	content := []byte("%PDF-1.4\n% how to fill it in\n%%EOF\n")
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	announced := map[string]any{"sha256": digest, "size": len(content), "mime": "application/pdf"}
	const asking = `mutation($input: RequestAssetInput!) { requestAsset(input: $input) { url method headers file { id status } } }`
	if a := w.ask("shenhe", asking, input(announced)); a.code() != "FORBIDDEN" {
		t.Errorf("a reviewer uploads: %+v", a.Errors)
	}
	asked := w.do("bianzhi", asking, input(announced), "Idempotency-Key", "sample-1")
	again := w.do("bianzhi", asking, input(announced), "Idempotency-Key", "sample-1")
	file := asked.text("requestAsset", "file", "id")
	if file == "" || again.text("requestAsset", "file", "id") != file {
		t.Fatalf("%v, %v", asked.Data, again.Data)
	}
	w.send(asked, "requestAsset", content)
	const completing = `mutation($input: CompleteUploadInput!) { completeUpload(input: $input) { file { status sha256 mime url } } }`
	if a := w.do("bianzhi", completing, input(map[string]any{"file": file})); a.text("completeUpload", "file", "status") != "stored" || a.text("completeUpload", "file", "mime") != "application/pdf" {
		t.Fatalf("%v", a.Data)
	}

	patch := "apiVersion: zhengtong/v1\nkind: Material\nmetadata: {tenant: \"431321\", name: safety-rules, extends: {tenant: \"430000\", name: safety-rules}}\nspec: {sample: \"asset:samples/rules.pdf\"}\n"
	files := []any{map[string]any{"path": "m.yaml", "content": patch}, map[string]any{"path": "samples/rules.pdf", "asset": digest}}
	both := []any{map[string]any{"path": "m.yaml", "content": patch, "asset": digest}}
	const checking = `query($files: [FileInput!]!) { validateResources(files: $files) { ok problems { path code } } }`
	if a := w.ask("bianzhi", checking, map[string]any{"files": both}); a.code() != "VALIDATION" {
		t.Errorf("both a text and an asset: %+v", a)
	}
	if a := w.do("bianzhi", checking, map[string]any{"files": files}); a.at("validateResources", "ok") != true {
		t.Errorf("%v", a.Data)
	}
	submitted := w.do("bianzhi", `mutation($input: SubmitChangeInput!) { submitChange(input: $input) { change { id } } }`, input(map[string]any{"files": files, "message": "样表"}))
	change := input(map[string]any{"change": submitted.text("submitChange", "change", "id")})
	w.do("shenhe", `mutation($input: ApproveChangeInput!) { approveChange(input: $input) { change { id } } }`, change)
	w.do("shenhe", `mutation($input: PublishChangeInput!) { publishChange(input: $input) { change { id } } }`, change)

	guide := w.do("", `{ matter(name: "food-business-licence") { materials { ref sampleUrl blankUrl } } }`, nil, "X-Tenant", county)
	seen := map[string]map[string]any{}
	for _, m := range guide.at("matter", "materials").([]any) {
		seen[m.(map[string]any)["ref"].(string)] = m.(map[string]any)
	}
	if got, name := w.download(seen["safety-rules"]["sampleUrl"]); !bytes.Equal(got, content) || !strings.Contains(name, "rules.pdf") {
		t.Errorf("the sample: %q as %q", got, name)
	}
	if seen["safety-rules"]["blankUrl"] != nil {
		t.Errorf("there is no blank: %v", seen["safety-rules"])
	}
	if got, name := w.download(seen["food-application-form"]["blankUrl"]); len(got) < 1000 || !strings.Contains(name, "food-form.docx") {
		t.Errorf("the blank of the pack: %d bytes as %q", len(got), name)
	}
	named := w.do("bianzhi", `{ resource(kind: "Material", name: "safety-rules") { assets { name sha256 url } } }`, nil)
	if named.text("resource", "assets", 0, "sha256") != digest || named.text("resource", "assets", 0, "name") != "samples/rules.pdf" {
		t.Errorf("%v", named.Data)
	}
}

// send puts bytes where an upload was permitted, as a browser does.
func (w *town) send(permit answer, field string, content []byte) {
	w.Helper()
	req, err := http.NewRequestWithContext(w.Context(), permit.text(field, "method"), w.server.URL+permit.text(field, "url"), bytes.NewReader(content))
	w.must(err)
	headers, _ := permit.at(field, "headers").(map[string]any)
	for name, value := range headers {
		req.Header.Set(name, value.(string))
	}
	res, err := http.DefaultClient.Do(req)
	w.must(err)
	w.must(res.Body.Close())
	if res.StatusCode != http.StatusOK {
		w.Fatalf("the bytes were refused: %s", res.Status)
	}
}

// download reads a link as anybody may, and the name under which browsers save it.
func (w *town) download(link any) ([]byte, string) {
	w.Helper()
	url, _ := link.(string)
	if url == "" {
		w.Fatal("no link")
	}
	res, err := http.Get(w.server.URL + url)
	w.must(err)
	defer res.Body.Close()
	got, err := io.ReadAll(res.Body)
	w.must(err)
	if res.StatusCode != http.StatusOK {
		w.Fatalf("%s: %s", url, res.Status)
	}
	return got, res.Header.Get("Content-Disposition")
}
