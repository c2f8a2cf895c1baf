package inject

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// presses records when events come in, in seconds since the start.
type presses struct {
	env   *nodetest.Env
	times chan float64
	err   error
}

func (p *presses) Emit(_ context.Context, e node.Event) (node.Receipt, error) {
	if !e.Input || e.Msg.Len() != 0 || e.Title == "" {
		return nil, errors.New("not an empty message to the node itself")
	}
	p.times <- p.env.Now().Sub(nodetest.Epoch).Seconds()
	return nil, p.err
}

func (p *presses) Cursor(context.Context) (message.Value, error)  { return nil, nil }
func (p *presses) SetCursor(context.Context, message.Value) error { return nil }

// pressedAt runs a node for d, a second at a time, and lists when it was pressed.
func pressedAt(t *testing.T, props string, d time.Duration, options ...nodetest.Option) (times []float64) {
	synctest.Test(t, func(t *testing.T) {
		h := harness(t, props, options...)
		p := &presses{env: h.Env, times: make(chan float64, 1000)}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.Node.(node.Source).Run(ctx, p) }()
		for range d / (100 * time.Millisecond) {
			synctest.Wait()
			h.Advance(100 * time.Millisecond)
		}
		synctest.Wait()
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
		close(p.times)
		for at := range p.times {
			times = append(times, at)
		}
	})
	return times
}

// The clock starts at 09:00:00 on 1 April 2026, a Wednesday, in UTC.
func TestSchedules(t *testing.T) {
	tokyo := func(e *nodetest.Env) { e.TimeZone = time.FixedZone("JST", 9*3600) }
	for _, c := range []struct {
		name, props string
		d           time.Duration
		want        []float64
		options     []nodetest.Option
	}{
		{"only the button", `{}`, time.Minute, nil, nil},
		{"once", `{"once":true}`, time.Second, []float64{0.1}, nil},
		{"once, later", `{"once":true,"onceDelay":"0.5"}`, time.Second, []float64{0.5}, nil},
		{"repeated", `{"repeat":"2"}`, 7 * time.Second, []float64{2, 4, 6}, nil},
		{"once, then repeated", `{"once":true,"repeat":2}`, 5 * time.Second, []float64{0.1, 2.1, 4.1}, nil},
		{"repeat is blank", `{"repeat":"","crontab":""}`, time.Minute, nil, nil},
		{"every five minutes", `{"crontab":"*/5 * * * *"}`, 11 * time.Minute, []float64{300, 600}, nil},
		{"every second", `{"crontab":"* * * * * *"}`, 3 * time.Second, []float64{1, 2, 3}, nil},
		{"at a time of day in the server's zone", `{"crontab":"05 18 * * *"}`, 10 * time.Minute, []float64{300}, []nodetest.Option{tokyo}},
		{"on other weekdays", `{"crontab":"05 09 * * 1,2,4-7"}`, 10 * time.Minute, nil, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, pressedAt(t, c.props, c.d, c.options...)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCronWeekdays(t *testing.T) {
	for text, want := range map[string]string{
		"7": "0", "1,7": "1,0", "5-7": "5-6,0", "0-7": "0-6", "7-7": "0", "*": "*", "MON-FRI": "MON-FRI", "*/7": "*/7", "17": "17",
	} {
		if got := sundayIsZero(text); got != want {
			t.Errorf("%s becomes %s, want %s", text, got, want)
		}
	}
}

func TestSchedulesThatCanNotBe(t *testing.T) {
	for _, crontab := range []string{"not a schedule", "* * *", "61 * * * *", "@weekly @daily"} {
		h := nodetest.New(t, nodetest.Registered(t, "inject", Register), message.NewObject("crontab", crontab))
		if !locale.HasKey(h.Err, "inject.bad_cron") {
			t.Errorf("%s: %v", crontab, h.Err)
		}
	}
	h := harness(t, `{"repeat":2147484,"props":[]}`)
	if len(h.Env.Logs) != 1 || !locale.HasKey(h.Env.Logs[0].What.(error), "inject.errors.toolong") {
		t.Errorf("logged %v", h.Env.Logs)
	}
	if got := press(t, h, `{}`); got != `{}` {
		t.Errorf("the button gives %s", got)
	}
}

func TestRunTellsWhenEventsAreRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := harness(t, `{"once":true}`)
		p := &presses{env: h.Env, times: make(chan float64, 1), err: errors.New("refused")}
		done := make(chan error)
		go func() { done <- h.Node.(node.Source).Run(t.Context(), p) }()
		synctest.Wait()
		h.Advance(time.Second)
		if err := <-done; !errors.Is(err, p.err) {
			t.Errorf("Run ended with %v", err)
		}
	})
}

// TestSchedulesFollowTheClock: times of day are times of the clock, whatever
// happens to it; an interval is time that passes.
func TestSchedulesFollowTheClock(t *testing.T) {
	for _, c := range []struct {
		name, props string
		by          time.Duration // how the clock is set after ten seconds
		d           time.Duration
		want        []float64 // seconds from the start, as they pass
	}{
		{"put forward beyond the time", `{"crontab":"0 10 * * *"}`, 2 * time.Hour, time.Hour, []float64{15}},
		{"put forward", `{"crontab":"0 10 * * *"}`, 59 * time.Minute, time.Hour, []float64{60}},
		{"put back a little: nothing comes twice", `{"crontab":"*/5 9 * * *"}`, -10 * time.Second, 11 * time.Minute, []float64{310, 610}},
		{"put back by hours", `{"crontab":"0 10 * * *"}`, -24 * time.Hour, 2 * time.Hour, []float64{3600}},
		{"an interval, put back", `{"repeat":"60"}`, -24 * time.Hour, 3*time.Minute + time.Second, []float64{60, 120, 180}},
		{"an interval, put forward: one that was missed comes at once", `{"repeat":"60"}`, 24 * time.Hour, 2*time.Minute + 2*time.Second, []float64{60, 61, 120}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := pressedWhileSet(t, c.props, c.by, c.d)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("pressed (-want +got):\n%s", diff)
			}
		})
	}
}

// pressedWhileSet is pressedAt with a clock that is set by so much after ten seconds.
func pressedWhileSet(t *testing.T, props string, by, d time.Duration) (times []float64) {
	synctest.Test(t, func(t *testing.T) {
		h := harness(t, props)
		p := &presses{env: h.Env, times: make(chan float64, 1000)}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- h.Node.(node.Source).Run(ctx, p) }()
		for second := range int(d / time.Second) {
			synctest.Wait()
			h.Advance(time.Second)
			synctest.Wait()
			if second+1 == 10 {
				h.Env.SetClock(by)
			}
			for len(p.times) > 0 {
				<-p.times
				times = append(times, float64(second+1))
			}
		}
		stop()
		if err := <-done; err != nil {
			t.Errorf("Run ended with %v", err)
		}
	})
	return times
}
