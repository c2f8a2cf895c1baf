package sshx

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"toban/internal/testparts/sshd"
)

// begin starts a job and waits until its command has left its line; the report
// comes on the channel.
func (h *host) begin(c *Client, j Job) <-chan error {
	h.t.Helper()
	lost := make(chan error, 1)
	before := h.count()
	go func() {
		_, err := c.RunJob(h.t.Context(), j)
		lost <- err
	}()
	h.awaitCount(before + 1)
	return lost
}

// cut begins a job and cuts its connection.
func (h *host) cut(c *Client, j Job) {
	h.t.Helper()
	lost := h.begin(c, j)
	h.KillConnections(h.t)
	if err := <-lost; KindOf(err) != Lost {
		h.t.Fatalf("a cut connection: %v", err)
	}
}

// start reads who runs an attempt: nonce, pid, its start, and the wrapper's.
func (h *host) start(job string) []string {
	h.t.Helper()
	text, err := os.ReadFile(h.jobs(job, "start"))
	if err != nil {
		h.t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func (h *host) restart(job string, change func(words []string)) {
	h.t.Helper()
	words := h.start(job)
	change(words)
	if err := os.WriteFile(h.jobs(job, "start"), []byte(strings.Join(words, " ")+"\n"), 0o644); err != nil {
		h.t.Fatal(err)
	}
}

// killJob kills all processes of a job's session, as the end of the host would.
func (h *host) killJob(job string) {
	h.t.Helper()
	session, err := strconv.Atoi(h.start(job)[3])
	if err != nil {
		h.t.Fatal(err)
	}
	if err := syscall.Kill(-session, syscall.SIGKILL); err != nil {
		h.t.Fatal(err)
	}
	for range 200 {
		if syscall.Kill(-session, 0) != nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatal("the job's processes are still there")
}

// The connection breaks: the command goes on, and its result is there later.
func TestJobOutlivesItsConnection(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	gate := h.file("gate")
	j := Job{h.counted("echo before; until test -e " + gate + "; do sleep 0.1; done; echo after; echo oops >&2; exit 5"), "run.1", 1}
	h.cut(client, j)
	running := make(chan Report, 1)
	go func() { running <- mustLook(t, client, j) }() // waits for it
	time.Sleep(300 * time.Millisecond)
	if err := os.WriteFile(gate, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	r := <-running
	if r.State != JobFinished || r.Result.Code != 5 || r.Result.Stdout.Text != "before\nafter\n" || r.Result.Stderr.Text != "oops\n" {
		t.Errorf("%+v", r)
	}
	if n := h.count(); n != 1 {
		t.Errorf("it ran %d times", n)
	}
}

// A second attempt, as a person's [run again], takes what the first one did.
func TestSecondAttempt(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	second := func(j Job) Job { j.Attempt = 2; return j }

	t.Run("the first is only slow", func(t *testing.T) {
		j := Job{h.counted("sleep 2; echo slow; exit 6"), "slow.1", 1}
		before := h.count()
		h.cut(client, j)
		r := mustRun(t, client, second(j))
		if r.State != JobFinished || r.Attempt != 1 || r.Result.Code != 6 || r.Result.Stdout.Text != "slow\n" {
			t.Errorf("%+v", r)
		}
		if r := mustLook(t, client, second(j)); r.State != JobFinished || r.Attempt != 1 {
			t.Errorf("seen later: %+v", r)
		}
		if n := h.count() - before; n != 1 {
			t.Errorf("it ran %d times", n)
		}
	})
	t.Run("the first died", func(t *testing.T) {
		j := Job{h.counted("sleep 1000"), "died.1", 1}
		h.cut(client, j)
		h.killJob("died.1.1")
		if r := mustLook(t, client, j); r.State != JobDead || r.Rebooted {
			t.Errorf("looked at: %+v", r)
		}
		j.Command = h.counted("echo second")
		if r := mustRun(t, client, second(j)); r.State != JobFinished || r.Attempt != 2 || r.Result.Stdout.Text != "second\n" {
			t.Errorf("%+v", r)
		}
	})
	t.Run("the first never came", func(t *testing.T) {
		j := Job{h.counted("echo second"), "never.1", 2}
		before := h.count()
		if r := mustRun(t, client, j); r.State != JobFinished || r.Attempt != 2 {
			t.Errorf("%+v", r)
		}
		j.Attempt = 1 // it comes now
		if r := mustRun(t, client, j); r.State != JobNever || h.count() != before+1 {
			t.Errorf("the late first attempt: %+v, it ran %d times", r, h.count()-before)
		}
	})
}

// Who was seen not to have begun can't begin any more.
func TestLookForbidsALateStart(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	prove(t, client)
	j := Job{h.counted("true"), "run.1", 1}
	if r := mustLook(t, client, j); r.State != JobNever || r.Sure > time.Minute {
		t.Errorf("a host that has no record yet can't be sure for long: %+v", r)
	}
	if r := mustRun(t, client, j); r.State != JobNever || h.count() != 0 {
		t.Errorf("a late start: %+v, it ran %d times", r, h.count())
	}
	hourAgo := fmt.Sprint(time.Now().Add(-time.Hour).Unix(), "\n")
	if err := os.WriteFile(h.jobs("made"), []byte(hourAgo), 0o644); err != nil {
		t.Fatal(err)
	}
	up := uptime(t)
	if r := mustLook(t, client, j); r.State != JobNever || r.Sure > time.Hour+time.Minute || r.Sure < min(time.Hour, up)-time.Minute {
		t.Errorf("a record that is an hour old, on a host that is up for %s: %+v", up, r)
	}
}

func uptime(t *testing.T) time.Duration {
	t.Helper()
	info, err := os.Stat("/proc/1")
	if err != nil {
		t.Skip("needs /proc")
	}
	return time.Since(info.ModTime())
}

func TestJobOfAHostThatWentDown(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	j := Job{Command{Text: "echo so far; " + h.counted("sleep 1000").Text}, "run.1", 1}
	h.cut(client, j)
	h.killJob("run.1.1")
	h.restart("run.1.1", func(words []string) { words[6] = "another-boot" })
	if r := mustLook(t, client, j); r.State != JobDead || !r.Rebooted || r.Result.Stdout.Text != "so far\n" {
		t.Errorf("%+v", r)
	}
}

// Process ids come round again; that one is alive says nothing if it began at
// another time, or before the host did.
func TestJobWhoseProcessIdsAreUsedAgain(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	j := Job{h.counted("sleep 1000"), "run.1", 1}
	h.cut(client, j)
	h.killJob("run.1.1")
	me := fmt.Sprint(os.Getpid())
	h.restart("run.1.1", func(words []string) { words[1], words[3] = me, me })
	if r := mustLook(t, client, j); r.State != JobDead {
		t.Errorf("other times: %+v", r)
	}
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		t.Skip("needs /proc")
	}
	born := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))[19]
	h.restart("run.1.1", func(words []string) { words[2], words[4] = born, born })
	if r, err := client.job(t.Context(), j, "look_briefly"); err == nil {
		t.Fatalf("no such mode: %+v", r)
	}
	h.restart("run.1.1", func(words []string) { words[6] = "another-boot" })
	if r := mustLook(t, client, j); r.State != JobDead {
		t.Errorf("another boot: %+v", r)
	}
}

// A job's time is over: it is ended by whoever looks, or watches.
func TestJobTimesOut(t *testing.T) {
	h := newHost(t)
	for _, user := range []func(*testing.T) string{func(t *testing.T) string { return sshd.Me(t) }, tempUser} {
		name := user(t)
		client := real(t, h.Server, func(c *Config) { c.User = name })
		seconds := fmt.Sprintf("1%03d.%d", os.Getpid()%1000, time.Now().UnixNano()%1e9)
		j := Job{Command{Text: "echo begun; (sleep " + seconds + " &); sleep " + seconds, Timeout: time.Second}, "watched.1", 1}
		r, err := client.RunJob(t.Context(), j)
		if KindOf(err) != Timeout || r.Result.Ended != AllGone || running(t, seconds) != "" {
			t.Errorf("watched, as %s: %+v, %v, %s", name, r, err, running(t, seconds))
		}
		j = Job{h.counted("sleep " + seconds), "left.1", 1}
		j.Timeout = 3 * time.Second
		h.cut(client, j)
		r, err = client.LookAtJob(t.Context(), j)
		if KindOf(err) != Timeout || r.State != JobTimedOut || r.Result.Ended != AllGone || running(t, seconds) != "" {
			t.Errorf("left alone, as %s: %+v, %v, %s", name, r, err, running(t, seconds))
		}
		for _, mine := range []string{"toban", "ran"} { // the next user may not write there
			if err := os.RemoveAll(h.file(mine)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// A command that kills its whole process group takes the wrapper with it.
func TestJobThatKillsItsGroup(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	j := Job{h.counted("kill -KILL 0; sleep 1000"), "run.1", 1}
	if _, err := client.RunJob(t.Context(), j); KindOf(err) != Lost {
		t.Errorf("with KILL: %v", err)
	}
	if r := mustLook(t, client, j); r.State != JobDead {
		t.Errorf("with KILL: %+v", r)
	}
	j = Job{h.counted("kill -TERM 0; sleep 1000"), "run.2", 1}
	if r := mustRun(t, client, j); r.State != JobFinished || r.Result.Signal != "TERM" || r.Result.Code != 143 {
		t.Errorf("with TERM: %+v", r)
	}
}
