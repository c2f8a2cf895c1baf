package js

import (
	"os"
	"strings"
	"testing"

	"toban/internal/message"
)

// TestGlobalsAsInNode evaluates the expressions of testdata/node.txt, each
// followed by the JSON that Node.js 20 gives for it.
func TestGlobalsAsInNode(t *testing.T) {
	data, err := os.ReadFile("testdata/node.txt")
	if err != nil {
		t.Fatal(err)
	}
	vm := newVM(t, Options{})
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if len(lines) < 150 {
		t.Fatalf("%d lines", len(lines))
	}
	for i := 0; i+1 < len(lines); i += 2 {
		want := strings.TrimPrefix(lines[i+1], "\t")
		v, err := eval(t, vm, "JSON.stringify("+lines[i]+")")
		if err != nil {
			t.Errorf("%s: %v", lines[i], err)
			continue
		}
		if got := message.ToString(v); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", lines[i], got, want)
		}
	}
}
