package cli

import (
	"io"
	"os"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"toban/internal/locale"
)

// terminal opens a terminal of some columns; screen is what it shows.
func terminal(t *testing.T, columns uint16) (tty, screen *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals on this machine: %v", err)
	}
	fd := int(screen.Fd())
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err == nil {
		err = unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: columns})
	}
	if err != nil {
		t.Fatal(err)
	}
	tty, err = os.OpenFile("/dev/pts/"+strconv.Itoa(n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no pseudo-terminals on this machine: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	return tty, screen
}

// A wide terminal shows what a run is about in full; a narrow one shows as much
// as there is room for, and its lines don't break.
func TestRunsFillTheTerminal(t *testing.T) {
	api(t)
	const title = "[AWS] メンテナンスのお知らせ：インスタンスの再起動が予定されています"
	for width, whole := range map[uint16]bool{160: true, 80: false, 70: false} {
		tty, screen := terminal(t, width)
		code := Run(t.Context(), []string{"runs", "ls"}, Env{Stdin: strings.NewReader(""), Stdout: tty, Stderr: io.Discard, Lang: locale.JA})
		_ = tty.Close()
		shown, _ := io.ReadAll(screen) // ends with an error, for nobody holds the terminal any more
		if code != exitOK || strings.Contains(string(shown), title) != whole {
			t.Errorf("%d columns: exit code %d\n%s", width, code, shown)
		}
		for line := range strings.Lines(string(shown)) {
			if n := locale.Columns(strings.TrimRight(line, "\r\n")); n > int(width) {
				t.Errorf("%d columns of %d: %s", n, width, line)
			}
		}
	}
}
