package httpin

import (
	"math"
	"regexp"
	"strconv"
	"strings"

	"toban/internal/message"
)

var sizeText = regexp.MustCompile(`(?i)^\s*(\d+(?:\.\d+)?)\s*([kmgt]?b)?\s*$`)

var sizeUnits = map[string]float64{"": 1, "b": 1, "kb": 1 << 10, "mb": 1 << 20, "gb": 1 << 30, "tb": 1 << 40}

// sizeSetting reads a size such as 5242880 or "5mb", in bytes.
func sizeSetting(v message.Value, def int64) int64 {
	size := 0.0
	switch v := v.(type) {
	case float64:
		size = v
	case string:
		if m := sizeText.FindStringSubmatch(v); m != nil {
			n, _ := strconv.ParseFloat(m[1], 64)
			size = n * sizeUnits[strings.ToLower(m[2])]
		}
	}
	if size < 1 || size > math.MaxInt32 {
		return def
	}
	return int64(size)
}
