package command

import (
	"strconv"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/sshx"
)

// value is what the field gets: {stdout, stderr, rc:{code}}, or with oldrc the
// plain status as rc.
func (j *job) value(r sshx.Result) message.Value {
	var rc message.Value = float64(r.Code)
	if !j.node.OldRC {
		rc = message.NewObject("code", rc)
	}
	return message.NewObject("stdout", j.output(r.Stdout), "stderr", j.output(r.Stderr), "rc", rc)
}

func (j *job) output(o sshx.Output) string {
	text := o.Text
	if j.node.Trim {
		text = strings.TrimSpace(text)
	}
	if o.Cut() {
		text += "\n" + j.lang.Text("command.cut", "size", o.Size)
	}
	return text
}

// Exit statuses with a mend of their own.
const (
	notFound      = 127 // of every shell
	noCredentials = 253 // of the aws CLI: its configuration is at fault
)

// bad is the error of a command that ended with something else than status 0.
// msg.error.code is the status, or the signal's name.
func (j *job) bad(r sshx.Result) error {
	key, code := "command.exit", strconv.Itoa(r.Code)
	switch {
	case r.Signal != "":
		key, code = "command.signal", "SIG"+r.Signal
	case r.Code == notFound:
		key = "command.not_found"
	case r.Code == noCredentials && strings.Contains(j.command.Text, "aws "):
		key = "command.no_aws_credentials"
	}
	said := j.said(r)
	if said == "" {
		key += "_silent"
	}
	return &node.Coded{Code: code, Err: locale.Errorf(key, "host", j.client.Label(), "code", r.Code,
		"signal", "SIG"+r.Signal, "stderr", said)}
}

// said is the end of what the command complained of: the last lines say why.
func (j *job) said(r sshx.Result) string {
	text := strings.TrimSpace(r.Stderr.Text)
	if text == "" && j.node.PTY { // a terminal has one stream
		text = strings.TrimSpace(r.Stdout.Text)
	}
	const most = 2000
	if len(text) > most {
		text = "…" + strings.ToValidUTF8(text[len(text)-most:], "")
	}
	return text
}

// failure says what an error of the SSH client means for the run.
func failure(err error) error {
	switch kind := sshx.KindOf(err); kind {
	case sshx.Lost, sshx.NoJobs:
		return &unknown{err}
	case "":
		return err // the context ended before the start
	default:
		return &node.Coded{Err: err, Code: string(kind)}
	}
}

// unknown is the error of a command that may or may not have been done.
type unknown struct{ err error }

func (u *unknown) Error() string { return u.err.Error() }

// Unwrap gives the reason and that the outcome is unknown.
func (u *unknown) Unwrap() []error { return []error{u.err, node.ErrUnknown} }
