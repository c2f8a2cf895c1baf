package delay

import (
	"math"
	"regexp"
	"strconv"

	"toban/internal/message"
)

var leadingNumber = regexp.MustCompile(`^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)`)

// parseFloat is JavaScript's: the number at the beginning of the text; ok is
// false for NaN.
func parseFloat(v message.Value) (n float64, ok bool) {
	if n, ok := v.(float64); ok {
		return n, !math.IsNaN(n)
	}
	m := leadingNumber.FindStringSubmatch(message.ToString(v))
	if m == nil {
		return 0, false
	}
	n, _ = strconv.ParseFloat(m[1], 64) // out of range gives infinity, as in JavaScript
	return n, true
}
