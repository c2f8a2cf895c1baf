package console_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	simslack "toban/internal/sim/slack"
	"toban/internal/store"
)

// asking is a flow that asks in Slack; extra are further properties of the question's node.
func asking(t testing.TB, extra string) string {
	t.Helper()
	card, err := json.Marshal(`{"text":"Stop {{{payload}}}?","attachments":[{"title":"Please confirm","text":"It is *down* then: {{{payload}}}","actions":[` +
		`{"name":"a","type":"button","text":"Stop it","value":"yes","style":"danger","confirm":{"title":"Sure?","text":"Really <stop>?","ok_text":"Do stop","dismiss_text":"No"}},` +
		`{"name":"a","type":"button","text":"Leave it","value":"no","style":"primary"}]}]}`)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`[{"id":"tab1","type":"tab","label":"Asking"},
		{"id":"in1","type":"inject","z":"tab1","name":"go","props":[{"p":"payload"}],"payload":"<b>web-1</b>","payloadType":"str","wires":[["ask1"]]},
		{"id":"ask1","type":"slack-ask","z":"tab1","name":"Ask first","slack":"","channel":"general","msg":%s,"timeout":"30","timeoutUnits":"minutes"%s,"wires":[["say1"]]},
		{"id":"say1","type":"slack-say","z":"tab1","name":"Tell","slack":"","channel":"general","msg":"*{{{answer.text}}}* it is","gonext":false,"output":"str","wires":[]}]`, card, extra)
}

func (s *site) ask(extra string) store.Question {
	s.t.Helper()
	s.deploy(asking(s.t, extra))
	s.want(200, "POST", "/inject/in1", "")
	return s.question()
}

// TestAnswer: an answer on the console counts once, the run goes on, and the card
// in Slack shows who gave it and where.
func TestAnswer(t *testing.T) {
	s := newSite(t)
	q := s.ask("")
	list := s.look("/questions")
	has(t, list, "Stop &lt;b&gt;web-1&lt;/b&gt;?", "29 min left", "#general", "<strong>down</strong>", `class="button danger">Stop it…`, "Sure?", "Really &lt;stop&gt;?",
		`<button class="danger">Do stop</button>`, `<button class="primary">Leave it</button>`, `class="count"><span>1</span>`, "go</a>")
	lacks(t, list, "<b>web-1</b>", "<stop>")
	has(t, s.look("/runs/"+q.Run), `name="back" value="run"`, "Waits for an answer", "Leave it", `id="q-`+q.ID)
	has(t, s.look("/runs"), "waiting", "Stop &lt;b&gt;web-1&lt;/b&gt;?", "29 min left")

	resp, _ := s.send("POST", "/questions/answer", "id="+q.ID+"&choice=1&back=run", "Content-Type", "application/x-www-form-urlencoded")
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/runs/"+q.Run+"#q-"+q.ID {
		t.Fatalf("%d to %q", resp.StatusCode, resp.Header.Get("Location"))
	}
	s.run("done")
	s.eventually("the card in Slack shows who answered", func() bool {
		for _, m := range s.slack.Messages("general") {
			html := string(s.slack.RenderHTML("C0GENERAL", m))
			if strings.Contains(html, "<strong>Leave it</strong> by admin (on the console)") && !strings.Contains(html, "<button") {
				return true
			}
		}
		return false
	})
	has(t, s.look("/runs/"+q.Run), "“Leave it” by admin (on the console,", "<strong>Leave it</strong> it is", "posted", "answered")
	has(t, s.look("/questions"), "Nothing waits for an answer.", "The last answers", "“Leave it” by admin (on the console,")

	s.post(303, "/questions/answer", "id", q.ID, "choice", "1") // the same button again
	has(t, s.post(409, "/questions/answer", "id", q.ID, "choice", "0"), "did not count", "“Leave it” by admin (on the console,", `href="/questions#q-`+q.ID)
	s.lang = "ja"
	has(t, s.post(409, "/questions/answer", "id", q.ID, "choice", "0"), "反映されていません", "admin さんが「Leave it」と回答（コンソール、")
}

// TestWhoAnswered: an answer that came from Slack shows the name that Slack has
// for the person, on both pages.
func TestWhoAnswered(t *testing.T) {
	s := newSite(t)
	q := s.ask("")
	if err := s.slack.AwaitSocket(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	_, ts, _ := strings.Cut(q.Ref, ":")
	if err := s.slack.Click(t.Context(), simslack.Click{Channel: "general", TS: ts, Button: "no", User: "U0HANAKO"}); err != nil {
		t.Fatal(err)
	}
	s.run("done")
	for _, path := range []string{"/questions", "/runs/" + q.Run} {
		has(t, s.look(path), "“Leave it” by 山田 花子 (in Slack,")
	}
}

// TestWrongAnswers: forms that no page of ours has.
func TestWrongAnswers(t *testing.T) {
	s := newSite(t)
	q := s.ask("")
	for choice, status := range map[string]int{"2": 400, "-1": 400, "": 400, "yes": 400, "99999999999999999999": 400} {
		s.post(status, "/questions/answer", "id", q.ID, "choice", choice)
	}
	s.post(404, "/questions/answer", "id", "nobody", "choice", "0")
	s.post(413, "/questions/answer", "id", q.ID, "choice", "0", "text", strings.Repeat("x", 2<<20))
	s.post(409, "/questions/choose", "node", "ask1", "option", "all")
	if got, err := s.app.Store().Question(t.Context(), q.ID); err != nil || got.State != store.Open {
		t.Errorf("it is %s, %v", got.State, err)
	}
}

// TestWhoMayAnswer: people who may not answer see who may, and no buttons.
func TestWhoMayAnswer(t *testing.T) {
	s := newSite(t)
	q := s.ask(`,"approvers":"U0CHIEF01, U0HANAKO"`)
	for _, path := range []string{"/questions", "/runs/" + q.Run} {
		page := s.look(path)
		has(t, page, "Only these people may answer", `<span title="U0CHIEF01">U0CHIEF01</span>, <span title="U0HANAKO">山田 花子</span>`)
		lacks(t, page, `action="/questions/answer"`)
	}
	has(t, s.post(403, "/questions/answer", "id", q.ID, "choice", "0"), "Only U0CHIEF01, 山田 花子 may answer")
	s.deploy(asking(t, ""))
	s.want(200, "POST", "/inject/in1", "")
	s.viewer()
	s.eventually("there are two questions", func() bool { return strings.Count(s.look("/questions"), `class="question open"`) == 2 })
	page := s.look("/questions")
	has(t, page, "You may look, but not answer.")
	lacks(t, page, `action="/questions/answer"`)
	lacks(t, s.look("/runs/"+q.Run), "/cancel")
	s.post(403, "/questions/answer", "id", q.ID, "choice", "0")
	s.post(403, "/runs/"+q.Run+"/cancel")
}

// TestCancel: an open run ends, its question with it; one that has ended stays as it is.
func TestCancel(t *testing.T) {
	s := newSite(t)
	q := s.ask("")
	has(t, s.look("/runs/"+q.Run), `action="/runs/`+q.Run+`/cancel"`, "can&#39;t be called back")
	s.post(303, "/runs/"+q.Run+"/cancel")
	s.run("cancelled")
	s.post(303, "/runs/"+q.Run+"/cancel") // the same button again
	s.eventually("the question is cancelled", func() bool { return strings.Contains(s.look("/questions"), "Cancelled") })
	page := s.look("/runs/" + q.Run)
	has(t, page, `class="status off"`)
	lacks(t, page, "/cancel")
	s.stored(store.Run{ID: "r1"}, ends)
	has(t, s.post(409, "/runs/r1/cancel"), "had ended before: done")
	s.post(404, "/runs/nobody/cancel")
}
