package js

import (
	"testing"

	"toban/internal/message"
)

// FuzzValue: data that may go into a script comes out unchanged.
func FuzzValue(f *testing.F) {
	for _, seed := range []string{`null`, `true`, `-0`, `1e308`, `"\u0000\ud83d\ude00"`, `"\ud800"`, `[[],{},[null]]`,
		`{"a":{"b":[1,2,{"c":"d"}]}}`, `{"__proto__":1,"constructor":2,"length":3,"0":4}`, `{"b":1,"1":2,"a":3}`, `{"":""}`,
		`{"type":"Buffer","data":[1,2,255]}`} {
		f.Add(seed)
	}
	vm := newVM(f, Options{})
	f.Fuzz(func(t *testing.T, text string) {
		v, err := message.ParseJSON(text)
		if err != nil {
			return
		}
		in, err := vm.ToJS(v)
		if err != nil {
			return
		}
		defer in.Free()
		out, err := vm.FromJS(in)
		if err != nil {
			t.Fatalf("%q went in, but not out: %v", text, err)
		}
		if !message.Equal(v, out) {
			t.Errorf("%q came back as %s", text, message.AppendJSON(nil, out))
		}
	})
}

// FuzzBuffer: bytes survive the way in and out.
func FuzzBuffer(f *testing.F) {
	for _, seed := range []string{"", "\x00", "\xff\xfe", "日本語", "\xed\xa0\x80", "a\xf0\x9f\x98"} {
		f.Add(seed)
	}
	vm := newVM(f, Options{})
	f.Fuzz(func(t *testing.T, data string) {
		in, err := vm.ToJS(message.NewObject("bytes", message.Buffer(data)))
		if err != nil {
			t.Fatal(err)
		}
		defer in.Free()
		out, err := vm.FromJS(in)
		if err != nil {
			t.Fatal(err)
		}
		if o, ok := out.(*message.Object); !ok || o.Get("bytes") != message.Value(message.Buffer(data)) {
			t.Errorf("%q came back as %v", data, out)
		}
	})
}
