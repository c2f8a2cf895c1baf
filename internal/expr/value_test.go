package expr

import (
	"testing"
	"time"

	"toban/internal/message"
)

// testVars are surroundings with fixed values.
type testVars struct {
	env          map[string]message.Value
	flow, global testContext
}

type testContext map[string]*message.Object

func (v *testVars) Now() time.Time       { return time.Date(2026, 4, 1, 0, 5, 9, 7e6, time.UTC) }
func (v *testVars) Zone() *time.Location { return time.FixedZone("JST", 9*3600) }
func (v *testVars) Flow() Context        { return v.flow }
func (v *testVars) Global() Context      { return v.global }
func (v *testVars) Getenv(name string) (message.Value, bool) {
	x, ok := v.env[name]
	return x, ok
}

func (c testContext) Get(store, path string) (message.Value, error) {
	p, err := message.ParsePath(path)
	if err != nil {
		return nil, err
	}
	v, _ := p.Get(c.root(store))
	return v, nil
}

func (c testContext) Set(store, path string, v message.Value) error {
	p, err := message.ParsePath(path)
	if err != nil {
		return err
	}
	root, _, err := p.Set(c.root(store), v)
	if err == nil {
		c[store] = root.(*message.Object)
	}
	return err
}

func (c testContext) root(store string) *message.Object {
	if o, ok := c[store]; ok {
		return o
	}
	return message.NewObject()
}

func newVars() *testVars {
	return &testVars{
		env:    map[string]message.Value{"WHO": "Joe", "N": 5.0},
		flow:   testContext{"": message.NewObject("k", "flowvalue", "o", message.NewObject("x", 1.0))},
		global: testContext{"file": message.NewObject("k", "fromfile")},
	}
}

func TestTypedValues(t *testing.T) {
	msg := message.NewObject("payload", message.NewObject("a", 1.0), "topic", "x")
	for _, c := range []struct {
		typ, v string
		want   string
	}{
		{"str", "12", `"12"`}, {"num", "12", "12"}, {"num", "x", "null"}, {"bool", "TRUE", "true"}, {"bool", "1", "false"},
		{"json", `{"b":1,"a":[null]}`, `{"b":1,"a":[null]}`}, {"bin", "[1,2,257]", `{"type":"Buffer","data":[1,2,1]}`}, {"bin", `"hi"`, `{"type":"Buffer","data":[104,105]}`},
		{"date", "", "1775001909007"}, {"date", "iso", `"2026-04-01T00:05:09.007Z"`}, {"date", "object", `"2026-04-01T00:05:09.007Z"`},
		{"date", "YYYY-MM-DD HH:mm:ss.SSS Z", `"2026-04-01 09:05:09.007 +09:00"`}, {"date", "dddd Do MMMM [at] h:mm A", `"Wednesday 1st April at 9:05 AM"`},
		{"msg", "payload.a", "1"}, {"msg", "msg.topic", `"x"`}, {"msg", "nothing", "undefined"},
		{"flow", "k", `"flowvalue"`}, {"flow", "o[msg.topic]", "1"}, {"global", "#:(file)::k", `"fromfile"`}, {"global", "k", "undefined"},
		{"env", "WHO", `"Joe"`}, {"env", "${WHO}", `"Joe"`}, {"env", "Hello ${WHO}${NONE}!", `"Hello Joe!"`}, {"env", "N", "5"}, {"env", "NONE", `""`},
		{"jsonata", `topic & $env("WHO") & $flowContext("k") & $globalContext("k","file")`, `"xJoeflowvaluefromfile"`},
		{"jsonata", "$now()", `"2026-04-01T00:05:09.007Z"`}, {"jsonata", "$millis()", "1775001909007"}, {"jsonata", `$now("[H01]:[m01]")`, `"00:05"`},
		{"jsonata", "msg.payload.a", "1"}, {"jsonata", "$string(msg)", `"{\"payload\":{\"a\":1},\"topic\":\"x\"}"`}, {"jsonata", "$clone(payload)", `{"a":1}`}, {"jsonata", "nothing", "undefined"},
		{"other", "raw", `"raw"`},
	} {
		x, err := Compile(c.typ, c.v)
		if err != nil {
			t.Errorf("%s %q: %v", c.typ, c.v, err)
			continue
		}
		if v, err := x.Eval(newVars(), msg); err != nil || show(v) != c.want {
			t.Errorf("%s %q = %s, %v; want %s", c.typ, c.v, show(v), err, c.want)
		}
	}
	for _, c := range [][2]string{{"json", "{"}, {"bin", "5"}, {"bin", "x"}, {"re", "("}, {"jsonata", "1 +"}, {"msg", "a..b"}, {"date", "YYYY gg"}} {
		if _, err := Compile(c[0], c[1]); err == nil {
			t.Errorf("%s %q was taken", c[0], c[1])
		}
	}
	if x, _ := Compile("msg", "nothing.x"); x != nil {
		if _, err := x.Eval(nil, msg); err == nil {
			t.Error("reading below undefined must be an error")
		}
	}
}

func TestJSONataKeepsValues(t *testing.T) {
	inner := message.NewObject("buf", message.Buffer("x"), "when", message.Date(5), "gone", nil)
	msg := message.NewObject("payload", inner, "req", &message.Handle{Class: "IncomingMessage"})
	for source, want := range map[string]message.Value{
		"payload": inner, "payload.buf": message.Buffer("x"), "payload.when": message.Date(5), "req": msg.Get("req"), "[payload][0]": inner,
	} {
		e, err := CompileJSONata(source)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(t.Context(), nil, msg); err != nil || !message.StrictEqual(v, want) {
			t.Errorf("%s gives %v, %v: not the value itself", source, v, err)
		}
	}
}

func TestTargets(t *testing.T) {
	vars := newVars()
	msg := message.NewObject("k", "x")
	for _, c := range [][2]string{{"msg", "a.b"}, {"flow", "new.deep"}, {"global", "#:(file)::o[msg.k]"}} {
		target, err := CompileTarget(c[0], c[1])
		if err != nil {
			t.Fatal(err)
		}
		changed, ok, err := target.Set(vars, msg, "v")
		if err != nil || !ok {
			t.Fatalf("%v: %v, %v", c, ok, err)
		}
		if v, err := target.Get(vars, changed); v != "v" || err != nil {
			t.Errorf("%v: reads %v, %v", c, v, err)
		}
	}
	if _, err := CompileTarget("str", "x"); err == nil {
		t.Error("a text was taken as a target")
	}
}

func TestTemplateLookups(t *testing.T) {
	for source, want := range map[string]string{
		"{{env.WHO}} {{flow.k}} {{flow.o.x}} {{global[file].k}} {{global.k}}": "Joe flowvalue 1 fromfile ", "{{x}}{{{x}}}": `a\nb\\a\nb\\`, "{{#o}}{{x}}{{/o}}": "in\nner",
	} {
		template, err := ParseTemplate(source)
		if err != nil {
			t.Fatal(err)
		}
		msg := message.NewObject("x", "a\nb\\", "o", message.NewObject("x", "in\nner"))
		if got, err := template.Render(msg, RenderOptions{Vars: newVars(), EscapeJSON: true}); err != nil || got != want {
			t.Errorf("%s: %q, %v; want %q", source, got, err, want)
		}
	}
}

func TestTemplateHooks(t *testing.T) {
	template, err := ParseTemplate("run {{{a}}} {{#sh}}x {{{b}}}{{/sh}}")
	if err != nil {
		t.Fatal(err)
	}
	var seen []string
	got, err := template.Render(message.NewObject("a", 1.0, "b", "it's"), RenderOptions{
		Value: func(in Interpolation) (string, error) {
			if !in.Within("sh") {
				seen = append(seen, in.Name)
			}
			return in.Text, nil
		},
		Wrap: map[string]func(string) (string, error){"sh": func(s string) (string, error) { return "<" + s + ">", nil }},
	})
	if err != nil || got != "run 1 <x it's>" || len(seen) != 1 || seen[0] != "a" {
		t.Errorf("%q, %v, outside of sh: %v", got, err, seen)
	}
}

func TestTemplateIsBounded(t *testing.T) {
	items := make([]message.Value, 400)
	for i := range items {
		items[i] = 1.0
	}
	template, err := ParseTemplate("{{#a}}{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}{{/a}}")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := template.Render(message.NewObject("a", message.NewArray(items...)), RenderOptions{}); err == nil {
		t.Error("25 billion repetitions were rendered")
	}
}

func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{#a}}\n{{b}}\n{{/a}}", "{{=<% %>=}}<%x%>", "{{{x}}}", "{{! }}", "{{=", "{{#a}}{{^a}}{{/a}}"} {
		f.Add(s)
	}
	msg := message.NewObject("a", message.NewArray(1.0, "x"), "b", "y")
	f.Fuzz(func(t *testing.T, source string) {
		template, err := ParseTemplate(source)
		if err == nil {
			_, _ = template.Render(msg, RenderOptions{})
		}
	})
}

func BenchmarkTemplate(b *testing.B) {
	template, err := ParseTemplate("aws ec2 describe-instances --instance-ids {{{instanceId}}} --query 'Reservations[].Instances[].State.Name' # {{topic}} {{payload.user.name}}")
	if err != nil {
		b.Fatal(err)
	}
	msg := message.NewObject("instanceId", "i-0123456789abcdef0", "topic", "Amazon EC2", "payload", message.NewObject("user", message.NewObject("name", "taro")))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := template.Render(msg, RenderOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
