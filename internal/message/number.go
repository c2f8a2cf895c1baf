package message

import (
	"errors"
	"math"
	"strconv"
	"strings"
)

// FormatNumber is JavaScript's Number.prototype.toString: the shortest digits
// that read back as f, with an exponent below 1e-6 and from 1e21.
func FormatNumber(f float64) string {
	switch {
	case f == math.Trunc(f) && math.Abs(f) < 1<<53:
		return strconv.FormatInt(int64(f), 10) // -0 prints as 0, too
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	if a := math.Abs(f); a >= 1e-6 && a < 1e21 {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return trimExponent(strconv.FormatFloat(f, 'e', -1, 64))
}

// trimExponent turns Go's two-digit exponents into JavaScript's: 1e-07 is 1e-7.
func trimExponent(s string) string {
	mantissa, exp, _ := strings.Cut(s, "e")
	return mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
}

// ToNumber is JavaScript's Number(v).
func ToNumber(v Value) float64 {
	switch v := v.(type) {
	case nil:
		return math.NaN()
	case Null:
		return 0
	case bool:
		if v {
			return 1
		}
		return 0
	case float64:
		return v
	case string:
		return ParseNumber(v)
	case Date:
		return float64(v)
	}
	return ParseNumber(ToString(v))
}

// ParseNumber is Number(s) for a string: surrounding white space is ignored, ""
// is 0, 0x, 0o and 0b prefixes count, anything else that is no decimal number is NaN.
func ParseNumber(s string) float64 {
	s = TrimSpace(s)
	if s == "" {
		return 0
	}
	if len(s) > 2 && s[0] == '0' {
		if base := radix(s[1]); base > 0 {
			return parseRadix(s[2:], base)
		}
	}
	switch s {
	case "Infinity", "+Infinity":
		return math.Inf(1)
	case "-Infinity":
		return math.Inf(-1)
	}
	if !decimal(s) {
		return math.NaN()
	}
	f, _ := strconv.ParseFloat(s, 64) // out of range is ±Inf, as in JavaScript
	return f
}

// decimal reports whether s has only what a decimal literal may hold; ParseFloat
// alone would take "inf", "1_000" and "0x1p4". A malformed rest makes it fail there.
func decimal(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9', c == '.', c == 'e', c == 'E', c == '+', c == '-':
		default:
			return false
		}
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil || errors.Is(err, strconv.ErrRange)
}

func radix(c byte) int {
	switch c {
	case 'x', 'X':
		return 16
	case 'o', 'O':
		return 8
	case 'b', 'B':
		return 2
	}
	return 0
}

func parseRadix(digits string, base int) float64 {
	n := 0.0
	for i := range len(digits) {
		d, err := strconv.ParseUint(digits[i:i+1], base, 8)
		if err != nil {
			return math.NaN()
		}
		n = n*float64(base) + float64(d)
	}
	return n
}

// TrimSpace is String.prototype.trim: Unicode spaces, line ends and the byte order mark.
func TrimSpace(s string) string { return strings.TrimFunc(s, IsSpace) }

// IsSpace reports whether JavaScript takes r for white space (its \s).
func IsSpace(r rune) bool {
	switch r {
	case '\t', '\n', '\v', '\f', '\r', ' ', 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}
