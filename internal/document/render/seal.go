package render

import (
	"math"
)

// impression draws the seal centred at (x, y), beneath the text it covers, so
// that both stay legible.
func (f *flow) impression(x, y float64) {
	seal, radius := f.assets.Seal, float64(sealDiameter)/2
	if len(seal.Image) > 0 {
		f.under(picture{x - radius, y - radius, 2 * radius, 2 * radius, seal.Image})
		return
	}
	if seal.Name == "" {
		return
	}
	const rim = 1.2 * mm
	f.under(ring{x, y, radius - rim/2, rim, red}, star(x, y, 7*mm))
	f.arc(seal.Name, x, y, radius-rim-0.8*mm)
	if seal.Line != "" {
		f.caption(seal.Line, x, y+10.5*mm)
	}
}

// star is the five-pointed star of official seals.
func star(x, y, radius float64) shape {
	inner := radius * math.Sin(math.Pi/10) / math.Sin(3*math.Pi/10)
	s := shape{ink: red}
	for i := range 10 {
		r := radius
		if i%2 == 1 {
			r = inner
		}
		angle := math.Pi/2 + float64(i)*math.Pi/5
		s.points = append(s.points, [2]float64{x + r*math.Cos(angle), y - r*math.Sin(angle)})
	}
	return s
}

// arc writes a name clockwise around the upper part of a circle of the given
// outer radius, heads outwards, from seven to five o'clock at most; long names are set smaller.
func (f *flow) arc(name string, x, y, radius float64) {
	const widest = 1.42 * math.Pi
	chars := []rune(name)
	size := math.Min(5*mm, widest*radius/(float64(len(chars))*1.1+widest))
	foot := radius - size // circle on which the characters stand
	step := math.Min(widest/float64(len(chars)), 1.5*size/foot)
	for i, r := range chars {
		angle := math.Pi/2 - (float64(i)-float64(len(chars)-1)/2)*step
		// The character's middle lies on the ray at angle; its start half a width anticlockwise of it.
		half := f.measure(size)(r) / 2
		cx, cy := x+(foot+0.12*size)*math.Cos(angle), y-(foot+0.12*size)*math.Sin(angle)
		f.under(text{
			x: cx - half*math.Sin(angle), y: cy - half*math.Cos(angle),
			size: size, s: string(r), ink: red, silent: true, turn: true, angle: (angle - math.Pi/2) * 180 / math.Pi,
		})
	}
}

// caption writes the seal's purpose straight below the star.
func (f *flow) caption(s string, x, y float64) {
	size := math.Min(4*mm, 26*mm/f.measure(1).textWidth(s))
	f.under(text{x: x - f.measure(size).textWidth(s)/2, y: y + 0.38*size, size: size, s: s, ink: red, silent: true})
}
