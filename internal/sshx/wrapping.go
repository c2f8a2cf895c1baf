package sshx

import (
	"bytes"
	"io"
	"strconv"
	"strings"
	"sync"
)

// wrapping is the wrapper of one job and what it says. Its words are lines on
// stdout that begin with a nonce; behind the last one is the job's own stdout, and
// behind a line with the nonce alone its stderr. All before is noise: of files
// that the login shell reads, which a command under the wrapper sees once more.
type wrapping struct {
	job   Job
	mode  string // modeStart or modeLook
	nonce string
	spoke func() // called before the first word counts

	out, err passage
	mu       sync.Mutex
	pid      int      // of the wrapper's shell, once the command is about to begin
	word     string   // the last word, "" until it was said
	fields   []string // what stands behind it
	refused  string   // why nothing was run
	what     string   // details of that
}

func newWrapping(j Job, mode string, spoke func()) *wrapping {
	w := &wrapping{job: j, mode: mode, nonce: newNonce(), spoke: sync.OnceFunc(spoke)}
	w.out.line, w.err.line = w.heard, w.isNonce
	return w
}

// heard takes a line of stdout and tells whether the job's own stdout follows.
func (w *wrapping) heard(line string) bool {
	_, said, ours := strings.Cut(line, w.nonce+" ")
	words := strings.Fields(said)
	if !ours || len(words) == 0 {
		return false
	}
	w.spoke()
	w.mu.Lock()
	defer w.mu.Unlock()
	switch words[0] {
	case "begin":
		if len(words) > 1 {
			w.pid, _ = strconv.Atoi(words[1])
		}
		return false
	case "refused":
		w.refused, w.what = whyRefused(words[1:])
	default:
		w.word, w.fields = words[0], words[1:]
	}
	return true
}

// refusal tells why nothing was run, "" when that isn't so.
func (w *wrapping) refusal() (why, what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.refused, w.what
}

// whyRefused reads why the wrapper runs nothing.
func whyRefused(words []string) (why, what string) {
	if len(words) == 0 {
		return "folder", ""
	}
	switch why = words[0]; why {
	case "stdin", "tool", "folder":
		return why, strings.Join(words[1:], " ")
	}
	return "folder", strings.Join(words, " ")
}

func (w *wrapping) isNonce(line string) bool { return strings.HasSuffix(line, w.nonce) }

// shell is the wrapper's process id, 0 as long as the command can't have begun.
func (w *wrapping) shell() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(w.pid, 0)
}

// said reports whether the wrapper has told how things stand.
func (w *wrapping) said() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.word != "" || w.refused != ""
}

// noise is the beginning of what came instead of the wrapper's words.
func (w *wrapping) noise() string {
	return strings.TrimSpace(w.err.seen() + w.out.seen())
}

// passage lets a stream through from a certain line on.
type passage struct {
	line func(string) bool // takes a line; true: the stream begins behind it
	to   io.Writer

	mu    sync.Mutex
	open  bool
	held  []byte // a line's beginning
	early []byte // the beginning of what was before
}

// The bounds of what is kept of noise, and of a line in it.
const (
	maxNoise = 1 << 10
	maxLine  = 8 << 10
)

// Write never fails.
func (p *passage) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.open {
		return p.to.Write(b)
	}
	p.early = append(p.early, b[:min(len(b), max(0, maxNoise-len(p.early)))]...)
	p.held = append(p.held, b...)
	for {
		line, rest, whole := bytes.Cut(p.held, []byte("\n"))
		if !whole {
			break
		}
		p.held = rest
		if p.line(strings.TrimRight(string(line), "\r")) {
			p.open = true
			_, _ = p.to.Write(p.held) // a collector never fails
			p.held = nil
			return len(b), nil
		}
	}
	if len(p.held) > maxLine { // its end may be the beginning of a word of ours
		p.held = bytes.Clone(p.held[len(p.held)-maxNoise:])
	}
	return len(b), nil
}

func (p *passage) seen() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.ToValidUTF8(string(p.early), "\uFFFD")
}
