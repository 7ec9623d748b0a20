// Package layout is the declarative page of a DocumentTemplate or LicenceType
// (R-DOC-01, R-DOC-05): an ordered list of blocks whose texts hold placeholders
// such as `{{case.accepted_on|date}}`. It decodes and checks layouts (publish
// check V-37) and fills them with the values of a document record; how the
// result is drawn is the business of package render.
//
// A layout as its author writes it:
//
//	blocks:
//	  - title: 补正材料一次性告知书
//	  - heading: 一、需要补正的材料
//	  - paragraph: "{{applicant.name}}："
//	  - paragraph: {text: "请于{{correction.due_on|date}}前补正下列材料：", when: correction.items}
//	  - table:
//	      over: correction.items
//	      columns:
//	        - {title: 序号, text: "{{#}}", width: 1, align: center}
//	        - {title: 材料名称, text: "{{.title}}", width: 5}
//	        - {title: 补正原因, text: "{{.reason}}", width: 6}
//	  - seal
//	  - qr: {caption: 扫码核验文书真伪}
//	  - footer: 咨询电话：0738-6821234
//
// Inside a table `{{#}}` is the row's number from 1, `{{.}}` the row itself and
// `{{.name}}` a field of it; every other placeholder is a path from the document
// roots. Filters: `date` (2026年3月5日), `money` (integer fen to 1,234.50元),
// `list` (items joined in Chinese).
package layout

// Align places text within its column or line.
type Align string

// The alignments; a paragraph without one is justified, a cell is left-aligned.
const (
	Left   Align = "left"
	Center Align = "center"
	Right  Align = "right"
)

// Layout is a decoded page: blocks from top to bottom. Dense sets it in small type
// with narrow leading: for what is looked up rather than read and served, such as a
// guide of many tables.
type Layout struct {
	Blocks []Block `json:"blocks"`
	Dense  bool    `json:"dense,omitempty"`
}

// Block is one part of the page; exactly one of its pointers is set.
type Block struct {
	Title     *Title     `json:"title,omitempty"`
	Heading   *Heading   `json:"heading,omitempty"`
	Paragraph *Paragraph `json:"paragraph,omitempty"`
	Table     *Table     `json:"table,omitempty"`
	Seal      *Seal      `json:"seal,omitempty"`
	QR        *QR        `json:"qr,omitempty"`
	Footer    *Footer    `json:"footer,omitempty"`

	// When is a path: the block is left out when nothing, or an empty list, is there.
	When string `json:"when,omitempty"`
}

// Title is the document's name, centred; the document number follows it.
type Title struct {
	Text Text `json:"text"`
}

// Heading begins a part of a longer document; it stays on the page of what follows.
type Heading struct {
	Text Text `json:"text"`
}

// Paragraph is running text. Indent moves its first line in by two characters;
// it is the default unless the text is aligned or only addresses someone (one phrase and a colon).
type Paragraph struct {
	Text   Text  `json:"text"`
	Align  Align `json:"align,omitempty"`
	Indent *bool `json:"indent,omitempty"`
}

// Indented reports whether the first line is moved in.
func (p Paragraph) Indented() bool {
	if p.Indent != nil {
		return *p.Indent
	}
	return p.Align == "" && !p.Text.addresses()
}

// Table draws one row for each element of the list at the path Over.
type Table struct {
	Over    string   `json:"over"`
	Columns []Column `json:"columns"`
}

// Column is one column of a table. Width is its share of the table's width (default 1).
type Column struct {
	Title string `json:"title"`
	Text  Text   `json:"text"`
	Width int    `json:"width,omitempty"`
	Align Align  `json:"align,omitempty"`
}

// Share is the column's part of the width, at least 1.
func (c Column) Share() int { return max(1, c.Width) }

// Seal is the signature: the organisation's name, the date and its seal over
// both (行政许可法 art. 32: the agency's special seal and the date).
type Seal struct {
	// Name replaces the organisation's name when it is set.
	Name Text `json:"name,omitzero"`
}

// QR is the verification code with a caption under it (R-DOC-04).
type QR struct {
	Caption Text `json:"caption,omitzero"`
}

// Footer is a line at the foot of every page, left of the page number.
type Footer struct {
	Text Text `json:"text"`
}
