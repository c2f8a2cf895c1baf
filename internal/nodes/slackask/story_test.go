package slackask_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
	"toban/internal/nodes"
	sim "toban/internal/sim/slack"
	"toban/internal/slack"
	"toban/internal/store"
	"toban/internal/store/memory"
)

// story is a flow of Slack nodes, made as the flows of 2018 are, on the real engine.
const story = `[
{"id":"tell","type":"slack-say","z":"t","slack":"","channel":"general","msg":"*{{{topic}}}*\n\n` + "```\\n{{{payload}}}\\n```" + `","output":"str","gonext":true,"wires":[["ask"]]},
{"id":"ask","type":"slack-ask","z":"t","slack":"","channel":"general","timeout":"TIMEOUT","timeoutUnits":"milliseconds","name":"確認",
 "msg":"{\n \"text\": \"{{{topic}}} を止めますか?\",\n \"attachments\": [{\"title\": \"承認依頼\", \"callback_id\": \"approve_1\",\n \"actions\": [{\"name\": \"answer\", \"text\": \"承認\", \"value\": \"yes\", \"type\": \"button\"}, {\"name\": \"answer\", \"text\": \"否認\", \"value\": \"no\", \"type\": \"button\"}]}]\n}",
 "wires":[["echo"]]},
{"id":"echo","type":"slack-say","z":"t","slack":"","channel":"general","msg":"> {{{payload.original_message.text}}}\n{{{answer.value}}} by {{{payload.user.name}}}","output":"str","gonext":true,"wires":[["which"]]},
{"id":"which","type":"switch","z":"t","property":"answer.value","propertyType":"msg","rules":[{"t":"eq","v":"no","vt":"str"},{"t":"eq","v":"yes","vt":"str"}],"checkall":"true","outputs":2,"wires":[["leave"],["go"]]},
{"id":"leave","type":"slack-say","z":"t","slack":"","channel":"general","msg":"後をお願いします。","output":"str","gonext":false,"wires":[]},
{"id":"go","type":"slack-say","z":"t","slack":"","channel":"general","msg":"始めます","output":"str","gonext":true,"wires":[[]]},
{"id":"trouble","type":"catch","z":"t","scope":["tell","ask","echo"],"wires":[["alert"]]},
{"id":"alert","type":"slack-say","z":"t","slack":"","channel":"general","msg":"異常: {{{error.message}}}\n` + "```\\n{{{payload}}}\\n```" + `","output":"str","gonext":false,"wires":[]}
]`

type stage struct {
	t     *testing.T
	w     *sim.Workspace
	hub   *slack.Hub
	store store.Store
	file  string
	*engine.Engine
}

func play(t *testing.T, timeout string) *stage {
	t.Helper()
	s := &stage{t: t, w: sim.New(sim.Config{}), store: memory.New(), file: strings.Replace(story, "TIMEOUT", timeout, 1)}
	srv := httptest.NewServer(s.w)
	t.Cleanup(srv.Close)
	t.Cleanup(s.w.Cut)
	s.hub = slack.NewHub(slack.Config{BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, APIURL: srv.URL + "/api/"}, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.hub.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended })
	s.start()
	t.Cleanup(func() { s.Stop(context.Background()) })
	if err := s.w.AwaitSocket(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return s
}

// start makes an engine on what the store has.
func (s *stage) start() {
	s.t.Helper()
	types := nodes.Registry(s.hub)
	build := func(file []byte) (*flow.Graph, error) {
		f, err := flow.Parse(file)
		if err != nil {
			return nil, err
		}
		return flow.Build(f, flow.Options{Types: types}), nil
	}
	g, err := build([]byte(s.file))
	if err != nil {
		s.t.Fatal(err)
	}
	s.Engine = engine.New(engine.Config{Store: s.store, Types: types, Build: build, Desk: s.hub})
	s.hub.SetAnswerer(s.Engine)
	deployed, err := s.Start(s.t.Context(), g, []byte(s.file))
	if err != nil || len(deployed.Problems) > 0 {
		s.t.Fatal(err, deployed.Problems)
	}
}

func (s *stage) tell(topic string) {
	s.t.Helper()
	if _, err := s.Inject(s.t.Context(), "tell", message.NewObject("topic", topic, "payload", "mail of "+topic)); err != nil {
		s.t.Fatal(err)
	}
}

// await waits for a message that contains part.
func (s *stage) await(part string) sim.Message {
	s.t.Helper()
	m, err := s.w.Await(s.t.Context(), "general", func(m sim.Message) bool { return strings.Contains(sim.PlainText(m), part) })
	if err != nil {
		s.t.Fatalf("no message with %q", part)
	}
	return m
}

func (s *stage) click(m sim.Message, button string) {
	s.t.Helper()
	if err := s.w.Click(s.t.Context(), sim.Click{Channel: "general", TS: m.TS, Button: button, User: "U0HANAKO"}); err != nil {
		s.t.Fatal(err)
	}
}

// texts are the messages' own texts, in order.
func (s *stage) texts() []string {
	var all []string
	for _, m := range s.w.Messages("general") {
		all = append(all, m.Text)
	}
	return all
}

func TestAnswers(t *testing.T) {
	for button, last := range map[string]string{"yes": "始めます", "no": "後をお願いします。"} {
		t.Run(button, func(t *testing.T) {
			s := play(t, "1800000")
			s.tell("i-1")
			card := s.await("i-1 を止めますか?")
			s.click(card, button)
			s.await(last)
			want := []string{"*i-1*\n\n```\nmail of i-1\n```", "i-1 を止めますか?", "> i-1 を止めますか?\n" + button + " by hanako", last}
			if d := cmp.Diff(want, s.texts()); d != "" {
				t.Error(d)
			}
			ended, err := s.w.Await(t.Context(), "general", func(m sim.Message) bool { return m.TS == card.TS && !sim.HasButtons(m) })
			if err != nil || !strings.Contains(sim.PlainText(ended), "<@U0HANAKO>") {
				t.Errorf("the card shows no outcome: %s", sim.PlainText(ended))
			}
		})
	}
}

// Two questions with one callback_id are two questions.
func TestTwoAtOnce(t *testing.T) {
	s := play(t, "1800000")
	s.tell("i-1")
	s.tell("i-2")
	first, second := s.await("i-1 を止めますか?"), s.await("i-2 を止めますか?")
	s.click(second, "no")
	s.await("> i-2 を止めますか?\nno by hanako")
	s.click(first, "yes")
	s.await("> i-1 を止めますか?\nyes by hanako")
}

func TestNobodyAnswers(t *testing.T) {
	s := play(t, "400")
	s.tell("i-1")
	card := s.await("i-1 を止めますか?")
	late, err := s.w.Payload(sim.Click{Channel: "general", TS: card.TS, Button: "yes", User: "U0HANAKO"})
	if err != nil {
		t.Fatal(err)
	}
	alert := s.await("異常: ")
	if !strings.Contains(alert.Text, "確認") || !strings.Contains(alert.Text, "mail of i-1") {
		t.Errorf("alert %q", alert.Text)
	}
	if _, err := s.w.Await(t.Context(), "general", func(m sim.Message) bool { return m.TS == card.TS && !sim.HasButtons(m) }); err != nil {
		t.Error("the card still has buttons")
	}
	if err := s.w.Deliver(t.Context(), late); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(10 * time.Second); len(s.w.Ephemerals()) == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody was told")
		}
	}
	if e := s.w.Ephemerals()[0]; !strings.Contains(e.Text, "期限切れ") {
		t.Errorf("told %q", e.Text)
	}
	if n := len(s.texts()); n != 3 {
		t.Errorf("a late click went on: %q", s.texts())
	}
}

func TestRestartWhileAsking(t *testing.T) {
	s := play(t, "1800000")
	s.tell("i-1")
	card := s.await("i-1 を止めますか?")
	s.Stop(t.Context())
	s.start()
	s.click(card, "yes")
	s.await("始めます")
	if n := len(s.texts()); n != 4 {
		t.Errorf("posted twice: %q", s.texts())
	}
}

func TestSlackFails(t *testing.T) {
	s := play(t, "1800000")
	s.w.Fail(sim.Fault{Method: "chat.postMessage", Skip: 1, Error: "msg_blocks_too_long"})
	s.tell("i-1")
	if alert := s.await("異常: "); !strings.Contains(alert.Text, "too long") {
		t.Errorf("alert %q", alert.Text)
	}
}
