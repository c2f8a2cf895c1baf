package demo

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"toban/internal/locale"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	simslack "toban/internal/sim/slack"
)

// storyTime bounds the automatic story.
const storyTime = 2 * time.Minute

// auto plays the story in the terminal: a mail comes, the flow asks, a person
// presses the button, the instance stops and starts.
func auto(ctx context.Context, o Options) error {
	ctx, cancel := context.WithTimeout(ctx, storyTime)
	defer cancel()
	t := &teller{out: o.Out, lang: o.Lang, began: time.Now()}
	t.say("demo.auto.begin")
	w, err := newWorld(ctx, o.Lang, o.Log)
	if err != nil {
		return err
	}
	err = t.story(ctx, w)
	stop, done := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer done()
	if closeErr := w.Close(stop); err == nil {
		err = closeErr
	}
	if err != nil {
		t.say("demo.auto.failed", "why", o.Lang.Err(err))
		return err
	}
	t.say("demo.auto.done")
	return nil
}

// teller prints what happens, with the seconds since the beginning.
type teller struct {
	out   io.Writer
	lang  locale.Lang
	began time.Time
	told  atomic.Int32 // messages of the channel
}

// caughtUp waits until everything in the channel has been told.
func (t *teller) caughtUp(ctx context.Context, w *world) {
	for ctx.Err() == nil && int(t.told.Load()) < len(w.slack.Messages(channel)) {
		time.Sleep(time.Millisecond)
	}
}

func (t *teller) say(key string, pairs ...any) { t.line("", t.lang.Text(key, pairs...)) }

// whoColumns is how wide the names of those that act are at most.
const whoColumns = 6

func (t *teller) line(who, text string) {
	stamp := fmt.Sprintf("%5.1fs ", time.Since(t.began).Seconds())
	if who != "" {
		who = locale.Pad(who, whoColumns) + " "
	}
	for i, l := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		if i > 0 {
			stamp = strings.Repeat(" ", len(stamp))
			who = strings.Repeat(" ", locale.Columns(who))
		}
		fmt.Fprintln(t.out, stamp+who+l)
	}
}

func (t *teller) story(ctx context.Context, w *world) error {
	id := w.ids()[0]
	watch, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	states := t.watch(watch, w, id)
	mail := mailbox.NewRetirement(id)
	if _, err := w.mail.Add(mail); err != nil {
		return err
	}
	t.line(t.lang.Text("demo.auto.who.mail"), mail.Subject)
	card, err := w.slack.Await(ctx, channel, hasButtons)
	if err != nil {
		return locale.Errorf("demo.auto.no_question").Because(err)
	}
	t.caughtUp(ctx, w)
	t.line(t.lang.Text("demo.auto.who.person"), t.lang.Text("demo.auto.press", "person", w.person().RealName))
	if err := w.slack.Click(ctx, simslack.Click{Channel: channel, TS: card.TS, Button: "yes", User: personID}); err != nil {
		return err
	}
	if err := w.runEnds(ctx); err != nil {
		return err
	}
	stopWatching()
	return check(<-states, w, id)
}

// watch prints the Slack channel and the instance's states as they happen, and
// gives the states once ctx ends.
func (t *teller) watch(ctx context.Context, w *world, id string) <-chan []ec2.State {
	posts := w.slack.Subscribe(ctx)
	changed, cancel := w.cloud.Subscribe()
	result := make(chan []ec2.State, 1)
	look := func(seen []ec2.State) []ec2.State {
		i, _ := w.cloud.Instance(id)
		if len(seen) > 0 && seen[len(seen)-1] == i.State {
			return seen
		}
		t.line("EC2", fmt.Sprintf("%s %s: %s", i.ID, i.Name, t.lang.Text("demo.state."+string(i.State))))
		return append(seen, i.State)
	}
	go func() {
		defer cancel()
		seen := look(nil)
		for {
			select {
			case e, ok := <-posts:
				if ok && e.Kind != "changed" {
					t.line("Slack", simslack.PlainText(e.Message))
					t.told.Add(1)
				}
			case <-changed:
				seen = look(seen)
			case <-ctx.Done():
				result <- look(seen)
				return
			}
		}
	}()
	return result
}

func hasButtons(m simslack.Message) bool {
	return strings.Contains(fmt.Sprint(m.Attachments, m.Blocks), "button")
}

// runEnds waits until the newest run is over.
func (w *world) runEnds(ctx context.Context) error {
	for {
		var list struct {
			Runs []struct{ ID, Status, Error string }
		}
		if err := w.api.get(ctx, "/api/runs?limit=1", &list); err != nil {
			return err
		}
		if len(list.Runs) > 0 {
			switch r := list.Runs[0]; r.Status {
			case "done":
				return nil
			case "failed", "cancelled":
				return locale.Errorf("demo.auto.run_ended", "run", r.ID, "status", r.Status, "error", r.Error)
			}
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// check says whether the story ended as it should: the instance was stopped
// and runs again, the mail is read, and each command was run once.
func check(states []ec2.State, w *world, id string) error {
	want := []ec2.State{ec2.Running, ec2.Stopping, ec2.Stopped, ec2.Pending, ec2.Running}
	if fmt.Sprint(states) != fmt.Sprint(want) {
		return locale.Errorf("demo.auto.wrong_states", "id", id, "states", fmt.Sprint(states))
	}
	if n := len(w.mail.Unread()); n != 0 {
		return locale.Errorf("demo.auto.unread", "count", n)
	}
	if n := len(w.host.Executed()); n != 3 {
		return locale.Errorf("demo.auto.commands", "count", n)
	}
	return nil
}
