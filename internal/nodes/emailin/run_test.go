package emailin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/sim/mailbox"
)

func TestEachUnreadMailIsOneEvent(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	a := add(t, s, mailbox.OldMaintenance("i-0123456789abcdef0"))
	b := add(t, s, mailbox.Unrelated())
	f := run(t, e, props(s), credentials(s))
	f.until("both are read", func() bool { return s.Seen(a) && s.Seen(b) })
	c := add(t, s, mailbox.NewRetirement("i-1"))
	f.until("the third is read", func() bool { return s.Seen(c) })
	f.polls()
	want := []string{"Amazon EC2 Maintenance - Maintenance Scheduled", "Your AWS invoice is ready",
		"Amazon EC2 Instance Retirement [AWS Account: 123456789012]"}
	if diff := cmp.Diff(want, e.titles()); diff != "" {
		t.Errorf("events (-want +got)\n%s", diff)
	}
	msg := e.events[0].Msg
	if !strings.Contains(msg.Text("payload"), "\ni-0123456789abcdef0\n") || msg.Text("topic") != want[0] ||
		msg.Text("from") != "no-reply-aws@amazon.com" {
		t.Errorf("message %v", msg)
	}
}

func TestMailIsMarkedOnlyWhenItsEventIsSafe(t *testing.T) {
	for disposition, handled := range map[string]func(s *mailbox.Server, uid uint32) bool{
		"Read":   func(s *mailbox.Server, uid uint32) bool { return s.Seen(uid) },
		"Delete": func(s *mailbox.Server, uid uint32) bool { return !slices.Contains(s.All(), uid) },
	} {
		t.Run(disposition, func(t *testing.T) {
			s, e := start(t, mailbox.Options{}), newEngine()
			e.unsafe = true
			uid := add(t, s, mailbox.Unrelated())
			f := run(t, e, props(s, "disposition", disposition), credentials(s))
			f.until("the event", func() bool { return e.count() == 1 })
			f.polls()
			if handled(s, uid) || s.Seen(uid) {
				t.Fatal("the mail was marked before its event was safe")
			}
			e.release()
			f.until("the mark", func() bool { return handled(s, uid) })
			f.polls()
			if e.count() != 1 {
				t.Errorf("events %q", e.titles())
			}
		})
	}
}

func TestDispositionNoneHandlesOnceAndKeepsUnread(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	uid := add(t, s, mailbox.Unrelated())
	f := run(t, e, props(s, "disposition", "None"), credentials(s))
	f.until("the event", func() bool { return e.count() == 1 })
	f.polls()
	f.stop()
	e.byKey = map[string]*receipt{} // not even if the engine forgot it
	again := run(t, e, props(s, "disposition", "None"), credentials(s))
	again.polls()
	if e.count() != 1 || s.Seen(uid) {
		t.Errorf("events %q, seen %v", e.titles(), s.Seen(uid))
	}
}

func TestRehearsalTouchesNothing(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	rehearse := func(on bool) nodetest.Option {
		return func(e *nodetest.Env) { e.Settings = map[string]message.Value{"rehearse": on} }
	}
	uid := add(t, s, mailbox.Unrelated())
	f := run(t, e, props(s, "disposition", "Delete"), credentials(s), rehearse(true))
	f.until("the event", func() bool { return e.count() == 1 })
	f.polls()
	f.stop()
	if e.count() != 1 || s.Seen(uid) || len(s.All()) != 1 {
		t.Fatalf("events %q, seen %v, mails %v", e.titles(), s.Seen(uid), s.All())
	}
	live := run(t, e, props(s), credentials(s), rehearse(false))
	live.until("the real event", func() bool { return e.count() == 2 && s.Seen(uid) })
}

func TestSameMessageID(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	m := mailbox.Mail{Subject: "s", Text: "first", MessageID: "<x@example.com>"}
	other := m
	other.Text = "second"
	var uids []uint32
	for _, mail := range []mailbox.Mail{m, m, other} {
		uids = append(uids, add(t, s, mail))
	}
	f := run(t, e, props(s), credentials(s))
	f.until("all are read", func() bool { return len(s.Unread()) == 0 })
	if got := len(e.events); got != 2 {
		t.Errorf("%d events of mails %v, want 2: another body is another mail, the same is the same", got, uids)
	}
}

func TestRenumberedMailboxRunsNothingTwice(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	for i := range 5 {
		add(t, s, mailbox.Mail{Subject: fmt.Sprint("mail ", i), Text: "t", MessageID: fmt.Sprintf("<%d@example.com>", i)})
	}
	f := run(t, e, props(s), credentials(s))
	f.until("all are read", func() bool { return len(s.Unread()) == 0 })
	if err := s.NewUIDValidity(); err != nil {
		t.Fatal(err)
	}
	add(t, s, mailbox.Mail{Subject: "new", Text: "t"})
	f.until("all are read again", func() bool { return len(s.Unread()) == 0 })
	if want := []string{"mail 0", "mail 1", "mail 2", "mail 3", "mail 4", "new"}; !slices.Equal(e.titles(), want) {
		t.Errorf("events %q", e.titles())
	}
}

func TestMailStormIsHeldUpByTheEngine(t *testing.T) {
	const mails = 500
	s, e := start(t, mailbox.Options{}), newEngine()
	first := run(t, e, props(s), credentials(s)) // the folder is not new any more
	first.polls()
	first.stop()
	for i := range mails {
		add(t, s, mailbox.Mail{Subject: fmt.Sprint(i), Text: "t"})
	}
	e.unsafe, e.block = true, make(chan struct{})
	f := run(t, e, props(s), credentials(s))
	go func() {
		for range 5 {
			e.block <- struct{}{}
		}
	}()
	f.until("the engine has taken five", func() bool { return e.count() >= 5 })
	f.Advance(time.Minute)
	if n := e.count(); n > 5 {
		t.Errorf("%d events passed an engine that took 5", n)
	}
	close(e.block)
	f.until("as many as may be held", func() bool { return e.count() >= 200 })
	f.polls()
	if n := e.count(); n != 200 {
		t.Errorf("%d events are not safe yet, want 200", n)
	}
	e.release()
	f.until("all are read", func() bool { return len(s.Unread()) == 0 })
	if e.count() != mails {
		t.Errorf("%d events", e.count())
	}
}

func TestErrorsAreShownAndTriedAgain(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	uid := add(t, s, mailbox.Unrelated())
	wrong := func(e *nodetest.Env) {
		e.Credentials = map[string]string{"userid": s.User(), "password": "nonsense"}
	}
	f := run(t, e, props(s), wrong)
	f.until("the error", func() bool { return strings.Contains(f.status(), "Check user name and password") })
	f.until("several tries", func() bool { return f.Env.Now().Sub(nodetest.Epoch).Minutes() > 10 })
	errors := 0
	for _, l := range f.Env.Logs {
		if l.Level == node.Error {
			errors++
		}
	}
	if errors != 1 {
		t.Errorf("the same error was logged %d times: %v", errors, f.Env.Logs)
	}
	if s.Seen(uid) {
		t.Error("a mail was marked")
	}
}

func TestServerThatComesBack(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	p := props(s, "box", "Later")
	f := run(t, e, p, credentials(s))
	f.until("the error", func() bool { return strings.Contains(f.status(), "has no folder Later") })
	if _, err := s.AddRaw("Later", "hi", []byte("Subject: hi\r\n\r\nx")); err != nil {
		t.Fatal(err)
	}
	f.until("the event", func() bool { return slices.Equal(e.titles(), []string{"hi"}) })
}
