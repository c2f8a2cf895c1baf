package sshx

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"toban/internal/testparts/sshd"
)

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
			home := sshd.SharedDir(t)
			if err := os.WriteFile(filepath.Join(home, ".bashrc"), []byte("read line\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			return newHost(t, "HOME="+home)
		}, "~/.bashrc"},
		{"a tool is missing", func(t *testing.T) *host {
			dir := sshd.SharedDir(t)
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
			out := sshd.SharedDir(t) + "/ran"
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
	if _, err := client.LookAtJob(t.Context(), Job{Step: "run.1", Attempt: 1}); KindOf(err) != NoJobs || h.count() != 1 {
		t.Errorf("a look: %v, it ran %d times", err, h.count())
	}
}

// That a host runs jobs is known to the next process.
func TestProvenHostsAreRemembered(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	file := filepath.Join(t.TempDir(), "job_hosts")
	process := func() *Client { return real(t, h.Server, func(c *Config) { c.JobHosts = file }) }
	look := func() error {
		_, err := process().LookAtJob(t.Context(), Job{Step: "run.1", Attempt: 1})
		return err
	}
	if err := look(); KindOf(err) != NoJobs {
		t.Errorf("a host that nobody knows: %v", err)
	}
	first := process()
	prove(t, first)
	prove(t, process())
	if err := look(); err != nil {
		t.Errorf("one that has run a job: %v", err)
	}
	if text, _ := os.ReadFile(file); string(text) != first.Account()+"\n" {
		t.Errorf("remembered: %q", text)
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
