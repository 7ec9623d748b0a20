package font

import (
	"encoding/binary"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// point is one corner of a contour in font units (1/1000 em, y upwards).
// A point that is off the curve is the control of a quadratic Bézier.
type point struct {
	x, y int
	on   bool
}

// outline is a glyph's contours; each is closed implicitly.
type outline [][]point

// curveTolerance is how far, in font units, a quadratic piece may stray from
// the cubic it stands for: half a unit is 0.008 mm in 16-point print.
const curveTolerance = 0.5

// fromSegments turns the path of x/image (y downwards, 26.6 fixed point) into
// contours, moved by (dx, dy) font units. Cubic curves, which CFF fonts have
// and TrueType cannot hold, become as many quadratic pieces as the tolerance asks for.
func fromSegments(segments sfnt.Segments, dx, dy int) outline {
	var out outline
	var pen fixed.Point26_6
	place := func(p fixed.Point26_6, on bool) point {
		return point{x: (int(p.X)+32)>>6 + dx, y: (-int(p.Y)+32)>>6 + dy, on: on}
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			out = append(out, []point{place(s.Args[0], true)})
			pen = s.Args[0]
			continue
		case sfnt.SegmentOpLineTo:
			out.extend(place(s.Args[0], true))
			pen = s.Args[0]
		case sfnt.SegmentOpQuadTo:
			out.extend(place(s.Args[0], false), place(s.Args[1], true))
			pen = s.Args[1]
		case sfnt.SegmentOpCubeTo:
			for _, q := range quadratics(pen, s.Args[0], s.Args[1], s.Args[2]) {
				out.extend(place(q[0], false), place(q[1], true))
			}
			pen = s.Args[2]
		}
	}
	return out.closed()
}

// extend adds points to the contour begun last.
func (o outline) extend(points ...point) {
	if last := len(o) - 1; last >= 0 {
		o[last] = append(o[last], points...)
	}
}

// closed drops the repeated first point at a contour's end and contours too small to fill anything.
func (o outline) closed() outline {
	kept := o[:0]
	for _, c := range o {
		if n := len(c); n > 1 && c[0] == c[n-1] {
			c = c[:n-1]
		}
		if len(c) > 2 {
			kept = append(kept, c)
		}
	}
	return kept
}

// quadratics splits a cubic into [control, end] pairs. The distance between a
// cubic and its best single quadratic is |p3 − 3p2 + 3p1 − p0|·√3/36, and it
// falls with the cube of the number of equal pieces.
func quadratics(p0, p1, p2, p3 fixed.Point26_6) [][2]fixed.Point26_6 {
	ax, ay := cubicTerm(p0.X, p1.X, p2.X, p3.X), cubicTerm(p0.Y, p1.Y, p2.Y, p3.Y)
	off := math.Hypot(ax, ay) * math.Sqrt(3) / 36
	n := max(1, int(math.Ceil(math.Cbrt(off/curveTolerance))))
	out := make([][2]fixed.Point26_6, n)
	for i := range n {
		t0, t1 := float64(i)/float64(n), float64(i+1)/float64(n)
		cx, ex := piece(p0.X, p1.X, p2.X, p3.X, t0, t1)
		cy, ey := piece(p0.Y, p1.Y, p2.Y, p3.Y, t0, t1)
		out[i] = [2]fixed.Point26_6{{X: cx, Y: cy}, {X: ex, Y: ey}}
	}
	return out
}

// cubicTerm is the coefficient of t³ in font units.
func cubicTerm(p0, p1, p2, p3 fixed.Int26_6) float64 {
	return float64(p3-3*p2+3*p1-p0) / 64
}

// piece gives, for one axis, the control and the end of the quadratic that
// follows the cubic from t0 to t1: it meets both ends and bisects their tangents' controls.
func piece(p0, p1, p2, p3 fixed.Int26_6, t0, t1 float64) (control, end fixed.Int26_6) {
	a, b, c, d := float64(p0), float64(p1), float64(p2), float64(p3)
	at := func(t float64) float64 {
		u := 1 - t
		return u*u*u*a + 3*u*u*t*b + 3*u*t*t*c + t*t*t*d
	}
	slope := func(t float64) float64 {
		u := 1 - t
		return 3*u*u*(b-a) + 6*u*t*(c-b) + 3*t*t*(d-c)
	}
	start, stop, third := at(t0), at(t1), (t1-t0)/3
	c1, c2 := start+slope(t0)*third, stop-slope(t1)*third
	control = fixed.Int26_6(math.Round((3*(c1+c2) - start - stop) / 4))
	return control, fixed.Int26_6(math.Round(stop))
}

// TrueType point flags (OpenType 1.9, glyf table).
const (
	flagOnCurve = 1
	flagXShort  = 2
	flagYShort  = 4
	flagXSame   = 16 // with flagXShort: positive; without: same as before
	flagYSame   = 32
)

// record encodes an outline as a simple glyph of the glyf table, padded to
// four bytes; an empty outline is an empty record.
func (o outline) record() []byte {
	if len(o) == 0 {
		return nil
	}
	var flags, xs, ys []byte
	var ends []uint16
	var px, py, count int
	minX, minY, maxX, maxY := math.MaxInt16, math.MaxInt16, math.MinInt16, math.MinInt16
	for _, contour := range o {
		for _, p := range contour {
			flag := byte(0)
			if p.on {
				flag = flagOnCurve
			}
			flag, xs = delta(flag, xs, p.x-px, flagXShort, flagXSame)
			flag, ys = delta(flag, ys, p.y-py, flagYShort, flagYSame)
			flags = append(flags, flag)
			px, py = p.x, p.y
			minX, minY, maxX, maxY = min(minX, px), min(minY, py), max(maxX, px), max(maxY, py)
		}
		count += len(contour)
		ends = append(ends, uint16(count-1))
	}
	out := make([]byte, 0, 12+2*len(ends)+len(flags)+len(xs)+len(ys)+3)
	for _, v := range []int{len(o), minX, minY, maxX, maxY} {
		out = binary.BigEndian.AppendUint16(out, uint16(int16(v)))
	}
	for _, e := range ends {
		out = binary.BigEndian.AppendUint16(out, e)
	}
	out = append(out, 0, 0) // no instructions
	out = append(append(append(out, flags...), xs...), ys...)
	return pad4(out)
}

// delta appends one coordinate step in its shortest form and sets the flag bits that say which.
func delta(flag byte, coords []byte, d int, short, same byte) (byte, []byte) {
	switch {
	case d == 0:
		return flag | same, coords
	case d > 0 && d < 256:
		return flag | short | same, append(coords, byte(d))
	case d < 0 && d > -256:
		return flag | short, append(coords, byte(-d))
	}
	return flag, binary.BigEndian.AppendUint16(coords, uint16(int16(d)))
}

// pad4 fills b with zeros to a multiple of four bytes.
func pad4(b []byte) []byte {
	for len(b)%4 != 0 {
		b = append(b, 0)
	}
	return b
}
