package command

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/nodes/connection"
	"toban/internal/sim/ec2"
	"toban/internal/sim/sshhost"
)

const web = "i-0123456789abcdef0"

// world is a simulated host with one instance, and a connection to it.
type world struct {
	cloud      *ec2.Cloud
	host       *sshhost.Host
	connection node.Node
}

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{cloud: ec2.New(ec2.Options{Pending: 20 * time.Millisecond, Stopping: 20 * time.Millisecond})}
	t.Cleanup(w.cloud.Close)
	w.cloud.AddInstance(ec2.Instance{ID: web, Name: "web-1", State: ec2.Running})
	host, err := sshhost.Start(w.cloud, sshhost.Options{User: "ops", Password: "secret", Poll: 5 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	w.host = host
	w.connection = w.connect(t, host.HostKey(), "secret")
	return w
}

func (w *world) connect(t *testing.T, hostKey, password string) node.Node {
	t.Helper()
	props := message.NewObject("name", "util server", "host", "127.0.0.1", "port", float64(w.host.Port()), "username", "ops", "hostKey", hostKey)
	h := nodetest.New(t, nodetest.Registered(t, "connection", connection.Register), props, func(e *nodetest.Env) {
		e.Credentials = map[string]string{"password": password}
	})
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	return h.Node
}

// command makes a node as a flow file has it, with some properties changed.
func (w *world) command(t *testing.T, change ...message.Value) *nodetest.Harness {
	t.Helper()
	props := message.NewObject("connectionconfig", "c1", "command", "echo {{{word}}}", "timer", "15", "oldrc", false,
		"env", "", "pty", false, "trim", false, "field", "payload", "fieldType", "msg", "name", "say")
	for i := 0; i < len(change); i += 2 {
		props = props.With(change[i].(string), change[i+1])
	}
	return nodetest.New(t, nodetest.Registered(t, "command", Register), props, func(e *nodetest.Env) {
		e.Configs = map[string]node.Node{"c1": w.connection}
		e.PeerTypes = map[string][2]string{"broken": {"connection", ""}}
	})
}

// perform plans and runs one message, as the engine does.
func perform(t *testing.T, h *nodetest.Harness, msg *message.Object) (*message.Object, error) {
	t.Helper()
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	_, effect, err := h.Plan(msg)
	if err != nil {
		return nil, err
	}
	if effect.Policy != node.Unknown || effect.Local {
		t.Errorf("a command must not be repeated: %+v", effect)
	}
	return performed(t, h, effect)
}

func performed(t *testing.T, h *nodetest.Harness, effect *node.Effect) (*message.Object, error) {
	t.Helper()
	type end struct {
		out node.Outputs
		err error
	}
	ended := make(chan end, 1)
	go func() {
		out, err := effect.Perform(t.Context(), "run1.1.1")
		ended <- end{out, err}
	}()
	for {
		select {
		case e := <-ended:
			if len(e.out) == 0 || e.err != nil {
				return nil, e.err
			}
			return e.out[0][0], nil
		case <-time.After(time.Millisecond):
			h.Env.Drain()
		}
	}
}

func js(t *testing.T, v message.Value) string {
	t.Helper()
	text, _ := message.Stringify(v, 0)
	return text
}

// TestRunbook runs the three commands of the maintenance runbook.
func TestRunbook(t *testing.T) {
	w := newWorld(t)
	msg := message.NewObject("payload", "mail", "instanceId", web)
	for _, test := range []struct {
		text, timer, field string
		state              ec2.State
		stdout             string
	}{
		{"aws ec2 describe-instances --instance-id {{{instanceId}}} --query 'Reservations[*].Instances[*].[InstanceId,State.Name,Tags[?Key==`Name`].Value]' --output text",
			"15", "instanceName", ec2.Running, web + "\trunning\nweb-1\n"},
		{"aws ec2 stop-instances --instance-id {{{instanceId}}}\naws ec2 wait instance-stopped --instance-id {{{instanceId}}}",
			"60", "payload", ec2.Stopped, ""},
		{" aws ec2 start-instances --instance-id {{{instanceId}}}\naws ec2 wait instance-running --instance-id {{{instanceId}}}",
			"90", "payload", ec2.Running, ""},
	} {
		h := w.command(t, "command", test.text, "timer", test.timer, "field", test.field)
		out, err := perform(t, h, msg)
		if err != nil {
			t.Fatalf("%s: %v", test.text, err)
		}
		result := out.Get(test.field).(*message.Object)
		if rc := js(t, result.Get("rc")); rc != `{"code":0}` || !strings.Contains(result.Text("stdout"), test.stdout) {
			t.Errorf("result %s", js(t, result))
		}
		if in, _ := w.cloud.Instance(web); in.State != test.state {
			t.Errorf("after %q the instance is %s", test.text, in.State)
		}
		if ran := w.host.Executed(); ran[len(ran)-1] != strings.ReplaceAll(test.text, "{{{instanceId}}}", web) {
			t.Errorf("executed %q", ran[len(ran)-1])
		}
		msg = out
	}
	if msg.Get("instanceId") != web || msg.Get("instanceName") == nil {
		t.Errorf("other properties are gone: %s", js(t, msg))
	}
}

func TestProperties(t *testing.T) {
	w := newWorld(t)
	word := message.NewObject("word", "hi", "payload", "before")
	for _, test := range []struct {
		name   string
		change []message.Value
		msg    *message.Object
		want   string // msg
	}{
		{"as it is", nil, word, `{"word":"hi","payload":{"stdout":"hi\n","stderr":"","rc":{"code":0}}}`},
		{"oldrc", []message.Value{"oldrc", true}, word, `{"word":"hi","payload":{"stdout":"hi\n","stderr":"","rc":0}}`},
		{"trim", []message.Value{"trim", "true", "command", "echo ' a '; echo ' e ' >&2"}, word, `{"word":"hi","payload":{"stdout":"a","stderr":"e","rc":{"code":0}}}`},
		{"field", []message.Value{"field", "a.b[0]"}, word, `{"word":"hi","payload":"before","a":{"b":[{"stdout":"hi\n","stderr":"","rc":{"code":0}}]}}`},
		{"field by another", []message.Value{"field", "results[msg.word]"}, word, `{"word":"hi","payload":"before","results":{"hi":{"stdout":"hi\n","stderr":"","rc":{"code":0}}}}`},
		{"no timer", []message.Value{"timer", ""}, word, `{"word":"hi","payload":{"stdout":"hi\n","stderr":"","rc":{"code":0}}}`},
		{"env lines", []message.Value{"env", "A={{{word}}}; $(id)\n# no\nB=2", "command", "echo \"$A\" $B"}, word, `{"word":"hi","payload":{"stdout":"hi; $(id) 2\n","stderr":"","rc":{"code":0}}}`},
		{"env JSON", []message.Value{"env", `{"A": 1, "B": "it's"}`, "command", "echo $A \"$B\""}, word, `{"word":"hi","payload":{"stdout":"1 it's\n","stderr":"","rc":{"code":0}}}`},
		{"pty", []message.Value{"pty", true, "command", "echo out; echo err >&2"}, word, `{"word":"hi","payload":{"stdout":"out\nerr\n","stderr":"","rc":{"code":0}}}`},
		{"old flow file without these", []message.Value{"field", "", "fieldType", ""}, word, `{"word":"hi","payload":{"stdout":"hi\n","stderr":"","rc":{"code":0}}}`},
		{"raw", []message.Value{"raw", true}, message.NewObject("word", "a; echo b"), `{"word":"a; echo b","payload":{"stdout":"a\nb\n","stderr":"","rc":{"code":0}}}`},
		{"quoted", []message.Value{"command", "echo {{#sh}}{{{word}}}{{/sh}}"}, message.NewObject("word", "it's; id"), `{"word":"it's; id","payload":{"stdout":"it's; id\n","stderr":"","rc":{"code":0}}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			out, err := perform(t, w.command(t, test.change...), test.msg)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, js(t, out)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestResultInAContext(t *testing.T) {
	w := newWorld(t)
	for _, scope := range []string{"flow", "global"} {
		h := w.command(t, "field", "#:(memory)::last.result", "fieldType", scope)
		out, err := perform(t, h, message.NewObject("word", "hi", "payload", "before"))
		if err != nil || js(t, out) != `{"word":"hi","payload":"before"}` {
			t.Fatalf("%s, %v", js(t, out), err)
		}
		kept, err := h.Env.Context(node.Scope(scope)).Get("memory", "last.result.stdout")
		if err != nil || kept != "hi\n" {
			t.Errorf("%s holds %v, %v", scope, kept, err)
		}
	}
}

func TestFailures(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		name    string
		fault   sshhost.Fault
		change  []message.Value
		code    string // error.code
		parts   []string
		unknown bool
	}{
		{name: "status", change: []message.Value{"command", "echo why >&2; exit 3"}, code: "3", parts: []string{"why", "exit code 3", "util server"}},
		{name: "status without a word", change: []message.Value{"command", "false"}, code: "1", parts: []string{"exit code 1"}},
		{name: "status with a terminal", change: []message.Value{"command", "echo why >&2; exit 3", "pty", true}, code: "3", parts: []string{"why"}},
		{name: "not found", fault: sshhost.NotFound, change: []message.Value{"command", "aws ec2 describe-instances"}, code: "127", parts: []string{"command not found", "PATH of a non-interactive shell"}},
		{name: "no credentials", fault: sshhost.NoCredentials, change: []message.Value{"command", "aws ec2 describe-instances"}, code: "253", parts: []string{"Unable to locate credentials", "aws configure"}},
		{name: "the service says no", change: []message.Value{"command", "aws ec2 stop-instances --instance-ids i-00000000"}, code: "254", parts: []string{"InvalidInstanceID.NotFound"}},
		{name: "timer", change: []message.Value{"command", "sleep 100", "timer", "0.1"}, code: "timeout", parts: []string{"timeout after 0.1s", "may still be running"}},
		{name: "log-in refused", fault: sshhost.RefuseAuth, code: "auth", parts: []string{"refused the password"}},
		{name: "commands refused", fault: sshhost.RefuseExec, code: "refused", parts: []string{"runs no commands"}},
		{name: "lost", fault: sshhost.DropMidway, unknown: true, parts: []string{"util server", "lost"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			w.connection = w.connect(t, w.host.HostKey(), "secret") // logs in anew
			w.host.Misbehave(test.fault)
			defer w.host.Misbehave(sshhost.None)
			_, err := perform(t, w.command(t, test.change...), message.NewObject("word", "hi"))
			if err == nil || errors.Is(err, node.ErrUnknown) != test.unknown {
				t.Fatalf("error %v", err)
			}
			if coded, _ := errors.AsType[*node.Coded](err); !test.unknown && (coded == nil || coded.Code != test.code) {
				t.Errorf("code %+v", coded)
			}
			for _, part := range test.parts {
				if !strings.Contains(locale.EN.Err(err), part) {
					t.Errorf("the text lacks %q: %s", part, locale.EN.Err(err))
				}
			}
			checkTexts(t, err)
		})
	}
}

func TestHostKeyFailures(t *testing.T) {
	w := newWorld(t)
	w.host.ChangeHostKey()
	_, err := perform(t, w.command(t), message.NewObject("word", "hi"))
	if coded, _ := errors.AsType[*node.Coded](err); coded == nil || coded.Code != "changed_key" {
		t.Errorf("a changed key gave %v", err)
	}
	if len(w.host.Executed()) > 0 {
		t.Errorf("executed %q", w.host.Executed())
	}
}

// TestStoppedServer: when the engine gives up waiting, the outcome is unknown.
func TestStoppedServer(t *testing.T) {
	w := newWorld(t)
	_, effect, err := w.command(t, "command", "sleep 100").Plan(message.NewObject())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if _, err = effect.Perform(ctx, "k"); !errors.Is(err, node.ErrUnknown) {
		t.Errorf("error %v", err)
	}
}

func TestPlanTouchesNothing(t *testing.T) {
	w := newWorld(t)
	h := w.command(t, "safe", true)
	_, effect, err := h.Plan(message.NewObject("word", "hi"))
	if err != nil {
		t.Fatal(err)
	}
	if effect.Resource != "c1" || !effect.Safe || effect.Preview.Detail != "echo hi" || !strings.Contains(effect.Preview.Target, "util server") {
		t.Errorf("effect %+v", effect)
	}
	if out := js(t, effect.Rehearsed()[0][0]); out != `{"word":"hi","payload":{"stdout":"","stderr":"","rc":{"code":0}}}` {
		t.Errorf("rehearsed %s", out)
	}
	if len(w.host.Executed()) > 0 {
		t.Errorf("executed %q", w.host.Executed())
	}
	if _, effect, _ = w.command(t).Plan(message.NewObject("word", "hi")); effect.Safe {
		t.Error("a command is safe by itself")
	}
	if _, _, err = h.Plan(message.NewObject("word", "a;b")); !locale.HasKey(err, "command.unsafe_value") {
		t.Errorf("an unsafe value: %v", err)
	}
	if _, _, err = w.command(t, "field", "word.x").Plan(message.NewObject("word", "hi")); !locale.HasKey(err, "command.no_place") {
		t.Errorf("a result without a place: %v", err)
	}
}

// TestDeployErrors: what can be known at deploy is said there.
func TestDeployErrors(t *testing.T) {
	w := newWorld(t)
	for _, test := range []struct {
		name   string
		change []message.Value
		part   string
	}{
		{"no command", []message.Value{"command", " "}, "no command"},
		{"template", []message.Value{"command", "echo {{{x"}, ""},
		{"section", []message.Value{"command", "echo {{#sh}}x"}, ""},
		{"quoting", []message.Value{"command", "echo '{{#sh}}{{{x}}}{{/sh}}'"}, "remove the quotes"},
		{"timer", []message.Value{"timer", "soon"}, "timer"},
		{"negative timer", []message.Value{"timer", -1.0}, "-1"},
		{"env", []message.Value{"env", "oops"}, "NAME=value"},
		{"field", []message.Value{"field", "a[b"}, ""},
		{"field type", []message.Value{"fieldType", "str"}, ""},
		{"no connection", []message.Value{"connectionconfig", ""}, "choose the host"},
		{"missing connection", []message.Value{"connectionconfig", "c9"}, "c9"},
		{"connection in error", []message.Value{"connectionconfig", "broken"}, "not ready"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := w.command(t, test.change...)
			if h.Err == nil || !strings.Contains(h.Err.Error(), test.part) {
				t.Fatalf("got %v", h.Err)
			}
			if locale.JA.Err(h.Err) == locale.EN.Err(h.Err) {
				t.Errorf("only one language: %v", h.Err)
			}
		})
	}
}
