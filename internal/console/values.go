package console

import (
	"fmt"
	"strings"

	"toban/internal/message"
)

// The bounds of a value that is shown. The whole one is at its own address.
const (
	shownBytes = 3000
	allValues  = 600_000 // of one page
	shownText  = 1200
	shownItems = 25
	shownDepth = 6
	countMost  = 100_000 // values that are counted for the size
)

// shown is a value as a page shows it.
type shown struct {
	Text string
	Size string // of the whole, about
	Cut  bool
}

// showValue makes a value readable: an outline with indentation, texts of
// several lines as such, up to about most bytes.
func showValue(v message.Value, most int) shown {
	w := &outline{most: most}
	w.value(v, 0)
	return shown{Text: strings.TrimSpace(w.b.String()), Size: size(sizeOf(v)), Cut: w.cut}
}

type outline struct {
	b    strings.Builder
	most int
	cut  bool
}

func (w *outline) full() bool {
	if w.b.Len() < w.most {
		return false
	}
	w.cut = true
	return true
}

// value writes what stands behind a key, its line's end included.
func (w *outline) value(v message.Value, depth int) {
	switch v := v.(type) {
	case *message.Object:
		w.object(v, depth)
	case *message.Array:
		w.array(v, depth)
	case string:
		w.text(v, depth)
	case message.Buffer:
		w.line(fmt.Sprintf("Buffer(%d) % x", len(v), []byte(v[:min(len(v), 64)])))
		w.cut = w.cut || len(v) > 64
	case message.Date:
		w.line(v.ISO())
	case nil:
		w.line("undefined")
	default:
		w.line(message.ToString(v))
	}
}

func (w *outline) line(s string) { w.b.WriteString(" " + s + "\n") }

func (w *outline) indent(depth int) { w.b.WriteString(strings.Repeat("  ", depth)) }

func (w *outline) object(o *message.Object, depth int) {
	if o.Len() == 0 {
		w.line("{}")
		return
	}
	if depth == shownDepth {
		w.cut = true
		w.line("{…}")
		return
	}
	w.b.WriteString("\n")
	n := 0
	for key, item := range o.All() {
		if n == shownItems || w.full() {
			w.rest(o.Len()-n, depth)
			return
		}
		n++
		w.indent(depth)
		w.b.WriteString(shorten(visible(key), 100) + ":")
		w.value(item, depth+1)
	}
}

func (w *outline) array(a *message.Array, depth int) {
	if a.Len() == 0 {
		w.line("[]")
		return
	}
	if depth == shownDepth {
		w.cut = true
		w.line("[…]")
		return
	}
	w.b.WriteString("\n")
	for i, item := range a.All() {
		if i == shownItems || w.full() {
			w.rest(a.Len()-i, depth)
			return
		}
		w.indent(depth)
		w.b.WriteString("-")
		w.value(item, depth+1)
	}
}

func (w *outline) rest(n, depth int) {
	w.cut = true
	w.indent(depth)
	w.b.WriteString(fmt.Sprintf("… +%d\n", n))
}

// text writes a text: in its line, or below it if it has several lines.
func (w *outline) text(s string, depth int) {
	if len(s) > shownText {
		w.cut = true
		s = shorten(s, shownText) + fmt.Sprintf(" (%s)", size(len(s)))
	}
	if !strings.Contains(s, "\n") {
		w.line(`"` + visible(s) + `"`)
		return
	}
	w.b.WriteString(" |\n")
	for line := range strings.SplitSeq(strings.TrimRight(s, "\r\n"), "\n") {
		w.indent(depth)
		w.b.WriteString(visible(line) + "\n")
	}
}

// sizeOf is about how many bytes a value has, counted up to a bound.
func sizeOf(v message.Value) int {
	left := countMost
	return count(v, &left)
}

func count(v message.Value, left *int) (bytes int) {
	if *left--; *left < 0 {
		return 0
	}
	switch v := v.(type) {
	case string:
		return len(v)
	case message.Buffer:
		return len(v)
	case *message.Array:
		for _, item := range v.All() {
			if *left < 0 {
				break
			}
			bytes += 1 + count(item, left)
		}
	case *message.Object:
		for key, item := range v.All() {
			if *left < 0 {
				break
			}
			bytes += len(key) + 1 + count(item, left)
		}
	default:
		return len(message.ToString(v))
	}
	return bytes
}
