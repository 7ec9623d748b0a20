package form

import (
	"encoding/json"
	"slices"

	"zhengtong/internal/expr"
)

// validPolygon accepts a GeoJSON Polygon (RFC 7946 §3.1.6): one or more closed rings
// of at least four positions, longitude within ±180 and latitude within ±90. Values
// that are no objects are another keyword's business.
func validPolygon(v any) error {
	m, ok := v.(map[string]any)
	if !ok {
		return nil
	}
	rings, ok := m["coordinates"].([]any)
	if m["type"] != "Polygon" || !ok || len(rings) == 0 {
		return errFormat
	}
	for _, ring := range rings {
		if !validRing(ring) {
			return errFormat
		}
	}
	return nil
}

func validRing(v any) bool {
	ring, ok := v.([]any)
	if !ok || len(ring) < 4 {
		return false
	}
	positions := make([][2]string, len(ring))
	for i, p := range ring {
		position, ok := readPosition(p)
		if !ok {
			return false
		}
		positions[i] = position
	}
	return positions[0] == positions[len(positions)-1]
}

// bounds are the greatest absolute longitude and latitude.
var bounds = [2]expr.Decimal{expr.NewDecimal(180), expr.NewDecimal(90)}

// readPosition returns longitude and latitude in their shortest texts; a third
// number, the altitude, is allowed.
func readPosition(v any) (out [2]string, ok bool) {
	numbers, ok := v.([]any)
	if !ok || len(numbers) < 2 || len(numbers) > 3 {
		return out, false
	}
	for i, n := range numbers {
		d, err := number(n)
		if err != nil {
			return out, false
		}
		if i < 2 {
			if d.Cmp(bounds[i]) > 0 || d.Cmp(bounds[i].Neg()) < 0 {
				return out, false
			}
			out[i] = d.String()
		}
	}
	return out, !slices.Contains(out[:], "")
}

func number(v any) (expr.Decimal, error) {
	switch v := v.(type) {
	case json.Number:
		return expr.ParseDecimal(v.String())
	case int64:
		return expr.NewDecimal(v), nil
	case expr.Decimal:
		return v, nil
	default:
		return expr.Decimal{}, expr.ErrNotDecimal
	}
}
