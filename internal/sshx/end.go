package sshx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

// How long a command may take to end once it was told to, and how long the
// look at what is left may take.
const (
	graceTerm = 2 * time.Second
	graceKill = time.Second
	reapTime  = 8 * time.Second
)

// giveUp ends a command whose time is up, as well as it can, and says what
// became of it.
func (e *execution) giveUp(ended <-chan error) (Result, error) {
	select {
	case err := <-ended: // in the last moment
		return e.result(err)
	default:
	}
	if e.wrapping != nil && e.wrapping.shell() == 0 {
		e.link.retire()
		return e.soFar(), e.client.dialer.make(Lost, "ssh.job_late", context.DeadlineExceeded, "seconds", e.timeout.Seconds())
	}
	fate := e.stop(ended)
	if fate == StillRunning {
		// OpenSSH keeps the session until the command ends, out of its few.
		e.link.retire()
	}
	e.end()
	if e.marker != nil {
		e.marker.flush()
	}
	r := e.soFar()
	if e.wrapping != nil && fate == StillRunning { // a look at it can do more
		return r, e.client.dialer.make(Lost, "ssh.lost", context.DeadlineExceeded)
	}
	r.Ended = fate
	return r, e.client.dialer.make(Timeout, "ssh.timeout_"+string(fate), context.DeadlineExceeded,
		"seconds", e.timeout.Seconds())
}

func (e *execution) stop(ended <-chan error) Ended {
	if pid, named := e.shell(); named {
		if pid != 0 && reap(e.link, pid) {
			return AllGone
		}
		return StillRunning // a signal request can't do more: root's are ignored
	}
	if e.link.target().User() == "root" {
		_ = e.Close() // hangs the terminal up
		return fate(ended, graceKill)
	}
	_ = e.Signal(ssh.SIGTERM)
	if f := fate(ended, graceTerm); f == Stopped {
		return f
	}
	_ = e.Signal(ssh.SIGKILL)
	return fate(ended, graceKill)
}

// shell is the process that leads the command's session on the host, 0 when it
// was not seen; named says whether it was asked for.
func (e *execution) shell() (pid int, named bool) {
	switch {
	case e.wrapping != nil:
		return e.wrapping.shell(), true
	case e.marker != nil:
		return e.marker.shell(), true
	}
	return 0, false
}

// fate waits a while for the end of the session. A broken connection is no
// sign that the command has ended.
func fate(ended <-chan error, grace time.Duration) Ended {
	select {
	case err := <-ended:
		_, exited := errors.AsType[*ssh.ExitError](err)
		_, silent := errors.AsType[*ssh.ExitMissingError](err)
		if err == nil || exited || silent {
			return Stopped
		}
	case <-time.After(grace):
	}
	return StillRunning
}

// reap ends every process of the session that the shell leads, from a second
// session, and reports whether none is left.
func reap(l *link, pid int) bool {
	ctx, cancel := context.WithTimeout(context.Background(), reapTime)
	defer cancel()
	s, err := l.open(ctx)
	if err != nil {
		return false
	}
	defer s.end()
	done := make(chan bool, 1)
	go func() { // ends with the answer or with the session
		var out bytes.Buffer
		s.Stdout = &limited{to: &out, room: 4 << 10}
		err := s.Run(reaper(pid))
		done <- err == nil && strings.TrimSpace(out.String()) == "left:"
	}()
	select {
	case gone := <-done:
		return gone
	case <-ctx.Done():
		return false
	}
}

// reaper is the script that ends the session of the shell pid: its members by
// session id (/proc) or process group (ps), never anything else. It is one line
// without single quotes, so that any login shell hands it to sh. TERM comes
// first, KILL after a second, and the answer is "left:" and who is left.
func reaper(pid int) string {
	const script = `s=%d; ` +
		`list() { if test -r /proc/self/stat; then for d in /proc/[0-9]*; do ` +
		`{ read -r l <$d/stat; } 2>/dev/null || continue; p=${d#/proc/}; set -- ${l##*) }; ` +
		`case $1 in Z) continue;; esac; ` +
		`case $s in $p|$2|$4) echo $p;; esac; done; ` +
		`else ps -A -o pid= -o ppid= -o pgid= | while read -r p q g; do ` +
		`case $s in $p|$q|$g) echo $p;; esac; done; fi; }; ` +
		`end() { p=$(list); test -z "$p" || kill -$1 $p 2>/dev/null; }; ` +
		`nap() { sleep 0.1 2>/dev/null || sleep 1; }; ` +
		`end TERM; for i in 1 2 3 4 5 6 7 8 9 10; do test -z "$(list)" && break; nap; done; ` +
		`end KILL; test -z "$(list)" || nap; echo left: $(list)`
	return "exec sh -c '" + fmt.Sprintf(script, pid) + "'"
}

// limited keeps the first bytes of a short answer.
type limited struct {
	to   *bytes.Buffer
	room int
}

func (l *limited) Write(p []byte) (int, error) {
	n := min(len(p), l.room)
	l.to.Write(p[:n])
	l.room -= n
	return len(p), nil
}
