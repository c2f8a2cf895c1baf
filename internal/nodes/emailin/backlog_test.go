package emailin_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/nodes/emailin"
	"toban/internal/sim/mailbox"
)

func fill(t *testing.T, s *mailbox.Server, n int) {
	t.Helper()
	for i := range n {
		add(t, s, mailbox.Mail{Subject: fmt.Sprint("old ", i), Text: "t"})
	}
}

func backlogged(t *testing.T, s *mailbox.Server, e *engine) (*fixture, node.Chooser) {
	t.Helper()
	f := run(t, e, props(s), credentials(s))
	chooser := f.Node.(node.Chooser)
	f.until("the question", func() bool { _, asked := chooser.Pending(); return asked })
	return f, chooser
}

func TestTwentyUnreadMailsAreNoBacklog(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	fill(t, s, 20)
	f := run(t, e, props(s), credentials(s))
	f.until("all are read", func() bool { return len(s.Unread()) == 0 })
}

func TestBacklogWaitsForAPerson(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	fill(t, s, 21)
	f, chooser := backlogged(t, s, e)
	for range 200 {
		f.Advance(0)
	}
	if e.count() != 0 || len(s.Unread()) != 21 {
		t.Fatalf("%d events, %d unread", e.count(), len(s.Unread()))
	}
	f.until("the status", func() bool { return strings.HasPrefix(f.status(), "21 unread mails") })
	if n := strings.Count(f.logged(), "21 unread mails, and none is touched"); n != 1 {
		t.Errorf("the log has it %d times", n)
	}
	question, _ := chooser.Pending()
	if q := question.Question(locale.JA); !strings.Contains(q, "21 件") {
		t.Errorf("question %q", q)
	}
	if err := chooser.Choose("some"); !errors.Is(err, node.ErrNoOption) {
		t.Errorf("an option that isn't there: %v", err)
	}
	if err := chooser.Choose(question.Options[0].Name); err != nil {
		t.Fatal(err)
	}
	f.until("all are read", func() bool { return len(s.Unread()) == 0 && e.count() == 21 })
	if err := chooser.Choose(emailin.All); !errors.Is(err, node.ErrNotPending) {
		t.Errorf("a second choice: %v", err)
	}
}

func TestOnlyFromNow(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	fill(t, s, 30)
	f, chooser := backlogged(t, s, e)
	if err := chooser.Choose(emailin.OnlyFromNow); err != nil {
		t.Fatal(err)
	}
	fresh := add(t, s, mailbox.Mail{Subject: "new", Text: "t"})
	f.until("the new one is read", func() bool { return s.Seen(fresh) })
	f.polls()
	f.stop()
	again := run(t, e, props(s), credentials(s))
	again.polls()
	if !slices.Equal(e.titles(), []string{"new"}) || len(s.Unread()) != 30 {
		t.Errorf("events %q, %d unread", e.titles(), len(s.Unread()))
	}
}

// In the engine's tests a server with one second of resolution is no trouble:
// here the mails after the choice arrive a second later.
func TestOnlyFromNowHoldsInARenumberedMailbox(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	fill(t, s, 30)
	f, chooser := backlogged(t, s, e)
	if err := chooser.Choose(emailin.OnlyFromNow); err != nil {
		t.Fatal(err)
	}
	f.until("the choice is stored", func() bool { v, _ := e.Cursor(t.Context()); return v != nil })
	if err := s.NewUIDValidity(); err != nil {
		t.Fatal(err)
	}
	f.polls()
	if e.count() != 0 || len(s.Unread()) != 30 {
		t.Errorf("events %q, %d unread", e.titles(), len(s.Unread()))
	}
}

func TestAnotherMailboxIsANewBeginning(t *testing.T) {
	s, e := start(t, mailbox.Options{}), newEngine()
	f := run(t, e, props(s), credentials(s))
	f.polls()
	f.stop()
	other := start(t, mailbox.Options{User: "other", Password: "p"})
	fill(t, other, 25)
	backlogged(t, other, e)
}
