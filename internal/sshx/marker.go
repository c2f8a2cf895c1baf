package sshx

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"sync"
)

// marker makes the login shell write its process id to stderr before the text
// runs, and takes that line out of what the caller sees.
type marker struct {
	nonce string
	line  *regexp.Regexp
	to    io.Writer

	mu   sync.Mutex
	held []byte // not yet passed on: may be the beginning of the line
	pid  int
}

// maxPreamble is how much a login may write (from .bashrc, say) before the
// line; what comes later is passed on unseen.
const maxPreamble = 16 << 10

func newMarker(to io.Writer) *marker {
	nonce := rand.Text()
	return &marker{nonce: nonce, line: regexp.MustCompile(nonce + ` (\d{1,10})\r?\n`), to: to}
}

// wantsMarker: see the package documentation.
func (e *execution) wantsMarker(cmd Command) bool {
	return cmd.Timeout > 0 && !cmd.PTY && e.link.target().User() == "root"
}

// command is understood by every login shell (csh and fish, too), because its
// inside is left to sh. The parent of that sh is the login shell.
func (m *marker) command() string {
	return fmt.Sprintf("sh -c 'echo %s $PPID >&2'", m.nonce)
}

func (m *marker) Write(p []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.held == nil && m.pid != 0 {
		return m.to.Write(p)
	}
	m.held = append(m.held, p...)
	at := m.line.FindSubmatchIndex(m.held)
	switch {
	case at != nil:
		m.pid, _ = strconv.Atoi(string(m.held[at[2]:at[3]]))
		rest := bytes.Join([][]byte{m.held[:at[0]], m.held[at[1]:]}, nil)
		m.pass(rest)
	case len(m.held) > maxPreamble:
		m.pid = -1
		m.pass(m.held)
	}
	return len(p), nil
}

func (m *marker) pass(p []byte) {
	_, _ = m.to.Write(p) // a collector never fails
	m.held = nil
}

// flush passes on what is held when nothing more can come.
func (m *marker) flush() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.pass(m.held)
}

// shell gives the process id of the login shell, 0 when it was not seen.
func (m *marker) shell() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.pid, 0)
}
