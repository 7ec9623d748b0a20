package render

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"unicode/utf16"
)

// gopdf v0.33 leaves four things that ISO 32000-1 wants otherwise; finish sets
// them right, on the objects as gopdf wrote them:
//
//   - characters beyond U+FFFF stand in the ToUnicode map as five hexadecimal
//     digits instead of UTF-16 pairs (§9.10.3), so that 𠮷 would be copied as ₻;
//   - the document information is a direct object of the trailer (§7.5.5);
//   - the file has no identifier (§14.4): here it is a hash of the content;
//   - the language is not named (§14.9.2), without which readers aloud guess.
func finish(file []byte) ([]byte, error) {
	objects, info, err := split(file)
	if err != nil {
		return nil, err
	}
	for i, object := range objects {
		if bytes.Contains(object, []byte("begincmap")) {
			objects[i] = toUnicode(object)
		}
	}
	catalog := bytes.TrimSuffix(bytes.TrimSpace(objects[0]), []byte(">>"))
	objects[0] = append(bytes.Clone(catalog), "/Lang (zh-CN)\n/ViewerPreferences <</DisplayDocTitle true>>\n>>\n"...)
	return join(append(objects, info)), nil
}

var errShape = errors.New("gopdf wrote a file of unexpected shape")

var startXref = regexp.MustCompile(`startxref\n(\d+)\n%%EOF\s*$`)

// split returns the bodies of objects 1 … n and the information dictionary.
func split(file []byte) (objects [][]byte, info []byte, err error) {
	found := startXref.FindSubmatch(file)
	if found == nil {
		return nil, nil, errShape
	}
	at, err := strconv.Atoi(string(found[1]))
	if err != nil || at > len(file) {
		return nil, nil, errShape
	}
	table := bytes.Split(file[at:], []byte("\n"))
	var offsets []int
	for _, entry := range table {
		if bytes.HasSuffix(entry, []byte(" 00000 n ")) {
			offset, err := strconv.Atoi(string(entry[:10]))
			if err != nil {
				return nil, nil, errShape
			}
			offsets = append(offsets, offset)
		}
	}
	offsets = append(offsets, at)
	for i := range offsets[1:] {
		body, ok := bytes.CutPrefix(file[offsets[i]:offsets[i+1]], fmt.Appendf(nil, "%d 0 obj\n", i+1))
		if !ok {
			return nil, nil, errShape
		}
		objects = append(objects, bytes.TrimSuffix(body, []byte("endobj\n\n")))
	}
	_, rest, ok := bytes.Cut(file[at:], []byte("/Info "))
	end := bytes.LastIndex(rest, []byte(" >>\n>>"))
	if !ok || end < 0 || len(objects) == 0 {
		return nil, nil, errShape
	}
	return objects, append(bytes.Clone(rest[:end]), " >>\n"...), nil
}

var mapping = regexp.MustCompile(`<([0-9A-F]{4})><[0-9A-F]{4}><([0-9A-F]{4,6})>`)

// pair maps a glyph, as gopdf wrote it, to its character.
type pair struct {
	glyph []byte
	char  rune
}

// spoken reads gopdf's map without the characters of silent text.
func spoken(object []byte) []pair {
	var out []pair
	for _, m := range mapping.FindAllSubmatch(object, -1) {
		char, err := strconv.ParseInt(string(m[2]), 16, 32)
		if err == nil && char < silentPlane {
			out = append(out, pair{glyph: m[1], char: rune(char)})
		}
	}
	return out
}

// toUnicode writes the map from glyphs to characters anew: UTF-16, in blocks of
// at most a hundred, as CMaps require.
func toUnicode(object []byte) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n" +
		"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n" +
		"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n" +
		"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n")
	pairs := spoken(object)
	for len(pairs) > 0 {
		n := min(100, len(pairs))
		fmt.Fprintf(&b, "%d beginbfchar\n", n)
		for _, p := range pairs[:n] {
			fmt.Fprintf(&b, "<%s> <", p.glyph)
			for _, unit := range utf16.AppendRune(nil, p.char) {
				fmt.Fprintf(&b, "%04X", unit)
			}
			b.WriteString(">\n")
		}
		b.WriteString("endbfchar\n")
		pairs = pairs[n:]
	}
	b.WriteString("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n")
	return fmt.Appendf(nil, "<</Length %d>>\nstream\n%sendstream\n", b.Len(), b.Bytes())
}

// join writes the file: header, objects, cross-reference table, trailer. The
// last object is the document information.
func join(objects [][]byte) []byte {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n\n")
	offsets := make([]int, len(objects))
	for i, object := range objects {
		offsets[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%sendobj\n\n", i+1, object)
	}
	id := sha256.Sum256(b.Bytes())
	xref := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(objects)+1)
	for _, offset := range offsets {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<<\n/Size %d\n/Root 1 0 R\n/Info %d 0 R\n/ID [<%X> <%X>]\n>>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, len(objects), id[:16], id[:16], xref)
	return b.Bytes()
}
