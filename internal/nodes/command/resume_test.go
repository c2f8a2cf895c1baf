package command

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/nodes/connection"
	"toban/internal/sshx"
	"toban/internal/testparts/sshd"
)

// resumableHost is a real OpenSSH server and a resumable connection to it.
type resumableHost struct {
	*sshd.Server
	state string
	data  string // the server's data folder
	conn  node.Node
}

func newResumableHost(t *testing.T) *resumableHost {
	t.Helper()
	h := &resumableHost{state: t.TempDir(), data: t.TempDir()}
	h.Server = sshd.Start(t, "SetEnv XDG_STATE_HOME="+h.state)
	h.conn = h.connect(t, true)
	return h
}

func (h *resumableHost) connect(t *testing.T, resumable bool) node.Node {
	t.Helper()
	props := message.NewObject("name", "util server", "host", h.Host, "port", float64(h.Port), "username", sshd.Me(t),
		"hostKey", h.HostKey, "resumable", resumable)
	c := nodetest.New(t, nodetest.Registered(t, "connection", connection.Register), props, func(e *nodetest.Env) {
		e.Credentials, e.Folder = map[string]string{"privateKey": h.Key}, h.data
	})
	if c.Err != nil {
		t.Fatal(c.Err)
	}
	return c.Node
}

// plan gives the effect of a command and the environment that it sees.
func (h *resumableHost) plan(t *testing.T, text string, more ...message.Value) (*node.Effect, *nodetest.Env) {
	t.Helper()
	props := message.NewObject(append([]message.Value{"connectionconfig", "c1", "command", text, "raw", true}, more...)...)
	n := nodetest.New(t, nodetest.Registered(t, "command", Register), props, func(e *nodetest.Env) {
		e.Configs = map[string]node.Node{"c1": h.conn}
	})
	if n.Err != nil {
		t.Fatal(n.Err)
	}
	_, effect, err := n.Plan(message.NewObject("payload", "p"))
	if err != nil {
		t.Fatal(err)
	}
	return effect, n.Env
}

// older makes the host's record older than it is.
func (h *resumableHost) older(t *testing.T) {
	t.Helper()
	dir := filepath.Join(h.state, "toban", "jobs")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint(time.Now().Add(-time.Hour).Unix(), "\n")
	if err := os.WriteFile(filepath.Join(dir, "made"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// attempt is one that was reserved a moment ago by the harness's clock.
func attempt(key node.Key, e *node.Effect) node.Attempt {
	return node.Attempt{Key: key, Trail: e.Trail, Since: nodetest.Epoch}
}

func stdout(out node.Outputs) string {
	payload, _ := out[0][0].Get("payload").(*message.Object)
	return payload.Text("stdout")
}

func TestResumableCommand(t *testing.T) {
	h := newResumableHost(t)
	h.older(t)
	effect, _ := h.plan(t, "echo $((6*7)); test -z \"$FAIL\"", "env", "FAIL=")
	out, err := effect.Perform(t.Context(), "run1.1.1")
	if err != nil || stdout(out) != "42\n" {
		t.Fatalf("performed: %v, %v", out, err)
	}
	seen, err := effect.Observe(t.Context(), attempt("run1.1.1", effect))
	if err != nil || seen.Happened != node.Happened || seen.Err != nil || stdout(seen.Outputs) != "42\n" || !strings.Contains(seen.Note, "exit code 0") {
		t.Errorf("observed: %+v, %v", seen, err)
	}
	seen, err = effect.Observe(t.Context(), attempt("run1.2.1", effect))
	if err != nil || seen.Happened != node.DidNot || !strings.Contains(seen.Note, "kept from beginning late") {
		t.Errorf("another step: %+v, %v", seen, err)
	}
	failing, _ := h.plan(t, "echo broken >&2; exit 9")
	if _, err := failing.Perform(t.Context(), "run1.3.1"); coded(err) != "9" {
		t.Errorf("a command that fails: %v", err)
	}
	seen, _ = failing.Observe(t.Context(), attempt("run1.3.1", failing))
	if seen.Happened != node.Happened || coded(seen.Err) != "9" || !strings.Contains(seen.Err.Error(), "broken") {
		t.Errorf("observed as %+v", seen)
	}
}

func coded(err error) string {
	if c, ok := errors.AsType[*node.Coded](err); ok {
		return c.Code
	}
	return ""
}

// What a look can't prove is not claimed.
func TestObservationsThatProveNothing(t *testing.T) {
	h := newResumableHost(t)
	effect, _ := h.plan(t, "true")
	if seen, err := effect.Observe(t.Context(), attempt("run1.1.1", effect)); sshx.KindOf(err) != sshx.NoJobs {
		t.Errorf("a host that never ran a job: %+v, %v", seen, err)
	}
	if _, err := effect.Perform(t.Context(), "run1.0.1"); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		change func(a *node.Attempt)
		want   string
	}{
		"the record is younger than the attempt": {func(*node.Attempt) {}, "proves only the last"},
		"the attempt left no record":             {func(a *node.Attempt) { a.Trail = "" }, "not resumable then"},
		"the connection led elsewhere":           {func(a *node.Attempt) { a.Trail = "ssh job ops@203.0.113.5:22" }, "ops@203.0.113.5:22"},
	} {
		a := attempt("run1.1.1", effect)
		test.change(&a)
		seen, err := effect.Observe(t.Context(), a)
		if err != nil || seen.Happened != node.CantTell || !strings.Contains(seen.Note, test.want) {
			t.Errorf("%s: %+v, %v", name, seen, err)
		}
	}
	h.older(t)
	old := attempt("run1.1.1", effect)
	old.Since = nodetest.Epoch.Add(-2 * time.Hour)
	if seen, err := effect.Observe(t.Context(), old); err != nil || seen.Happened != node.CantTell {
		t.Errorf("an attempt that is older than the record: %+v, %v", seen, err)
	}
}

// What is said of a second attempt that took the first one's result.
func TestSecondAttemptSaysThatItRanNothing(t *testing.T) {
	h := newResumableHost(t)
	effect, _ := h.plan(t, "echo x >>"+h.state+"/ran; echo first")
	if _, err := effect.Perform(t.Context(), "run1.1.1"); err != nil {
		t.Fatal(err)
	}
	if effect.Remark() != "" {
		t.Errorf("remark on the first: %q", effect.Remark())
	}
	out, err := effect.Perform(t.Context(), "run1.1.2")
	if err != nil || stdout(out) != "first\n" || !strings.Contains(effect.Remark(), "nothing was run again") {
		t.Errorf("%v, %v, remark %q", out, err, effect.Remark())
	}
	if ran, _ := os.ReadFile(h.state + "/ran"); string(ran) != "x\n" {
		t.Errorf("it ran: %q", ran)
	}
}

// A connection that is cut leaves the outcome to an observation, and a host that
// is away is asked later; by the connection as it is then.
func TestHostIsAway(t *testing.T) {
	h := newResumableHost(t)
	h.older(t)
	effect, env := h.plan(t, "echo x >>"+h.state+"/ran; sleep 1; echo done")
	lost := make(chan error, 1)
	go func() {
		_, err := effect.Perform(t.Context(), "run1.1.1")
		lost <- err
	}()
	for range 500 {
		if _, err := os.Stat(h.state + "/ran"); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.Vanish(t)
	if err := <-lost; !errors.Is(err, node.ErrUnknown) {
		t.Fatalf("a lost connection: %v", err)
	}
	if _, err := effect.Observe(t.Context(), attempt("run1.1.1", effect)); !errors.Is(err, node.ErrAway) {
		t.Errorf("while the host is away: %v", err)
	}
	h.Restart(t)
	_ = h.conn.(node.Closer).Close(false) // a deploy
	env.Configs["c1"] = h.connect(t, false)
	seen, err := effect.Observe(t.Context(), attempt("run1.1.1", effect))
	if err != nil || seen.Happened != node.Happened || stdout(seen.Outputs) != "done\n" {
		t.Errorf("afterwards: %+v, %v", seen, err)
	}
}

// An account that runs another command is not asked: that would run it again.
func TestForcedCommandIsNotAsked(t *testing.T) {
	h := newResumableHost(t)
	h.Restrict(t, `command="echo x >>`+h.state+`/ran"`)
	effect, _ := h.plan(t, "true")
	_, err := effect.Perform(t.Context(), "run1.1.1")
	if !errors.Is(err, node.ErrUnknown) || !strings.Contains(locale.JA.Err(err), "強制コマンド") {
		t.Errorf("performed: %v", err)
	}
	if seen, err := effect.Observe(t.Context(), attempt("run1.1.1", effect)); err != nil || seen.Happened != node.CantTell {
		t.Errorf("observed: %+v, %v", seen, err)
	}
	if ran, _ := os.ReadFile(h.state + "/ran"); string(ran) != "x\n" {
		t.Errorf("the forced command ran: %q", ran)
	}
}

// Without the option, and with a terminal, nothing is left on the host.
func TestNotResumable(t *testing.T) {
	h := newResumableHost(t)
	if effect, _ := h.plan(t, "true", "pty", true); effect.Observe != nil || effect.Trail != "" {
		t.Errorf("with a terminal: %+v", effect)
	}
	h.conn = h.connect(t, false)
	effect, _ := h.plan(t, "echo plain")
	if effect.Observe != nil || effect.Trail != "" {
		t.Errorf("without the option: %+v", effect)
	}
	out, err := effect.Perform(t.Context(), "run1.1.1")
	if err != nil || stdout(out) != "plain\n" {
		t.Errorf("%v, %v", out, err)
	}
	if left, _ := os.ReadDir(h.state); len(left) > 0 {
		t.Errorf("left on the host: %v", left)
	}
}
