package sshx

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"toban/internal/testparts/sshd"
)

// host is a real OpenSSH server whose users keep their jobs in a folder of the test.
type host struct {
	*sshd.Server
	t     *testing.T
	state string // XDG_STATE_HOME there
}

// newHost starts one; env are more variables, NAME=value.
func newHost(t *testing.T, env ...string) *host {
	t.Helper()
	h := &host{t: t, state: sshd.SharedDir(t)}
	set := "SetEnv XDG_STATE_HOME=" + h.state
	for _, v := range env {
		set += " " + v
	}
	h.Server = sshd.Start(t, set)
	return h
}

func (h *host) file(name string) string { return filepath.Join(h.state, name) }

func (h *host) jobs(names ...string) string {
	return filepath.Join(append([]string{h.state, "toban", "jobs"}, names...)...)
}

// count is how often a command ran that appends a line to the file "ran".
func (h *host) count() int {
	text, _ := os.ReadFile(h.file("ran"))
	return strings.Count(string(text), "\n")
}

// counted is a command that leaves a line there.
func (h *host) counted(text string) Command {
	return Command{Text: "echo x >>" + h.file("ran") + "; " + text}
}

func (h *host) awaitCount(n int) {
	h.t.Helper()
	for range 500 {
		if h.count() >= n {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	h.t.Fatalf("the command ran %d times, not %d", h.count(), n)
}

func mustRun(t *testing.T, c *Client, j Job) Report {
	t.Helper()
	r, err := c.RunJob(t.Context(), j)
	if err != nil {
		t.Fatalf("%s: %v", j.Text, err)
	}
	return r
}

// prove lets the host show that it runs jobs.
func prove(t *testing.T, c *Client) {
	t.Helper()
	mustRun(t, c, Job{Command{Text: "true"}, "proof.0", 1})
}

func mustLook(t *testing.T, c *Client, j Job) Report {
	t.Helper()
	r, err := c.LookAtJob(t.Context(), j)
	if err != nil {
		t.Fatalf("look: %v", err)
	}
	return r
}

// shells gives a folder whose "sh" is a program, and that program's path as a
// login shell.
func shells(t *testing.T, name string) (dir, login string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed (Debian: apt-get install %s)", name, name)
	}
	dir = sshd.SharedDir(t)
	link := map[string]string{"busybox": "ash"}[name]
	if link == "" {
		link = name
	}
	for _, as := range []string{"sh", link} {
		if err := os.Symlink(path, filepath.Join(dir, as)); err != nil {
			t.Fatal(err)
		}
	}
	return dir, filepath.Join(dir, link)
}

// TestJobBehavesAsExec: a command can't tell whether it runs as a job, whatever
// shell runs the wrapper and the command.
func TestJobBehavesAsExec(t *testing.T) {
	for _, shell := range []string{"dash", "bash", "busybox"} {
		t.Run(shell, func(t *testing.T) {
			dir, login := shells(t, shell)
			noisy := filepath.Join(dir, ".bashrc") // bash reads it for every command over SSH
			if err := os.WriteFile(noisy, []byte("echo noise; echo more noise >&2; NOISE=2\n"), 0o644); err != nil {
				t.Fatal(err)
			}
			h := newHost(t, "PATH="+dir+":/usr/bin:/bin", "HOME="+dir)
			name, _ := sshd.TempUserWith(t, login)
			client := real(t, h.Server, func(c *Config) { c.User = name })
			for i, cmd := range commands() {
				want := mustExec(t, client, cmd)
				got := mustRun(t, client, Job{cmd, fmt.Sprint("run.", i), 1})
				if shell == "busybox" { // it counts lines once it knows its name
					got.Result.Stderr.Text = strings.Replace(got.Result.Stderr.Text, "ash: line 0: ", "ash: ", 1)
					got.Result.Stderr.Size = want.Stderr.Size
				}
				if got.State != JobFinished || got.Attempt != 1 {
					t.Fatalf("%s: %+v", cmd.Text, got)
				}
				if d := cmp.Diff(want, got.Result, cmpopts.IgnoreFields(Output{}, "lost")); d != "" && len(d) < 5000 {
					t.Errorf("%q (-alone +as a job):\n%s", cmd.Text, d)
				} else if d != "" {
					t.Errorf("%q: %d and %d bytes", cmd.Text, got.Result.Stdout.Size, len(got.Result.Stdout.Text))
				}
				again := mustLook(t, client, Job{cmd, fmt.Sprint("run.", i), 1})
				if again.State != JobFinished || again.Result.Code != want.Code || again.Result.Signal != want.Signal || again.Result.Stdout.Text != want.Stdout.Text {
					t.Errorf("%q: seen later as %v %d", cmd.Text, again.State, again.Result.Code)
				}
			}
		})
	}
}

func commands() []Command {
	return []Command{
		{Text: "echo hello; echo oops >&2; exit 3"},
		{Text: " x=1; false\necho $x $NOISE $SHLVL"},
		{Text: "printf %s 'Tags[?Key==`Name`].Value' \"`echo b`\" \\' \"\\\\\" '!a' '$x' 日本語"},
		{Text: "cat <<E\nin 'quotes'\nE"},
		{Text: "cat; echo end"},
		{Text: "kill -TERM $$"},
		{Text: "kill -KILL $$"},
		{Text: "sh -c 'kill -TERM $$'; exit"},
		{Text: "exit 143"},
		{Text: "no-such-program-at-all"},
		{Text: "echo $0; pwd; umask; id -un; ulimit -n; test -t 1 || echo no terminal; ls /proc/self/fd | wc -l"},
		{Text: "trap | cat; sh -c 'kill -INT $$'; echo $?; sh -c 'kill -QUIT $$' 2>/dev/null; echo $?"},
		{Text: "env | grep -v -e ^SSH_ -e ^_= | sort"},
		{Text: "echo \"$OTHER $TOBAN_A\"", Env: []Var{{"OTHER", "it's `x` $HOME"}, {"TOBAN_A", "by request"}}},
		{Text: "(sleep 0.3; echo late) & echo early"},
		{Text: "printf 'no end'; printf '\\0\\377bytes' >&2"},
		{Text: "head -c 1048576 /dev/zero | tr '\\0' x"},
		{Text: "head -c 1048577 /dev/zero | tr '\\0' x >&2"},
	}
}

// Login shells that are no POSIX shells get the wrapper started, too.
func TestJobUnderOtherLoginShells(t *testing.T) {
	for _, shell := range []string{"fish", "tcsh"} {
		t.Run(shell, func(t *testing.T) {
			path, err := exec.LookPath(shell)
			if err != nil {
				t.Skipf("%s is not installed (Debian: apt-get install %s)", shell, shell)
			}
			h := newHost(t)
			name, _ := sshd.TempUserWith(t, path)
			client := real(t, h.Server, func(c *Config) { c.User = name })
			r := mustRun(t, client, Job{h.counted("echo 'it is' $shell $version | head -c 5; exit 3"), "run.1", 1})
			if r.State != JobFinished || r.Result.Code != 3 || r.Result.Stdout.Text != "it is" || h.count() != 1 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestJobOutputIsBounded(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	client := real(t, h.Server)
	j := Job{Command{Text: "head -c 3000000 /dev/zero | tr '\\0' x; printf あ >&2"}, "run.1", 1}
	for _, r := range []Report{mustRun(t, client, j), mustLook(t, client, j)} {
		out := r.Result.Stdout
		if len(out.Text) != MaxOutput || out.Size != 3000000 || !out.Cut() || r.Result.Stderr.Text != "あ" || r.Result.Stderr.Cut() {
			t.Errorf("kept %d of %d", len(out.Text), out.Size)
		}
	}
	files, _ := filepath.Glob(h.jobs("run.1.1", "*", "out"))
	if info, err := os.Stat(files[0]); err != nil || info.Size() != MaxOutput {
		t.Errorf("on the host: %v, %v", info, err)
	}
}

// Several who want the same attempt, and reach for it in the same moment: one runs
// it, all get its result.
func TestJobIsClaimedOnce(t *testing.T) {
	t.Parallel()
	const racers = 4
	dir := sshd.SharedDir(t)
	ln, err := exec.LookPath("ln")
	if err != nil {
		t.Fatal(err)
	}
	// The claim is made by ln; this one lets nobody go before all are there.
	together := fmt.Sprintf("#!/bin/sh\necho x >>%s/there\nuntil test $(wc -l <%[1]s/there) -ge %d; do sleep 0.02; done\nexec %s \"$@\"\n",
		dir, racers, ln)
	if err := os.WriteFile(filepath.Join(dir, "ln"), []byte(together), 0o755); err != nil {
		t.Fatal(err)
	}
	h := newHost(t, "PATH="+dir+":/usr/bin:/bin")
	if err := os.MkdirAll(h.jobs(), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.jobs("made"), []byte("1\n"), 0o644); err != nil { // that is made by ln, too
		t.Fatal(err)
	}
	var everybody sync.WaitGroup
	for range racers {
		client := real(t, h.Server)
		everybody.Go(func() {
			r, err := client.RunJob(t.Context(), Job{h.counted("sleep 1; echo done; exit 4"), "run.7", 1})
			if err != nil || r.State != JobFinished || r.Result.Code != 4 || r.Result.Stdout.Text != "done\n" {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
	everybody.Wait()
	if n := h.count(); n != 1 {
		t.Errorf("it ran %d times", n)
	}
}
