package message

import "errors"

// The journal's binary form. Each value is a tag and what the tag asks for:
// numbers are varints or 8 bytes, texts a length and their bytes, arrays and
// objects a count and their items. A text, Buffer, array or object whose own
// encoding took refSize bytes or more gets the next number of a dictionary that
// lives as long as the Encoder, and is written as that number from then on.
const (
	tagUndefined byte = iota
	tagNull
	tagFalse
	tagTrue
	tagInt   // zigzag varint
	tagFloat // 8 bytes, little endian
	tagString
	tagBuffer
	tagDate
	tagArray
	tagObject
	tagClassed // an object with a class: class, then as tagObject
	tagHandle  // class
	tagRef     // number in the dictionary
)

// refSize is the encoded size from which a value goes into the dictionary.
const refSize = 64

// maxCodecDepth bounds how deep one record nests. No message gets there by fair
// means: Node-RED's own clone overflows its stack before. What lies deeper is
// written as undefined.
const maxCodecDepth = 10_000

// ErrCorrupt means that bytes are no encoded value.
var ErrCorrupt = errors.New("corrupt encoded value")
