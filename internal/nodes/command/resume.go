package command

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/sshx"
)

// trailKind begins the trail of commands that run as jobs.
const trailKind = "ssh job "

// clockSlack is how far the durations that two clocks measured may differ.
const clockSlack = 2 * time.Minute

// makeResumable lets the host keep a record of the command, and asks it for that.
func (j *job) makeResumable(e *node.Effect) {
	e.Trail = trailKind + j.client.Account()
	e.Perform, e.Observe = j.performAsJob, j.observe
	e.Remark = func() string {
		j.mu.Lock()
		defer j.mu.Unlock()
		return j.remark
	}
}

// sshJob names the job of an attempt: "<run>.<seq>.<attempt>".
func (j *job) sshJob(key node.Key) (sshx.Job, error) {
	at := strings.LastIndexByte(string(key), '.')
	if at < 0 {
		return sshx.Job{}, fmt.Errorf("command: %q names no attempt", key)
	}
	attempt, err := strconv.Atoi(string(key)[at+1:])
	return sshx.Job{Command: j.command, Step: string(key)[:at], Attempt: attempt}, err
}

func (j *job) performAsJob(ctx context.Context, key node.Key) (node.Outputs, error) {
	sj, err := j.sshJob(key)
	if err != nil {
		return nil, err
	}
	report, err := j.client.RunJob(ctx, sj)
	if err == nil && report.State != sshx.JobFinished {
		err = &unknown{locale.Errorf("command.job_elsewhere", "host", j.client.Label())}
	}
	if err == nil && report.Attempt != sj.Attempt {
		j.say(j.lang.Text("command.job_earlier", "attempt", report.Attempt, "host", j.client.Label()))
	}
	if err != nil {
		return nil, j.lost(err)
	}
	return j.ended(ctx, report.Result)
}

func (j *job) say(remark string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.remark = remark
}

// lost is what an error means, and remembers if the host must not be asked.
func (j *job) lost(err error) error {
	if sshx.KindOf(err) == sshx.NoJobs {
		j.mu.Lock()
		j.mute = true
		j.mu.Unlock()
	}
	if errors.Is(err, node.ErrUnknown) {
		return err
	}
	return failure(err)
}

// observe asks the host what became of an attempt.
func (j *job) observe(ctx context.Context, a node.Attempt) (node.Observation, error) {
	client, err := j.node.client() // the present one: the other may have been closed by a deploy
	if err != nil {
		return node.Observation{Note: j.lang.Err(err)}, nil
	}
	j.mu.Lock()
	mute := j.mute
	j.mu.Unlock()
	switch {
	case mute:
		return node.Observation{}, nil // Perform's error says why
	case !strings.HasPrefix(a.Trail, trailKind):
		return node.Observation{Note: j.lang.Text("command.job_unrecorded")}, nil
	case a.Trail != trailKind+client.Account():
		return node.Observation{Note: j.lang.Text("command.job_moved", "was", strings.TrimPrefix(a.Trail, trailKind),
			"now", client.Account())}, nil
	}
	sj, err := j.sshJob(a.Key)
	if err != nil {
		return node.Observation{}, err
	}
	report, err := client.LookAtJob(ctx, sj)
	if report.State == sshx.JobTimedOut && sshx.KindOf(err) == sshx.Timeout {
		return node.Observation{Happened: node.Happened, Err: failure(err)}, nil
	}
	if err != nil {
		return node.Observation{}, whenAway(err)
	}
	return j.observed(ctx, report, a)
}

// observed says what a report means for the step.
func (j *job) observed(ctx context.Context, r sshx.Report, a node.Attempt) (node.Observation, error) {
	seen := node.Observation{Note: j.words(r, a)}
	switch r.State {
	case sshx.JobRunning:
		seen.Happened = node.UnderWay
	case sshx.JobNever:
		if r.Sure >= j.node.env.Now().Sub(a.Since)+clockSlack {
			seen.Happened = node.DidNot
		}
	case sshx.JobFinished:
		seen.Happened = node.Happened
		seen.Outputs, seen.Err = j.ended(ctx, r.Result)
	}
	return seen, nil
}

// words tells people what a report says.
func (j *job) words(r sshx.Report, a node.Attempt) string {
	host, ago := j.client.Label(), locale.Duration(r.Age)
	switch {
	case r.State == sshx.JobFinished:
		return j.lang.Text("command.job_finished", "host", host, "ago", ago, "code", r.Result.Code)
	case r.State == sshx.JobRunning:
		return j.lang.Text("command.job_running", "host", host, "ago", ago)
	case r.State == sshx.JobNever && r.Sure >= j.node.env.Now().Sub(a.Since)+clockSlack:
		return j.lang.Text("command.job_never", "host", host)
	case r.State == sshx.JobNever:
		return j.lang.Text("command.job_no_trace", "host", host, "sure", locale.Duration(r.Sure))
	}
	key := "command.job_dead"
	if r.Rebooted {
		key = "command.job_rebooted"
	}
	text := j.lang.Text(key, "host", host, "ago", ago)
	if last := lastWords(r.Result); last != "" {
		text += " " + j.lang.Text("command.job_last_words", "text", last)
	}
	return text
}

// lastWords is the end of what a command said, in one line.
func lastWords(r sshx.Result) string {
	text := strings.Join(strings.Fields(r.Stderr.Text), " ")
	if text == "" {
		text = strings.Join(strings.Fields(r.Stdout.Text), " ")
	}
	const most = 300
	if len(text) > most {
		text = "…" + strings.ToValidUTF8(text[len(text)-most:], "")
	}
	return text
}

// whenAway marks the errors of a host that may be back soon: one that starts
// refuses log-ins for a while.
func whenAway(err error) error {
	switch sshx.KindOf(err) {
	case sshx.Unreachable, sshx.Lost, sshx.AuthRefused, "":
		return &away{err}
	}
	return err
}

// away is the error of a host that can't be asked now.
type away struct{ err error }

func (a *away) Error() string { return a.err.Error() }

// Unwrap gives the reason and that it may be asked again.
func (a *away) Unwrap() []error { return []error{a.err, node.ErrAway} }
