package message

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// same is Equal, and also compares order, class, the sign of zero and handles' classes.
func same(a, b Value) bool {
	switch a := a.(type) {
	case float64:
		b, ok := b.(float64)
		return ok && equalNumbers(a, b) && math.Signbit(a) == math.Signbit(b)
	case *Handle:
		b, ok := b.(*Handle)
		return ok && a.Class == b.Class
	case *Array:
		b, ok := b.(*Array)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for i := range a.Len() {
			if !same(a.At(i), b.At(i)) {
				return false
			}
		}
		return true
	case *Object:
		b, ok := b.(*Object)
		if !ok || a.Len() != b.Len() || a.Class() != b.Class() {
			return false
		}
		for i, f := range a.fields {
			if b.fields[i].key != f.key || !same(f.value, b.fields[i].value) {
				return false
			}
		}
		return true
	}
	return Equal(a, b)
}

func genValue(depth int) *rapid.Generator[Value] {
	return rapid.Custom(func(t *rapid.T) Value {
		top := 9
		if depth == 0 {
			top = 7
		}
		switch rapid.IntRange(0, top).Draw(t, "kind") {
		case 0:
			return nil
		case 1:
			return Null{}
		case 2:
			return rapid.Bool().Draw(t, "bool")
		case 3:
			return rapid.OneOf(rapid.Float64(), rapid.Just(nan), rapid.Just(math.Copysign(0, -1)), rapid.Just(42.0)).Draw(t, "number")
		case 4:
			return rapid.OneOf(rapid.String(), rapid.Just(strings.Repeat("long ", 40))).Draw(t, "string")
		case 5:
			return Buffer(rapid.SliceOfN(rapid.Byte(), 0, 100).Draw(t, "bytes"))
		case 6:
			return Date(rapid.Float64().Draw(t, "date"))
		case 7:
			return &Handle{Class: "IncomingMessage", Ref: t}
		case 8:
			return NewArray(rapid.SliceOfN(genValue(depth-1), 0, 5).Draw(t, "items")...)
		}
		b := NewBuilder(4)
		b.Class(rapid.SampledFrom([]string{"", "", "Error", "Map"}).Draw(t, "class"))
		for range rapid.IntRange(0, 20).Draw(t, "size") {
			b.Set(rapid.StringMatching(`[a-z0-9]{1,3}`).Draw(t, "key"), genValue(depth-1).Draw(t, "value"))
		}
		return b.Object()
	})
}

func TestCodecRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(genValue(3), 1, 6).Draw(t, "values")
		values = append(values, NewArray(values...), values[0]) // sharing over records
		enc, dec := NewEncoder(), NewDecoder()
		for i, v := range values {
			if i == len(values)/2 {
				enc = dec.Encoder() // a restart in the middle
			}
			got, rest, err := dec.Decode(append(enc.Append(nil, v), "rest"...))
			if err != nil || string(rest) != "rest" || !same(v, got) {
				t.Fatalf("record %d: %#v came back as %#v, rest %q, %v", i, v, got, rest, err)
			}
		}
	})
}

func TestCodecWritesEachValueOnce(t *testing.T) {
	mail := sampleMail()
	enc, dec := NewEncoder(), NewDecoder()
	first := enc.Append(nil, mail)
	second := enc.Append(nil, mail.With("instanceId", "i-1"))
	if len(second) > 200 {
		t.Errorf("the second record has %d bytes although the payload was written before", len(second))
	}
	if again := enc.Append(nil, mail); len(again) > 3 {
		t.Errorf("the same message again took %d bytes", len(again))
	}
	a, _, err := dec.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	b, _, err := dec.Decode(second)
	if err != nil {
		t.Fatal(err)
	}
	third := dec.Encoder().Append(nil, b.(*Object).With("x", 1.0))
	if len(third) > 250 {
		t.Errorf("after a restart the record has %d bytes", len(third))
	}
	if !StrictEqual(a.(*Object).Get("header"), b.(*Object).Get("header")) {
		t.Error("decoded records don't share the header")
	}
	c, _, err := dec.Decode(third)
	if err != nil || !same(c, mail.With("instanceId", "i-1").With("x", 1.0)) {
		t.Errorf("third record: %v, %v", c, err)
	}
}

func TestCodecBoundsDepth(t *testing.T) {
	v := NewArray()
	for range 3 * maxCodecDepth {
		v = NewArray(v)
	}
	got, _, err := NewDecoder().Decode(NewEncoder().Append(nil, v))
	if err != nil || got == nil {
		t.Fatal(err)
	}
	if _, _, err := NewDecoder().Decode(bytes.Repeat([]byte{tagArray, 1}, 1<<20)); err != ErrCorrupt {
		t.Errorf("hostile depth: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	enc := NewEncoder()
	f.Add(enc.Append(nil, sampleMail()))
	f.Add(enc.Append(enc.Append(nil, NewArray(1.0, -0.5, Buffer("x"), Date(1))), NewError("E", "m", "")))
	f.Add([]byte{tagArray, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add([]byte{tagRef, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		dec := NewDecoder()
		for len(b) > 0 {
			v, rest, err := dec.Decode(b)
			if err != nil {
				return
			}
			b = rest
			got, _, err := NewDecoder().Decode(NewEncoder().Append(nil, v))
			if err != nil || !same(v, got) {
				t.Fatalf("%#v came back as %#v, %v", v, got, err)
			}
			dec.Encoder()
		}
	})
}

func BenchmarkEncode(b *testing.B) {
	for _, c := range []struct {
		name string
		v    Value
	}{{"mail", sampleMail()}, {"1MB", strings.Repeat("x", 1<<20)}} {
		b.Run(c.name, func(b *testing.B) {
			var buf []byte
			b.ReportAllocs()
			for b.Loop() {
				buf = NewEncoder().Append(buf[:0], c.v)
			}
			b.SetBytes(int64(len(buf)))
		})
	}
	b.Run("step", func(b *testing.B) { // one step's record: a changed property
		enc := NewEncoder()
		mail := sampleMail()
		buf := enc.Append(nil, mail)
		b.ReportAllocs()
		for b.Loop() {
			buf = enc.Append(buf[:0], mail.With("n", 1.0))
		}
	})
}
