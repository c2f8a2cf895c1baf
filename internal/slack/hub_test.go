package slack

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	sim "toban/internal/sim/slack"
)

// desk is a hub on a simulated workspace, and the questions of a little engine.
type desk struct {
	*Hub
	w   *sim.Workspace
	url string

	mu    sync.Mutex
	cards map[string]node.Card
	fail  error
	calls int
	done  chan node.Answer
}

// newDesk starts a workspace and a hub whose default connection is up.
func newDesk(t *testing.T, cfg sim.Config) *desk {
	t.Helper()
	d := &desk{w: sim.New(cfg), cards: map[string]node.Card{}, done: make(chan node.Answer, 100)}
	srv := httptest.NewServer(d.w)
	t.Cleanup(srv.Close)
	d.url = srv.URL + "/api/"
	d.Hub = NewHub(Config{
		BotToken: sim.DefaultBotToken, AppToken: sim.DefaultAppToken, SigningSecret: sim.DefaultSigningSecret,
		APIURL: d.url, Lang: locale.JA, Zone: time.FixedZone("JST", 9*3600),
	}, slog.New(slog.NewTextHandler(t.Output(), nil)))
	d.SetAnswerer(d)
	g := d.gateways[""].Gateway
	g.pause, g.pacer.every, g.grace = time.Millisecond, time.Millisecond, 20*time.Millisecond
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); _ = d.Run(ctx) }()
	t.Cleanup(func() { stop(); <-ended; d.w.Cut() })
	if err := d.w.AwaitSocket(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	return d
}

// Answer is the engine's compare-and-swap.
func (d *desk) Answer(_ context.Context, id string, a node.Answer) (node.Card, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	c, ok := d.cards[id]
	switch {
	case d.fail != nil:
		return node.Card{}, d.fail
	case !ok:
		return node.Card{}, node.ErrNoQuestion
	case c.State != "open":
		return c, node.ErrClosed
	case len(c.Question.Approvers) > 0 && !slices.Contains(c.Question.Approvers, a.By.ID):
		return c, node.ErrNotAllowed
	}
	c.State, c.Answer = "answered", &a
	d.cards[id] = c
	d.done <- a
	return c, nil
}

func (d *desk) set(c node.Card) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.cards[c.ID] = c
}

// seedLike is a question as flows of 2018 ask it.
const seedLike = `{"text":"止めて起動していいですか?","attachments":[{"title":"承認依頼","text":"実行しますか",
"fallback":"ここでは答えられません","callback_id":"approve_1","color":"#3AA3E3","attachment_type":"default",
"actions":[{"name":"answer","text":"承認","value":"yes","type":"button","style":"primary"},
{"name":"answer","text":"否認","value":"no","type":"button","style":"default"}]}]}`

func parse(t testing.TB, text string) *message.Object {
	t.Helper()
	v, err := message.ParseJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	return v.(*message.Object)
}

// ask posts a seed-like question.
func (d *desk) ask(t *testing.T, id string, change func(*node.Card)) (node.Card, string) {
	t.Helper()
	card := parse(t, seedLike)
	choices, err := Choices(card)
	if err != nil {
		t.Fatal(err)
	}
	c := node.Card{
		ID: id, Run: "r1", Kind: "ask", State: "open", Deadline: time.Date(2026, 4, 1, 3, 30, 0, 0, time.UTC),
		Question: node.Question{Channel: "general", Title: "承認", Card: card, Choices: choices, Timeout: time.Hour},
	}
	if change != nil {
		change(&c)
	}
	d.set(c)
	ref, err := d.Post(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	return c, ref
}

func ts(t testing.TB, ref string) string {
	t.Helper()
	_, ts, err := place(ref)
	if err != nil {
		t.Fatal(err)
	}
	return ts
}

func (d *desk) click(t *testing.T, ref, button, user string) {
	t.Helper()
	if err := d.w.Click(t.Context(), sim.Click{Channel: "general", TS: ts(t, ref), Button: button, User: user}); err != nil {
		t.Fatal(err)
	}
}

// whispered waits for the n-th ephemeral message.
func (d *desk) whispered(t *testing.T, n int) sim.Ephemeral {
	t.Helper()
	events := d.w.Subscribe(t.Context())
	for deadline := time.After(10 * time.Second); ; {
		if all := d.w.Ephemerals(); len(all) >= n {
			return all[n-1]
		}
		select {
		case <-events:
		case <-deadline:
			t.Fatal("nobody was told")
		}
	}
}

func TestSeedQuestion(t *testing.T) {
	d := newDesk(t, sim.Config{})
	c, ref := d.ask(t, "q1", nil)
	m := d.w.Messages("general")[0]
	if m.Text != "止めて起動していいですか?" {
		t.Errorf("text %q", m.Text)
	}
	att := m.Attachments[0]
	if att["color"] != "3AA3E3" || att["fallback"] != "ここでは答えられません" || att["actions"] != nil || att["callback_id"] != nil {
		t.Errorf("attachment: %v", att)
	}
	html := string(d.w.RenderHTML("C0GENERAL", m))
	for _, want := range []string{"<strong>承認依頼</strong><br>実行しますか", ">承認</button>", `class="button primary"`, `class="button" data`, "回答期限 2026-04-01 12:30 JST"} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}

	d.click(t, ref, "承認", "U0HANAKO")
	a := <-d.done
	if a.Choice != 0 || a.Value != "yes" || a.By != (node.Person{ID: "U0HANAKO", TeamID: "T0SIM", Name: "hanako"}) || a.Via != "slack" {
		t.Errorf("answer %+v", a)
	}
	answer, payload, err := Legacy(c.Question.Card.(*message.Object), a)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Text("value") != "yes" || answer.Text("name") != "answer" || answer.Text("type") != "button" || answer.Text("text") != "承認" {
		t.Errorf("msg.answer %v", answer)
	}
	for path, want := range map[string]string{
		"type": "interactive_message", "callback_id": "approve_1", "user.name": "hanako", "user.id": "U0HANAKO",
		"team.id": "T0SIM", "channel.name": "general", "original_message.text": "止めて起動していいですか?",
		"original_message.ts": ts(t, ref), "message_ts": ts(t, ref), "attachment_id": "1", "actions[0].value": "yes",
		"original_message.attachments[0].actions[1].value": "no", "raw.type": "block_actions", "raw.token": "undefined",
	} {
		p, err := message.ParsePath(path)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := p.Get(payload)
		if message.ToString(got) != want {
			t.Errorf("payload.%s is %v, want %s", path, got, want)
		}
	}
}

func TestCardIsPostedOnce(t *testing.T) {
	d := newDesk(t, sim.Config{})
	c, ref := d.ask(t, "q1", nil)
	again, err := d.Post(t.Context(), c)
	if err != nil || again != ref || len(d.w.Messages("general")) != 1 {
		t.Errorf("posted twice: %s, %s, %v", ref, again, err)
	}
}

// A card whose place nobody noted is found; that there is none, or that Slack
// doesn't let us see, is no error: it would not pass.
func TestCardIsFound(t *testing.T) {
	unposted := func(d *desk, t *testing.T) node.Card {
		c, _ := d.ask(t, "other", nil)
		c.ID = "q1"
		return c
	}
	posted := func(d *desk, t *testing.T) node.Card {
		c, _ := d.ask(t, "q1", nil)
		return c
	}
	cases := []struct {
		name  string
		card  func(d *desk, t *testing.T) node.Card
		then  func(w *sim.Workspace, c *node.Card)
		found bool
		fails bool
	}{
		{name: "it stands", card: posted, found: true},
		{name: "it was never posted", card: unposted},
		{name: "no scope", card: posted, then: func(w *sim.Workspace, _ *node.Card) { w.SetScopes("chat:write", "users:read") }},
		{name: "no such channel", card: posted, then: func(_ *sim.Workspace, c *node.Card) { c.Question.Channel = "nowhere" }},
		{name: "no channel", card: posted, then: func(_ *sim.Workspace, c *node.Card) { c.Question.Channel = "" }},
		{name: "no connection", card: posted, then: func(_ *sim.Workspace, c *node.Card) { c.Question.Connection = "gone" }},
		{name: "Slack is away", card: posted, fails: true, then: func(w *sim.Workspace, _ *node.Card) {
			w.Fail(sim.Fault{Method: "conversations.history", Times: 100, Status: 503})
		}},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			d := newDesk(t, sim.Config{})
			c := k.card(d, t)
			if k.then != nil {
				k.then(d.w, &c)
			}
			ref, err := d.Find(t.Context(), c)
			if (ref != "") != k.found || (err != nil) != k.fails {
				t.Errorf("found %q, %v", ref, err)
			}
			if k.found {
				_, ts, _ := strings.Cut(ref, ":")
				if got := d.w.Messages("general")[0].TS; got != ts {
					t.Errorf("it stands at %s, found at %s", got, ts)
				}
			}
		})
	}
}

func TestOutcomes(t *testing.T) {
	at := time.Date(2026, 4, 1, 1, 2, 0, 0, time.UTC)
	cases := []struct {
		name string
		end  func(*node.Card)
		want string
	}{
		{"answered in Slack", func(c *node.Card) {
			c.State, c.Answer = "answered", &node.Answer{Choice: 1, By: node.Person{ID: "U0ALEX", TeamID: "T0SIM", Name: "<!here>"}, At: at, Via: "slack"}
		}, `<strong>否認</strong> — <span class="mention">@Alex Reed</span> が 2026-04-01 10:02 JST に回答`},
		{"answered in the console", func(c *node.Card) {
			c.State, c.Answer = "answered", &node.Answer{Choice: 0, By: node.Person{Name: "<!here>"}, At: at, Via: "console"}
		}, "&lt;!here&gt;（コンソール） が"},
		{"expired", func(c *node.Card) { c.State = "expired" }, "2026-04-01 12:30 JST までに回答がなかった"},
		{"cancelled", func(c *node.Card) { c.State = "cancelled" }, "取り消されました"},
	}
	for _, k := range cases {
		t.Run(k.name, func(t *testing.T) {
			d := newDesk(t, sim.Config{})
			c, ref := d.ask(t, "q1", nil)
			k.end(&c)
			if err := d.Update(t.Context(), c, ref); err != nil {
				t.Fatal(err)
			}
			html := string(d.w.RenderHTML("C0GENERAL", d.w.Messages("general")[0]))
			if strings.Contains(html, "<button") || !strings.Contains(html, k.want) || !strings.Contains(html, "実行しますか") {
				t.Errorf("no %s in %s", k.want, html)
			}
		})
	}
}
