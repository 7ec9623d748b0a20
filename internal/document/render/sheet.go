package render

// A page is first composed as a list of marks and only then written: the total
// number of pages and the characters used must be known before the first byte.

// text is one run of characters from (x, y), y being the baseline. With turn it
// is rotated by angle degrees, counter-clockwise, around its own start. Silent
// text is seen but not read: seals and watermarks must not mix with the words
// that people search, copy or have read to them.
type text struct {
	x, y, size, spacing float64
	s                   string
	ink                 colour
	silent              bool
	turn                bool
	angle               float64
}

// rule is a straight line.
type rule struct{ x1, y1, x2, y2, width float64 }

// box is a filled rectangle.
type box struct {
	x, y, w, h float64
	ink        colour
}

// shape is a filled polygon.
type shape struct {
	points [][2]float64
	ink    colour
}

// ring is a circle's line.
type ring struct {
	x, y, radius, width float64
	ink                 colour
}

// picture is an image file drawn into a rectangle.
type picture struct {
	x, y, w, h float64
	data       []byte
}

// sheet is one page: under is painted first (watermark, fills, seal), over on top (text, rules).
type sheet struct{ under, over []any }

// maxPages bounds a document: a list of a million rows is a mistake or an attack.
const maxPages = 500
