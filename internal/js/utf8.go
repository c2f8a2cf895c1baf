package js

// sequence gives the length of the UTF-8 sequence that b begins with, or of
// the part of it that is there before the first wrong byte.
func sequence(b string) (n int, ok bool) {
	c := b[0]
	if c < 0x80 {
		return plainRun(b), true
	}
	var need int
	low, high := byte(0x80), byte(0xBF)
	switch {
	case c >= 0xC2 && c <= 0xDF:
		need = 1
	case c >= 0xE0 && c <= 0xEF:
		need = 2
		if c == 0xE0 {
			low = 0xA0
		}
		if c == 0xED {
			high = 0x9F
		}
	case c >= 0xF0 && c <= 0xF4:
		need = 3
		if c == 0xF0 {
			low = 0x90
		}
		if c == 0xF4 {
			high = 0x8F
		}
	default:
		return 1, false
	}
	for i := 1; i <= need; i++ {
		if i >= len(b) || b[i] < low || b[i] > high {
			return i, false
		}
		low, high = 0x80, 0xBF
	}
	return need + 1, true
}

// plainRun gives the length of the ASCII that b begins with.
func plainRun(b string) int {
	n := 1
	for n < len(b) && b[n] < 0x80 {
		n++
	}
	return n
}
