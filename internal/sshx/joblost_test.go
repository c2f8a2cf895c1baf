package sshx

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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

// Where no record can be kept, nothing is run.
func TestHostThatKeepsNoRecord(t *testing.T) {
	for _, test := range []struct {
		name string
		host func(t *testing.T) *host
		want string
	}{
		{"read-only", func(t *testing.T) *host {
			h := newHost(t)
			if err := os.Chmod(h.state, 0o555); err != nil {
				t.Fatal(err)
			}
			return h
		}, "denied"},
		{"a file in the way", func(t *testing.T) *host {
			h := newHost(t)
			if err := os.WriteFile(h.file("toban"), nil, 0o644); err != nil {
				t.Fatal(err)
			}
			return h
		}, "toban"},
		{"stdin is swallowed", func(t *testing.T) *host {
			home := publicDir(t)
			if err := os.WriteFile(filepath.Join(home, ".bashrc"), []byte("read line\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			return newHost(t, "HOME="+home)
		}, "~/.bashrc"},
		{"a tool is missing", func(t *testing.T) *host {
			dir := publicDir(t)
			for _, tool := range []string{"sh", "cat", "date", "id", "tr"} {
				path, err := exec.LookPath(tool)
				if err == nil {
					err = os.Symlink(path, filepath.Join(dir, tool))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			return newHost(t, "PATH="+dir)
		}, "head"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := test.host(t)
			name := tempUser(t)
			client := real(t, h.Server, func(c *Config) { c.User = name })
			out := publicDir(t) + "/ran"
			_, err := client.RunJob(t.Context(), Job{Command{Text: "touch " + out}, "run.1", 1})
			if KindOf(err) != ExecRefused || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), "nothing was run") {
				t.Errorf("error %v", err)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("it was run")
			}
		})
	}
}

// The host's disk is full: nothing begins; or it fills up in the middle: how the
// command ended is known all the same.
func TestJobOnAFullDisk(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	disk := h.file("toban")
	if err := os.Mkdir(disk, 0o777); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", disk).CombinedOutput(); err != nil {
		t.Skipf("a small file system needs the right to mount one: %v %s", err, out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", disk).Run() })
	client := real(t, h.Server)
	r := mustRun(t, client, Job{Command{Text: "head -c 3000000 /dev/zero | tr '\\0' x; echo x >>" + h.file("ran") + "; exit 7"}, "run.1", 1})
	if r.State != JobFinished || r.Result.Code != 7 || !r.Result.Stdout.Cut() || len(r.Result.Stdout.Text) == 0 || h.count() != 1 {
		t.Errorf("filled by its output: %s, code %d, %d of %d bytes", r.State, r.Result.Code, len(r.Result.Stdout.Text), r.Result.Stdout.Size)
	}
	if _, err := client.RunJob(t.Context(), Job{h.counted("true"), "run.2", 1}); KindOf(err) != ExecRefused || h.count() != 1 {
		t.Errorf("full: %v, it ran %d times", err, h.count())
	}
}

// A key with a forced command is no place for jobs; what ran is not known.
func TestJobBehindAForcedCommand(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.Restrict(t, `command="echo x >>`+h.file("ran")+`; echo I do as I like"`)
	client := real(t, h.Server)
	_, err := client.RunJob(t.Context(), Job{Command{Text: "true"}, "run.1", 1})
	if KindOf(err) != NoJobs || !strings.Contains(err.Error(), "I do as I like") || h.count() != 1 {
		t.Errorf("error %v, it ran %d times", err, h.count())
	}
}

// Old jobs are removed, a running one is not, and nobody takes one that was
// removed for one that never was.
func TestOldJobsAreRemoved(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	long := Job{h.counted("sleep 30"), "long.1", 1}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() { _, _ = client.RunJob(ctx, long) }()
	h.awaitCount(1)
	age := func(job string, d time.Duration) {
		t.Helper()
		old := time.Now().Add(-d)
		if err := os.Chtimes(h.jobs(job), old, old); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 210 {
		job := fmt.Sprintf("old.%d.1", i)
		if err := os.MkdirAll(h.jobs(job), 0o755); err != nil {
			t.Fatal(err)
		}
		age(job, 50*time.Hour)
	}
	age("old.0.1", 10*24*time.Hour)
	age("long.1.1", 10*24*time.Hour)
	if err := os.WriteFile(h.jobs("made"), []byte("1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	mustRun(t, client, Job{Command{Text: "true"}, "new.1", 1})
	left, _ := filepath.Glob(h.jobs("*.*.*"))
	if len(left) != 2 { // the running and the new one
		t.Errorf("%d jobs are left", len(left))
	}
	if r := mustLook(t, client, Job{Step: "old.0", Attempt: 1}); r.State != JobNever || r.Sure > 25*time.Hour {
		t.Errorf("a job that was removed: %+v", r)
	}
	if marks, _ := filepath.Glob(h.jobs("swept.*")); len(marks) != 1 {
		t.Errorf("marks: %v", marks)
	}
	h.killJob("long.1.1")
}
