package e2e

import (
	"os"
	"strings"
	"testing"

	"toban/examples"
	"toban/internal/flow"
	"toban/internal/message"
)

// script is a flow of the article's structure, its nodes known by what they do.
// The user's own flow and the repo's examples have the same structure.
type script struct {
	file *flow.File

	mail, host, look, stop, start *message.Object
	tell, ask, echo, refuse       *message.Object
	begin, mid, done, alert       *message.Object
}

// seedFile is the flow of the article, where the folder that has it is there.
const seedFile = "../../shared/seed/flow.clipboard.txt"

// scripts gives the flows to test: the English example and the article's own flow.
// The Japanese example is so much like the article's that it is tested where whole
// is wanted, and where the article's is not at hand.
func scripts(t *testing.T, whole bool) map[string][]byte {
	all := map[string][]byte{"example-en": examples.EC2MaintenanceEN}
	seed, err := os.ReadFile(seedFile)
	if err != nil {
		t.Logf("the article's own flow is not tested: %v", err)
	} else {
		all["article"] = seed
	}
	if whole || err != nil {
		all["example-ja"] = examples.EC2MaintenanceJA
	}
	return all
}

// read finds the roles by walking the wires from the mail.
func read(t *testing.T, text []byte) *script {
	t.Helper()
	f, err := flow.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	s := &script{file: f}
	s.mail, s.host = s.only("e-mail in"), s.only("connection")
	s.look = s.next(s.next(s.next(s.mail, 0, 0), 0, 0), 0, 0)
	s.tell = s.next(s.look, 0, 0)
	s.ask = s.next(s.tell, 0, 0)
	s.echo = s.next(s.ask, 0, 0)
	branch := s.next(s.echo, 0, 0)
	s.refuse, s.begin = s.next(branch, 0, 0), s.next(branch, 1, 0)
	s.stop = s.next(s.begin, 0, 0)
	s.mid, s.start = s.next(s.stop, 0, 0), s.next(s.stop, 0, 1)
	s.done = s.next(s.start, 0, 0)
	s.alert = s.next(s.only("catch"), 0, 0)
	return s
}

func (s *script) only(typ string) *message.Object {
	for _, n := range s.file.Nodes {
		if n.Text("type") == typ {
			return n
		}
	}
	panic("the flow has no " + typ)
}

func (s *script) next(n *message.Object, port, wire int) *message.Object {
	ports := n.Get("wires").(*message.Array)
	id := ports.At(port).(*message.Array).At(wire).(string)
	for _, n := range s.file.Nodes {
		if n.Text("id") == id {
			return n
		}
	}
	panic("the flow has no node " + id)
}

// with gives the flow with properties of a node changed.
func (s *script) with(n *message.Object, pairs ...message.Value) {
	for i, have := range s.file.Nodes {
		if have.Text("id") != n.Text("id") {
			continue
		}
		for k := 0; k < len(pairs); k += 2 {
			have = have.With(pairs[k].(string), pairs[k+1])
		}
		s.file.Nodes[i] = have
	}
}

// says gives what a slack-say node posts, its places filled.
func says(n *message.Object, oldnew ...string) string {
	text := strings.NewReplacer(oldnew...).Replace(n.Text("msg"))
	return strings.TrimRight(text, "\n")
}

// question is the text of the slack-ask node's message.
func question(t *testing.T, n *message.Object) string {
	t.Helper()
	v, err := message.ParseJSON(n.Text("msg"))
	if err != nil {
		t.Fatal(err)
	}
	return v.(*message.Object).Text("text")
}
