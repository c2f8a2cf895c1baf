package message

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestStringify(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want string
	}{
		{Null{}, "null"}, {true, "true"}, {1.5, "1.5"}, {nan, "null"}, {inf, "null"}, {1e21, "1e+21"},
		{"a\"\\\b\f\n\r\t\x01é\u2028<&>", "\"a\\\"\\\\\\b\\f\\n\\r\\t\\u0001é\u2028<&>\""},
		{"\xff", "\"\uFFFD\""},
		{Buffer("\x00a"), `{"type":"Buffer","data":[0,97]}`},
		{Date(1700000000000), `"2023-11-14T22:13:20.000Z"`}, {Date(nan), "null"}, {Date(-62198755200000), `"-000001-01-01T00:00:00.000Z"`},
		{NewArray(nil, 1.0, function()), "[null,1,null]"},
		{NewObject("b", 1.0, "a", nil, "f", function(), "2", "x", "1", "y"), `{"1":"y","2":"x","b":1}`},
		{NewError("Error", "no", "at").With("code", "E1"), `{"code":"E1"}`},
		{&Handle{Class: "ServerResponse"}, "{}"}, {NewArray(), "[]"}, {NewObject(), "{}"},
	} {
		if got, ok := Stringify(c.v, 0); !ok || got != c.want {
			t.Errorf("%#v: %s, want %s", c.v, got, c.want)
		}
	}
	for _, v := range []Value{nil, function()} {
		if got, ok := Stringify(v, 0); ok {
			t.Errorf("%v has JSON %s", v, got)
		}
	}
}

func TestStringifyIndent(t *testing.T) {
	got, _ := Stringify(msgOf(`{"a":[1,{"b":[]}],"c":{}}`), 4)
	want := "{\n    \"a\": [\n        1,\n        {\n            \"b\": []\n        }\n    ],\n    \"c\": {}\n}"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestParseJSON(t *testing.T) {
	for _, text := range []string{
		`{"z":1,"a":[true,false,null,"x"],"1":-0.5e3}`, ` [ ] `, `"\ud83d\ude00\u0041\/"`, `{"a":1,"a":2}`, `1E+2`, `0`,
	} {
		if _, err := ParseJSON(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if v := msgOf(`"\ud83d\ude00"`); v != "😀" {
		t.Errorf("surrogate pair: %q", v)
	}
	if v := msgOf(`"\ud83d x \ude00\ud83d\u0041"`); v != "\uFFFD x \uFFFD\uFFFDA" {
		t.Errorf("lone surrogates: %q", v)
	}
	if v := msgOf(`{"b":1,"a":2,"b":3,"1":0}`); ToString(NewArray(asValues(v.(*Object).Keys())...)) != "1,b,a" {
		t.Errorf("order: %v", v.(*Object).Keys())
	}
	for _, text := range []string{
		"", "{", "[1,]", `{"a"}`, `{a:1}`, "01", "1.", ".5", "+1", "tru", "nul", `"a`, "\"a\nb\"", `"\x"`, `"\u12"`, "1 2", "[1 2]", "NaN", `{"a":1,}`, "'a'", "-",
	} {
		if v, err := ParseJSON(text); err == nil {
			t.Errorf("%q was read as %v", text, v)
		}
	}
	if _, err := ParseJSON(strings.Repeat("[", 100_000)); err == nil {
		t.Error("a nesting of 100,000 was read")
	}
	deep := strings.Repeat("[", MaxJSONDepth) + strings.Repeat("]", MaxJSONDepth)
	if _, err := ParseJSON(deep); err != nil {
		t.Error(err)
	}
}

func asValues(ss []string) []Value {
	out := make([]Value, len(ss))
	for i, s := range ss {
		out[i] = s
	}
	return out
}

// FuzzJSON compares what is valid with encoding/json, and reads back what is written.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a":[1,"x\u0041\ud800",null],"1":2}`, `[1e999,-0]`, `"\`, `{"a":1}}`, "\"\xff\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseJSON(text)
		if (err == nil) != json.Valid([]byte(text)) && strings.Count(text, "[")+strings.Count(text, "{") <= MaxJSONDepth {
			t.Fatalf("%q: %v, but encoding/json says valid=%v", text, err, json.Valid([]byte(text)))
		}
		if err != nil {
			return
		}
		out, _ := Stringify(v, 1)
		again, err := ParseJSON(out)
		if err != nil {
			t.Fatalf("%q was written as %q: %v", text, out, err)
		}
		second, _ := Stringify(again, 1)
		if second != out {
			t.Fatalf("%q: %q became %q", text, out, second)
		}
	})
}

func BenchmarkParseJSON(b *testing.B) {
	text, _ := Stringify(sampleMail(), 0)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParseJSON(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStringify(b *testing.B) {
	v := sampleMail()
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendJSON(buf[:0], v)
	}
	b.SetBytes(int64(len(buf)))
}

// sampleMail is a message of about 2 kB, like the seed's mails.
func sampleMail() *Object {
	return NewObject("_msgid", "0123456789abcdef", "topic", "Amazon EC2 Maintenance",
		"payload", strings.Repeat("Dear Amazon EC2 Customer, we have important news about your account.\r\n", 28),
		"header", NewObject("from", NewArray("a@example.com", "operations-and-oncall@example.com"), "seen", false, "size", 2048.0))
}
