package console_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"toban/internal/sim/mailbox"
)

// backlog deploys a node with a mailbox that is full of unread mails, and waits
// until it asks.
func (s *site) backlog() *mailbox.Server {
	s.t.Helper()
	mail, err := mailbox.Start(mailbox.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = mail.Close() })
	for range 21 {
		if _, err := mail.Add(mailbox.Unrelated()); err != nil {
			s.t.Fatal(err)
		}
	}
	s.deploy(fmt.Sprintf(`[{"id":"tab1","type":"tab","label":"AWS mails"},{"id":"mail1","type":"e-mail in","z":"tab1","name":"Inbox","server":%q,"port":%q,"useSSL":false,"box":"INBOX",
		"disposition":"Read","repeat":"1","credentials":{"userid":%q,"password":%q},"wires":[[]]}]`, mail.Host(), strconv.Itoa(mail.Port()), mail.User(), mail.Password()))
	s.eventually("the mailbox asks", func() bool { return strings.Contains(s.look("/questions"), `id="decide-mail1"`) })
	return mail
}

// TestBacklog: a mailbox that asks where to begin is decided on the console. It
// stands above the questions, says where the node is and what follows from each
// option, and an open page hears of it.
func TestBacklog(t *testing.T) {
	s := newSite(t)
	resp, before := s.send("GET", "/questions", "")
	lacks(t, before, `id="decisions"`)
	mail := s.backlog()
	page := s.want(200, "GET", "/questions", "", "If-None-Match", resp.Header.Get("ETag"))
	inOrder(t, page, `id="decisions"`, "Nodes that wait for your decision", "Inbox", "Tab: AWS mails", "21 unread mails", "No mail is touched until this is decided.",
		`value="all"`, "The flow runs at once", `value="only-from-now"`, "stays unread", `id="open"`)
	has(t, page, `class="count"><span>1</span>`)
	s.lang = "ja"
	has(t, s.look("/questions"), "判断を待っているノード", "タブ: AWS mails", "21 件", "手を付けません", "これから届く分だけ", "未読のまま残り")
	s.post(400, "/questions/choose", "node", "mail1", "option", "some")
	s.post(303, "/questions/choose", "node", "mail1", "option", "only-from-now")
	s.eventually("it asks no more", func() bool { return !strings.Contains(s.look("/questions"), "decide-mail1") })
	lacks(t, s.look("/questions"), `id="decisions"`)
	s.post(409, "/questions/choose", "node", "mail1", "option", "only-from-now")
	if n := len(mail.Unread()); n != 21 {
		t.Errorf("%d mails are unread", n)
	}
}

// A viewer sees what is to be decided, and no button.
func TestViewerSeesDecisions(t *testing.T) {
	s := newSite(t)
	s.backlog()
	s.viewer()
	page := s.look("/questions")
	has(t, page, "You may look, but not answer.", `id="decide-mail1"`, "21 unread mails", "Only mails that arrive from now on")
	lacks(t, page, "<form method=\"post\" action=\"/questions", "only-from-now")
	s.post(403, "/questions/choose", "node", "mail1", "option", "all")
}

// Another site's form decides nothing, whoever's browser sends it.
func TestForeignFormDecidesNothing(t *testing.T) {
	s := newSite(t)
	mail := s.backlog()
	cookie := s.cookie()
	s.token = ""
	form := "node=mail1&option=all"
	for _, headers := range [][]string{{"Origin", "https://evil.example"}, {"Sec-Fetch-Site", "cross-site"}, nil} {
		s.want(403, "POST", "/questions/choose", form, append(headers, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie, "Authorization", "")...)
	}
	if n := len(mail.Unread()); n != 21 {
		t.Errorf("%d mails are unread", n)
	}
	s.want(303, "POST", "/questions/choose", form, "Origin", s.url, "Content-Type", "application/x-www-form-urlencoded", "Cookie", cookie, "Authorization", "")
}

// cookie signs in as a browser does.
func (s *site) cookie() string {
	s.t.Helper()
	resp, _ := s.send("POST", "/login", "username=admin&password=correct+horse", "Content-Type", "application/x-www-form-urlencoded", "Origin", s.url, "Authorization", "")
	cookies := resp.Cookies()
	if len(cookies) == 0 {
		s.t.Fatalf("no cookie: %s", resp.Status)
	}
	return cookies[0].Name + "=" + cookies[0].Value
}
