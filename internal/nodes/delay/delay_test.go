package delay_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
	"toban/internal/nodes/delay"
)

// script plays messages at given times and records what leaves when.
type script struct {
	*nodetest.Harness
	t     *testing.T
	steps []*nodetest.Step
	seen  int
	log   []string
}

func play(t *testing.T, props string, options ...nodetest.Option) *script {
	t.Helper()
	h := nodetest.New(t, nodetest.Registered(t, "delay", delay.Register), object(t, props), options...)
	if h.Err != nil {
		t.Fatal(h.Err)
	}
	return &script{Harness: h, t: t}
}

// object reads "name=value name=value"; numbers and booleans are recognised by JSON.
func object(t *testing.T, text string) *message.Object {
	t.Helper()
	o := message.NewObject()
	for pair := range strings.FieldsSeq(text) {
		name, value, _ := strings.Cut(pair, "=")
		switch value {
		case "true", "false":
			o = o.With(name, value == "true")
		default:
			if n := message.ToNumber(value); n == n && value != "" {
				o = o.With(name, n)
			} else {
				o = o.With(name, value)
			}
		}
	}
	return o
}

// in delivers a message.
func (s *script) in(text string) *script {
	s.t.Helper()
	s.steps = append(s.steps, s.Receive(object(s.t, "_msgid=m "+text)))
	s.note()
	return s
}

// wait lets time pass in small steps, so that the log knows when a message left.
func (s *script) wait(d time.Duration) *script {
	for ; d > 0; d -= 10 * time.Millisecond {
		s.Advance(10 * time.Millisecond)
		s.note()
	}
	return s
}

// note writes down what has left since the last time; what left at the same
// time stands in the order in which it came.
func (s *script) note() {
	total := 0
	for _, step := range s.steps {
		total += len(step.Sent)
	}
	if total == s.seen {
		return
	}
	s.seen = total
	at := s.Env.Now().Sub(nodetest.Epoch)
	for _, step := range s.steps {
		for _, sent := range step.Sent {
			line := message.ToString(sent.Msg.Get("payload"))
			if sent.Port > 0 {
				line += "→2"
			}
			if !slices.ContainsFunc(s.log, func(l string) bool { return strings.HasSuffix(l, " "+line) }) {
				s.log = append(s.log, at.String()+" "+line)
			}
		}
	}
}

func (s *script) want(lines ...string) {
	s.t.Helper()
	if diff := cmp.Diff(lines, s.log); diff != "" {
		s.t.Errorf("(-want +got)\n%s", diff)
	}
}

func (s *script) open() (n int) {
	for _, step := range s.steps {
		if !step.Ended {
			n++
		}
	}
	return n
}

const sec = time.Second

func TestDelayUnits(t *testing.T) {
	for props, want := range map[string]string{
		"timeout=0.5 timeoutUnits=seconds":      "500ms a",
		"timeout=500 timeoutUnits=milliseconds": "500ms a",
		"timeout=0.01 timeoutUnits=minutes":     "600ms a",
		"timeout=0.0001 timeoutUnits=hours":     "360ms a",
		"timeout=0.00001 timeoutUnits=days":     "870ms a",
		"timeout=-1":                            "10ms a",
	} {
		t.Run(props, func(t *testing.T) {
			s := play(t, props).in("payload=a")
			if s.open() != 1 {
				t.Error("the step of a held message ended")
			}
			s.wait(sec).want(want)
			if s.open() != 0 || len(s.Env.State().Rows()) != 0 {
				t.Errorf("%d steps open, rows %v", s.open(), s.Env.State().Rows())
			}
		})
	}
}

func TestDelayByMessage(t *testing.T) {
	play(t, "pauseType=delayv timeout=0.3").in("payload=a delay=100").in("payload=b").in("payload=c delay=-5").
		in("payload=d delay=200ms").in("payload=e delay=soon").wait(sec).
		want("10ms c", "100ms a", "200ms d", "300ms b", "300ms e")
}

func TestRandomDelayStaysWithinItsBounds(t *testing.T) {
	s := play(t, "pauseType=random randomFirst=400 randomLast=800 randomUnits=milliseconds")
	for range 50 {
		s.in("payload=a")
	}
	s.wait(390 * time.Millisecond)
	if s.open() != 50 {
		t.Errorf("%d left before the time", 50-s.open())
	}
	s.wait(420 * time.Millisecond)
	if s.open() != 0 {
		t.Errorf("%d are still held", s.open())
	}
}

func TestFlushAndResetOfHeldMessages(t *testing.T) {
	for _, pause := range []string{"delay", "delayv", "random"} {
		props := "timeout=1 randomFirst=1 randomLast=1 pauseType=" + pause
		t.Run(pause+" flush", func(t *testing.T) {
			s := play(t, props).in("payload=a").in("payload=b").in("payload=c")
			s.wait(100*time.Millisecond).in("flush=2").wait(100*time.Millisecond).in("flush=true").
				want("100ms a", "100ms b", "200ms c")
			if s.open() != 0 {
				t.Errorf("%d steps are open", s.open())
			}
			s.wait(2*sec).want("100ms a", "100ms b", "200ms c")
		})
		t.Run(pause+" flush with a payload", func(t *testing.T) {
			play(t, props).in("payload=a").in("payload=b flush=true").want("0s a", "0s b")
		})
		t.Run(pause+" reset", func(t *testing.T) {
			s := play(t, props).in("payload=a").in("payload=b reset=true")
			if s.open() != 0 {
				t.Errorf("%d steps are open", s.open())
			}
			s.wait(2 * sec).want()
		})
	}
}

func TestRateQueues(t *testing.T) {
	play(t, "pauseType=rate rate=1 nbRateUnits=2").in("payload=a").in("payload=b").in("payload=c").
		wait(5*sec).want("0s a", "2s b", "4s c")
	play(t, "pauseType=rate rate=4 rateUnits=minute").in("payload=a").in("payload=b").wait(16*sec).want("0s a", "15s b")
	play(t, "pauseType=rate rate=2").in("payload=a").wait(1200*time.Millisecond).in("payload=b").want("0s a", "1.2s b")
}

func TestRateByMessage(t *testing.T) {
	play(t, "pauseType=rate rate=1 allowrate=true").in("payload=a rate=300").in("payload=b").in("payload=c rate=100").
		wait(sec).want("0s a", "100ms b", "200ms c")
	play(t, "pauseType=rate rate=1").in("payload=a rate=100").in("payload=b").wait(2*sec).want("0s a", "1s b")
}

func TestRateFlushResetAndFront(t *testing.T) {
	const props = "pauseType=rate rate=1"
	play(t, props).in("payload=a").in("payload=b").in("payload=c").in("payload=d").
		wait(100*time.Millisecond).in("flush=2").wait(950*time.Millisecond).want("0s a", "100ms b", "100ms c")
	play(t, props).in("payload=a").in("payload=b").in("payload=c toFront=true").wait(2*sec).want("0s a", "1s c", "2s b")
	s := play(t, props).in("payload=a").in("payload=b").in("reset=true")
	if s.open() != 0 {
		t.Error("a step is open after the reset")
	}
	s.in("payload=c").wait(2*sec).want("0s a", "0s c")
	play(t, props).in("payload=a").in("payload=b").in("payload=c").in("flush=1 reset=true").in("payload=d").
		wait(sec).want("0s a", "0s b", "1s d")
	play(t, props).in("payload=a reset=true").wait(2 * sec).want()
	play(t, props).in("flush=true").in("payload=a").want("0s a")
}

func TestRateDrops(t *testing.T) {
	play(t, "pauseType=rate rate=1 drop=true").in("payload=a").in("payload=b").wait(1010*time.Millisecond).
		in("payload=c").in("reset=true").in("payload=d").want("0s a", "1.01s c", "1.01s d")
	play(t, "pauseType=rate rate=1 drop=true outputs=2").in("payload=a").in("payload=b").want("0s a", "0s b→2")
}

func TestRateHoldsNoMoreThanItMay(t *testing.T) {
	s := play(t, "pauseType=rate rate=1", func(e *nodetest.Env) {
		e.Settings = map[string]message.Value{"nodeMessageBufferMaxLength": 2.0}
	})
	s.in("payload=a").in("payload=b").in("payload=c").in("payload=d")
	if err := s.steps[3].Err; !locale.HasKey(err, "delay.errors.too-many") {
		t.Errorf("the message that was too much: %v", err)
	}
	if s.open() != 0 || len(s.Env.Logs) != 1 {
		t.Errorf("%d steps open, logs %v", s.open(), s.Env.Logs)
	}
	s.in("payload=e").wait(3*sec).want("0s a", "1s e")
}

func TestBurst(t *testing.T) {
	play(t, "pauseType=burst rate=2 nbRateUnits=1 outputs=2").in("payload=a").wait(500*time.Millisecond).in("payload=b").
		in("payload=c").wait(500*time.Millisecond).in("payload=d").in("payload=e").
		want("0s a", "500ms b", "500ms c→2", "1s d", "1s e→2")
	play(t, "pauseType=burst rate=1").in("payload=a").in("payload=b").in("reset=true").in("payload=c").wait(sec).
		in("payload=d").want("0s a", "0s c", "1s d")
}

func TestTopics(t *testing.T) {
	fill := func(s *script) *script {
		return s.in("payload=x1").in("payload=a1 topic=A").in("payload=b1 topic=B").in("payload=a2 topic=A").in("payload=x2")
	}
	fill(play(t, "pauseType=queue rate=2")).wait(2*sec).want("500ms x2", "1s a2", "1.5s b1")
	fill(play(t, "pauseType=timed rate=2")).wait(2*sec).want("500ms b1", "500ms a2", "500ms x2")
	fill(play(t, "pauseType=queue rate=2 outputs=2")).want("0s a1→2", "0s x1→2")
	fill(play(t, "pauseType=timed rate=2")).in("flush=1").in("payload=q reset=true").wait(sec).want("0s x2")
	s := play(t, "pauseType=queue rate=2").wait(300 * time.Millisecond)
	s.in("payload=late").wait(sec).want("500ms late") // ticks come from the start, not from the message
}

func TestHeldMessagesSurviveARestart(t *testing.T) {
	for props, want := range map[string]string{
		"pauseType=delay timeout=1": "1s a", "pauseType=rate rate=1": "1s b", "pauseType=timed rate=1": "1s a",
	} {
		t.Run(props, func(t *testing.T) {
			s := play(t, props).in("payload=a topic=1").in("payload=b topic=2").wait(0)
			old := s.Node.(node.Closer)
			if err := old.Close(false); err != nil {
				t.Fatal(err)
			}
			again := &delay.Node{}
			if err := node.Decode(s.Env.Props(), again); err != nil {
				t.Fatal(err)
			}
			if err := again.Provision(s.Env); err != nil {
				t.Fatal(err)
			}
			s.Harness.Node = again
			s.wait(1500 * time.Millisecond)
			if !slices.Contains(s.log, want) || s.open() != 0 {
				t.Errorf("log %q, %d steps open", s.log, s.open())
			}
		})
	}
}

func TestBadConfigurations(t *testing.T) {
	for props, want := range map[string]string{
		"rate=0": "delay.rate", "rate=-1": "delay.rate", "pauseType=nap": "delay.pause_type", "timeout=soon": "node.bad_property",
	} {
		h := nodetest.New(t, nodetest.Registered(t, "delay", delay.Register), object(t, props))
		if !locale.HasKey(h.Err, want) {
			t.Errorf("%s: %v", props, h.Err)
		}
	}
}

func TestStatusShowsWhatIsHeld(t *testing.T) {
	s := play(t, "pauseType=delay timeout=5").in("payload=a").in("payload=b")
	s.wait(5 * sec)
	var got []string
	for _, st := range s.Env.Statuses {
		got = append(got, st.Text)
	}
	if want := []string{"1", "2", "1", "0"}; !slices.Equal(got, want) {
		t.Errorf("statuses %q, want %q", got, want)
	}
}
