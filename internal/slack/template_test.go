package slack

import (
	"strings"
	"testing"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

var noVars expr.Vars

func TestText(t *testing.T) {
	msg := parse(t, `{"topic":"[Retirement] a & b","payload":"x\n`+"```"+`\n<!channel>","n":3,"o":{"stdout":"a<b","rc":{"code":1}},
	"list":["i-1","i-2"],"answer":{"value":"yes"},"no":false,"link":"<https://a.example|docs>"}`)
	z := breaker
	cases := map[string]string{
		"*{{{topic}}}*\n\n```\n{{{payload}}}\n```\n{{{o.stdout}}}": "*[Retirement] a &amp; b*\n\n```\nx\n`" + z + "`" + z + "`\n&lt;!channel&gt;\n```\na&lt;b",
		"> {{{missing.text}}}\n{{{answer.value}}} by {{{n}}}":      "> \nyes by 3",
		"{{topic}} {{no}}":                       "[Retirement] a &amp; b false",
		"{{{o}}}":                                "{\n  \"stdout\": \"a&lt;b\",\n  \"rc\": {\n    \"code\": 1\n  }\n}",
		"{{{list}}}":                             "i-1,i-2",
		"<@U1> {{#mrkdwn}}{{{link}}}{{/mrkdwn}}": "<@U1> <https://a.example|docs>",
		"{{#list}}`{{{.}}}` {{/list}}":           "`i-1` `i-2` ",
		"後の対応をお願いします。":                           "後の対応をお願いします。",
	}
	for source, want := range cases {
		text, err := CompileText(source)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := text.Render(noVars, msg); err != nil || got != want {
			t.Errorf("%s\n got %q\nwant %q (%v)", source, got, want, err)
		}
	}
	channel, _ := CompileText("#{{topic}}")
	if got, _ := channel.Plain(noVars, msg); got != "#[Retirement] a & b" {
		t.Errorf("plain: %q", got)
	}
}

func TestMessage(t *testing.T) {
	msg := parse(t, `{"payload":"a \"quoted\"\n<!here> line","id":"a&b","obj":{"text":"own <@U1>"},"json":"{\"text\":\"hi\"}","n":2}`)
	cases := []struct{ name, source, want string }{
		{"values in a JSON template can't break it", `{"text":"x {{{payload}}}","attachments":[{"actions":[{"value":"{{{id}}}","text":"{{id}}"}]}],"n":1,"b":true}`,
			`{"text":"x a \"quoted\"\n&lt;!here&gt; line","attachments":[{"actions":[{"value":"a&b","text":"a&amp;b"}]}],"n":1,"b":true}`},
		{"a template that becomes JSON", `{"text":"{{{payload}}}","n":{{{n}}} {{#n}},"more":"{{{id}}}"{{/n}}}`,
			`{"text":"a \"quoted\"\n&lt;!here&gt; line","n":2,"more":"a&amp;b"}`},
		{"one value that is an object", ` {{{obj}}} `, `{"text":"own <@U1>"}`},
		{"one value that is JSON", `{{{json}}}`, `{"text":"hi"}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			m, err := CompileMessage(c.source)
			if err != nil {
				t.Fatal(err)
			}
			o, err := m.Render(noVars, msg)
			if err != nil {
				t.Fatal(err)
			}
			if got, _ := message.Stringify(o, 0); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestBadMessages(t *testing.T) {
	for source, want := range map[string]string{`{"text":}`: "slack.bad_json", `["x"]`: "slack.not_an_object", `"x"`: "slack.not_an_object", "": "slack.bad_json"} {
		if _, err := CompileMessage(source); !locale.HasKey(err, want) {
			t.Errorf("%s: got %v at deploy, want %s", source, err, want)
		}
	}
	msg := parse(t, `{"payload":"no json","list":[1]}`)
	for source, want := range map[string]string{`{{{payload}}}`: "slack.bad_json", `{"text": {{{payload}}} }`: "slack.bad_json", `[{{{list}}}]`: "slack.not_an_object", `{{{nothing}}}`: "slack.bad_json"} {
		m, err := CompileMessage(source)
		if err != nil {
			t.Fatal(source, err)
		}
		if _, err := m.Render(noVars, msg); !locale.HasKey(err, want) {
			t.Errorf("%s: got %v, want %s", source, err, want)
		}
	}
	if _, err := CompileText("{{#open}}"); err == nil || !strings.Contains(err.Error(), "open") {
		t.Errorf("a template that doesn't parse: %v", err)
	}
}

// However a value looks, it stays one text of the message.
func FuzzMessageInjection(f *testing.F) {
	f.Add(`","attachments":[{"text":"x"}],"y":"`)
	f.Add("\\\n\x00`")
	whole, err := CompileMessage(`{"text":"{{{payload}}}"{{#more}},"x":1{{/more}}}`)
	if err != nil {
		f.Fatal(err)
	}
	leaf, err := CompileMessage(`{"text":"{{{payload}}}"}`)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, payload string) {
		msg := message.NewObject("payload", payload)
		a, err := whole.Render(noVars, msg)
		if err != nil {
			t.Fatalf("%q: %v", payload, err)
		}
		b, err := leaf.Render(noVars, msg)
		if err != nil || a.Len() != 1 || a.Text("text") != b.Text("text") {
			t.Errorf("%q: %v, %v", a.Text("text"), b.Text("text"), err)
		}
	})
}
