package flow

import (
	"strings"
	"testing"

	"toban/internal/locale"
)

func lintKeys(g *Graph) string {
	var keys []string
	for _, p := range Lint(g) {
		keys = append(keys, strings.TrimPrefix(locale.Keys.Err(p.Err), "flow.lint."))
	}
	return strings.Join(keys, " ")
}

func TestLint(t *testing.T) {
	const caught = `,{"id":"k","type":"catch","z":"t"},{"id":"b","type":"x","z":"t"},{"id":"c","type":"x","z":"t"}]`
	for _, c := range []struct{ name, node, want string }{
		{"both outputs to one node", `"type":"switch","checkall":"true","wires":[["b"],["b"]]`, "same_target"},
		{"stops at the first", `"type":"switch","checkall":"false","wires":[["b"],["b"]]`, ""},
		{"outputs to different nodes", `"type":"switch","checkall":"true","wires":[["b"],["c"]]`, ""},
		{"groups of matches", `"type":"change","rules":[{"p":"id","to":"$match(payload, /x/).groups[0]","tot":"jsonata"}]`, "several_matches"},
		{"only the first match", `"type":"change","rules":[{"p":"id","to":"$match(payload, /x/)[0].match","tot":"jsonata"}]`, ""},
		{"subjects of 2018", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"Amazon EC2 Maintenance - Maintenance","vt":"str"},{"t":"eq","v":"[Retirement Notification]"}]`, "outdated_subjects"},
		{"subjects of 2018 and another mail", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"[Retirement Notification]"},{"t":"cont","v":"RDS"}]`, "outdated_subjects"},
		{"subjects of 2018 and of today", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"[Retirement Notification]"},{"t":"cont","v":"EC2 Instance Retirement"}]`, ""},
		{"subjects of 2018 and the rest", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"[Retirement Notification]"},{"t":"else"}]`, ""},
		{"subjects of 2018 and a pattern", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"[Retirement Notification]"},{"t":"regex","v":"EC2"}]`, ""},
		{"subjects of today", `"type":"switch","property":"topic","rules":[{"t":"cont","v":"Amazon EC2"}]`, ""},
		{"not a subject", `"type":"switch","property":"payload","rules":[{"t":"cont","v":"[Retirement Notification]"}]`, ""},
		{"two lines", `"type":"command","command":"a\nb"`, "lost_exit_code"},
		{"one line and blanks", `"type":"command","command":"\n a \n\n"`, ""},
		{"joined lines", `"type":"command","command":"a &&\nb |\nc \\\n d"`, ""},
		{"set -e", `"type":"command","command":"set -e\na\nb"`, ""},
		{"aws wait with a short timer", `"type":"command","command":"aws ec2 wait instance-stopped","timer":"60"`, "short_wait"},
		{"aws wait with time", `"type":"command","command":"aws ec2 wait instance-stopped","timer":"600"`, ""},
		{"raw with a template", `"type":"command","command":"echo {{{x}}}","raw":true`, "raw_command"},
		{"raw without one", `"type":"command","command":"echo","raw":true`, ""},
		{"a question without an end", `"type":"slack-ask","wires":[[]]`, "dead_answer"},
		{"a question with one", `"type":"slack-ask","wires":[["b"]]`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := clean(t, build(t, `[{"id":"n","z":"t",`+c.node+`}`+caught))
			if got := lintKeys(g); got != c.want {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
	if got := lintKeys(build(t, `[{"id":"n","type":"command","z":"t"}]`)); got != "uncaught" {
		t.Errorf("nobody catches: %q", got)
	}
}

// The traps that are known to be in the seed's flow.
func TestLintOfTheSeed(t *testing.T) {
	file, err := Parse(seedFile(t, "flow.json"))
	if err != nil {
		t.Fatal(err)
	}
	want := "same_target outdated_subjects several_matches lost_exit_code short_wait lost_exit_code short_wait"
	if got := lintKeys(Build(file, Options{Types: someTypes{}})); got != want {
		t.Errorf("found %q, want %q", got, want)
	}
}
