package render

// All lengths are in points (1/72 inch), measured from the page's top left corner.
const mm = 72 / 25.4

// A4 and the type area's sides of GB/T 9704-2012 §5.2: left margin 28 mm, 156 mm wide.
const (
	pageWidth  = 210 * mm
	pageHeight = 297 * mm
	left       = 28 * mm
	width      = 156 * mm
	right      = left + width
)

// Sizes that every style shares. The title is size 2 (22 pt).
const (
	titleSize   = 22
	titleLead   = 34
	numberSize  = 14
	cellPadding = 4
	noteSize    = 9
)

// style is the height of the type area and the sizes in it.
type style struct {
	top, bottom       float64
	size, leading     float64 // running text
	cell, cellLeading float64 // tables
}

// standard is GB/T 9704 §5.2: top margin 37 mm, 225 mm high, 22 lines of 28 characters of size 3 (16 pt).
func standard() style {
	return style{top: 37 * mm, bottom: 262 * mm, size: width / 28, leading: 225 * mm / 22, cell: 12, cellLeading: 17}
}

// compact is for a document that would otherwise run a few lines onto a second
// page: 32 characters of size 4 (14 pt) and a higher type area. A notice that
// fits on one sheet is served and filed as one.
func compact() style {
	return style{top: 30 * mm, bottom: 266 * mm, size: width / 32, leading: 23.5, cell: 11, cellLeading: 15}
}

// dense is for what is looked up: 42 characters of 10.5 pt (size 5) in a line, tables hardly smaller.
func dense() style {
	return style{top: 25 * mm, bottom: 268 * mm, size: width / 42, leading: 18, cell: 9.5, cellLeading: 13.5}
}

// Measures of the closing band: signature, seal, code.
const (
	sealDiameter = 42 * mm // 国发〔1999〕25号: seals of county organs are 4.2 cm across
	codeSide     = 28 * mm
	codeColumn   = codeSide + 8*mm // room the code takes from the signature beside it
	signLines    = 1.4             // lines left blank above the signature
)

const footerY = pageHeight - 22*mm

// colour is red, green, blue.
type colour struct{ r, g, b uint8 }

var (
	black = colour{}
	red   = colour{214, 0, 15}
	grey  = colour{225, 225, 225}
	shade = colour{242, 242, 242}
)
