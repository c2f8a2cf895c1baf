package sshx

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCutOutputEndsInAWholeCharacter(t *testing.T) {
	for shift := range 3 {
		var c collector
		_, _ = c.Write([]byte(strings.Repeat("x", shift)))
		_, _ = c.Write(bytes.Repeat([]byte("あ"), MaxOutput/3+10))
		o := c.output()
		if !o.Cut() || !utf8.ValidString(o.Text) || strings.Contains(o.Text, "\uFFFD") || len(o.Text) < MaxOutput-3 {
			t.Errorf("shift %d: %d bytes, valid %v", shift, len(o.Text), utf8.ValidString(o.Text))
		}
	}
}

func TestOutputThatIsNoText(t *testing.T) {
	var c collector
	_, _ = c.Write([]byte("a\xffb"))
	if o := c.output(); o.Text != "a\uFFFDb" || o.Size != 3 {
		t.Errorf("%+v", o)
	}
}

// TestMarkerIsTakenOut however the stream is cut into pieces.
func TestMarkerIsTakenOut(t *testing.T) {
	for size := 1; size < 40; size++ {
		var out bytes.Buffer
		m := newMarker(&out)
		stream := fmt.Sprintf("bashrc says hi\n%s 4711\nfirst\nsecond\n", m.nonce)
		for len(stream) > 0 {
			n := min(size, len(stream))
			_, _ = m.Write([]byte(stream[:n]))
			stream = stream[n:]
		}
		m.flush()
		if out.String() != "bashrc says hi\nfirst\nsecond\n" || m.shell() != 4711 {
			t.Errorf("pieces of %d: %q, shell %d", size, out.String(), m.shell())
		}
	}
}

func TestWithoutMarkerEverythingPasses(t *testing.T) {
	var out bytes.Buffer
	m := newMarker(&out)
	text := strings.Repeat("no marker here\n", 2*maxPreamble/15)
	_, _ = m.Write([]byte(text))
	_, _ = m.Write([]byte(m.nonce + " 1\n")) // too late to be believed
	m.flush()
	if out.String() != text+m.nonce+" 1\n" || m.shell() != 0 {
		t.Errorf("%d of %d bytes, shell %d", out.Len(), len(text), m.shell())
	}
}
