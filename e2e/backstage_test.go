package e2e

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"toban/internal/sim/mailbox"
	"toban/internal/sim/slack"
)

// errand is what the story's program asks for: a line of JSON on its stdout. It
// gets one line back. All other lines are its log.
type errand struct {
	Do    string `json:"do"`
	Value string `json:"value"`
	Name  string `json:"name"`
}

// stageDoor does errands until the program ends. They are done in the test's
// own goroutine, which may end the test.
func (s *scene) stageDoor(out io.Reader, in io.Writer) {
	s.t.Helper()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e errand
		if !strings.HasPrefix(lines.Text(), "{") || json.Unmarshal(lines.Bytes(), &e) != nil || e.Do == "" {
			s.t.Log(lines.Text())
			continue
		}
		answer, err := json.Marshal(s.run(e))
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := fmt.Fprintf(in, "%s\n", answer); err != nil {
			s.t.Fatal(err)
		}
	}
}

// run does one errand.
func (s *scene) run(e errand) any {
	s.t.Helper()
	switch e.Do {
	case "mail": // arrives
		s.dovecot.Add(s.t, mailbox.OldMaintenance(s.id).Bytes())
	case "press": // a button in Slack, once it is there
		s.awaitSocket()
		eventually(s.t, "a message in Slack has the button "+e.Value, func() bool { return s.pressed(e.Value) })
	case "try": // a button that may be gone
		return s.pressed(e.Value)
	case "posts": // in the channel
		return s.posts()
	case "calls": // that EC2 got
		return s.cloud.Calls()
	case "restart": // kill -9, and a new process
		s.restart()
	case "user": // a new one, who may look only
		s.addUser(e.Name, e.Value)
	case "flows": // as they are deployed
		_, body := s.do(http.MethodGet, "/flows", nil)
		return json.RawMessage(body)
	default:
		s.t.Fatalf("the story asks for %q", e.Do)
	}
	return true
}

// pressed clicks the newest message's button of a value, if there is one.
func (s *scene) pressed(value string) bool {
	all := s.slack.Messages(channel)
	for i := len(all) - 1; i >= 0; i-- {
		c := slack.Click{Channel: channel, TS: all[i].TS, Button: value, User: personID}
		if s.slack.Click(s.t.Context(), c) == nil {
			return true
		}
	}
	return false
}

func (s *scene) addUser(name, password string) {
	s.t.Helper()
	body, err := json.Marshal(map[string]string{"name": name, "password": password, "role": "viewer"})
	if err != nil {
		s.t.Fatal(err)
	}
	if status, answer := s.do(http.MethodPost, "/api/users", body); status != http.StatusCreated {
		s.t.Fatalf("POST /api/users: %d %s", status, answer)
	}
}
