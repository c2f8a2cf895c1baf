package node_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"toban/internal/message"
	"toban/internal/node"
)

type rule struct {
	Kind  string        `flow:"t"`
	Value message.Value `flow:"v"`
}

type config struct {
	Server string   `flow:"server"`
	Port   int      `flow:"port" default:"993"`
	UseSSL bool     `flow:"useSSL"`
	Wait   float64  `flow:"wait"`
	Rules  []rule   `flow:"rules"`
	Names  []string `flow:"names"`
}

// Flow files hold numbers and booleans as text as often as not.
func TestDecode(t *testing.T) {
	for name, tc := range map[string]struct {
		props string
		want  config
	}{
		"as text":                         {`{"server":"a","port":"143","useSSL":"true","wait":"1.5"}`, config{Server: "a", Port: 143, UseSSL: true, Wait: 1.5}},
		"as they are":                     {`{"server":"a","port":143,"useSSL":true,"wait":1.5}`, config{Server: "a", Port: 143, UseSSL: true, Wait: 1.5}},
		"defaults":                        {`{"port":""}`, config{Port: 993}},
		"null is unset":                   {`{"server":null,"port":null}`, config{Port: 993}},
		"false as text":                   {`{"useSSL":"false"}`, config{Port: 993}},
		"a number where a text is wanted": {`{"server":12}`, config{Server: "12", Port: 993}},
		"lists": {`{"rules":[{"t":"cont","v":"x"},{"t":"eq","v":3}],"names":["a","b"]}`,
			config{Port: 993, Rules: []rule{{"cont", "x"}, {"eq", 3.0}}, Names: []string{"a", "b"}}},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := message.ParseJSON(tc.props)
			if err != nil {
				t.Fatal(err)
			}
			var got config
			if err := node.Decode(v.(*message.Object), &got); err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tc.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	for props, want := range map[string]string{
		`{"port":"many"}`: "property port is many, but must be: number",
		`{"port":1.5}`:    "property port is 1.5, but must be: integer",
		`{"rules":"x"}`:   "property rules is x, but must be: array",
		`{"rules":["x"]}`: "property rules is x, but must be: object",
	} {
		v, err := message.ParseJSON(props)
		if err != nil {
			t.Fatal(err)
		}
		var got config
		if err := node.Decode(v.(*message.Object), &got); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", props, err, want)
		}
	}
}

func TestRegistryRefusesATwin(t *testing.T) {
	r := node.NewRegistry()
	r.Add(node.Type{Name: "a"})
	defer func() {
		if recover() == nil {
			t.Error("a second type of the same name was taken")
		}
	}()
	r.Add(node.Type{Name: "a"})
}
