package template

import (
	"testing"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func load(t *testing.T, pairs ...message.Value) *nodetest.Harness {
	t.Helper()
	return nodetest.New(t, nodetest.Registered(t, "template", Register), message.NewObject(pairs...))
}

func TestOutputs(t *testing.T) {
	for _, c := range []struct {
		config []message.Value
		want   string
	}{
		{[]message.Value{"template", "x={{payload}}"}, `{"payload":"x=&lt;a&gt;","topic":"t\n"}`},
		{[]message.Value{"template", "x={{{payload}}}", "field", "out.text"}, `{"payload":"<a>","topic":"t\n","out":{"text":"x=<a>"}}`},
		{[]message.Value{"template", `{"t":"{{{topic}}}"}`, "output", "json"}, `{"payload":{"t":"t\n"},"topic":"t\n"}`},
		{[]message.Value{"template", "b: 1\na: [yes, 2026, ~]\n", "output", "yaml"}, `{"payload":{"b":1,"a":["yes",2026,null]},"topic":"t\n"}`},
		{[]message.Value{"template", "{{payload}}", "syntax", "plain"}, `{"payload":"{{payload}}","topic":"t\n"}`},
	} {
		s := load(t, c.config...).Receive(message.NewObject("payload", "<a>", "topic", "t\n"))
		if s.Err != nil || len(s.Sent) != 1 {
			t.Errorf("%v: %v", c.config, s.Err)
		} else if got, _ := message.Stringify(s.Out(0)[0], 0); got != c.want {
			t.Errorf("%v gives %s, want %s", c.config, got, c.want)
		}
	}
}

func TestTemplateFromMessageAndContext(t *testing.T) {
	h := load(t, "template", "", "fieldType", "flow", "field", "out")
	for _, want := range []string{"1-x", "2-x"} {
		s := h.Receive(message.NewObject("template", want[:1]+"-{{payload}}", "payload", "x"))
		if v, _ := h.Env.Context("flow").Get("", "out"); v != want || s.Err != nil || s.Out(0)[0].Get("payload") != "x" {
			t.Errorf("flow.out is %v, %v", v, s.Err)
		}
	}
}

func TestErrors(t *testing.T) {
	if h := load(t, "template", "{{payload"); h.Err == nil {
		t.Error("an unclosed tag was deployed")
	}
	if h := load(t, "template", "x", "output", "xml"); h.Err == nil {
		t.Error("an unknown output was deployed")
	}
	for _, output := range []string{"json", "yaml"} {
		if s := load(t, "template", "{ {{payload}}", "output", output).Receive(message.NewObject("payload", "x")); s.Err == nil || len(s.Sent) > 0 {
			t.Errorf("bad %s was sent", output)
		}
	}
	if s := load(t, "template", "").Receive(message.NewObject("template", 5.0)); s.Err == nil {
		t.Error("a number was taken as a template")
	}
}
