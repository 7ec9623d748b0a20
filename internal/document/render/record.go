// Package render draws a document record as a PDF page (R-DOC-01, R-DOC-04): A4
// with the margins and type sizes of GB/T 9704, Chinese line breaking, the
// organisation's seal over name and date, and a verification code. It is a pure
// function: the same record, layout and assets give the same bytes, on any
// machine and at any time (invariant I7), so a lost file can be made again and
// proved equal to the one that was issued.
package render

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"zhengtong/internal/audit/canonical"
	"zhengtong/internal/deadline"
	"zhengtong/internal/document/font"
)

// Record is what was issued: a row of issued_document. Values hold the document
// roots of domain §3.2.2 as JSON decodes them (objects, lists, texts, numbers).
type Record struct {
	Number         string // series number, printed under the title
	Title          string // the PDF's title and the page's, when the layout has none
	TemplateDigest string
	Values         map[string]any
	ContentDigest  string // of ContentDigest; printed nowhere, kept in the file's properties
	IssuedOn       deadline.Date
}

// Assets are what a page needs besides its record: everything that would change
// the bytes and is not in the record. Fonts is required, and so is VerifyURL
// when the layout has a code; the rest may be empty.
type Assets struct {
	Fonts        *font.Set
	Organisation string         // issuing organisation, above the title and in the signature
	Seal         Seal           // drawn by the layout's seal block
	VerifyURL    string         // content of the code
	Copy         string         // such as 存档联, printed at the head of the page
	Watermark    string         // pale text across each page: previews (R-DOC-05), borrowed copies (R-ARC-06)
	Zone         *time.Location // for instants; nil means China Standard Time
}

// Seal is the impression. Image (PNG or JPEG, square) is used when there is one;
// otherwise a round seal is drawn: Name along the arc, a star, Line (such as
// 行政许可专用章) below it. With neither name nor image no seal is drawn.
type Seal struct {
	Name  string
	Line  string
	Image []byte
}

// Result tells what drawing found.
type Result struct {
	Pages   int
	Missing []string // characters no font has, as U+20BB7, drawn as boxes; sorted
	Absent  []string // placeholders without a value, drawn as a rule; sorted
	Digest  string   // SHA-256 of the file, hexadecimal
}

// ContentDigest is the fingerprint of what a document says: SHA-256 over the
// canonical JSON of template digest and values, hexadecimal. The number stays
// out, so that the digest is known before the number is taken (R-DOC-07).
func ContentDigest(templateDigest string, values map[string]any) (string, error) {
	data, err := canonical.Marshal(map[string]any{"template": templateDigest, "values": values})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}
