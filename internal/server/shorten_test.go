package server

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"toban/internal/message"
)

func shortened(t testing.TB, v message.Value) (text string, cut bool) {
	t.Helper()
	c := newShortener(false)
	data, err := json.Marshal(message.JSON{Value: c.short(message.NewObject("payload", v))})
	if err != nil {
		t.Fatal(err)
	}
	return string(data), c.cut
}

func list(n int) *message.Array {
	items := make([]message.Value, n)
	for i := range items {
		items[i] = float64(i)
	}
	return message.NewArray(items...)
}

func TestLongValuesAreCutForDisplay(t *testing.T) {
	wide := message.NewBuilder(0)
	for i := range 1500 {
		wide.Set("k"+message.ToString(float64(i)), true)
	}
	var deep message.Value = "bottom"
	for range 100 {
		deep = message.NewObject("x", deep)
	}
	for name, c := range map[string]struct {
		v    message.Value
		want string
		cut  bool
	}{
		"short":       {"hello", `{"payload":"hello"}`, false},
		"text":        {strings.Repeat("当", 5000), `当…"}`, true},
		"list":        {list(1500), `"length":1500}`, true},
		"list as is":  {list(1000), `[0,1,2,`, false},
		"Buffer":      {message.Buffer(strings.Repeat("x", 20_000)), `"length":20000}`, true},
		"properties":  {wide.Object(), `"…":500}`, true},
		"depth":       {deep, `"x":"…"`, true},
		"other kinds": {message.NewArray(nil, message.Null{}, true, 1.5), `[null,null,true,1.5]`, false},
	} {
		got, cut := shortened(t, c.v)
		if !strings.Contains(got, c.want) || cut != c.cut || !utf8.ValidString(got) {
			t.Errorf("%s: cut %v, %.80s … %s", name, cut, got, got[max(0, len(got)-40):])
		}
	}
}

// All the values of an answer together stay within the bound.
func TestAnswersAreBounded(t *testing.T) {
	big := message.NewObject("payload", list(900).With(0, strings.Repeat("x", shownText)))
	c, total := newShortener(false), 0
	for range 2000 {
		data, err := json.Marshal(message.JSON{Value: c.short(big)})
		if err != nil {
			t.Fatal(err)
		}
		total += len(data)
	}
	if !c.cut || total > 2*shownBytes {
		t.Errorf("%d bytes, cut %v", total, c.cut)
	}
}

// What isn't long is shown as it is.
func TestShortValuesStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 100, 1000).Draw(t, "text")
		msg := message.NewObject("a", text, "b", list(rapid.IntRange(0, 50).Draw(t, "n")))
		c := newShortener(false)
		if !message.Equal(c.short(msg), msg) || c.cut {
			t.Error("changed")
		}
	})
}
