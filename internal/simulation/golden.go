package simulation

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// WantSuffix is the name of a want file after the sample case's own, without .yaml.
const WantSuffix = ".want.json"

// Golden writes a simulation as a want file holds it. The same case over the same
// configuration has the same bytes.
func Golden(s *Simulation) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(s)
	return out.Bytes(), err
}

// Difference shows the first lines in which two want files differ; "" for none.
func Difference(want, got []byte) string {
	left, right := strings.Split(string(want), "\n"), strings.Split(string(got), "\n")
	for i := range max(len(left), len(right)) {
		a, b := line(left, i), line(right, i)
		if a != b {
			return fmt.Sprintf("line %d\n- %s\n+ %s", i+1, a, b)
		}
	}
	return ""
}

func line(lines []string, i int) string {
	if i >= len(lines) {
		return ""
	}
	return lines[i]
}
