package expr

import (
	"encoding/json"
	"testing"
)

const mustacheScript = `
const m = require("mustache");
const cases = JSON.parse(require("fs").readFileSync(0));
console.log(JSON.stringify(cases.map(c => { try { return "= " + m.render(c.source, c.msg) } catch (e) { return "error" } })));`

const mustacheMsg = `{"n":1700000000000,"f":0.1,"e":1e21,"s":"<a href=\"x\">'/` + "`" + `=&</a>","t":true,"no":false,"z":0,"empty":"","nul":null,
	"arr":[1,"b",null,[2,3]],"list":[{"v":1,"in":{"w":"x"}},{"v":2}],"none":[],"o":{"a":{"b":"deep"},"n":"inner"},"h":"日本 😀","lines":"a\nb\tc\\"}`

// TestTemplatesAgainstNPM compares whole outputs with mustache.js.
func TestTemplatesAgainstNPM(t *testing.T) {
	var cases []npmCase
	for _, source := range []string{
		"", "plain", "{{n}} {{f}} {{e}} {{t}} {{no}} {{z}} {{empty}} {{nul}} {{missing}}", "{{s}} {{{s}}} {{& s}} {{&s}}", "{{arr}} {{{arr}}} {{o}} {{{o}}}",
		"{{arr.0}} {{arr.1}} {{arr.length}} {{arr.3.1}} {{h.length}} {{list.0.in.w}}", "{{o.a.b}} {{o.x.y}} {{missing.x}} {{nul.x}} {{n.x}} {{.o}} {{o.}}",
		"{{#list}}<{{v}}{{in.w}}{{n}}>{{/list}}", "{{#list}}{{#in}}{{w}}{{v}}{{/in}}{{^in}}none{{/in}}{{/list}}", "{{#arr}}[{{.}}]{{/arr}}",
		"{{#none}}x{{/none}}{{^none}}nothing{{/none}}{{^no}}no{{/no}}{{^missing}}missing{{/missing}}{{^t}}t{{/t}}", "{{#t}}yes {{n}}{{/t}}{{#z}}zero{{/z}}{{#empty}}e{{/empty}}",
		"{{#s}}{{.}} {{length}}{{/s}}", "{{#n}}{{.}}{{/n}}", "{{#o}}{{n}} {{f}} {{a.b}} {{o.n}}{{/o}}",
		"a\n{{#t}}\nb\n{{/t}}\nc\n", "a\r\n{{#t}}\r\nb\r\n{{/t}}\r\nc", "  {{#t}}  \n  b {{n}}\n  {{/t}}  ", "x {{#t}}\ny\n{{/t}} z", "{{! comment }}\nx\n  {{! c }}  \ny{{!c}}z",
		"a {{! multi\nline }} b", "{{> partial}}\nx\n  {{> p }}\n|{{>p}}|", "{{=<% %>=}}<% n %> {{n}} <%={{ }}=%>{{n}}", "{{= | | =}}|n||#t|x|/t|", "  {{=<% %>=}}\nx<%n%>",
		"{{ n }} {{  n}} {{\nn\n}} {{{ s }}} {{{s }}}", "{{n}}}", "{{{n}}", "{{n", "{{#t}}", "{{/t}}", "{{#t}}{{#o}}{{/t}}{{/o}}", "{{=a=}}", "{{= =}}", "{{}}", "{{.}}", "{{#t}}a{{/ t }}b", "}} { {x}", "{{#list}}\n- {{v}}\n{{/list}}\n",
		"{{lines}} {{{lines}}}", "{{^list}}x{{/list}}{{#o.a}}{{b}}{{/o.a}}", "{{&arr.3}} {{#arr.3}}{{.}},{{/arr.3}}", "{{h}}　{{n}}", "\u3000{{#t}}\u3000\nx{{/t}}", "{{#o}}{{.}}{{/o}}", "{{#list}}{{.}}{{/list}}", "{{#t}}{{/t}}", "{{n}}{{n}}\n\n{{#no}}\n\nx\n{{/no}}\n\nend",
	} {
		cases = append(cases, npmCase{source, json.RawMessage(mustacheMsg)})
	}
	for i, want := range theirs(t, mustacheScript, cases) {
		if got := renderCase(t, cases[i]); got != want {
			t.Errorf("%q: %q, mustache.js gives %q", cases[i].Source, got, want)
		}
	}
}

func renderCase(t *testing.T, c npmCase) string {
	template, err := ParseTemplate(c.Source)
	if err != nil {
		return "error"
	}
	text, err := template.Render(messageOf(t, c.Msg), RenderOptions{})
	if err != nil {
		return "error"
	}
	return "= " + text
}
