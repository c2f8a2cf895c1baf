package server_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
)

// channel is one client of the live channel.
type channel struct {
	t    *testing.T
	conn *websocket.Conn
	rest []topic
}

type topic struct {
	Topic string
	Data  json.RawMessage
}

func (s *site) channel(token string) *channel {
	s.t.Helper()
	var o websocket.DialOptions
	if token != "" {
		o.HTTPHeader = http.Header{"Authorization": {"Bearer " + token}}
	}
	conn, _, err := websocket.Dial(s.t.Context(), s.url+"/comms", &o)
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	return &channel{t: s.t, conn: conn}
}

func (c *channel) say(text string) {
	c.t.Helper()
	if err := c.conn.Write(c.t.Context(), websocket.MessageText, []byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *channel) read() ([]byte, error) {
	ctx, cancel := context.WithTimeout(c.t.Context(), 10*time.Second)
	defer cancel()
	_, data, err := c.conn.Read(ctx)
	return data, err
}

// wait gives the data of the next entry of a topic; others are passed over.
func (c *channel) wait(name string) string {
	c.t.Helper()
	for {
		for i, e := range c.rest {
			if e.Topic == name {
				c.rest = slices.Delete(c.rest, i, i+1) // what is kept for newcomers comes in any order
				return string(e.Data)
			}
		}
		data, err := c.read()
		if err != nil {
			c.t.Fatalf("waiting for %s: %v", name, err)
		}
		c.rest = append(c.rest, decode[[]topic](c.t, string(data))...)
	}
}

// Scripts without a cookie say who they are in the channel, as with Node-RED.
func TestTokenInTheChannel(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	signedIn := decode[struct {
		Token string `json:"access_token"`
	}](t, s.want(200, "POST", "/auth/token", "client_id=node-red-admin&grant_type=password&username=admin&password="+strings.ReplaceAll(password, " ", "+"),
		"Content-Type", "application/x-www-form-urlencoded"))
	c := s.channel("")
	c.say(`{"auth":"` + signedIn.Token + `"}`)
	if got, err := c.read(); string(got) != `{"auth":"ok"}` {
		t.Fatalf("a good token: %s, %v", got, err)
	}
	s.want(200, "POST", "/inject/in1", "")
	if got := c.wait("debug"); !strings.Contains(got, `"msg":"hi"`) {
		t.Errorf("debug: %s", got)
	}
	s.want(200, "POST", "/auth/revoke", "token="+signedIn.Token, "Content-Type", "application/x-www-form-urlencoded")
	for {
		got, err := c.read()
		if err != nil {
			t.Fatalf("closed without a word: %v", err)
		}
		if string(got) == `{"auth":"fail"}` {
			break
		}
	}
	if got, err := c.read(); err == nil {
		t.Errorf("after the end: %s", got)
	}
}

func TestStrangersInTheChannel(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	for _, word := range []string{`{"subscribe":"#"}`, `{"auth":"guess"}`} {
		c := s.channel("")
		c.say(word)
		if got, err := c.read(); string(got) != `{"auth":"fail"}` {
			t.Errorf("%s: %s, %v", word, got, err)
		}
		if got, err := c.read(); err == nil {
			t.Errorf("%s: %s", word, got)
		}
	}
	for name, headers := range map[string]http.Header{
		"wrong header": {"Authorization": {"Bearer x"}}, "wrong cookie": {"Cookie": {"toban_session=x"}}, "another site": {"Origin": {"https://evil.example"}},
	} {
		if _, resp, err := websocket.Dial(t.Context(), s.url+"/comms", &websocket.DialOptions{HTTPHeader: headers}); err == nil || resp == nil || resp.StatusCode < 400 {
			t.Errorf("%s got in: %v", name, err)
		}
	}
}

// statusFlow shows a status when its inject is pressed.
const statusFlow = `[
	{"id":"tab1","type":"tab","label":"Status"},
	{"id":"in1","type":"inject","z":"tab1","props":[{"p":"payload"}],"payload":"hi","payloadType":"str","wires":[["fn1","fn2"]]},
	{"id":"fn1","type":"function","z":"tab1","outputs":1,"wires":[[]],"func":"node.status({fill:'red',shape:'dot',text:'one'}); return msg;"},
	{"id":"fn2","type":"function","z":"tab1","outputs":1,"wires":[[]],"func":"node.status({fill:'red',shape:'dot',text:'two'}); return msg;"}
]`

// Statuses are there for whoever comes later, until their node goes.
func TestStatusesGoWithTheirNodes(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", statusFlow)
	s.want(200, "POST", "/inject/in1", "")
	late := s.channel(s.token)
	late.say(`{"subscribe":"status/#"}`)
	for heard := ""; !strings.Contains(heard, `"text":"one"`) || !strings.Contains(heard, `"text":"two"`); {
		got, err := late.read() // one batch or two
		if err != nil {
			t.Fatalf("a late client hears %s, then %v", heard, err)
		}
		heard += string(got)
	}
	file := decode[[]json.RawMessage](t, statusFlow)
	without, err := json.Marshal(file[:3])
	if err != nil {
		t.Fatal(err)
	}
	s.want(204, "POST", "/flows", string(without), "Node-RED-Deployment-Type", "nodes")
	later := s.channel(s.token)
	later.say(`{"subscribe":"status/#"}`)
	later.say(`{"subscribe":"notification/#"}`)
	for {
		got, err := later.read()
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(got), `"two"`) {
			t.Errorf("the status of a deleted node: %s", got)
		}
		if strings.Contains(string(got), "notification/runtime-deploy") {
			break
		}
	}
}

// Every way to deploy tells the editors, and who deploys hears of problems.
func TestDeploysAreAnnounced(t *testing.T) {
	s := newSite(t)
	c := s.channel(s.token)
	c.say(`{"subscribe":"notification/#"}`) // an editor that was open before the server started
	revision := func() string { return decode[struct{ Rev string }](t, s.want(200, "GET", "/flows", "", v2...)).Rev }
	check := func(how string) {
		t.Helper()
		if got := c.wait("notification/runtime-deploy"); got != `{"revision":"`+revision()+`"}` {
			t.Errorf("%s: %s", how, got)
		}
	}
	if got := c.wait("notification/runtime-state"); got != `{"deploy":true,"state":"start"}` {
		t.Errorf("what runs: %s", got)
	}
	check("the start")
	s.want(204, "POST", "/flows", demoFlow)
	check("POST /flows")
	type answer struct {
		ID       string
		Problems []struct{ Node, Message string }
	}
	added := decode[answer](t, s.want(200, "POST", "/flow", `{"label":"Second","nodes":[{"id":"x1","type":"nobody knows","x":1,"y":1,"wires":[]}]}`))
	check("POST /flow")
	if len(added.Problems) == 0 || added.Problems[0].Node != "x1" {
		t.Errorf("problems of POST /flow: %+v", added)
	}
	put := decode[answer](t, s.want(200, "PUT", "/flow/"+added.ID, `{"label":"Second","nodes":[]}`))
	check("PUT /flow")
	if put.Problems == nil || len(put.Problems) != 0 {
		t.Errorf("problems of PUT /flow: %+v", put)
	}
	s.want(204, "DELETE", "/flow/"+added.ID, "")
	check("DELETE /flow")
	s.want(204, "POST", "/flows", "", "Node-RED-Deployment-Type", "reload")
	check("reload")
}

// The debug buttons of a tab, or of all, are one request.
func TestDebugSwitchesInBulk(t *testing.T) {
	s := newSite(t)
	s.want(204, "POST", "/flows", demoFlow)
	c := s.channel(s.token)
	const form = "application/x-www-form-urlencoded"
	s.want(201, "POST", "/debug/disable", "nodes%5B%5D=dbg1&nodes%5B%5D=in1&nodes%5B%5D=nobody", "Content-Type", form)
	s.want(200, "POST", "/inject/in1", "")
	s.want(200, "POST", "/debug/enable", `{"nodes":["dbg1"]}`, "Content-Type", "application/json")
	s.want(200, "POST", "/inject/in1", `{"__user_inject_props__":[{"p":"payload","v":"second","vt":"str"}]}`, "Content-Type", "application/json")
	if got := c.wait("debug"); !strings.Contains(got, "second") {
		t.Errorf("a debug node that was off shows %s", got)
	}
	s.want(400, "POST", "/debug/enable", "", "Content-Type", form)
	s.want(400, "POST", "/debug/enable", `{}`, "Content-Type", "application/json")
	s.want(404, "POST", "/debug/sideways", "nodes%5B%5D=dbg1", "Content-Type", form)
}
