package sshx

import (
	"bytes"
	"strings"
	"sync"
	"unicode/utf8"
)

// MaxOutput is how much of stdout, and of stderr, is kept. The rest is read,
// so that the command doesn't block on it, counted and thrown away.
const MaxOutput = 1 << 20

// Output is what a command wrote to one of its streams.
type Output struct {
	Text string // valid UTF-8; other bytes have become U+FFFD
	Size int64  // bytes that were written, also those beyond MaxOutput

	lost bool // not all that should be in Text was kept
}

// Cut reports whether Text is only the beginning.
func (o Output) Cut() bool { return o.Size > MaxOutput || o.lost }

// add counts bytes that were written and kept nowhere.
func (o *Output) add(more int) {
	if more > 0 {
		o.Size += int64(more)
		o.lost = true
	}
}

// collector keeps the beginning of a stream. It is read while the command may
// still be writing (when its time is up), hence the lock.
type collector struct {
	mu   sync.Mutex
	kept bytes.Buffer
	size int64
}

func (c *collector) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.size += int64(len(p))
	if room := MaxOutput - c.kept.Len(); room > 0 {
		c.kept.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

func (c *collector) output() Output {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.kept.Bytes()
	if c.size > MaxOutput {
		kept = wholeRunes(kept)
	}
	return Output{Text: strings.ToValidUTF8(string(kept), "\uFFFD"), Size: c.size}
}

// wholeRunes drops a character that was cut in two at the end of b.
func wholeRunes(b []byte) []byte {
	for i := 1; i < utf8.UTFMax && i <= len(b); i++ {
		if at := len(b) - i; utf8.RuneStart(b[at]) {
			if !utf8.FullRune(b[at:]) {
				return b[:at]
			}
			break
		}
	}
	return b
}
