package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"toban/internal/message"
	"toban/internal/sim/slack"
	"toban/internal/testparts/sshd"
)

// errandRun is a server whose only flow runs a command on a resumable
// connection and says in Slack how it ended. The command leaves a line in a file
// on the host, then waits for another file: what counts is how often it ran there.
type errandRun struct {
	*server
	t     *testing.T
	sshd  *sshd.Server
	slack *slack.Workspace
	host  string // a folder on the host
	data  string // the server's data folder
}

const waiting = `echo x >>%[1]s/ran; until test -e %[1]s/gate; do sleep 0.1; done; echo the result`

// resumable starts all of it.
func resumable(t *testing.T) *errandRun {
	t.Helper()
	dir := sshd.SharedDir(t)
	e := &errandRun{t: t, host: dir, sshd: sshd.Start(t, "SetEnv XDG_STATE_HOME="+dir)}
	e.slack = slack.New(slack.Config{
		Users:    []slack.User{{ID: personID, Name: "hana", RealName: "Hana Mori", Locale: "ja-JP"}},
		Channels: []slack.Channel{{ID: "C0GENERAL", Name: channel}},
	})
	web := httptest.NewServer(e.slack)
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	e.data = t.TempDir()
	e.server = serve(t, e.data, []string{
		"SLACK_BOT_TOKEN=" + slack.DefaultBotToken, "SLACK_APP_TOKEN=" + slack.DefaultAppToken,
		"SLACK_API_URL=" + web.URL + "/api/", "TOBAN_LANG=en", "TOBAN_OPS_CHANNEL=" + channel,
	})
	e.deploy(e.sshd.Host)
	return e
}

// deploy deploys the flow, with a connection to the host under one of its names.
func (e *errandRun) deploy(name string) {
	e.t.Helper()
	command := fmt.Sprintf(waiting, e.host)
	list := message.NewArray
	flow := list(
		message.NewObject("id", "tab", "type", "tab", "label", "errand"),
		message.NewObject("id", "host", "type", "connection", "name", "util server", "host", name,
			"port", strconv.Itoa(e.sshd.Port), "username", sshd.Me(e.t), "hostKey", e.sshd.HostKey, "resumable", true,
			"credentials", message.NewObject("privateKey", e.sshd.Key)),
		message.NewObject("id", "go", "type", "inject", "z", "tab", "name", "go", "props", list(), "wires", list(list("cmd"))),
		message.NewObject("id", "cmd", "type", "command", "z", "tab", "name", "Do it", "connectionconfig", "host",
			"command", command, "wires", list(list("say"))),
		message.NewObject("id", "oops", "type", "catch", "z", "tab", "name", "", "wires", list(list("alarm"))),
		message.NewObject("id", "say", "type", "slack-say", "z", "tab", "channel", channel, "msg", "said: {{{payload.stdout}}}", "wires", list()),
		message.NewObject("id", "alarm", "type", "slack-say", "z", "tab", "channel", channel, "msg", "failed: {{{error.message}}}", "wires", list()),
	)
	status, body := e.do(http.MethodPost, "/flows", fmt.Appendf(nil, `{"flows":%s}`, message.AppendJSON(nil, flow)))
	if status != http.StatusOK {
		e.t.Fatalf("POST /flows: %d %s", status, body)
	}
	var answer struct{ Problems []struct{ Message string } }
	if err := json.Unmarshal(body, &answer); err != nil || len(answer.Problems) > 0 {
		e.t.Fatalf("the flow was not deployed whole: %s", body)
	}
}

// begins starts the run and waits until the command runs on the host.
func (e *errandRun) begins() {
	e.t.Helper()
	if status, body := e.do(http.MethodPost, "/inject/go", nil); status != http.StatusOK {
		e.t.Fatalf("inject: %d %s", status, body)
	}
	eventually(e.t, "the command runs", func() bool { return e.ran() == 1 })
	eventually(e.t, "the server knows the host", func() bool {
		known, _ := os.ReadFile(filepath.Join(e.data, "job_hosts"))
		return len(known) > 0
	})
}

func (e *errandRun) ran() int {
	text, _ := os.ReadFile(filepath.Join(e.host, "ran"))
	return strings.Count(string(text), "\n")
}

// openGate lets the command go on to its end.
func (e *errandRun) openGate() {
	e.t.Helper()
	if err := os.WriteFile(filepath.Join(e.host, "gate"), nil, 0o644); err != nil {
		e.t.Fatal(err)
	}
}

func (e *errandRun) posts() []string {
	var texts []string
	for _, m := range e.slack.Messages(channel) {
		texts = append(texts, strings.TrimRight(slack.PlainText(m), "\n"))
	}
	return texts
}

// job is the folder of the only job on the host.
func (e *errandRun) job() string {
	e.t.Helper()
	jobs, _ := filepath.Glob(filepath.Join(e.host, "toban", "jobs", "*.*.1"))
	if len(jobs) != 1 {
		e.t.Fatalf("jobs on the host: %v", jobs)
	}
	return jobs[0]
}

// reboot ends all of the job's processes and makes its record one of an earlier boot.
func (e *errandRun) reboot() {
	e.t.Helper()
	file := filepath.Join(e.job(), "start")
	text, err := os.ReadFile(file)
	if err != nil {
		e.t.Fatal(err)
	}
	words := strings.Fields(string(text))
	session, _ := strconv.Atoi(words[3])
	if err := syscall.Kill(-session, syscall.SIGKILL); err != nil {
		e.t.Fatal(err)
	}
	words[6] = "the-boot-before"
	if err := os.WriteFile(file, []byte(strings.Join(words, " ")+"\n"), 0o644); err != nil {
		e.t.Fatal(err)
	}
}

// endsOnce checks that the run ended well, that the command ran once, and that
// nobody was asked anything.
func (e *errandRun) endsOnce() {
	e.t.Helper()
	e.ends("done")
	same(e.t, "posts", e.posts(), []string{"said: the result"})
	same(e.t, "how often the command ran", e.ran(), 1)
}

// kill -9 in the middle of a command that ends before the server is back.
func TestResultIsPickedUpAfterKill(t *testing.T) {
	t.Parallel()
	e := resumable(t)
	e.begins()
	e.kill()
	e.openGate()
	eventually(t, "the command has ended", func() bool {
		ended, _ := filepath.Glob(filepath.Join(e.job(), "*", "exit"))
		return len(ended) == 1
	})
	e.start()
	e.endsOnce()
}

// kill -9 in the middle of a command that still runs when the server is back.
func TestRunningCommandIsWaitedForAfterKill(t *testing.T) {
	t.Parallel()
	e := resumable(t)
	e.begins()
	e.restart()
	settled()
	same(t, "posts while it runs", len(e.posts()), 0)
	e.restart() // also a second time
	e.openGate()
	e.endsOnce()
}

// The connection breaks and the host is away for a while; the server goes on.
func TestHostIsAwayInTheMiddle(t *testing.T) {
	t.Parallel()
	e := resumable(t)
	e.begins()
	e.sshd.Vanish(t)
	e.openGate()
	time.Sleep(2 * time.Second)
	e.sshd.Restart(t)
	e.endsOnce()
}

// The host is restarted in the middle: that is seen, and a person decides.
func TestHostIsRestartedInTheMiddle(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string][]string{
		"run_again":       {"done", "said: the result", "2"},
		"treat_as_done":   {"done", "said:", "1"},
		"treat_as_failed": {"done", "failed: Do it (util server", "1"},
		"cancel":          {"cancelled", "", "1"},
	} {
		t.Run(answer, func(t *testing.T) {
			t.Parallel()
			e := resumable(t)
			e.begins()
			e.kill()
			e.reboot()
			e.openGate()
			e.start()
			eventually(t, "the card stands", func() bool { return len(e.posts()) == 1 })
			card := e.posts()[0]
			for _, part := range []string{"util server", "until test -e", "the host was restarted before it had ended", "Run again", "Treat as done", "Treat as failed"} {
				if !strings.Contains(card, part) {
					t.Errorf("the card doesn't say %q: %q", part, card)
				}
			}
			same(t, "how often it ran before anybody decided", e.ran(), 1)
			e.decide(answer)
			e.ends(want[0])
			same(t, "how often it ran", strconv.Itoa(e.ran()), want[2])
			posts := e.posts()
			if last := posts[len(posts)-1]; want[1] != "" && !strings.HasPrefix(last, want[1]) {
				t.Errorf("said at the end: %q", last)
			}
			e.remembers("hana decided", "was restarted before")
			if err := e.click(answer); err == nil {
				t.Error("the card still has its buttons")
			}
		})
	}
}

// The connection is changed and then lost in the middle, and what it leads to now
// proves nothing. A person lets the command run again, but the first attempt was only slow:
// it ends before the second one begins, and that is told.
func TestRunAgainTakesTheSlowFirstResult(t *testing.T) {
	t.Parallel()
	e := resumable(t)
	e.begins()
	e.deploy("localhost")
	e.sshd.KillConnections(t)
	eventually(t, "the card stands", func() bool { return len(e.posts()) == 1 })
	if card := e.posts()[0]; !strings.Contains(card, "the connection now leads to") {
		t.Errorf("the card says %q", card)
	}
	e.openGate()
	eventually(t, "the first attempt has ended", func() bool {
		ended, _ := filepath.Glob(filepath.Join(e.job(), "*", "done"))
		return len(ended) == 1
	})
	e.decide("run_again")
	e.ends("done")
	same(t, "the last post", e.posts()[1], "said: the result")
	same(t, "how often it ran", e.ran(), 1)
	e.remembers("hana decided: Run again", "nothing was run again")
}

func (e *errandRun) click(value string) error {
	return e.slack.Click(e.t.Context(), slack.Click{Channel: channel, TS: e.slack.Messages(channel)[0].TS, Button: value, User: personID})
}

func (e *errandRun) decide(value string) {
	e.t.Helper()
	eventually(e.t, "the server listens to Slack", func() bool { return e.slack.Sockets() > 0 })
	if err := e.click(value); err != nil {
		e.t.Fatal(err)
	}
	eventually(e.t, "the card has no buttons", func() bool { return !strings.Contains(e.posts()[0], "[Run again]") })
}

// remembers checks what the history of the command's step says in words.
func (e *errandRun) remembers(texts ...string) {
	e.t.Helper()
	_, body := e.do(http.MethodGet, "/api/runs/"+e.runs()[0].ID, nil)
	var answer struct{ Steps []struct{ Node, Note string } }
	if err := json.Unmarshal(body, &answer); err != nil {
		e.t.Fatal(err)
	}
	for _, s := range answer.Steps {
		if s.Node == "cmd" {
			for _, text := range texts {
				if !strings.Contains(s.Note, text) {
					e.t.Errorf("the history doesn't say %q: %q", text, s.Note)
				}
			}
			return
		}
	}
	e.t.Errorf("no step of the command: %s", body)
}

// kill -9 after Slack took a post and before its answer was noted.
func TestPostIsFoundAfterKill(t *testing.T) {
	t.Parallel()
	e := resumable(t)
	e.openGate()
	e.slack.Fail(slack.Fault{Method: "chat.postMessage", LoseResponse: true})
	e.slack.Fail(slack.Fault{Method: "conversations.history", Hang: true})
	e.begins()
	eventually(t, "it is posted", func() bool { return len(e.posts()) == 1 })
	e.restart()
	e.endsOnce()
	settled()
	same(t, "posts", len(e.posts()), 1)
}
