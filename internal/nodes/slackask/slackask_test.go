package slackask

import (
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	sim "toban/internal/sim/slack"
	"toban/internal/slack"
)

const question = `{"text":"{{{instanceId}}} を止めますか?","attachments":[{"title":"承認依頼","text":"{{{payload}}}","callback_id":"approve_1",
"color":"#3AA3E3","actions":[{"name":"answer","text":"承認","value":"yes","type":"button","style":"primary"},
{"name":"answer","text":"否認","value":"no","type":"button"}]}]}`

func ask(t *testing.T, props *message.Object) (*nodetest.Harness, *slack.Hub, *sim.Workspace) {
	t.Helper()
	w := sim.New(sim.Config{})
	srv := httptest.NewServer(w)
	t.Cleanup(srv.Close)
	hub := slack.NewHub(slack.Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, APIURL: srv.URL + "/api/"}, slog.New(slog.DiscardHandler))
	typ := nodetest.Registered(t, "slack-ask", func(r *node.Registry) { Register(r, hub) })
	return nodetest.New(t, typ, props), hub, w
}

func seedAsk() *message.Object {
	return message.NewObject("slack", "", "channel", "general", "msg", question, "timeout", "30", "timeoutUnits", "minutes", "name", "再起動実施確認")
}

func TestSeedQuestion(t *testing.T) {
	h, hub, w := ask(t, seedAsk())
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	msg := message.NewObject("_msgid", "m1", "instanceId", "i-0abc", "payload", "he said \"go\"\n```<!channel>", "topic", "t")
	step, q, err := h.Ask(msg)
	if err != nil {
		t.Fatal(err)
	}
	if q.Channel != "general" || q.Connection != "" || q.Timeout != 30*time.Minute || q.Title != "i-0abc を止めますか?" || len(q.Approvers) != 0 ||
		len(q.Choices) != 2 || q.Choices[0] != (node.Choice{Name: "answer", Value: "yes", Label: "承認", Style: "primary"}) {
		t.Errorf("question %+v", q)
	}
	if _, err := hub.Post(t.Context(), node.Card{ID: "q1", State: "open", Question: *q}); err != nil {
		t.Fatal(err)
	}
	html := string(w.RenderHTML("C0GENERAL", w.Messages("general")[0]))
	if strings.Contains(html, "mention") || strings.Contains(html, "<pre>") || !strings.Contains(html, "he said &#34;go&#34;") {
		t.Errorf("the mail's text must only be read: %s", html)
	}

	raw := message.NewObject("original_message", message.NewObject("ts", "1.2"), "user", message.NewObject("id", "U1", "name", "hanako"))
	h.Answer(step, node.Answer{Choice: 1, Value: "no", By: node.Person{ID: "U1", Name: "hanako"}, Via: "slack", Payload: raw})
	out := step.Out(0)
	if step.Err != nil || len(out) != 1 {
		t.Fatalf("went on with %v, %v", out, step.Err)
	}
	got := out[0]
	for path, want := range map[string]string{
		"answer.value": "no", "answer.name": "answer", "answer.type": "button", "answer.text": "否認",
		"payload.user.name": "hanako", "payload.callback_id": "approve_1", "payload.original_message.text": "i-0abc を止めますか?",
		"payload.original_message.ts": "1.2", "instanceId": "i-0abc", "topic": "t", "_msgid": "m1",
	} {
		p, err := message.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		if v, _ := p.Get(got); v != want {
			t.Errorf("msg.%s is %v, want %s", path, v, want)
		}
	}
}

func TestTimeouts(t *testing.T) {
	cases := []struct {
		timeout, units message.Value
		want           time.Duration
	}{
		{"30", "minutes", 30 * time.Minute}, {30.0, "seconds", 30 * time.Second}, {"1500", "milliseconds", 1500 * time.Millisecond},
		{"0.5", "hours", 30 * time.Minute}, {"2", "days", 48 * time.Hour}, {" 5 ", nil, 5 * time.Minute},
		{"", "minutes", 24 * time.Hour}, {nil, nil, 24 * time.Hour}, {"0", "hours", 24 * time.Hour},
	}
	for _, c := range cases {
		h, _, _ := ask(t, seedAsk().With("timeout", c.timeout).With("timeoutUnits", c.units))
		if h.Err != nil {
			t.Errorf("%v %v: %v", c.timeout, c.units, h.Err)
			continue
		}
		if _, q, err := h.Ask(message.NewObject()); err != nil || q.Timeout != c.want {
			t.Errorf("%v %v: %v, %v", c.timeout, c.units, q, err)
		}
	}
}

func TestApprovers(t *testing.T) {
	for _, v := range []message.Value{"U0HANAKO, U0ALEX", message.NewArray("U0HANAKO", "U0ALEX"), "U0HANAKO、U0ALEX"} {
		h, _, _ := ask(t, seedAsk().With("approvers", v))
		if h.Err != nil {
			t.Fatal(h.Err)
		}
		if _, q, _ := h.Ask(message.NewObject()); !slices.Equal(q.Approvers, []string{"U0HANAKO", "U0ALEX"}) {
			t.Errorf("%v gives %v", v, q.Approvers)
		}
	}
}

func TestConfigurationErrors(t *testing.T) {
	cases := []struct {
		key   string
		props *message.Object
	}{
		{"slack.bad_json", seedAsk().With("msg", `{"text": oops}`)},
		{"slack.not_an_object", seedAsk().With("msg", `["x"]`)},
		{"slack-ask.no_buttons", seedAsk().With("msg", `{"text":"ok?"}`)},
		{"slack-ask.bad_timeout", seedAsk().With("timeout", "soon")},
		{"slack-ask.bad_timeout", seedAsk().With("timeout", "-1")},
		{"slack-ask.bad_timeout", seedAsk().With("timeout", "1e300")},
		{"slack-ask.bad_units", seedAsk().With("timeoutUnits", "fortnights")},
		{"slack-ask.bad_approver", seedAsk().With("approvers", "@hanako")},
		{"slack.no_connection", seedAsk().With("slack", "gone")},
	}
	for _, c := range cases {
		if h, _, _ := ask(t, c.props); !locale.HasKey(h.Err, c.key) {
			t.Errorf("got %v, want %s", h.Err, c.key)
		}
	}
	for name, cfg := range map[string]slack.Config{"slack.no_default": {}, "slack.no_way_in": {BotToken: "xoxb-1"}} {
		typ := nodetest.Registered(t, "slack-ask", func(r *node.Registry) { Register(r, slack.NewHub(cfg, slog.New(slog.DiscardHandler))) })
		if h := nodetest.New(t, typ, seedAsk()); !locale.HasKey(h.Err, name) {
			t.Errorf("got %v, want %s", h.Err, name)
		}
	}
}

func TestMessageErrors(t *testing.T) {
	h, _, _ := ask(t, seedAsk().With("msg", "{{{payload}}}"))
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	for payload, want := range map[string]string{"no json": "slack.bad_json", `{"text":"x"}`: "slack-ask.no_buttons"} {
		if _, _, err := h.Ask(message.NewObject("payload", payload)); !locale.HasKey(err, want) {
			t.Errorf("%s: got %v, want %s", payload, err, want)
		}
	}
	h, _, _ = ask(t, seedAsk().With("channel", " "))
	if _, _, err := h.Ask(message.NewObject()); !locale.HasKey(err, "slack-ask.no_channel") {
		t.Errorf("got %v", err)
	}
	long := strings.Replace(question, `"text":"承認"`, `"text":"{{{payload}}}"`, 1)
	h, _, _ = ask(t, seedAsk().With("msg", long))
	if _, _, err := h.Ask(message.NewObject("payload", strings.Repeat("x", 80))); !locale.HasKey(err, "slack.card_long_label") {
		t.Errorf("a label must not be cut: %v", err)
	}
}
