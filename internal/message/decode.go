package message

import (
	"encoding/binary"
	"math"
	"unsafe"
)

// Decoder reads what one [Encoder] wrote, in the same order. Values that were
// written once are shared. It takes any bytes: what is no encoding gives
// [ErrCorrupt], after which the Decoder must not be used. Not safe for concurrent use.
type Decoder struct {
	known []Value
	rest  []byte
}

// NewDecoder makes a Decoder with an empty dictionary.
func NewDecoder() *Decoder { return &Decoder{} }

// Decode reads one value from the front of b and gives the bytes behind it. The
// value doesn't refer to b.
func (d *Decoder) Decode(b []byte) (v Value, rest []byte, err error) {
	d.rest = b
	v, err = d.value(0)
	rest, d.rest = d.rest, nil
	return v, rest, err
}

// Encoder gives an Encoder that goes on where the decoded records end.
func (d *Decoder) Encoder() *Encoder {
	e := NewEncoder()
	for _, v := range d.known {
		switch v := v.(type) {
		case string:
			e.texts[textID{unsafe.StringData(v), len(v), false}] = e.next
		case Buffer:
			e.texts[textID{unsafe.StringData(string(v)), len(v), true}] = e.next
		default:
			e.nodes[v] = e.next
		}
		e.next++
	}
	return e
}

func (d *Decoder) value(depth int) (Value, error) {
	if len(d.rest) == 0 {
		return nil, ErrCorrupt
	}
	tag, before := d.rest[0], len(d.rest)
	d.rest = d.rest[1:]
	switch tag {
	case tagString, tagBuffer:
		return d.textValue(tag)
	case tagArray, tagObject, tagClassed:
		if depth >= maxCodecDepth {
			return nil, ErrCorrupt
		}
		v, err := d.composite(tag, depth)
		if err == nil && before-len(d.rest) >= refSize {
			d.known = append(d.known, v)
		}
		return v, err
	}
	return d.simple(tag)
}

func (d *Decoder) simple(tag byte) (Value, error) {
	switch tag {
	case tagUndefined:
		return nil, nil
	case tagNull:
		return Null{}, nil
	case tagFalse, tagTrue:
		return tag == tagTrue, nil
	case tagInt:
		return d.int()
	case tagFloat:
		return box2(d.float())
	case tagDate:
		f, err := d.float()
		return Date(f), err
	case tagHandle:
		class, err := d.string()
		return &Handle{Class: class}, err
	case tagRef:
		n, err := d.uvarint()
		if err != nil || n >= uint64(len(d.known)) {
			return nil, ErrCorrupt
		}
		return d.known[n], nil
	}
	return nil, ErrCorrupt
}

func box2(f float64, err error) (Value, error) { return f, err }

func (d *Decoder) int() (Value, error) {
	n, size := binary.Varint(d.rest)
	if size <= 0 {
		return nil, ErrCorrupt
	}
	d.rest = d.rest[size:]
	return float64(n), nil
}

func (d *Decoder) float() (float64, error) {
	if len(d.rest) < 8 {
		return 0, ErrCorrupt
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64(d.rest))
	d.rest = d.rest[8:]
	return f, nil
}

func (d *Decoder) uvarint() (uint64, error) {
	n, size := binary.Uvarint(d.rest)
	if size <= 0 {
		return 0, ErrCorrupt
	}
	d.rest = d.rest[size:]
	return n, nil
}

func (d *Decoder) string() (string, error) {
	n, err := d.uvarint()
	if err != nil || n > uint64(len(d.rest)) {
		return "", ErrCorrupt
	}
	s := string(d.rest[:n])
	d.rest = d.rest[n:]
	return s, nil
}

func (d *Decoder) textValue(tag byte) (Value, error) {
	s, err := d.string()
	if err != nil {
		return nil, err
	}
	var v Value = s
	if tag == tagBuffer {
		v = Buffer(s)
	}
	if len(s) >= refSize {
		d.known = append(d.known, v)
	}
	return v, nil
}

// count reads a number of items, each of which takes at least size bytes, so
// that a false count can't make room for what isn't there.
func (d *Decoder) count(size int) (int, error) {
	n, err := d.uvarint()
	if err != nil || n > uint64(len(d.rest)/size) {
		return 0, ErrCorrupt
	}
	return int(n), nil
}

func (d *Decoder) composite(tag byte, depth int) (Value, error) {
	if tag == tagArray {
		return d.array(depth)
	}
	class := ""
	if tag == tagClassed {
		var err error
		if class, err = d.string(); err != nil {
			return nil, err
		}
	}
	return d.object(class, depth)
}

func (d *Decoder) array(depth int) (Value, error) {
	n, err := d.count(1)
	if err != nil {
		return nil, err
	}
	items := make([]Value, n)
	for i := range items {
		if items[i], err = d.value(depth + 1); err != nil {
			return nil, err
		}
	}
	return NewArray(items...), nil
}

func (d *Decoder) object(class string, depth int) (Value, error) {
	n, err := d.count(2)
	if err != nil {
		return nil, err
	}
	b := NewBuilder(n)
	b.Class(class)
	for range n {
		key, err := d.string()
		if err != nil {
			return nil, err
		}
		v, err := d.value(depth + 1)
		if err != nil {
			return nil, err
		}
		b.Set(key, v)
	}
	return b.Object(), nil
}
