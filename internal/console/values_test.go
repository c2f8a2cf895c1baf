package console

import (
	"strings"
	"testing"

	"toban/internal/message"
)

// TestShowValue: values read as an outline, and are cut in every direction with
// their size said.
func TestShowValue(t *testing.T) {
	deep := message.Value("bottom")
	for range 1000 {
		deep = message.NewObject("d", deep)
	}
	wide := message.NewBuilder(0)
	for i := range 1000 {
		wide.Set(strings.Repeat("k", 200)+string(rune('a'+i%26))+strings.Repeat("x", i), "v")
	}
	many := make([]message.Value, 1_000_000)
	for _, c := range []struct {
		name  string
		value message.Value
		want  string
		cut   bool
	}{
		{"a message", message.NewObject("payload", "a\r\nb\n", "n", 1.5, "ok", true, "no", message.Null{}, "list", message.NewArray("x", message.NewObject("y", nil))),
			"payload: |\n  a\n  b\nn: 1.5\nok: true\nno: null\nlist:\n  - \"x\"\n  -\n    y: undefined", false},
		{"bytes", message.Buffer("PNG"), "Buffer(3) 50 4e 47", false},
		{"many bytes", message.Buffer(strings.Repeat("\x00", 1000)), "Buffer(1000) 00 00", true},
		{"empty ones", message.NewArray(message.NewObject(), message.NewArray(), ""), "- {}\n- []\n- \"\"", false},
		{"a long text", strings.Repeat("ab", 1e6), "ab… (2.0 MB)", true},
		{"depth", deep, "{…}", true},
		{"width", wide.Object(), "… +", true},
		{"many items", message.NewArray(many...), "… +999975", true},
		{"control characters", "a\x1b[31m\u202eb\x00", "\"a\ufffd[31m\ufffdb\ufffd\"", false},
	} {
		got := showValue(c.value, shownBytes)
		if !strings.Contains(got.Text, c.want) || got.Cut != c.cut || len(got.Text) > 2*shownBytes {
			t.Errorf("%s (%d bytes, cut %t):\n%.400s\nwant\n%s", c.name, len(got.Text), got.Cut, got.Text, c.want)
		}
	}
}

func TestSize(t *testing.T) {
	for n, want := range map[int]string{0: "0 B", 999: "999 B", 1000: "1.0 kB", 1_234_567: "1.2 MB"} {
		if got := size(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}
