package slacksay

import (
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	sim "toban/internal/sim/slack"
	"toban/internal/slack"
)

type bench struct {
	*nodetest.Harness
	w *sim.Workspace
}

func say(t *testing.T, props *message.Object, options ...nodetest.Option) bench {
	t.Helper()
	w := sim.New(sim.Config{})
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	hub := slack.NewHub(slack.Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, APIURL: srv.URL + "/api/"}, slog.New(slog.DiscardHandler))
	typ := nodetest.Registered(t, "slack-say", func(r *node.Registry) { Register(r, hub) })
	return bench{nodetest.New(t, typ, props, options...), w}
}

// perform plans and performs a post.
func (b bench) perform(t *testing.T, msg *message.Object) (node.Outputs, *node.Effect, error) {
	t.Helper()
	if b.Err != nil {
		t.Fatal(b.Err)
	}
	_, effect, err := b.Plan(msg)
	if err != nil {
		return nil, nil, err
	}
	out, err := effect.Perform(t.Context(), "run1.1.1")
	return out, effect, err
}

func seedMail() *message.Object {
	return message.NewObject("topic", "[Retirement Notification] Amazon EC2", "payload", "Dear customer,\n\ni-0abc\n",
		"instanceName", message.NewObject("stdout", "i-0abc\trunning\nweb-1\n"))
}

// The first post of the seed's flow: bold subject, blank line, the mail in a
// fence, what the command printed.
func TestSeedPost(t *testing.T) {
	b := say(t, message.NewObject("slack", "", "channel", "general", "output", "str", "gonext", true,
		"msg", "*{{{topic}}}*\n\n```\n{{{payload}}}\n```\n{{{instanceName.stdout}}}"))
	msg := seedMail()
	out, effect, err := b.perform(t, msg)
	if err != nil {
		t.Fatal(err)
	}
	if len(out) != 1 || len(out[0]) != 1 || out[0][0] != msg {
		t.Errorf("the same message must go on: %v", out)
	}
	want := "*[Retirement Notification] Amazon EC2*\n\n```\nDear customer,\n\ni-0abc\n\n```\ni-0abc\trunning\nweb-1\n"
	posted := b.w.Messages("general")
	if len(posted) != 1 || posted[0].Text != want {
		t.Errorf("posted %+v", posted)
	}
	if effect.Policy != node.Repeat || !effect.Safe || effect.Channel != "general" || effect.Preview.Detail != want || effect.Preview.Target != "#general" {
		t.Errorf("effect %+v", effect)
	}
	seen, err := effect.Observe(t.Context(), node.Attempt{Key: "run1.1.1"})
	if err != nil || seen.Happened != node.Happened || len(seen.Outputs) != 1 || seen.Outputs[0][0] != msg {
		t.Errorf("observed %+v, %v", seen, err)
	}
	if seen, _ := effect.Observe(t.Context(), node.Attempt{Key: "run1.2.1"}); seen.Happened != node.DidNot {
		t.Errorf("another step's post: %+v", seen)
	}
}

func TestGoNext(t *testing.T) {
	for _, gonext := range []message.Value{false, "false", nil} {
		b := say(t, message.NewObject("channel", "#general", "msg", "x", "gonext", gonext, "wires", message.NewArray()))
		if out, _, err := b.perform(t, message.NewObject()); err != nil || len(out) != 0 {
			t.Errorf("gonext %v: %v, %v", gonext, out, err)
		}
	}
	b := say(t, message.NewObject("channel", "general", "msg", "x", "gonext", "true"))
	if out, _, err := b.perform(t, message.NewObject()); err != nil || len(out) != 1 {
		t.Errorf("gonext as text: %v, %v", out, err)
	}
}

func TestFailedPost(t *testing.T) {
	b := say(t, message.NewObject("channel", "nowhere", "msg", "x", "gonext", true))
	out, _, err := b.perform(t, message.NewObject())
	if out != nil || !locale.HasKey(err, "slack.channel_not_found") || errors.Is(err, node.ErrUnknown) {
		t.Errorf("got %v, %v", out, err)
	}
}

func TestJSONOutput(t *testing.T) {
	b := say(t, message.NewObject("channel", "general", "output", "json",
		"msg", `{"text":"{{{payload}}}","attachments":[{"color":"danger","text":"{{{n}}}"}]}`))
	if _, _, err := b.perform(t, message.NewObject("payload", "a \"b\"\n<!here>", "n", 5.0)); err != nil {
		t.Fatal(err)
	}
	m := b.w.Messages("general")[0]
	if m.Text != "a \"b\"\n&lt;!here&gt;" || m.Attachments[0]["text"] != "5" {
		t.Errorf("posted %+v", m)
	}
}

func TestRehearsal(t *testing.T) {
	b := say(t, message.NewObject("channel", "general", "msg", "対応を始めます"), func(e *nodetest.Env) { e.Rehearsal = true })
	if _, _, err := b.perform(t, message.NewObject()); err != nil {
		t.Fatal(err)
	}
	if text := b.w.Messages("general")[0].Text; !strings.HasPrefix(text, "[rehearsal]") || !strings.HasSuffix(text, "対応を始めます") {
		t.Errorf("posted %q", text)
	}
}

func TestTemplatedChannel(t *testing.T) {
	b := say(t, message.NewObject("channel", "{{{to}}}", "msg", "x"))
	if _, _, err := b.perform(t, message.NewObject("to", "#general")); err != nil || len(b.w.Messages("general")) != 1 {
		t.Error(err)
	}
	if _, _, err := b.perform(t, message.NewObject()); !locale.HasKey(err, "slack-say.no_channel") {
		t.Errorf("got %v", err)
	}
	if _, _, err := say(t, message.NewObject("channel", "general", "msg", "{{{nothing}}}")).perform(t, message.NewObject()); !locale.HasKey(err, "slack.no_text") {
		t.Errorf("an empty text: %v", err)
	}
}

func TestConfigurationErrors(t *testing.T) {
	cases := map[string]*message.Object{
		"slack.no_connection":  message.NewObject("slack", "gone", "channel", "general", "msg", "x"),
		"slack-say.bad_output": message.NewObject("channel", "general", "msg", "x", "output", "xml"),
		"slack.bad_json":       message.NewObject("channel", "general", "msg", "{", "output", "json"),
	}
	for key, props := range cases {
		if b := say(t, props); !locale.HasKey(b.Err, key) {
			t.Errorf("got %v, want %s", b.Err, key)
		}
	}
	if b := say(t, message.NewObject("channel", "general", "msg", "{{#x}}")); b.Err == nil {
		t.Error("a template that doesn't parse")
	}
	typ := nodetest.Registered(t, "slack-say", func(r *node.Registry) {
		Register(r, slack.NewHub(slack.Config{}, slog.New(slog.DiscardHandler)))
	})
	if h := nodetest.New(t, typ, message.NewObject("slack", "", "channel", "general", "msg", "x")); !locale.HasKey(h.Err, "slack.no_default") {
		t.Errorf("no connection at all: %v", h.Err)
	}
}
