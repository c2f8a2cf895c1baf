package switchnode

import (
	"fmt"
	"slices"
	"testing"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

func load(t testing.TB, config string, options ...nodetest.Option) *nodetest.Harness {
	t.Helper()
	v, err := message.ParseJSON(config)
	if err != nil {
		t.Fatal(err)
	}
	return nodetest.New(t, nodetest.Registered(t, "switch", Register), v.(*message.Object), options...)
}

// routes gives the ports to which a payload goes.
func routes(t *testing.T, h *nodetest.Harness, payload message.Value) []int {
	t.Helper()
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	s := h.Receive(message.NewObject("payload", payload, "topic", "t"))
	if s.Err != nil || !s.Ended {
		t.Fatalf("ended %v with %v", s.Ended, s.Err)
	}
	return s.Ports()
}

func TestRules(t *testing.T) {
	for _, c := range []struct {
		rule    string
		yes, no []message.Value
	}{
		{`{"t":"eq","v":"5"}`, []message.Value{5.0, "5", "5.0"}, []message.Value{6.0, "", nil}},
		{`{"t":"eq","v":"yes"}`, []message.Value{"yes"}, []message.Value{"Yes", nil, true}},
		{`{"t":"eq","v":"","vt":"str"}`, []message.Value{"", 0.0}, []message.Value{"x", nil}},
		{`{"t":"neq","v":"a","vt":"str"}`, []message.Value{"b", nil}, []message.Value{"a"}},
		{`{"t":"lt","v":"10","vt":"num"}`, []message.Value{9.0, "9", nilNull}, []message.Value{10.0, nil, "x"}},
		{`{"t":"btwn","v":"5","vt":"num","v2":"1","v2t":"num"}`, []message.Value{1.0, 3.0, 5.0}, []message.Value{0.0, 6.0}},
		{`{"t":"cont","v":"[Retirement Notification]","vt":"str"}`, []message.Value{"x [Retirement Notification] y"}, []message.Value{"Retirement", nil}},
		{`{"t":"regex","v":"^a.c$","vt":"str","case":true}`, []message.Value{"ABC"}, []message.Value{"abcd"}},
		{`{"t":"true"}`, []message.Value{true}, []message.Value{"true", 1.0}},
		{`{"t":"null"}`, []message.Value{nil, nilNull}, []message.Value{0.0, ""}},
		{`{"t":"empty"}`, []message.Value{"", message.NewArray(), message.NewObject(), message.Buffer("")}, []message.Value{"a", 0.0, nil, nilNull}},
		{`{"t":"nempty"}`, []message.Value{"a", message.NewArray(1.0)}, []message.Value{"", 0.0, nil}},
		{`{"t":"istype","v":"number","vt":"number"}`, []message.Value{1.0}, []message.Value{"1"}},
		{`{"t":"istype","v":"json","vt":"json"}`, []message.Value{`{"a":1}`, "5"}, []message.Value{"{", nil}},
		{`{"t":"istype","v":"object","vt":"object"}`, []message.Value{message.NewObject()}, []message.Value{message.NewArray(), nilNull, message.Buffer("x")}},
		{`{"t":"istype","v":"null","vt":"null"}`, []message.Value{nilNull}, []message.Value{nil, 0.0}},
		{`{"t":"hask","v":"a","vt":"str"}`, []message.Value{message.NewObject("a", nil)}, []message.Value{message.NewObject(), nil}},
		{`{"t":"jsonata_exp","v":"payload > 3","vt":"jsonata"}`, []message.Value{4.0}, []message.Value{3.0}},
		{`{"t":"eq","v":"topic","vt":"msg"}`, []message.Value{"t"}, []message.Value{"x"}},
	} {
		h := load(t, `{"property":"payload","rules":[`+c.rule+`],"checkall":"true"}`)
		for _, v := range c.yes {
			if got := routes(t, h, v); len(got) != 1 {
				t.Errorf("%s: %v was not met", c.rule, v)
			}
		}
		for _, v := range c.no {
			if got := routes(t, h, v); len(got) != 0 {
				t.Errorf("%s: %v was met", c.rule, v)
			}
		}
	}
}

var nilNull = message.Null{}

func TestCheckAllAndElse(t *testing.T) {
	rules := `[{"t":"cont","v":"a","vt":"str"},{"t":"cont","v":"b","vt":"str"},{"t":"else"}]`
	all := load(t, `{"property":"payload","checkall":"true","rules":`+rules+`}`)
	first := load(t, `{"property":"payload","checkall":"false","rules":`+rules+`}`)
	for _, c := range []struct {
		payload    string
		all, first []int
	}{{"ab", []int{0, 1}, []int{0}}, {"b", []int{1}, []int{1}}, {"x", []int{2}, []int{2}}} {
		if got := routes(t, all, c.payload); !slices.Equal(got, c.all) {
			t.Errorf("%s goes to %v, want %v", c.payload, got, c.all)
		}
		if got := routes(t, first, c.payload); !slices.Equal(got, c.first) {
			t.Errorf("%s, first only, goes to %v, want %v", c.payload, got, c.first)
		}
	}
}

func TestPreviousValueIsKept(t *testing.T) {
	h := load(t, `{"property":"payload","rules":[{"t":"gt","v":"","vt":"prev"}]}`)
	var got []int
	for _, v := range []message.Value{1.0, 3.0, 2.0, 5.0} {
		got = append(got, len(routes(t, h, v)))
	}
	if !slices.Equal(got, []int{1, 1, 0, 1}) || len(h.Env.State().Rows()) != 1 {
		t.Errorf("%v, rows %v", got, h.Env.State().Rows())
	}
}

func part(payload float64, index int, more ...message.Value) *message.Object {
	return message.NewObject("payload", payload, "parts", message.NewObject(append([]message.Value{"id", "s", "index", float64(index)}, more...)...))
}

func TestRepairNumbersSequencesAnew(t *testing.T) {
	h := load(t, `{"property":"payload","repair":true,"rules":[{"t":"gt","v":"2","vt":"num"},{"t":"else"}]}`)
	var steps []*nodetest.Step
	for i, payload := range []float64{1, 3, 2, 4} {
		steps = append(steps, h.Receive(part(payload, i, "count", 4.0)))
		if held := steps[i].Deferred && !steps[i].Ended; held != (i < 3) {
			t.Errorf("message %d: held %v", i, held)
		}
	}
	var got []string
	for _, s := range steps {
		for _, sent := range s.Sent {
			parts := sent.Msg.Get("parts").(*message.Object)
			got = append(got, fmt.Sprintf("%d:%v %v/%v", sent.Port, sent.Msg.Get("payload"), parts.Get("index"), parts.Get("count")))
		}
	}
	if want := []string{"1:1 0/2", "0:3 0/2", "1:2 1/2", "0:4 1/2"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if rows := h.Env.State().Rows(); len(rows) != 0 {
		t.Errorf("rows are left: %v", rows)
	}
}

func TestTooManyPendingFailVisibly(t *testing.T) {
	h := load(t, `{"property":"payload","rules":[{"t":"tail","v":"2"}]}`, func(e *nodetest.Env) {
		e.Settings = map[string]message.Value{"nodeMessageBufferMaxLength": 2.0}
	})
	var steps []*nodetest.Step
	for i := range 3 {
		steps = append(steps, h.Receive(part(1, i, "count", 5.0)))
	}
	for i, s := range steps {
		if s.Err == nil {
			t.Errorf("message %d vanished without an error", i)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, config := range []string{
		`{"property":"1 +","propertyType":"jsonata","rules":[]}`, `{"property":"payload","rules":[{"t":"eq","v":"(","vt":"jsonata"}]}`,
	} {
		if h := load(t, config); h.Err == nil {
			t.Errorf("%s was deployed", config)
		}
	}
	for _, config := range []string{`[{"t":"head","v":"1"}]`, `[{"t":"regex","v":"(","vt":"str"}]`, `[{"t":"what"}]`, `[{"t":"jsonata_exp","v":"$error('x')","vt":"jsonata"}]`} {
		h := load(t, `{"property":"payload","rules":`+config+`}`)
		if h.Err != nil {
			t.Fatal(h.Err)
		}
		if s := h.Receive(message.NewObject("payload", "x")); s.Err == nil || len(s.Sent) > 0 {
			t.Errorf("%s: error %v, sent %v", config, s.Err, s.Sent)
		}
	}
	h := load(t, `{"property":"$error('x')","propertyType":"jsonata","rules":[{"t":"else"}]}`)
	if s := h.Receive(message.NewObject()); s.Err != nil || len(s.Sent) > 0 || len(h.Env.Logs) != 1 || h.Env.Logs[0].Level != node.Warn {
		t.Errorf("a failing property must warn and drop: %v, %v, %v", s.Err, s.Sent, h.Env.Logs)
	}
}

func BenchmarkSwitch(b *testing.B) {
	h := load(b, `{"property":"topic","checkall":"true","rules":[{"t":"cont","v":"Amazon EC2 Maintenance - Maintenance","vt":"str"},{"t":"cont","v":"[Retirement Notification]","vt":"str"}]}`)
	s := h.Node.(*Switch)
	msg := message.NewObject("topic", "[Retirement Notification] Amazon EC2 Instance scheduled for retirement", "payload", "x")
	b.ReportAllocs()
	for b.Loop() {
		if out, err := s.route(msg); err != nil || out[1] == nil {
			b.Fatal(err)
		}
	}
}
