//go:build !(386 || arm)

package js

import (
	"math"

	lib "modernc.org/libquickjs"
)

// A value of the engine is 8 bytes of content and a tag (on 64-bit machines).

var (
	undefined = lib.TJSValue{Ftag: lib.EJS_TAG_UNDEFINED}
	null      = lib.TJSValue{Ftag: lib.EJS_TAG_NULL}
)

func tagOf(v lib.TJSValue) int32 { return int32(v.Ftag) }

func intOf(v lib.TJSValue) int32 { return int32(v.Fu.Fuint641) }

func floatOf(v lib.TJSValue) float64 { return math.Float64frombits(v.Fu.Fuint641) }

func pointerOf(v lib.TJSValue) uintptr { return uintptr(v.Fu.Fuint641) }

// newNumber keeps whole numbers as the engine's integers, which are faster.
func newNumber(f float64) (v lib.TJSValue) {
	if i := int32(f); float64(i) == f && (i != 0 || !math.Signbit(f)) {
		v.Fu.Fuint641 = uint64(uint32(i))
		v.Ftag = lib.EJS_TAG_INT
		return v
	}
	v.Fu.Fuint641 = math.Float64bits(f)
	v.Ftag = lib.EJS_TAG_FLOAT64
	return v
}

func newBool(b bool) (v lib.TJSValue) {
	v.Ftag = lib.EJS_TAG_BOOL
	if b {
		v.Fu.Fuint641 = 1
	}
	return v
}
