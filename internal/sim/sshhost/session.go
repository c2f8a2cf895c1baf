package sshhost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gliderlabs/ssh"
	gossh "golang.org/x/crypto/ssh"
)

// serve runs one command and reports its end.
func (h *Host) serve(s ssh.Session) {
	fault := h.behaviour()
	if fault == DropAtStart {
		drop(s)
		return
	}
	h.record(s.RawCommand())
	if fault == NeverAnswer {
		<-s.Context().Done()
		return
	}
	ctx, cancel := context.WithCancelCause(s.Context())
	defer cancel(nil)
	signals := make(chan ssh.Signal, 8)
	s.Signals(signals)
	go func() { // ends with the command
		select {
		case signal := <-signals:
			cancel(killed(signal))
		case <-ctx.Done():
		}
	}()
	code := h.run(ctx, s, fault)
	switch signal, byCause := errors.AsType[killed](context.Cause(ctx)); {
	case fault == DropMidway:
		drop(s)
	case byCause:
		end(s, string(signal))
	default:
		_ = s.Exit(code)
	}
}

// killed is the cause that ends a command: a signal's name.
type killed string

func (k killed) Error() string { return "killed by " + string(k) }

func (h *Host) run(ctx context.Context, s ssh.Session, fault Fault) int {
	_, _, pty := s.Pty()
	stderr := s.Stderr()
	if pty {
		stderr = s // a terminal has one stream
	}
	sh := &shell{host: h, ctx: ctx, fault: fault, vars: map[string]string{"PPID": "4242", "$": "4243", "?": "0"}}
	sh.vars["USER"] = s.User()
	for _, v := range s.Environ() {
		name, value, _ := strings.Cut(v, "=")
		sh.vars[name] = value
	}
	return sh.script(s.RawCommand(), streams{out: s, err: stderr})
}

// end reports a death by signal; gliderlabs/ssh knows exit statuses only.
func end(s ssh.Session, signal string) {
	_, _ = s.SendRequest("exit-signal", false, gossh.Marshal(struct {
		Signal     string
		CoreDumped bool
		Error      string
		Lang       string
	}{Signal: signal}))
	_ = s.Close()
}

// drop breaks the whole connection, as a crash or a cut cable would.
func drop(s ssh.Session) {
	if conn, ok := s.Context().Value(ssh.ContextKeyConn).(io.Closer); ok {
		_ = conn.Close()
	}
}

// streams are a command's standard output and error.
type streams struct{ out, err io.Writer }

func (st streams) complain(format string, args ...any) {
	_, _ = fmt.Fprintf(st.err, format+"\n", args...)
}
