package bridge

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"toban/internal/message"
)

func TestValuesThatDecodeTo(t *testing.T) {
	for _, tc := range []struct {
		wire string
		want message.Value
	}{
		{`{"$":["undef"]}`, nil},
		{`null`, message.Null{}},
		{`"a"`, "a"},
		{`1.5`, 1.5},
		{`true`, true},
		{`{"$":["num","Infinity"]}`, math.Inf(1)},
		{`{"$":["buf","aGk="]}`, message.Buffer("hi")},
		{`{"$":["date",1700000000000]}`, message.Date(1700000000000)},
	} {
		got, err := Decode([]byte(tc.wire))
		if err != nil || got != tc.want {
			t.Errorf("Decode(%s) = %#v, %v; want %#v", tc.wire, got, err, tc.want)
		}
	}
}

// Every form goes out as it came in, property order included.
func TestRoundTrip(t *testing.T) {
	for _, wire := range []string{
		`{"b":1,"a":[null,{"$":["undef"]},{}],"":""}`,
		`{"$":["num","NaN"]}`, `{"$":["num","-0"]}`, `{"$":["num","-Infinity"]}`,
		`{"$":["buf","AAE="]}`, `{"$":["date",null]}`, `{"$":["date",-1]}`,
		`{"$":["re","a/b","gi"]}`, `{"$":["big","123456789012345678901234567890"]}`,
		`{"$":["err",{"name":"TypeError","message":"no","stack":"TypeError: no","code":"E1"}]}`,
		`{"$":["map",[["k",{"$":["undef"]}]]]}`, `{"$":["set",[1,2]]}`,
		`{"$":["fn","f"]}`, `{"$":["opaque","Socket"]}`, `{"a":{"$":["circ",0]}}`,
		`{"$":["obj",{"$":["x"],"y":1}]}`,
		`1e+21`, `123456789012`,
	} {
		v, err := Decode([]byte(wire))
		if err != nil {
			t.Errorf("Decode(%s): %v", wire, err)
			continue
		}
		if got := string(Encode(v)); !sameJSON(got, wire) {
			t.Errorf("%s came back as %s", wire, got)
		}
	}
}

// sameJSON compares texts but for the spelling of numbers.
func sameJSON(got, want string) bool {
	if got == want {
		return true
	}
	var g, w float64
	return json.Unmarshal([]byte(got), &g) == nil && json.Unmarshal([]byte(want), &w) == nil && g == w
}

// A plain object whose own property is called $ must not be read as a tag.
func TestDollarProperty(t *testing.T) {
	in := message.NewObject("$", message.NewArray("undef"), "y", 1.0)
	got, err := Decode(Encode(in))
	if err != nil {
		t.Fatal(err)
	}
	obj, ok := got.(*message.Object)
	if !ok || obj.Get("y") != 1.0 {
		t.Errorf("%s came back as %#v", Encode(in), got)
	}
}

func TestDecodeRejects(t *testing.T) {
	for name, wire := range map[string]string{
		"unknown tag":    `{"$":["what"]}`,
		"bad base64":     `{"$":["buf","*"]}`,
		"two values":     `1 2`,
		"cut off":        `{"a":`,
		"nothing":        ``,
		"endless arrays": strings.Repeat("[", 100_000),
	} {
		if v, err := Decode([]byte(wire)); err == nil {
			t.Errorf("%s: decoded to %#v", name, v)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"a":[1,"x",null,{"$":["undef"]},{"$":["obj",{"$":[]}]}]}`))
	f.Add([]byte(`{"$":["err",{"message":"m"}]}`))
	f.Add([]byte(`{"$":["map",[[1,2]]]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Decode(data)
		if err != nil {
			return
		}
		once := Encode(v)
		again, err := Decode(once)
		if err != nil {
			t.Fatalf("%s encodes to %s, which does not decode: %v", data, once, err)
		}
		if twice := Encode(again); !bytes.Equal(once, twice) {
			t.Errorf("%s, then %s", once, twice)
		}
	})
}
