package flow

import (
	"testing"

	"toban/internal/message"
)

const envFile = `[
	{"id":"gc","type":"global-config","env":[{"name":"G","type":"str","value":"global"},{"name":"X","type":"str","value":"gx"},{"name":"SEC","type":"cred"}]},
	{"id":"t","type":"tab","label":"Tab","env":[
		{"name":"X","type":"str","value":"tab"},{"name":"N","type":"num","value":"4"},{"name":"B","type":"bool","value":"true"},
		{"name":"J","type":"json","value":"{\"a\":1}"},{"name":"BIN","type":"bin","value":"[1,2]"},{"name":"Q","type":"jsonata","value":"$number($env(\"ONE\")) + 1"},{"name":"FAIL","type":"jsonata","value":"1 +"},
		{"name":"BAD","type":"json","value":"{"},{"name":"E","type":"env","value":"pre-${X}"},{"name":"G","type":"env","value":"G"}]},
	{"id":"g1","type":"group","z":"t","name":"Outer","env":[{"name":"X","type":"str","value":"outer"}]},
	{"id":"g2","type":"group","z":"t","g":"g1","name":"Inner","env":[{"name":"Y","type":"env","value":"X"}]},
	{"id":"n","type":"x","z":"t","g":"g2","name":"Node"},
	{"id":"s","type":"subflow","name":"Sub","env":[{"name":"X","type":"str","value":"default"},{"name":"D","type":"str","value":"d"},{"name":"C","type":"cred"}]},
	{"id":"in","type":"x","z":"s","name":"Inside"},
	{"id":"i","type":"subflow:s","z":"t","g":"g1","name":"Inst","env":[{"name":"X","type":"str","value":"own"},{"name":"UP","type":"env","value":"$parent.X"}]}]`

func TestEnvironment(t *testing.T) {
	g := Build(mustParse(t, envFile), Options{
		Types:   someTypes{},
		Environ: func(name string) (string, bool) { return "1", name == "ONE" },
		Credential: func(id, name string) (string, bool) {
			v, ok := map[string]string{"gc/SEC": "s3cret", "s/C": "default cred"}[id+"/"+name]
			return v, ok
		},
	})
	for _, c := range []struct {
		node, name string
		want       message.Value
	}{
		{"n", "X", "outer"}, {"n", "$parent.X", "outer"}, {"n", "$parent.$parent.X", "tab"},
		{"n", "Y", "outer"}, {"n", "N", 4.0}, {"n", "B", true}, {"n", "BIN", message.Buffer("\x01\x02")}, {"n", "Q", 2.0},
		{"n", "J", message.NewObject("a", 1.0)}, {"n", "BAD", nil}, {"n", "E", "pre-tab"},
		{"n", "G", "global"}, // a reference to itself asks the parent
		{"n", "SEC", "s3cret"}, {"n", "ONE", "1"}, {"n", "NONE", nil},
		{"n", "NR_NODE_ID", "n"}, {"n", "NR_NODE_NAME", "Node"}, {"n", "NR_NODE_PATH", "t/n"},
		{"n", "NR_GROUP_ID", "g2"}, {"n", "NR_GROUP_NAME", "Inner"}, {"n", "NR_FLOW_ID", "t"}, {"n", "NR_FLOW_NAME", "Tab"},
		{"i-in", "X", "own"}, {"i-in", "D", "d"}, {"i-in", "UP", "outer"}, {"i-in", "C", "default cred"},
		{"i-in", "NR_SUBFLOW_ID", "i"}, {"i-in", "NR_SUBFLOW_NAME", "Inst"}, {"i-in", "NR_SUBFLOW_PATH", "t/i"},
		{"i-in", "NR_NODE_PATH", "t/i/in"}, {"i-in", "NR_FLOW_NAME", "Tab"}, {"i-in", "$parent.NR_GROUP_NAME", "Outer"},
	} {
		got, ok := g.Nodes[c.node].Getenv(c.name)
		if !message.Equal(got, c.want) || ok != (c.want != nil) {
			t.Errorf("%s sees %s as %#v (%v), want %#v", c.node, c.name, got, ok, c.want)
		}
	}
	if got := problemKeys(g); got != "flow.env_failed flow.env_failed" {
		t.Errorf("problems: %s", got)
	}
}

func TestReferencesInProperties(t *testing.T) {
	g := clean(t, build(t, `[{"id":"t","type":"tab","env":[{"name":"H","type":"str","value":"host"},{"name":"P","type":"num","value":"22"}]},
		{"id":"n","type":"x","z":"t","host":"${H}","old":"$(H)","port":"${P}","text":"to ${H}","none":"${NONE}","id2":"${NR_NODE_ID}",
		 "deep":[{"h":"${H}"},["${P}"]],"wires":[["${H}"]]},{"id":"${H}","type":"x","z":"t"}]`))
	got := g.Nodes["n"].Props
	want := mustParse(t, `[{"id":"n","type":"x","z":"t","host":"host","old":"host","port":22,"text":"to ${H}","none":"${NONE}","id2":"n",
		 "deep":[{"h":"host"},[22]],"wires":[["${H}"]]}]`).Nodes[0]
	if !message.Equal(got, want) {
		t.Errorf("got %s", message.AppendJSON(nil, got))
	}
}
