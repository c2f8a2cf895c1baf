package inspect

import (
	"strings"
	"testing"

	"toban/internal/message"
)

// What Node.js 22 prints for the same values.
func TestText(t *testing.T) {
	obj, arr := message.NewObject, message.NewArray
	long := strings.Repeat("x", 70)
	for _, c := range []struct {
		name string
		v    message.Value
		want string
	}{
		{"undefined", nil, "undefined"},
		{"null", message.Null{}, "null"},
		{"text", "test", "'test'"},
		{"text with quotes", "it's", `"it's"`},
		{"text with both quotes", `it's "x"`, "`it's \"x\"`"},
		{"number", 7.0, "7"},
		{"object", obj("payload", "test"), "{ payload: 'test' }"},
		{"no properties", obj(), "{}"},
		{"odd names", obj("a-b", 1.0), "{ 'a-b': 1 }"},
		{"array", arr(1.0, "a"), "[ 1, 'a' ]"},
		{"buffer", message.Buffer("\x01\xff"), "<Buffer 01 ff>"},
		{"too deep", obj("a", obj("b", obj("c", obj("d", 1.0)))), "{ a: { b: { c: [Object] } } }"},
		{"too long", obj("a", long, "b", 1.0), "{\n  a: '" + long + "',\n  b: 1\n}"},
		{"error", message.NewError("Error", "oops", ""), "[Error: oops]"},
		{"error with stack", message.NewError("Error", "oops", "Error: oops\n    at x"), "Error: oops\n    at x"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.v, 2); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestDepth(t *testing.T) {
	obj := message.NewObject
	v := obj("a", obj("b", obj("c", obj("d", 1.0))))
	if got, want := Text(v, 10), "{\n  a: { b: { c: { d: 1 } } }\n}"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
