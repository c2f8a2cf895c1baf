package crash

import (
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"toban/internal/sim/mailbox"
	"toban/internal/sim/slack"
	"toban/internal/testparts/sshd"
)

const (
	channel  = "general"
	personID = "U0PERSON1"
)

// world is what is outside of one server, and remembers what it saw.
type world struct {
	t     *testing.T
	mail  *mailbox.Server
	slack *slack.Workspace
	host  *sshd.Server // shared by all worlds
	lines string       // the file that gets a line from each command
	env   []string     // of the server
}

func newWorld(t *testing.T, host *sshd.Server, env ...string) *world {
	t.Helper()
	w := &world{t: t, host: host, lines: filepath.Join(t.TempDir(), "lines")}
	var err error
	if w.mail, err = mailbox.Start(mailbox.Options{}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.mail.Close() })
	w.slack = slack.New(slack.Config{
		Users:    []slack.User{{ID: personID, Name: "hana", RealName: "Hana Mori", Locale: "en-US"}},
		Channels: []slack.Channel{{ID: "C0GENERAL", Name: channel}},
	})
	web := httptest.NewServer(w.slack)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	w.env = append([]string{
		"SLACK_BOT_TOKEN=" + slack.DefaultBotToken, "SLACK_APP_TOKEN=" + slack.DefaultAppToken,
		"SLACK_API_URL=" + web.URL + "/api/", "TOBAN_LANG=en", "TOBAN_ADMIN_PASSWORD=" + adminPassword,
	}, env...)
	return w
}

// arrives delivers a mail.
func (w *world) arrives(subject string) {
	w.t.Helper()
	if _, err := w.mail.Add(mailbox.Mail{Subject: subject, Text: "Please look after it.\n"}); err != nil {
		w.t.Fatal(err)
	}
}

// executed counts the commands that the host ran, by what they wrote.
func (w *world) executed() map[string]int {
	w.t.Helper()
	text, err := os.ReadFile(w.lines)
	if err != nil && !os.IsNotExist(err) {
		w.t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(string(text)) {
		count[strings.TrimSpace(line)]++
	}
	return count
}

// posts are the texts in the channel, in order, without what stands below a card.
func (w *world) posts() []string {
	var texts []string
	for _, m := range w.slack.Messages(channel) {
		texts = append(texts, m.Text)
	}
	return texts
}

// said counts the messages of a text.
func (w *world) said(text string) (n int) {
	for _, post := range w.posts() {
		if post == text {
			n++
		}
	}
	return n
}
