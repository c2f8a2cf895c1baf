package js

import (
	"runtime"
	"strings"
	"unicode/utf8"

	"modernc.org/libc"
	lib "modernc.org/libquickjs"
)

func (m *VM) newString(s string) lib.TJSValue {
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	v := lib.XJS_NewStringLen(m.tls, m.ctx, addr(s), libc.Tsize_t(len(s)))
	runtime.KeepAlive(s)
	return v
}

// goString gives String(v); false when that threw, with the exception pending.
func (m *VM) goString(v lib.TJSValue) (string, bool) {
	size := m.tls.Alloc(8)
	defer m.tls.Free(8)
	p := lib.XJS_ToCStringLen2(m.tls, m.ctx, size, v, 0)
	if p == 0 {
		return "", false
	}
	s := wellFormed(string(bytesAt(p, int(*at[libc.Tsize_t](size)))))
	lib.XJS_FreeCString(m.tls, m.ctx, p)
	return s, true
}

// wellFormed replaces lone surrogates, which the engine writes as three bytes
// that are no UTF-8, each by one U+FFFD.
func wellFormed(s string) string {
	if !strings.Contains(s, "\xed") || utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 && s[i] == 0xed && i+2 < len(s) {
			n = 3
		}
		b.WriteRune(r)
		i += n
	}
	return b.String()
}
