package limit

import "cmp"

// Variables refuses variables with too many or too deeply nested values: BAD_REQUEST,
// reason "variable_values" or "variable_depth". Their bytes are bounded with the body.
func (l Limits) Variables(variables map[string]any) error {
	values, depth := 0, 0
	var walk func(v any, level int)
	walk = func(v any, level int) {
		values++
		depth = max(depth, level)
		if values > l.VariableValues || depth > l.VariableDepth {
			return
		}
		switch v := v.(type) {
		case map[string]any:
			for _, inner := range v {
				walk(inner, level+1)
			}
		case []any:
			for _, inner := range v {
				walk(inner, level+1)
			}
		}
	}
	for _, v := range variables {
		walk(v, 1)
	}
	return cmp.Or(exceeds("variable_values", values, l.VariableValues), exceeds("variable_depth", depth, l.VariableDepth))
}
