package mailbox_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/mailx"
	"toban/internal/sim/mailbox"
)

var (
	ids     = []string{"i-0123456789abcdef0", "i-0123456789abcdef1", "i-0123456789abcdef2"}
	atStart = regexp.MustCompile(`(?m)^(i-\w+)`)
)

// What FrontOps' filter and expression find in each of the ready-made mails.
func TestSamplesAreAsTheRealMails(t *testing.T) {
	type found struct {
		Filtered bool // the subject passes the filter of 2018
		IDs      []string
		HTML     bool
	}
	want := map[string]found{
		"old":            {true, ids[:1], false},
		"old-retirement": {true, nil, false},
		"new":            {false, ids[:1], false},
		"three":          {false, ids, false},
		"html":           {false, ids[:1], true},
		"unrelated":      {false, nil, false},
	}
	got := map[string]found{}
	for _, s := range mailbox.Samples(ids) {
		raw := s.Mail.Bytes()
		if bytes.Contains(bytes.ReplaceAll(raw, []byte("\r\n"), nil), []byte("\n")) {
			t.Errorf("%s: a line ends with a bare LF", s.Name)
		}
		m := mailx.Parse(raw)
		got[s.Name] = found{
			Filtered: strings.Contains(m.Subject, "Amazon EC2 Maintenance - Maintenance") || strings.Contains(m.Subject, "[Retirement Notification]"),
			IDs:      atStart.FindAllString(m.Text, -1), HTML: m.HTML != "",
		}
		if label := locale.JA.Text("mailbox.sample." + s.Name); strings.HasPrefix(label, "mailbox.") {
			t.Errorf("no label for %s", s.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestComposedMailReadsAsItWasWritten(t *testing.T) {
	m := mailx.Parse(mailbox.Mail{
		From: "運用 <ops@example.com>", Subject: "件名 ①\r\nBcc: evil@example.com", Text: "本文\n. \n=20\n", HTML: "<p>本文",
	}.Bytes())
	if m.Subject != "件名 ① Bcc: evil@example.com" || m.Text != "本文\n. \n=20\n" || m.HTML != "<p>本文" {
		t.Errorf("subject %q, text %q, html %q", m.Subject, m.Text, m.HTML)
	}
	if len(m.From) != 1 || m.From[0] != (mailx.Address{Name: "運用", Address: "ops@example.com"}) {
		t.Errorf("from %v", m.From)
	}
	for _, h := range m.Headers {
		if h.Name == "bcc" {
			t.Error("the subject added a header")
		}
	}
}

func TestServerKeepsWhatItWasGiven(t *testing.T) {
	s, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	uid, err := s.Add(mailbox.Unrelated())
	if err != nil {
		t.Fatal(err)
	}
	if s.Seen(uid) || s.SeenSubject(mailbox.Unrelated().Subject) || len(s.Unread()) != 1 {
		t.Errorf("unread %v", s.Unread())
	}
	if err := s.NewUIDValidity(); err != nil || len(s.All()) != 1 {
		t.Errorf("after a new UIDVALIDITY: %v, %v", s.All(), err)
	}
}
