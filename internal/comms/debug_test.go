package comms

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
)

func classed(class string, pairs ...message.Value) *message.Object {
	b := message.NewBuilder(2)
	b.Class(class)
	for i := 0; i < len(pairs); i += 2 {
		b.Set(pairs[i].(string), pairs[i+1])
	}
	return b.Object()
}

func TestEncode(t *testing.T) {
	long := strings.Repeat("x", 1001)
	for _, tc := range []struct {
		name         string
		in           message.Value
		text, format string
	}{
		{"undefined", nil, "(undefined)", "undefined"},
		{"null", message.Null{}, "(undefined)", "null"},
		{"boolean", true, "true", "boolean"},
		{"number", 7.0, "7", "number"},
		{"not a number", math.NaN(), "NaN", "number"},
		{"text", "a\nb", "a\nb", "string[3]"},
		{"long text", long, long[:1000] + "...", "string[1001]"},
		{"emoji count twice", "🚨", "🚨", "string[2]"},
		{"bytes", message.Buffer("HELLO"), "48454c4c4f", "buffer[5]"},
		{"many bytes", message.Buffer(strings.Repeat(`"`, 501)), strings.Repeat("22", 500), "buffer[501]"},
		{"object", message.NewObject("b", 1.0, "a", "<&>"), `{"b":1,"a":"<&>"}`, "Object"},
		{"nested", message.NewObject(
			"u", nil, "n", message.Null{}, "inf", math.Inf(-1), "d", message.Date(0), "buf", message.Buffer("\x01"), "s", long),
			`{"u":{"__enc__":true,"type":"undefined"},"n":null,"inf":{"__enc__":true,"type":"number","data":"-Infinity"},` +
				`"d":"1970-01-01T00:00:00.000Z","buf":{"type":"Buffer","data":[1],"__enc__":true,"length":1},"s":"` + long[:1000] + `..."}`, "Object"},
		{"array", message.NewArray(0.0, "a"), `[0,"a"]`, "array[2]"},
		{"error", message.NewError("TypeError", "no", ""), `{"__enc__":true,"type":"error","data":{"name":"TypeError","message":"no"}}`, "error"},
		{"regexp", message.NewObject("r", classed("RegExp", "source", "a", "flags", "g")), `{"r":{"__enc__":true,"type":"regexp","data":"/a/g"}}`, "Object"},
		{"map", classed("Map", "entries", message.NewArray(message.NewArray("k", 1.0))), `{"__enc__":true,"type":"map","data":{"k":1},"length":1}`, "map"},
		{"set", classed("Set", "values", message.NewArray(1.0)), `{"__enc__":true,"type":"set","data":[1],"length":1}`, "set[1]"},
		{"circle", message.NewObject("name", "bar", "o", classed("Circular", "levels", 0.0)), `{"name":"bar","o":"[Circular ~]"}`, "Object"},
		{"inner circle", message.NewObject("a", message.NewObject("o", classed("Circular", "levels", 0.0))), `{"a":{"o":"[Circular ~.a]"}}`, "Object"},
	} {
		text, format := Encode(tc.in, 0)
		if text != tc.text || format != tc.format {
			t.Errorf("%s:\n got %s (%s)\nwant %s (%s)", tc.name, text, format, tc.text, tc.format)
		}
	}
}

func TestEncodeCutsLists(t *testing.T) {
	items := slices.Repeat([]message.Value{"X"}, 1001)
	text, format := Encode(message.NewObject("foo", message.NewArray(items...)), 0)
	var got struct {
		Foo struct {
			Enc    bool `json:"__enc__"`
			Type   string
			Data   []string
			Length int
		}
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if !got.Foo.Enc || got.Foo.Type != "array" || len(got.Foo.Data) != 1000 || got.Foo.Length != 1001 || format != "Object" {
		t.Errorf("got %d of %d items, %s, format %s", len(got.Foo.Data), got.Foo.Length, got.Foo.Type, format)
	}
}

// A value that is nested without end must not take the sidebar down.
func TestEncodeBoundsDepth(t *testing.T) {
	var v message.Value = "end"
	for range 100_000 {
		v = message.NewArray(v)
	}
	if text, _ := Encode(v, 0); !json.Valid([]byte(text)) || len(text) > 1_000 {
		t.Errorf("%d bytes, valid JSON: %v", len(text), json.Valid([]byte(text)))
	}
}

func TestDebugData(t *testing.T) {
	from := Origin{ID: "n1", Type: "debug", Name: "Debug", Flow: "t1", Path: "t1"}
	got, err := json.Marshal(DebugData(from, node.Debug{Topic: "x", Property: "payload", Msg: "test"}, 0))
	if err != nil {
		t.Fatal(err)
	}
	want := `{"id":"n1","z":"t1","path":"t1","name":"Debug","topic":"x","property":"payload","msg":"test","format":"string[4]"}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestLogData(t *testing.T) {
	got := LogData(Origin{ID: "n1", Type: "function", Path: "global"}, node.Warn, "careful", time.UnixMilli(5), 0)
	want := Debug{ID: "n1", Type: "function", Path: "global", Level: node.Warn, Timestamp: 5, Msg: "careful", Format: "string[7]"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
