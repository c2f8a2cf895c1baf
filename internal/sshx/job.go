package sshx

import (
	"context"
	"crypto/rand"
	_ "embed"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Job is a command that the host keeps a record of, so that its outcome can be
// asked for after the connection or this process has gone.
type Job struct {
	Command
	// Step names what the command is done for, Attempt (from 1) which try at it
	// this is. A host starts a job of the same step and attempt once.
	Step    string
	Attempt int
}

// JobState says how a job stands on its host.
type JobState string

// The states of a job.
const (
	JobFinished JobState = "finished" // Report.Result is how it ended
	JobRunning  JobState = "running"
	JobNever    JobState = "never" // it did not begin under this record and can't any more
	JobDead     JobState = "dead"  // it began, and is gone without having said how it ended
	JobTimedOut JobState = "timed out"
)

// Report is what a host says about the attempts at a step.
type Report struct {
	State   JobState
	Attempt int // that the report is about: the one asked for, or an earlier one
	Result  Result
	Age     time.Duration // since it began; not for JobNever
	// Rebooted says of a dead job that the host was started anew since.
	Rebooted bool
	// Sure is, for JobNever, the longest time for which the host's record proves
	// that nothing began: its folder is that old, the host has been up for that
	// long, and nothing of that time was tidied away.
	Sure time.Duration
}

//go:embed job.sh
var jobScript string

// lookSeconds is how long the host waits for a running job before a look at it
// says so. Looks at a host go one at a time, so it is short.
const lookSeconds = 8

// What the wrapper is to do.
const (
	modeStart = "start"
	modeLook  = "look"
)

var jobSteps = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}\.[0-9]{1,10}$`)

// RunJob runs a command as [Client.Exec] does, under a small wrapper that
// records on the host that it began, what it said and how it ended. If an earlier
// attempt at the step has ended meanwhile, its result is given and nothing is
// run; one that goes on is waited for. The errors are those of Exec, and of kind
// [NoJobs]; after [Lost], [Client.LookAtJob] is the way to know.
func (c *Client) RunJob(ctx context.Context, j Job) (Report, error) {
	return c.job(ctx, j, modeStart)
}

// LookAtJob asks how a job stands. One that has not begun is kept from beginning
// from then on. It waits for a running one, for some seconds, and ends one
// whose Timeout is over. A host on which no job was ever seen to run is not asked
// ([NoJobs]): it may run something else than it is asked for.
func (c *Client) LookAtJob(ctx context.Context, j Job) (Report, error) {
	return c.job(ctx, Job{Command: Command{Timeout: j.Timeout}, Step: j.Step, Attempt: j.Attempt}, modeLook)
}

func (c *Client) job(ctx context.Context, j Job, mode string) (Report, error) {
	if !jobSteps.MatchString(j.Step) || j.Attempt < 1 || j.Attempt > 1e6 {
		return Report{}, c.dialer.make(BadConfig, "ssh.job_bad_step", nil, "step", j.Step)
	}
	if mode == modeLook && !c.isProven() {
		return Report{}, c.dialer.make(NoJobs, "ssh.job_unproven", nil)
	}
	w := newWrapping(j, mode, c.proved)
	if mode == modeLook {
		j.Timeout = 0 // the host counts it
	}
	r, err := c.exec(ctx, j.Command, w)
	if why, what := w.refusal(); why != "" {
		return Report{}, c.dialer.make(ExecRefused, "ssh.job_refused_"+why, nil, "what", what)
	}
	if err != nil {
		return Report{State: JobTimedOut, Attempt: j.Attempt, Result: r}, err
	}
	return c.reported(w, r)
}

// reported turns the wrapper's last word into a report.
func (c *Client) reported(w *wrapping, r Result) (Report, error) {
	rep := Report{State: JobState(w.word), Attempt: w.number(0), Result: r}
	switch rep.State {
	case JobFinished, JobDead:
		rep.Result.Code, rep.Result.Signal = w.number(1), strings.Trim(w.field(2), "-")
		rep.Result.Stdout.add(w.number(3))
		rep.Result.Stderr.add(w.number(4))
		rep.Age, rep.Rebooted = w.seconds(5), w.number(6) == 0
	case JobNever:
		rep.Sure = min(w.seconds(1), w.seconds(2))
		if swept := w.number(3); swept >= 0 {
			rep.Sure = min(rep.Sure, time.Duration(swept)*time.Second)
		}
	case JobRunning:
		rep.Age = w.seconds(1)
	case "overdue":
		return c.endOverdue(w)
	default:
		return rep, c.dialer.make(NoJobs, "ssh.job_no_report", nil, "code", r.Code, "said", w.noise())
	}
	return rep, nil
}

// endOverdue ends a job whose time is up and that nobody watches.
func (c *Client) endOverdue(w *wrapping) (Report, error) {
	rep := Report{State: JobTimedOut, Attempt: w.number(0)}
	rep.Result.Ended = StillRunning
	if l := c.current(); l != nil && w.number(1) > 1 && reap(l, w.number(1)) {
		rep.Result.Ended = AllGone
	}
	return rep, c.dialer.make(Timeout, "ssh.timeout_"+string(rep.Result.Ended), context.DeadlineExceeded,
		"seconds", w.job.Timeout.Seconds())
}

// bootstrap is the command that is sent. Any login shell understands it; what is
// to be done comes over stdin. The first line proves that nothing of that was
// swallowed by a file that the login shell reads.
func (w *wrapping) bootstrap() string {
	return `exec sh -c 'read -r l && test "$l" = ` + w.nonce + ` || { echo ` + w.nonce +
		` refused stdin; exit 0; }; eval "$(cat)"'`
}

// input is what goes to the wrapper's stdin. The nonce at the end proves that
// nothing is missing.
func (w *wrapping) input(text string) string {
	limit := int(math.Ceil(w.job.Timeout.Seconds()))
	return fmt.Sprintf("%s\n%stj_main %s %s %s %d %d %d %d %s %s\n", w.nonce, jobScript, w.mode, w.nonce,
		w.job.Step, w.job.Attempt, limit, lookSeconds, MaxOutput, Quote(text), w.nonce)
}

func newNonce() string { return strings.ToLower(rand.Text()) }

// number gives a field of the wrapper's last word, 0 if it is none.
func (w *wrapping) number(i int) int {
	n, err := strconv.Atoi(w.field(i))
	if err != nil {
		return 0
	}
	return n
}

func (w *wrapping) field(i int) string {
	if i >= len(w.fields) {
		return ""
	}
	return w.fields[i]
}

func (w *wrapping) seconds(i int) time.Duration {
	return time.Duration(min(max(w.number(i), 0), math.MaxInt32)) * time.Second
}
