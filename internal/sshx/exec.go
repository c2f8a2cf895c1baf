package sshx

import (
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"toban/internal/failpoint"
)

// Command is what to run.
type Command struct {
	Text string // for the login shell, verbatim
	// Env is sent by SSH "env" requests. What the server refuses (OpenSSH takes
	// only names in its AcceptEnv) is exported in front of the text instead.
	Env []Var
	PTY bool // with a terminal; stderr then arrives in Stdout
	// Timeout is for the whole text, counted from its start; 0: none.
	Timeout time.Duration
}

// Result is how a command ended.
type Result struct {
	Stdout, Stderr Output
	Code           int    // exit status; 128 + the signal's number when it was killed
	Signal         string // such as TERM, "" when it exited
	Ended          Ended  // when its time was up
}

// Ended says what became of a command whose time was up.
type Ended string

// The fates of such a command.
const (
	StillRunning Ended = "running" // nothing that we tried is known to have had effect
	Stopped      Ended = "stopped" // the shell has ended; what it had started may go on
	AllGone      Ended = "gone"    // it was looked at: no process of the session is left
)

// Exec runs a command and waits for its end. A command that ended by itself,
// with whatever status, is a result and no error. The errors are of these
// kinds: [Unreachable], [AuthRefused], [UnknownKey], [ChangedKey] and
// [ExecRefused] say that it was not started; [Timeout] that it was ended or
// given up after its time; [Lost] that it was started and nobody knows how it
// ended. When ctx ends before the start, its error is returned; when it ends
// after the start, the command is left alone and the error is [Lost].
func (c *Client) Exec(ctx context.Context, cmd Command) (Result, error) {
	return c.exec(ctx, cmd, nil)
}

// exec is Exec, under a wrapper unless w is nil.
func (c *Client) exec(ctx context.Context, cmd Command, w *wrapping) (Result, error) {
	if strings.Contains(cmd.Text, "\x00") {
		return Result{}, c.dialer.make(ExecRefused, "ssh.nul_in_command", nil)
	}
	slots := c.slots
	if w != nil && w.mode == modeLook {
		slots = c.looks
	}
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
	s, err := c.session(ctx)
	if err != nil {
		return Result{}, err
	}
	defer s.end()
	run, err := c.prepare(ctx, s, cmd, w)
	if err != nil {
		return Result{}, err
	}
	return run.run(ctx)
}

// execution is one command on its session.
type execution struct {
	*session
	client         *Client
	text           string // what is sent
	timeout        time.Duration
	pty            bool
	marker         *marker // nil unless the shell's process id is wanted
	wrapping       *wrapping
	input          string         // for stdin
	stdin          io.WriteCloser // nil without input
	stdout, stderr collector
}

// prepare sets the session up. Nothing has started when it fails.
func (c *Client) prepare(ctx context.Context, s *session, cmd Command, w *wrapping) (*execution, error) {
	e := &execution{session: s, client: c, text: cmd.Text, timeout: cmd.Timeout, pty: cmd.PTY, wrapping: w}
	e.Stdout, e.Stderr = &e.stdout, &e.stderr
	done := make(chan error, 1)
	go func() { done <- e.setUp(cmd) }() // ends with the answers or with the session
	ctx, cancel := context.WithTimeout(ctx, c.config.DialTimeout)
	defer cancel()
	select {
	case err := <-done:
		return e, err
	case <-ctx.Done():
		s.link.retire()
		return nil, s.link.notOpened(ctx.Err())
	}
}

func (e *execution) setUp(cmd Command) error {
	var refused []Var
	for _, v := range cmd.Env {
		if err := e.Setenv(v.Name, v.Value); err != nil {
			refused = append(refused, v)
		}
	}
	if cmd.PTY {
		// No echo, and line ends as the command writes them.
		modes := ssh.TerminalModes{ssh.ECHO: 0, ssh.ONLCR: 0}
		if err := e.RequestPty("xterm", 40, 200, modes); err != nil {
			return e.client.dialer.make(ExecRefused, "ssh.pty_refused", err)
		}
	}
	prefix := exports(refused)
	if e.wrapping != nil {
		return e.wrap(prefix + cmd.Text)
	}
	if e.wantsMarker(cmd) {
		e.marker = newMarker(&e.stderr)
		e.Stderr = e.marker
		prefix = e.marker.command() + "; " + prefix
	}
	e.text = prefix + cmd.Text
	return nil
}

// wrap makes the text one that the wrapper runs.
func (e *execution) wrap(text string) (err error) {
	w := e.wrapping
	w.out.to, w.err.to = &e.stdout, &e.stderr
	e.Stdout, e.Stderr = &w.out, &w.err
	e.text, e.input = w.bootstrap(), w.input(text)
	e.stdin, err = e.StdinPipe()
	return err
}

// exports sets variables in a POSIX shell, on the line that the text begins on.
func exports(vars []Var) string {
	var b strings.Builder
	for _, v := range vars {
		b.WriteString("export " + v.Name + "=" + Quote(v.Value) + "; ")
	}
	return b.String()
}

// run starts the text and waits. From here on a failure may mean that it runs.
func (e *execution) run(ctx context.Context) (Result, error) {
	var timeUp <-chan time.Time
	if e.timeout > 0 {
		timer := time.NewTimer(e.timeout)
		defer timer.Stop()
		timeUp = timer.C
	}
	ended := make(chan error, 1)
	go func() { ended <- e.startAndWait() }() // ends with the command or with the connection
	select {
	case err := <-ended:
		return e.result(err)
	case <-timeUp:
		return e.giveUp(ended)
	case <-ctx.Done():
		e.link.retire()
		return e.soFar(), e.client.dialer.make(Lost, "ssh.left", context.Cause(ctx))
	}
}

var errRefused = errors.New("the server refused to run a command")

func (e *execution) startAndWait() error {
	if err := e.Start(e.text); err != nil {
		// x/crypto reports a "no" by a bare text; everything else is a broken connection.
		if strings.HasPrefix(err.Error(), "ssh: command ") {
			return errRefused
		}
		return err
	}
	failpoint.Here(failpoint.CommandStarted)
	if e.stdin != nil {
		go e.feed() // ends with the text or with the session
	}
	return e.Wait()
}

// feed gives the input to the host. A failure shows in how the session ends.
func (e *execution) feed() {
	_, _ = io.WriteString(e.stdin, e.input)
	_ = e.stdin.Close()
}

func (e *execution) soFar() Result {
	r := Result{Stdout: e.stdout.output(), Stderr: e.stderr.output()}
	if e.pty { // some servers' terminals turn line ends whatever they are asked for
		r.Stdout.Text = strings.ReplaceAll(r.Stdout.Text, "\r\n", "\n")
	}
	return r
}

func (e *execution) result(err error) (Result, error) {
	if e.marker != nil {
		e.marker.flush()
	}
	r := e.soFar()
	exit, exited := errors.AsType[*ssh.ExitError](err)
	switch {
	case e.wrapping != nil && exited && e.wrapping.shell() != 0 && !e.wrapping.said():
		return r, e.client.dialer.make(Lost, "ssh.job_killed", err)
	case err == nil:
		return r, nil
	case exited:
		r.Code, r.Signal = exit.ExitStatus(), exit.Signal()
		return r, nil
	case errors.Is(err, errRefused):
		return r, e.client.dialer.make(ExecRefused, "ssh.exec_refused", err)
	}
	return r, e.client.dialer.make(Lost, "ssh.lost", err)
}
