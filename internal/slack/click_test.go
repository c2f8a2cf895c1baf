package slack

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"toban/internal/node"
	sim "toban/internal/sim/slack"
)

// Clicks that don't count are told so, in the language of who clicked, and change nothing.
func TestClicksThatDontCount(t *testing.T) {
	d := newDesk(t, sim.Config{Users: []sim.User{
		{ID: "U0HANAKO", Name: "hanako", Locale: "ja-JP"}, {ID: "U0ALEX", Name: "alex", Locale: "en-US"},
		{ID: "U0GUEST", Name: "guest", Locale: "en-US", Guest: true}, {ID: "U0GONE", Name: "gone", Locale: "en-US", Deleted: true},
		{ID: "U0BOTTY", Name: "bot", Locale: "en-US", Bot: true}, {ID: "U0OTHER", Name: "other", Locale: "ja-JP", TeamID: "T0OTHER"},
	}})
	_, ref := d.ask(t, "q1", func(c *node.Card) { c.Question.Approvers = []string{"U0HANAKO", "U0GUEST"} })
	if shown := sim.PlainText(d.w.Messages("general")[0]); !strings.Contains(shown, "回答できる人: <@U0HANAKO>, <@U0GUEST>") {
		t.Errorf("the card doesn't say who may answer: %s", shown)
	}
	n := 0
	expect := func(user, want string) {
		t.Helper()
		n++
		if e := d.whispered(t, n); e.User != user || !strings.Contains(e.Text, want) || e.Channel != "C0GENERAL" {
			t.Errorf("%s was told %q, want %q", e.User, e.Text, want)
		}
	}
	for _, k := range [][2]string{
		{"U0GUEST", "Guests may not answer"}, {"U0GONE", "deactivated"}, {"U0BOTTY", "Bots may not"},
		{"U0OTHER", "このワークスペースのメンバーだけ"}, {"U0ALEX", "not among those who may answer this question (<@U0HANAKO>"},
	} {
		d.click(t, ref, "承認", k[0])
		expect(k[0], k[1])
	}
	if d.calls != 1 { // only the non-approver got as far as the engine
		t.Errorf("the engine was asked %d times", d.calls)
	}
	d.click(t, ref, "否認", "U0HANAKO")
	if a := <-d.done; a.Choice != 1 {
		t.Errorf("answer %+v", a)
	}
	d.click(t, ref, "承認", "U0ALEX")
	expect("U0ALEX", "answered already: 否認, by <@U0HANAKO>")
	if _, err := d.w.Await(t.Context(), "general", func(m sim.Message) bool {
		return !strings.Contains(string(d.w.RenderHTML("C0GENERAL", m)), "<button")
	}); err != nil {
		t.Error("a late click must mend a card that still has buttons")
	}
	if c := d.cards["q1"]; c.Answer.Choice != 1 {
		t.Error("a late click changed the answer")
	}
}

func TestDuplicateLateAndForged(t *testing.T) {
	d := newDesk(t, sim.Config{})
	_, ref := d.ask(t, "q1", nil)
	press := sim.Click{Channel: "general", TS: ts(t, ref), Button: "承認", User: "U0ALEX"}
	payload, err := d.w.Payload(press)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 { // one press, delivered three times
		if err := d.w.Deliver(t.Context(), payload); err != nil {
			t.Fatal(err)
		}
	}
	<-d.done

	late := node.Card{ID: "q1", State: "expired", Deadline: time.Date(2026, 4, 1, 3, 30, 0, 0, time.UTC), Question: d.cards["q1"].Question}
	d.set(late)
	payload, _ = d.w.Payload(press)
	if err := d.w.Deliver(t.Context(), payload); err != nil {
		t.Fatal(err)
	}
	if e := d.whispered(t, 1); !strings.Contains(e.Text, "expired at 2026-04-01 12:30 JST") {
		t.Errorf("a late click was told %q", e.Text)
	}

	replace := func(old, new string) []byte { return []byte(strings.ReplaceAll(string(payload), old, new)) }
	for name, forged := range map[string][]byte{
		"another question": replace("toban:q1:", "toban:q2:"),
		"a copy":           replace(ts(t, ref), "1700000000.000001"),
		"another author":   replace(`"user":"U0TOBAN"`, `"user":"U0ALEX"`),
	} {
		before := len(d.w.Ephemerals())
		forged = []byte(strings.Replace(string(forged), `"action_ts":"`, `"action_ts":"9`+name, 1))
		if err := d.w.Deliver(t.Context(), forged); err != nil {
			t.Fatal(name, err)
		}
		d.whispered(t, before+1)
	}
	for _, junk := range []string{`{}`, `[]`, `{"type":"block_actions","actions":[{}]}`, `{"type":"block_actions","actions":[{"block_id":"toban:q1:1","action_id":"link-1"}]}`, `{"type":"view_submission"}`} {
		if err := d.w.Deliver(t.Context(), []byte(junk)); err != nil {
			t.Errorf("%s must be acknowledged: %v", junk, err)
		}
	}
	if len(d.done) != 0 {
		t.Error("something counted that must not")
	}
}

func TestAnswerFailure(t *testing.T) {
	d := newDesk(t, sim.Config{})
	_, ref := d.ask(t, "q1", nil)
	d.mu.Lock()
	d.fail = errors.New("disk full")
	d.mu.Unlock()
	d.click(t, ref, "承認", "U0ALEX")
	if e := d.whispered(t, 1); !strings.Contains(e.Text, "press the button again") {
		t.Errorf("told %q", e.Text)
	}
	d.mu.Lock()
	d.fail = nil
	d.mu.Unlock()
	d.click(t, ref, "承認", "U0ALEX")
	<-d.done
}

func TestClicksSurviveReconnects(t *testing.T) {
	d := newDesk(t, sim.Config{})
	_, ref := d.ask(t, "q1", nil)
	d.w.Disconnect(t.Context(), "refresh_requested")
	deadline := time.Now().Add(10 * time.Second)
	for len(d.w.Calls("apps.connections.open")) < 2 || d.w.Sockets() == 0 {
		if time.Now().After(deadline) {
			t.Fatal("no reconnect")
		}
		time.Sleep(5 * time.Millisecond)
	}
	d.click(t, ref, "承認", "U0ALEX")
	<-d.done
}

// A click that was acknowledged counts, even if the end comes at that moment.
func TestClickAtTheEnd(t *testing.T) {
	d := newDesk(t, sim.Config{})
	_, ref := d.ask(t, "q1", nil)
	payload, err := d.w.Payload(sim.Click{Channel: "general", TS: ts(t, ref), Button: "承認", User: "U0ALEX"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	g := d.gateways[""].Gateway
	g.grace = time.Minute
	g.finish(ctx, string(payload))
	<-d.done
}

// A slow engine must not delay the acknowledgement.
func TestAckBeforeWork(t *testing.T) {
	d := newDesk(t, sim.Config{AckTimeout: 2 * time.Second})
	_, ref := d.ask(t, "q1", nil)
	d.w.Fail(sim.Fault{Method: "users.info", Times: 100, Hang: true})
	for range 5 {
		d.click(t, ref, "承認", "U0ALEX")
	}
}
