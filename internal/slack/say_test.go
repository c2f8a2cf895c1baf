package slack

import (
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	sim "toban/internal/sim/slack"
)

func TestSayOnce(t *testing.T) {
	cases := map[string]sim.Fault{
		"a lost answer":    {Method: "chat.postMessage", LoseResponse: true},
		"a broken server":  {Method: "chat.postMessage", Status: 503},
		"a rate limit":     {Method: "chat.postMessage", RetryAfter: 1},
		"an error of them": {Method: "chat.postMessage", Error: "internal_error"},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, sim.Config{})
			d.w.Fail(fault)
			p := Post{Channel: "#general", Text: "*hi*"}
			if err := d.Say(t.Context(), p, "r1.4.1"); err != nil {
				t.Fatal(err)
			}
			if m := d.w.Messages("general"); len(m) != 1 || m[0].Text != "*hi*" {
				t.Errorf("posted %+v", m)
			}
			if o, err := d.Said(t.Context(), p, node.Attempt{Key: "r1.4.1", Since: time.Now()}); err != nil || o.Happened != node.Happened {
				t.Errorf("observed %+v, %v", o, err)
			}
			if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.5.1", Since: time.Now()}); o.Happened != node.DidNot {
				t.Errorf("another step: %+v", o)
			}
		})
	}
}

func TestSayCantLook(t *testing.T) {
	d := newDesk(t, sim.Config{})
	d.w.SetScopes("chat:write", "channels:read", "users:read")
	p := Post{Channel: "general", Text: "x"}
	d.w.Fail(sim.Fault{Method: "chat.postMessage", LoseResponse: true})
	if err := d.Say(t.Context(), p, "r1.1.1"); err == nil {
		t.Error("a post that may or may not be there must not be reported as done")
	}
	if n := len(d.w.Messages("general")); n != 1 {
		t.Errorf("%d posts", n)
	}
	if o, err := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: time.Now()}); err != nil || o.Happened != node.CantTell || !strings.Contains(o.Note, "channels:history") {
		t.Errorf("observed %+v, %v", o, err)
	}
}

func TestSayLong(t *testing.T) {
	d := newDesk(t, sim.Config{})
	line := strings.Repeat("あ", 99) + "\n"
	body := "mail\n```\n" + strings.Repeat(line, 900) + "```\nend"
	p := Post{Channel: "general", Text: body}
	d.w.Fail(sim.Fault{Method: "chat.postMessage", Skip: 1, Error: "is_archived"})
	if err := d.Say(t.Context(), p, "r1.1.1"); err == nil {
		t.Error("the second part failed")
	}
	if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: time.Now()}); o.Happened != node.CantTell || !strings.Contains(o.Note, "1 個") {
		t.Errorf("observed %+v", o)
	}
	if err := d.Say(t.Context(), p, "r1.1.1"); err != nil { // only what is missing is posted
		t.Fatal(err)
	}
	all := d.w.Messages("general")
	text := ""
	for _, m := range all {
		text += m.Text + "\n"
	}
	if len(all) != 3 || strings.Count(text, line) != 900 || !strings.HasSuffix(text, "end\n") {
		t.Errorf("%d messages, %d lines", len(all), strings.Count(text, line))
	}
	if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: time.Now()}); o.Happened != node.Happened {
		t.Errorf("observed %+v", o)
	}
}

func TestSayMessage(t *testing.T) {
	d := newDesk(t, sim.Config{})
	m := parse(t, `{"text":"t","channel":"elsewhere","link_names":true,"icon_emoji":":bell:","blocks":[{"type":"divider"}],"attachments":[{"text":"old","color":"good"}]}`)
	if err := d.Say(t.Context(), Post{Channel: "general", Message: m, Rehearsal: true}, "k"); err != nil {
		t.Fatal(err)
	}
	got := d.w.Messages("general")[0]
	if !strings.HasPrefix(got.Text, "【予行演習】") || got.Blocks[0]["type"] != "divider" || got.Attachments[0]["text"] != "old" {
		t.Errorf("posted %+v", got)
	}
	call := d.w.Calls("chat.postMessage")[0].Args
	if call.Get("icon_emoji") != ":bell:" || call.Has("link_names") || call.Get("unfurl_links") != "false" {
		t.Errorf("arguments %v", call)
	}
}

func TestErrorsSayWhatToDo(t *testing.T) {
	cases := []struct {
		name, key string
		setup     func(*sim.Workspace)
		ja, en    string
	}{
		{"not in channel", "slack.not_in_channel", func(w *sim.Workspace) {
			w.SetScopes("chat:write")
			w.SetChannel(sim.Channel{ID: "C0GENERAL", Name: "general", Outside: true})
		}, "/invite", "chat:write.public"},
		{"renamed", "slack.channel_not_found", func(w *sim.Workspace) {
			w.SetChannel(sim.Channel{ID: "C0GENERAL", Name: "ops"})
		}, "#general が見つかりません", "#general was not found"},
		{"archived", "slack.is_archived", func(w *sim.Workspace) {
			w.SetChannel(sim.Channel{ID: "C0GENERAL", Name: "general", Archived: true})
		}, "アーカイブ", "unarchive"},
		{"scope", "slack.missing_scope", func(w *sim.Workspace) { w.SetScopes("users:read") }, "chat:write", "reinstall"},
		{"revoked", "slack.token_revoked", func(w *sim.Workspace) { w.Revoke("token_revoked") }, "再インストール", "reinstall"},
		{"inactive", "slack.account_inactive", func(w *sim.Workspace) { w.Revoke("account_inactive") }, "再インストール", "install it again"},
		{"something new", "slack.refused", func(w *sim.Workspace) {
			w.Fail(sim.Fault{Method: "chat.postMessage", Error: "team_added_to_org"})
		}, "team_added_to_org", "team_added_to_org"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t, sim.Config{})
			c.setup(d.w)
			err := d.Say(t.Context(), Post{Channel: "#general", Text: "x"}, "k")
			if !locale.HasKey(err, c.key) || !strings.Contains(locale.JA.Err(err), c.ja) || !strings.Contains(locale.EN.Err(err), c.en) {
				t.Errorf("got %v / %s", err, locale.JA.Err(err))
			}
		})
	}
}

func TestUnreachable(t *testing.T) {
	srv := httptest.NewServer(nil)
	srv.Close()
	h := NewHub(Config{BotToken: "xoxb-1", APIURL: srv.URL}, slog.New(slog.DiscardHandler))
	h.gateways[""].pause = time.Millisecond
	err := h.Say(t.Context(), Post{Channel: "general", Text: "x"}, "k")
	if !locale.HasKey(err, "slack.unreachable") || strings.Contains(err.Error(), "xoxb") {
		t.Errorf("got %v", err)
	}
}

func TestPacer(t *testing.T) {
	p := pacer{every: time.Second, burst: 3}
	now := time.Now()
	var waits []time.Duration
	for range 5 {
		waits = append(waits, max(0, p.take("a", now)))
	}
	if got := fmt.Sprint(waits); got != "[0s 0s 0s 1s 2s]" {
		t.Errorf("waits %s", got)
	}
	if d := p.take("b", now); d > 0 {
		t.Errorf("another channel waits %s", d)
	}
	if d := p.take("a", now.Add(10*time.Second)); d > 0 {
		t.Errorf("a quiet channel waits %s", d)
	}
}

// What a mail holds can't do anything but be read, wherever a template puts it.
func TestHostileText(t *testing.T) {
	d := newDesk(t, sim.Config{})
	hostile := "```\n<!channel> <@U0ALEX> <https://evil.example|console> *x* & `` ```"
	text := "*" + Escape(hostile) + "*\n```\n" + Escape(hostile) + "\n```\n" + Escape(hostile)
	if err := d.Say(t.Context(), Post{Channel: "general", Text: text}, "k"); err != nil {
		t.Fatal(err)
	}
	html := string(d.w.RenderHTML("C0GENERAL", d.w.Messages("general")[0]))
	if strings.Contains(html, "mention") || strings.Contains(html, "<a ") || strings.Count(html, "<pre>") != 1 {
		t.Errorf("shown as %s", html)
	}
}

// A long question is shown whole before the buttons.
func TestLongQuestion(t *testing.T) {
	d := newDesk(t, sim.Config{})
	tail := "rm -rf /everything"
	for _, size := range []int{2900, 3100, 9000, 30000, 90000} {
		id := fmt.Sprint("q", size)
		before := len(d.w.Messages("general"))
		d.ask(t, id, func(c *node.Card) {
			long := strings.Repeat("echo safe\n", size/10) + tail
			card := c.Question.Card.(*message.Object)
			att := card.Get("attachments").(*message.Array).At(0).(*message.Object).With("text", long)
			c.Question.Card = card.With("attachments", message.NewArray(att))
		})
		shown := ""
		posted := d.w.Messages("general")[before:]
		for _, m := range posted {
			shown += string(d.w.RenderHTML("C0GENERAL", m))
		}
		if strings.Count(shown, "echo safe") != size/10 || !strings.Contains(shown, tail) {
			t.Errorf("%d: %d lines shown, tail %v", size, strings.Count(shown, "echo safe"), strings.Contains(shown, tail))
		}
		if last := string(d.w.RenderHTML("C0GENERAL", posted[len(posted)-1])); strings.Count(last, "<button") != 2 {
			t.Errorf("%d: the buttons are not last", size)
		}
	}
}

func TestUnknownOutcomeCard(t *testing.T) {
	d := newDesk(t, sim.Config{})
	choices := []node.Choice{{Name: "again", Value: "again", Label: "もう一度実行", Style: "danger"}, {Name: "done", Value: "done", Label: "完了とみなす"}}
	c := node.Card{ID: "u1", Kind: "unknown", State: "open", Rehearsal: true, Question: node.Question{
		Channel: "general", Title: "結果が不明です", Card: "*Really?*\n```\naws ```ec2 <!here>\n```\nseen: *nothing*", Choices: choices,
	}}
	d.set(c)
	ref, err := d.Post(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	html := string(d.w.RenderHTML("C0GENERAL", d.w.Messages("general")[0]))
	for _, want := range []string{"【予行演習】", "結果が不明です", "<strong>Really?</strong><pre>aws `\u200b`\u200b`ec2 &lt;!here&gt;</pre>seen: <strong>nothing</strong>", ">もう一度実行</button>", `class="button danger"`} {
		if !strings.Contains(html, want) {
			t.Errorf("no %s in %s", want, html)
		}
	}
	d.click(t, ref, "完了とみなす", "U0ALEX")
	if a := <-d.done; a.Choice != 1 || a.Value != "done" {
		t.Errorf("answer %+v", a)
	}
}

func TestNote(t *testing.T) {
	d := newDesk(t, sim.Config{})
	_, ref := d.ask(t, "q1", nil)
	if err := d.Note(t.Context(), "", "", ref, "would run: `ls` <!here>"); err != nil {
		t.Fatal(err)
	}
	if m := d.w.Messages("general")[1]; m.ThreadTS != ts(t, ref) || m.Text != "would run: `ls` &lt;!here&gt;" {
		t.Errorf("note %+v", m)
	}
	if err := d.Note(t.Context(), "", "", "", "x"); !locale.HasKey(err, "slack.no_channel") {
		t.Errorf("no channel: %v", err)
	}
}

// A reply stands in its thread, not in the channel's history.
func TestSaidInAThread(t *testing.T) {
	d := newDesk(t, sim.Config{})
	if err := d.Say(t.Context(), Post{Channel: "general", Text: "top"}, "r1.1.1"); err != nil {
		t.Fatal(err)
	}
	top := d.w.Messages("general")[0].TS
	p := Post{Channel: "general", Message: message.NewObject("text", "below", "thread_ts", top)}
	if o, err := d.Said(t.Context(), p, node.Attempt{Key: "r1.2.1", Since: time.Now()}); err != nil || o.Happened != node.DidNot {
		t.Errorf("before: %+v, %v", o, err)
	}
	d.w.Fail(sim.Fault{Method: "chat.postMessage", LoseResponse: true})
	if err := d.Say(t.Context(), p, "r1.2.1"); err != nil {
		t.Fatal(err)
	}
	if n := len(d.w.Messages("general")); n != 2 {
		t.Errorf("%d messages, a lost answer was posted twice", n)
	}
	if o, err := d.Said(t.Context(), p, node.Attempt{Key: "r1.2.1", Since: time.Now()}); err != nil || o.Happened != node.Happened {
		t.Errorf("after: %+v, %v", o, err)
	}
}

// What lies further back than the search goes is not said to be missing.
func TestSaidInABusyChannel(t *testing.T) {
	d := newDesk(t, sim.Config{})
	p := Post{Channel: "general", Text: "mine"}
	begun := time.Now()
	if err := d.Say(t.Context(), p, "r1.1.1"); err != nil {
		t.Fatal(err)
	}
	chat := func(text string) {
		t.Helper()
		if _, err := d.w.Say("U0ALEX", "general", text); err != nil {
			t.Fatal(err)
		}
	}
	for i := range searchPages*searchLimit - 1 {
		chat(fmt.Sprint("chatter ", i))
	}
	if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: begun}); o.Happened != node.Happened {
		t.Errorf("the last of what is searched: %+v", o)
	}
	chat("one more")
	if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: begun}); o.Happened != node.CantTell || !strings.Contains(o.Note, "2000") {
		t.Errorf("one too far back: %+v", o)
	}
	if o, _ := d.Said(t.Context(), p, node.Attempt{Key: "r1.1.1", Since: begun.Add(time.Hour)}); o.Happened != node.DidNot {
		t.Errorf("an attempt that is younger than all messages: %+v", o)
	}
}

// A private channel can be read only with the scope for private channels.
func TestSaidInAPrivateChannel(t *testing.T) {
	d := newDesk(t, sim.Config{})
	d.w.SetChannel(sim.Channel{ID: "G0SECRET1", Name: "secret", Private: true})
	p := Post{Channel: "secret", Text: "x"}
	if err := d.Say(t.Context(), p, "r1.1.1"); err != nil {
		t.Fatal(err)
	}
	at := node.Attempt{Key: "r1.1.1", Since: time.Now()}
	if o, _ := d.Said(t.Context(), p, at); o.Happened != node.Happened {
		t.Errorf("with all scopes: %+v", o)
	}
	d.w.SetScopes("chat:write", "channels:read", "groups:read", "channels:history")
	if o, _ := d.Said(t.Context(), p, at); o.Happened != node.CantTell || !strings.Contains(o.Note, "groups:history") {
		t.Errorf("without groups:history: %+v", o)
	}
}
