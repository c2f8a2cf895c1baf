package message

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// Encoder writes values compactly, each large one only once: a value that this
// Encoder wrote before, recognised by identity, is written as a reference. So the
// records of one run must be decoded by one [Decoder], in order. The Encoder keeps
// what it wrote alive. It is not safe for concurrent use.
type Encoder struct {
	texts map[textID]uint64 // strings and Buffers
	nodes map[any]uint64    // *Array and *Object
	next  uint64
}

// textID is the identity of a string. The pointer keeps the bytes alive, so no
// other string can get the same one.
type textID struct {
	data   *byte
	size   int
	buffer bool
}

// NewEncoder makes an Encoder with an empty dictionary.
func NewEncoder() *Encoder {
	return &Encoder{texts: map[textID]uint64{}, nodes: map[any]uint64{}}
}

// Append appends the encoding of v to dst.
func (e *Encoder) Append(dst []byte, v Value) []byte { return e.append(dst, v, 0) }

func (e *Encoder) append(dst []byte, v Value, depth int) []byte {
	switch v := v.(type) {
	case Null:
		return append(dst, tagNull)
	case bool:
		if v {
			return append(dst, tagTrue)
		}
		return append(dst, tagFalse)
	case float64:
		return appendNumber(dst, v)
	case string:
		return e.appendText(dst, tagString, v)
	case Buffer:
		return e.appendText(dst, tagBuffer, string(v))
	case Date:
		return appendFloat(append(dst, tagDate), float64(v))
	case *Array:
		return e.appendArray(dst, v, depth)
	case *Object:
		return e.appendObject(dst, v, depth)
	case *Handle:
		return appendString(append(dst, tagHandle), v.Class)
	}
	return append(dst, tagUndefined)
}

func appendNumber(dst []byte, f float64) []byte {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 && (f != 0 || !math.Signbit(f)) {
		return binary.AppendVarint(append(dst, tagInt), int64(f))
	}
	return appendFloat(append(dst, tagFloat), f)
}

func appendFloat(dst []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(dst, math.Float64bits(f))
}

func appendString(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func (e *Encoder) appendText(dst []byte, tag byte, s string) []byte {
	if len(s) < refSize {
		return appendString(append(dst, tag), s)
	}
	id := textID{unsafe.StringData(s), len(s), tag == tagBuffer}
	if n, seen := e.texts[id]; seen {
		return binary.AppendUvarint(append(dst, tagRef), n)
	}
	e.texts[id] = e.number()
	return appendString(append(dst, tag), s)
}

func (e *Encoder) number() uint64 {
	e.next++
	return e.next - 1
}

func (e *Encoder) appendArray(dst []byte, a *Array, depth int) []byte {
	if n, seen := e.nodes[a]; seen {
		return binary.AppendUvarint(append(dst, tagRef), n)
	}
	if depth >= maxCodecDepth {
		return append(dst, tagUndefined)
	}
	from := len(dst)
	dst = binary.AppendUvarint(append(dst, tagArray), uint64(len(a.items)))
	for _, item := range a.items {
		dst = e.append(dst, item, depth+1)
	}
	e.remember(a, len(dst)-from)
	return dst
}

func (e *Encoder) appendObject(dst []byte, o *Object, depth int) []byte {
	if n, seen := e.nodes[o]; seen {
		return binary.AppendUvarint(append(dst, tagRef), n)
	}
	if depth >= maxCodecDepth {
		return append(dst, tagUndefined)
	}
	from := len(dst)
	if o.class == "" {
		dst = append(dst, tagObject)
	} else {
		dst = appendString(append(dst, tagClassed), o.class)
	}
	dst = binary.AppendUvarint(dst, uint64(len(o.fields)))
	for i := range o.fields {
		dst = appendString(dst, o.fields[i].key)
		dst = e.append(dst, o.fields[i].value, depth+1)
	}
	e.remember(o, len(dst)-from)
	return dst
}

// remember numbers an array or object after its items, as the Decoder meets them.
func (e *Encoder) remember(v any, size int) {
	if size >= refSize {
		e.nodes[v] = e.number()
	}
}
