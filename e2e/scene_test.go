package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"toban/internal/message"
	"toban/internal/sim/ec2"
	"toban/internal/sim/mailbox"
	"toban/internal/sim/slack"
	"toban/internal/testparts/dovecot"
	"toban/internal/testparts/sshd"
)

const (
	channel  = "general"
	personID = "U0PERSON1"
)

// scene is a flow with the real parts around it.
type scene struct {
	*server
	t       *testing.T
	script  *script
	dovecot *dovecot.Server
	sshd    *sshd.Server
	cloud   *ec2.Cloud
	slack   *slack.Workspace
	data    string
	id      string // of the only instance
}

// play sets the scene, in English. The flow begins with arrives.
func play(t *testing.T, text []byte, o ec2.Options, args ...string) *scene {
	t.Helper()
	return playIn(t, "en", text, o, args...)
}

// playIn sets the scene for a server that speaks a language.
func playIn(t *testing.T, lang string, text []byte, o ec2.Options, args ...string) *scene {
	t.Helper()
	s := &scene{t: t, script: read(t, text), dovecot: dovecot.Start(t), cloud: ec2.New(o), data: t.TempDir()}
	t.Cleanup(s.cloud.Close)
	s.id = s.cloud.Add("web-1")
	s.sshd = sshd.Start(t, "SetEnv PATH="+s.aws()+":/usr/bin:/bin")
	s.slack = slack.New(slack.Config{
		Users:    []slack.User{{ID: personID, Name: "hana", RealName: "Hana Mori", Locale: "ja-JP"}},
		Channels: []slack.Channel{{ID: "C0GENERAL", Name: channel}},
	})
	web := httptest.NewServer(s.slack)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	s.server = serve(t, s.data, []string{
		"SLACK_BOT_TOKEN=" + slack.DefaultBotToken, "SLACK_APP_TOKEN=" + slack.DefaultAppToken,
		"SLACK_API_URL=" + web.URL + "/api/", "SSL_CERT_FILE=" + s.dovecot.Authority, "TOBAN_LANG=" + lang,
	}, args...)
	return s
}

// aws makes a folder with the real aws CLI, pointed at the simulated EC2.
func (s *scene) aws() string {
	s.t.Helper()
	api := httptest.NewServer(s.cloud)
	s.t.Cleanup(api.Close)
	dir, err := os.MkdirTemp("", "toban-e2e-aws-") // t.TempDir is closed to other users
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		s.t.Fatal(err)
	}
	wrapper := fmt.Sprintf("#!/bin/sh\nexport AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated "+
		"AWS_DEFAULT_REGION=ap-northeast-1 AWS_EC2_METADATA_DISABLED=true\nexec %q --endpoint-url %q \"$@\"\n",
		realAWS(s.t), api.URL)
	if err := os.WriteFile(filepath.Join(dir, "aws"), []byte(wrapper), 0o755); err != nil {
		s.t.Fatal(err)
	}
	return dir
}

// realAWS finds the aws CLI, the distribution's first: every user may run that.
func realAWS(t *testing.T) string {
	for _, name := range []string{"/usr/bin/aws", "/usr/local/bin/aws", "aws"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Skip("the aws CLI is not on this machine (Debian: awscli)")
	return ""
}

// login gives the user on the host: a new one where that is possible, because
// the shell of one who exists may change the PATH.
func login(t *testing.T) string {
	if os.Getuid() == 0 {
		name, _ := sshd.TempUser(t)
		return name
	}
	return sshd.Me(t)
}

// deploy posts the flow to /flows: only host, port and credentials are changed in it.
func (s *scene) deploy() {
	s.t.Helper()
	s.script.with(s.script.mail, "server", s.dovecot.Host, "port", strconv.Itoa(s.dovecot.TLSPort),
		"credentials", message.NewObject("userid", dovecot.User, "password", dovecot.Password))
	s.script.with(s.script.host, "host", s.sshd.Host, "port", strconv.Itoa(s.sshd.Port),
		"username", login(s.t), "hostKey", s.sshd.HostKey,
		"credentials", message.NewObject("privateKey", s.sshd.Key))
	status, body := s.do(http.MethodPost, "/flows", fmt.Appendf(nil, `{"flows":%s}`, s.script.file.JSON()))
	if status != http.StatusOK {
		s.t.Fatalf("POST /flows: %d %s", status, body)
	}
	var answer struct {
		Problems []struct {
			Name, Type, Message string
			Warning             bool
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		s.t.Fatal(err)
	}
	for _, p := range answer.Problems {
		if !p.Warning {
			s.t.Fatalf("the flow was not deployed whole: %+v", p)
		}
	}
}

// arrives delivers a mail, then deploys the flow, whose first look at the
// mailbox is at once and whose second one a minute later. It gives the mail's
// text as the flow sees it.
func (s *scene) arrives(m mailbox.Mail) (subject, text string) {
	s.t.Helper()
	s.dovecot.Add(s.t, m.Bytes())
	s.deploy()
	return m.Subject, strings.ReplaceAll(m.Text, "\r\n", "\n")
}

// posts are the texts in the channel, in order.
func (s *scene) posts() []string {
	var texts []string
	for _, m := range s.slack.Messages(channel) {
		texts = append(texts, strings.TrimRight(strings.ReplaceAll(slack.PlainText(m), "\r\n", "\n"), "\n"))
	}
	return texts
}

// awaitPosts waits until n messages are in the channel.
func (s *scene) awaitPosts(n int) []string {
	s.t.Helper()
	eventually(s.t, fmt.Sprintf("%d posts", n), func() bool { return len(s.posts()) >= n })
	return s.posts()
}

// press clicks a button of the newest message that has one of this value.
func (s *scene) press(value string) {
	s.t.Helper()
	all := s.slack.Messages(channel)
	slices.Reverse(all)
	for _, m := range all {
		err := s.slack.Click(s.t.Context(), slack.Click{Channel: channel, TS: m.TS, Button: value, User: personID})
		if err == nil {
			return
		}
	}
	s.t.Fatalf("no message has a button %q: %q", value, s.posts())
}

// awaitSocket waits until the server listens to clicks.
func (s *scene) awaitSocket() {
	s.t.Helper()
	eventually(s.t, "the server's socket to Slack is open", func() bool { return s.slack.Sockets() > 0 })
}

// calls are the EC2 actions that change something, in order.
func (s *scene) calls() []string {
	var changes []string
	for _, c := range s.cloud.Calls() {
		if strings.HasPrefix(c, "Stop") || strings.HasPrefix(c, "Start") {
			changes = append(changes, strings.Fields(c)[0])
		}
	}
	return changes
}

// settled gives the rest of the server a moment to do what it must not do.
func settled() { time.Sleep(700 * time.Millisecond) }
