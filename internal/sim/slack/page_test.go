package slack

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestMrkdwn(t *testing.T) {
	w := New(Config{})
	cases := map[string]string{
		"*bold* _it_ ~no~ `c`":             "<strong>bold</strong> <em>it</em> <del>no</del> <code>c</code>",
		"*件名*\n\n```\na < b\n```\nafter":   "<strong>件名</strong><pre>a &lt; b</pre>after",
		"&gt; quoted\nyes by 花子":           "<blockquote>quoted</blockquote>yes by 花子",
		"> quoted":                         "<blockquote>quoted</blockquote>",
		"<script>alert(1)</script>":        "&lt;script&gt;alert(1)&lt;/script&gt;",
		"&lt;!channel&gt; &amp;amp;":       "&lt;!channel&gt; &amp;amp;",
		"<!channel> <@U0ALEX>":             `<span class="mention">@channel</span> <span class="mention">@Alex Reed</span>`,
		"<https://a.example/?a=1&amp;b|x>": `<a href="https://a.example/?a=1&amp;b" rel="noopener noreferrer" target="_blank">x</a>`,
		"<javascript:alert(1)|x>":          "&lt;javascript:alert(1)|x&gt;",
		"```open":                          "```open",
		"a\nb":                             "a<br>b",
		`"><img src=x onerror=a()>`:        `&#34;&gt;&lt;img src=x onerror=a()&gt;`,
	}
	for in, want := range cases {
		if got := w.mrkdwn(in); got != want {
			t.Errorf("%q\n got %s\nwant %s", in, got, want)
		}
	}
}

func FuzzMrkdwn(f *testing.F) {
	w := New(Config{})
	for _, s := range []string{"*a*", "```a```", "<@U0ALEX|x>", "<https://a|b>", "> q\n`c`", `<x "y">`} {
		f.Add(s)
	}
	allowed := strings.NewReplacer("<strong>", "", "</strong>", "", "<em>", "", "</em>", "", "<del>", "", "</del>", "",
		"<code>", "", "</code>", "", "<pre>", "", "</pre>", "", "<br>", "", "<blockquote>", "", "</blockquote>", "",
		`<span class="mention">`, "", "</span>", "", `<a href="`, "", `" rel="noopener noreferrer" target="_blank">`, "", "</a>", "")
	f.Fuzz(func(t *testing.T, s string) {
		if rest := allowed.Replace(w.mrkdwn(s)); strings.ContainsAny(rest, `<>"`) {
			t.Errorf("%q gives %q", s, rest)
		}
	})
}

func TestRenderButtons(t *testing.T) {
	w := New(Config{})
	m := Message{TS: "1.000001", Text: "ok?", Attachments: []map[string]any{{
		"color": "3AA3E3", "title": `<b>`, "actions": []any{map[string]any{"text": "承認", "value": `y"`, "style": "primary"}},
	}}}
	got := string(w.RenderHTML("C1", m))
	for _, want := range []string{`border-left-color:#3AA3E3`, `&lt;b&gt;`, `class="button primary"`, `data-ts="1.000001"`, `data-action="y&#34;"`, `>承認</button>`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

func TestPageAPI(t *testing.T) {
	w, api := start(t, Config{})
	clicks := runClient(t, api)
	_ = w.AwaitSocket(t.Context(), 1)
	page := httptest.NewServer(w.PageAPI())
	defer page.Close()

	stream, err := http.Get(page.URL + "/stream")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	lines.Scan() // the opening comment: from here on nothing is missed

	post := func(path, kind, body string) int {
		resp, err := http.Post(page.URL+path, kind, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := post("/say", "application/json", `{"channel":"general","user":"U0ALEX","text":"*hi*"}`); got != http.StatusNoContent {
		t.Fatalf("say: %d", got)
	}
	for !bytes.HasPrefix(lines.Bytes(), []byte("data: ")) {
		lines.Scan()
	}
	var e struct {
		Kind    string
		Message PageMessage
	}
	if err := json.Unmarshal(lines.Bytes()[len("data: "):], &e); err != nil || e.Kind != "posted" || !strings.Contains(string(e.Message.HTML), "<strong>hi</strong>") {
		t.Errorf("stream: %+v %v", e, err)
	}
	if _, err := api.AuthTest(); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	m := &Message{Type: "message", User: BotUserID, BotID: BotID, Blocks: []map[string]any{{"type": "actions", "block_id": "q", "elements": []any{
		map[string]any{"type": "button", "action_id": "a:0", "value": "v", "text": map[string]any{"type": "plain_text", "text": "Go"}},
	}}}}
	w.post(w.channels[0], m)
	w.mu.Unlock()
	body := `{"channel":"general","user":"U0ALEX","ts":"` + m.TS + `","action":"a:0"}`
	if got := post("/click", "text/plain", body); got != http.StatusUnsupportedMediaType {
		t.Errorf("another site's form: %d", got)
	}
	if got := post("/click", "application/json", body); got != http.StatusNoContent {
		t.Errorf("click: %d", got)
	}
	if c := <-clicks; c.User.ID != "U0ALEX" {
		t.Errorf("click by %s", c.User.ID)
	}
	if got := post("/click", "application/json", strings.Replace(body, "a:0", "gone", 1)); got != http.StatusGone {
		t.Errorf("stale click: %d", got)
	}
}
