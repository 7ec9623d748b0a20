package layout

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"pgregory.net/rapid"
)

func decodeFile(t *testing.T, name string) Layout {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	l, problems := Decode(data)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return l
}

// R-DOC-05: a layout names the data it shows, and only declared data.
func TestPlaceholdersAndCheck(t *testing.T) {
	l := decodeFile(t, "testdata/correction.yaml")
	want := []string{"applicant.name", "case.no", "correction.due_on", "correction.items"}
	if got := Placeholders(l); !reflect.DeepEqual(got, want) {
		t.Errorf("placeholders %q, want %q", got, want)
	}
	if got := Check(l, want); len(got) > 0 {
		t.Errorf("unexpected problems:\n%s", got)
	}
	got := Check(l, []string{"applicant.name", "correction.items", "case.secret"}).String()
	for _, part := range []string{
		"$.blocks[2].paragraph: 占位符 correction.due_on 不在模板的 fields 中 [V-37]",
		"$.blocks[6].footer: 占位符 case.no 不在模板的 fields 中 [V-37]",
		"fields: case.secret 不是文书可用的数据项 [V-37]",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("missing %q in\n%s", part, got)
		}
	}
}

func TestCheckRefusesWhatCannotBeDrawn(t *testing.T) {
	l, problems := Decode([]byte("blocks:\n- paragraph: '{{.title}}'\n- seal\n- seal\n- title: a\n- title: b"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	got := Check(l, nil).String()
	for _, part := range []string{"{{.title}} 只能用在表格的列中", "$.blocks[2].seal: 一份文书只能有一个 seal", "$.blocks[4].title: 一份文书只能有一个 title"} {
		if !strings.Contains(got, part) {
			t.Errorf("missing %q in\n%s", part, got)
		}
	}
}

// Every root of domain §3.2.2 is known, and nothing else.
func TestKnownRoots(t *testing.T) {
	for path, want := range map[string]bool{
		"case.no": true, "correction.items": true, "materials": true, "input.reason": true, "facts.police_consent": true,
		"form.applicant_name": true, "remedies": true, "correction.items.title": true,
		"case": false, "case.actor": false, "licence": false, "session.token": false, "": false,
	} {
		if got := KnownRoot(path); got != want {
			t.Errorf("KnownRoot(%q) = %v, want %v", path, got, want)
		}
	}
}

func TestDecodeRefusals(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/broken.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(archive.Files); i += 2 {
		file, want := archive.Files[i], strings.TrimSpace(string(archive.Files[i+1].Data))
		t.Run(file.Name, func(t *testing.T) {
			_, problems := Decode(file.Data)
			var got []string
			for _, p := range problems {
				position := ""
				if p.Line > 0 {
					position = fmt.Sprintf("%d:%d ", p.Line, p.Column)
				}
				got = append(got, position+p.String())
			}
			if text := strings.Join(got, "\n"); text != want {
				t.Errorf("got\n%s\nwant\n%s", text, want)
			}
		})
	}
}

func TestFill(t *testing.T) {
	var data map[string]any
	decoder := json.NewDecoder(strings.NewReader(`{
		"case": {"no": "A1", "received_at": "2026-03-05T01:30:00.000000Z", "accepted_on": "2026-03-05"},
		"bill.total": 123450, "bill": {"no": "B1", "small": 7, "minus": -100000},
		"materials": [{"title": "申请书"}, {"title": "平面图", "reason": "缺签名"}],
		"members": ["甲", "乙"], "input": {"empty": [], "ok": true}, "remedies": {"a": "复议", "b": "诉讼"}}`))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"编号{{case.no}}号":                "编号A1号",
		"{{case.accepted_on|date}}":     "2026年3月5日",
		"{{ case.received_at | date }}": "2026年3月5日",
		"{{case.received_at}}":          "2026年3月5日 09:30",
		"{{bill.total|money}}":          "1,234.50元",
		"{{bill.small|money}}":          "0.07元",
		"{{bill.minus|money}}":          "-1,000.00元",
		"{{bill.no|money}}":             "B1",
		"{{materials|list}}":            "申请书；平面图（缺签名）",
		"{{members|list}}":              "甲、乙",
		"{{remedies}}":                  "复议，诉讼",
		"{{input.ok}}":                  "是",
		"{{input.empty|list}}":          Blank,
		"{{case.none}}":                 Blank,
		"{{case.no.deeper}}":            Blank,
		"{{.title}}":                    Blank,
	} {
		parsed, err := ParseText(text)
		if err != nil {
			t.Fatal(err)
		}
		var absent []string
		got := Values{Data: data, Absent: func(path string) { absent = append(absent, path) }}.Fill(parsed, nil)
		if got != want || (want == Blank) != (len(absent) == 1) {
			t.Errorf("%s gives %q (absent %q), want %q", text, got, absent, want)
		}
	}
	row, err := ParseText("{{#}} {{.title}} {{case.no}}")
	if err != nil {
		t.Fatal(err)
	}
	if got := (Values{Data: data}).Fill(row, &Row{Number: 2, Item: map[string]any{"title": "图"}}); got != "2 图 A1" {
		t.Errorf("row gives %q", got)
	}
}

// Law: text without braces passes unchanged, and parsing keeps the author's source.
func TestLiteralTextIsKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		source := rapid.StringMatching(`[^{}]{0,40}`).Draw(t, "text")
		parsed, err := ParseText(source)
		if err != nil || parsed.String() != source || (Values{}).Fill(parsed, nil) != source {
			t.Fatalf("%q came back as %q (%v)", source, Values{}.Fill(parsed, nil), err)
		}
	})
}

// Whatever a tenant uploads, decoding answers with problems and never fails otherwise.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("blocks: [{title: a}, seal, {qr: true}]"))
	f.Add([]byte("blocks: [{table: {over: materials, columns: [{title: a, text: '{{#}}'}]}}]"))
	f.Add([]byte("a: &a [*a, *a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if l, problems := Decode(data); !problems.HasErrors() {
			Check(l, Placeholders(l))
		}
	})
}
