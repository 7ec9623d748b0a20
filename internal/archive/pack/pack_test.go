package pack

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhengtong/internal/audit/chain"
)

func source(path string, role Role, content string) Source {
	return Source{Path: path, Role: role, MIME: "application/octet-stream", Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content)), nil
	}}
}

// events is a chain of three events of case-1, the second with a withheld field.
func events(t testing.TB) (string, chain.Link) {
	t.Helper()
	link, err := chain.Genesis(chain.SHA256, "431321", "case-1")
	if err != nil {
		t.Fatal(err)
	}
	salts := rand.New(rand.NewSource(1))
	at := time.Date(2026, 3, 5, 1, 30, 0, 0, time.UTC)
	var list []chain.Event
	for i, kind := range []string{"case.submitted", "case.accepted", "case.decided"} {
		e, err := chain.Append(chain.SHA256, link, chain.Draft{Type: kind, Actor: "staff:1", At: at.Add(time.Duration(i) * time.Hour),
			Payload: map[string]any{"step": i, "name": "张三"}}, salts)
		if err != nil {
			t.Fatal(err)
		}
		list, link = append(list, e), e.Link()
	}
	if list[1], err = list[1].Redact("name"); err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := chain.Write(&b, list); err != nil {
		t.Fatal(err)
	}
	return b.String(), link
}

func header() Header {
	return Header{
		Tenant: "431321", Case: "431321-20260305-000123", Matter: "food-business-licence", Algorithm: "sha256", PackedOn: "2026-03-30",
		Retention: Retention{Class: "arc-licence-30y", Years: 30, Until: "2056-12-31"},
		Chain:     Chain{Algorithm: chain.SHA256, Subject: "case-1"},
	}
}

func sources(t testing.TB) []Source {
	lines, _ := events(t)
	return []Source{
		source("materials/营业执照.pdf", RoleMaterial, "%PDF-1.7 material"),
		source("form.json", RoleForm, `{"name":"张三"}`),
		source("events.jsonl", RoleEvents, lines),
		source("documents/acceptance.pdf", RoleDocument, strings.Repeat("notice", 1000)),
		source("clock-log.json", RoleClockLog, "[]"),
		source("empty.txt", RoleOpinion, ""),
	}
}

func write(t testing.TB, h Header, list []Source) ([]byte, Manifest) {
	t.Helper()
	var b bytes.Buffer
	m, err := Write(t.Context(), &b, h, list)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), m
}

func verify(t interface{ Fatal(...any) }, file []byte) Report {
	report, err := Verify(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// R-ARC-07: a package verifies with nothing but itself, by either hash.
func TestPackageVerifies(t *testing.T) {
	_, head := events(t)
	for _, algorithm := range []string{"sha256", "sm3"} {
		h := header()
		h.Algorithm = algorithm
		file, m := write(t, h, sources(t))
		report := verify(t, file)
		if !report.Intact() || report.Items != 6 || report.Events != 3 || report.Manifest.Root != m.Root || len(m.Root) != 64 {
			t.Errorf("%s: %+v", algorithm, report)
		}
		if m.Chain.Head != head.Hash || m.Chain.Events != 3 {
			t.Errorf("%s: chain %+v, want head %s", algorithm, m.Chain, head.Hash)
		}
	}
}

func TestSameItemsSameBytes(t *testing.T) {
	list := sources(t)
	first, _ := write(t, header(), list)
	rand.New(rand.NewSource(7)).Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	second, _ := write(t, header(), list)
	if !bytes.Equal(first, second) {
		t.Error("another order of sources gave another package")
	}
	archive, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range archive.File {
		if i > 0 && i < len(archive.File)-1 && f.Name <= archive.File[i-1].Name {
			t.Errorf("%s comes after %s", f.Name, archive.File[i-1].Name)
		}
	}
	if last := archive.File[len(archive.File)-1].Name; last != ManifestName {
		t.Errorf("the last file is %s", last)
	}
}

// Law: after any one-byte change the package cannot be read, or says what is
// wrong, or (a byte of the ZIP's own book-keeping) still has every item as it was.
func TestAnyChangedByteIsFoundOrHarmless(t *testing.T) {
	file, m := write(t, header(), sources(t))
	rapid.Check(t, func(t *rapid.T) {
		altered := bytes.Clone(file)
		i := rapid.IntRange(0, len(file)-1).Draw(t, "byte")
		altered[i] ^= byte(rapid.IntRange(1, 255).Draw(t, "flip"))
		report, err := Verify(bytes.NewReader(altered), int64(len(altered)))
		if err == nil && report.Intact() && (report.Manifest.Root != m.Root || report.Items != len(m.Items)) {
			t.Fatalf("byte %d may be changed: %+v", i, report)
		}
	})
}

// rebuild writes a ZIP of its own with changed contents; nil drops a file.
func rebuild(t *testing.T, file []byte, change map[string][]byte, method uint16) []byte {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := zip.NewWriter(&b)
	put := func(name string, data []byte) {
		w, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range archive.File {
		data, err := content(f, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if altered, ok := change[f.Name]; ok {
			data = altered
			delete(change, f.Name)
		}
		if data != nil {
			put(f.Name, data)
		}
	}
	for name, data := range change {
		put(name, data)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A forger with a ZIP tool is found out, whatever the means.
func TestTamperedPackages(t *testing.T) {
	file, m := write(t, header(), sources(t))
	lines, _ := events(t)
	cut := lines[:strings.LastIndex(strings.TrimSpace(lines), "\n")+1]
	manifest := func(old, replacement string) []byte {
		archive, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		data, err := content(archive.File[len(archive.File)-1], 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		changed := bytes.Replace(data, []byte(old), []byte(replacement), 1)
		if bytes.Equal(changed, data) {
			t.Fatalf("the manifest has no %q: %s", old, data)
		}
		return changed
	}
	for name, c := range map[string]struct {
		change map[string][]byte
		want   string
	}{
		"content":           {map[string][]byte{"form.json": []byte(`{"name":"李四"}`)}, "form.json: 文件内容与清单不符 [package_altered]"},
		"dropped":           {map[string][]byte{"form.json": nil}, "form.json: 清单所列文件不在包内 [package_missing]"},
		"added":             {map[string][]byte{"extra.txt": []byte("x")}, "extra.txt: 包内文件未列入清单 [package_extra]"},
		"no manifest":       {map[string][]byte{ManifestName: nil}, "manifest.json: 缺少清单 [package_manifest]"},
		"manifest no JSON":  {map[string][]byte{ManifestName: []byte("{")}, "[package_manifest]"},
		"another case":      {map[string][]byte{ManifestName: manifest("000123", "000124")}, "清单与其根哈希不符 [package_manifest]"},
		"shorter retention": {map[string][]byte{ManifestName: manifest(`"years":30`, `"years":3`)}, "清单与其根哈希不符 [package_manifest]"},
		"item renamed role": {map[string][]byte{ManifestName: manifest(`"role":"form"`, `"role":"rating"`)}, "清单与其根哈希不符 [package_manifest]"},
		"white space":       {map[string][]byte{ManifestName: manifest(`{"algorithm"`, `{ "algorithm"`)}, "清单不是规范形式 [package_manifest]"},
		"escaping path":     {map[string][]byte{ManifestName: manifest(`"path":"form.json"`, `"path":"../form.json"`)}, "[package_manifest]"},
		"events cut":        {map[string][]byte{"events.jsonl": []byte(cut)}, "events.jsonl: 事件链终点与清单不符 [package_chain]"},
		"event altered":     {map[string][]byte{"events.jsonl": []byte(strings.Replace(lines, "staff:1", "staff:2", 1))}, "events.jsonl: 事件链在第 1 个事件处中断"},
	} {
		report := verify(t, rebuild(t, file, c.change, zip.Store))
		if report.Intact() || !strings.Contains(report.Problems.String(), c.want) {
			t.Errorf("%s: %q, want %q", name, report.Problems.String(), c.want)
		}
	}
	if report := verify(t, rebuild(t, file, nil, zip.Deflate)); report.Intact() {
		t.Error("a compressed package was accepted")
	}
	if report := verify(t, rebuild(t, file, nil, zip.Store)); !report.Intact() || report.Manifest.Root != m.Root {
		t.Errorf("a faithful copy is not intact: %s", report.Problems)
	}
}

func TestWriteRefuses(t *testing.T) {
	lines, _ := events(t)
	chainItem := source("events.jsonl", RoleEvents, lines)
	failing := Source{Path: "a", Role: RoleForm, Open: func(context.Context) (io.ReadCloser, error) { return nil, errors.New("gone") }}
	for name, c := range map[string]struct {
		change  func(*Header)
		sources []Source
	}{
		"no events":        {nil, []Source{source("a", RoleForm, "")}},
		"two chains":       {nil, []Source{chainItem, source("b.jsonl", RoleEvents, lines)}},
		"empty chain":      {nil, []Source{source("events.jsonl", RoleEvents, "")}},
		"repeated path":    {nil, []Source{chainItem, source("a", RoleForm, ""), source("a", RoleForm, "")}},
		"escaping path":    {nil, []Source{chainItem, source("../a", RoleForm, "")}},
		"absolute path":    {nil, []Source{chainItem, source("/a", RoleForm, "")}},
		"drive":            {nil, []Source{chainItem, source(`C:\a`, RoleForm, "")}},
		"manifest's name":  {nil, []Source{chainItem, source(ManifestName, RoleForm, "")}},
		"unknown role":     {nil, []Source{chainItem, source("a", "photo", "")}},
		"missing file":     {nil, []Source{chainItem, failing}},
		"broken chain":     {nil, []Source{source("events.jsonl", RoleEvents, lines[:len(lines)-10])}},
		"another's chain":  {func(h *Header) { h.Chain.Subject = "case-2" }, []Source{chainItem}},
		"chain ends early": {func(h *Header) { h.Chain.Head = strings.Repeat("0", 64) }, []Source{chainItem}},
		"unknown hash":     {func(h *Header) { h.Algorithm = "md5" }, []Source{chainItem}},
		"no case":          {func(h *Header) { h.Case = "" }, []Source{chainItem}},
		"no retention":     {func(h *Header) { h.Retention = Retention{} }, []Source{chainItem}},
		"double retention": {func(h *Header) { h.Retention.Permanent = true }, []Source{chainItem}},
	} {
		h := header()
		if c.change != nil {
			c.change(&h)
		}
		if _, err := Write(t.Context(), io.Discard, h, c.sources); err == nil {
			t.Errorf("%s: packed", name)
		}
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Write(ended, io.Discard, header(), sources(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// zeros is n bytes of nothing.
type zeros struct{ n int64 }

func (z *zeros) Read(p []byte) (int, error) {
	if z.n <= 0 {
		return 0, io.EOF
	}
	n := min(int64(len(p)), z.n)
	clear(p[:n])
	z.n -= n
	return int(n), nil
}

// Materials of hundreds of megabytes are packed in constant memory.
func TestWriteStreams(t *testing.T) {
	const size = 256 << 20
	lines, _ := events(t)
	big := Source{Path: "big.bin", Role: RoleMaterial, Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(&zeros{n: size}), nil
	}}
	var m Manifest
	bytesPer := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			var err error
			if m, err = Write(b.Context(), io.Discard, header(), []Source{big, source("events.jsonl", RoleEvents, lines)}); err != nil {
				b.Fatal(err)
			}
		}
	}).AllocedBytesPerOp()
	if m.Items[0].Size != size || bytesPer > 2<<20 {
		t.Errorf("%d bytes packed with %d allocated", m.Items[0].Size, bytesPer)
	}
}

func FuzzVerify(f *testing.F) {
	var b bytes.Buffer
	lines, _ := events(f)
	if _, err := Write(f.Context(), &b, header(), []Source{source("events.jsonl", RoleEvents, lines)}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		if report, err := Verify(bytes.NewReader(data), int64(len(data))); err == nil && report.Intact() && report.Events == 0 {
			t.Fatal("a package without events is intact")
		}
	})
}
