package engine_test

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/node"
	"toban/internal/store/memory"
)

// wall is a clock that can be set while the timers go on.
type wall struct{ off atomic.Int64 }

func (w *wall) now() time.Time        { return time.Now().Add(time.Duration(w.off.Load())) }
func (w *wall) jump(by time.Duration) { w.off.Add(int64(by)) }

// onWall starts an engine and its store by a clock that can be set.
func onWall(t *testing.T, file string) (*rig, *wall) {
	w := &wall{}
	st := memory.New()
	st.Now = w.now
	r := &rig{t: t, w: newWorld(), store: st, file: file, desk: newDesk()}
	r.boot(func(c *engine.Config) { c.Now, c.ClockCheck = w.now, 15*time.Second })
	t.Cleanup(func() { r.Stop(t.Context()) })
	return r, w
}

// letPass lets time pass and everything happen that falls due.
func letPass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// TestQuestionsFollowTheClock: a question ends at the time that its card shows,
// whether the clock was put forward (or the machine slept) or back, and once.
func TestQuestionsFollowTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, clock := onWall(t, asks) // 30 minutes
		r.emit("m1")
		clock.jump(-3 * time.Hour)
		letPass(time.Hour)
		same(t, "cards while the clock is behind", r.desk.shown(), []string{"post ask open"})
		clock.jump(4 * time.Hour) // it is past the deadline now
		letPass(time.Minute)
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask expired"})
		same(t, "ends", len(r.w.ends()), 1)

		r.emit("m2")
		clock.jump(time.Hour)
		letPass(20 * time.Second)
		same(t, "ends soon after the clock was put forward", len(r.w.ends()), 2)

		r.emit("m3")
		clock.jump(time.Hour)
		_, err := r.Answer(t.Context(), r.question().ID, node.Answer{Choice: 0, Value: "yes"})
		if err == nil {
			t.Error("an answer after the deadline was taken")
		}
		letPass(time.Minute)
		clock.jump(-2 * time.Hour)
		letPass(3 * time.Hour)
		same(t, "ends", len(r.w.ends()), 3)
		same(t, "effects", len(r.w.effects()), 0)
	})
}

// TestHeldMessagesFollowTheClock: what a node holds for a minute is released at
// that time of the clock, and when the clock is put back, after that minute.
func TestHeldMessagesFollowTheClock(t *testing.T) {
	const holds = `[{"id":"s","type":"src","z":"t","wires":[["h"]]},{"id":"h","type":"hold","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`
	synctest.Test(t, func(t *testing.T) {
		r, clock := onWall(t, holds)
		r.emit("m1")
		clock.jump(time.Hour)
		letPass(20 * time.Second)
		same(t, "after the clock was put forward", r.w.ends(), []string{"m1"})
		r.emit("m2")
		clock.jump(-time.Hour)
		letPass(61 * time.Second)
		same(t, "after the clock was put back", r.w.ends(), []string{"m1", "m2"})
		letPass(3 * time.Hour)
		same(t, "once each", r.w.ends(), []string{"m1", "m2"})
	})
}

// TestRunsWhileTheClockJumps: ids stay unique, runs end, repeats are seen, and a
// restart on an earlier day finds everything.
func TestRunsWhileTheClockJumps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, clock := onWall(t, actions)
		seen := map[string]bool{}
		for i, by := range []time.Duration{0, -24 * time.Hour, 365 * 24 * time.Hour, -366 * 24 * time.Hour, 0} {
			clock.jump(by)
			receipt := r.emit("m" + string(rune('0'+i)))
			seen[receipt.Run()] = true
			letPass(time.Minute)
			same(t, "repeated", r.emit("m0").Repeated(), true)
		}
		same(t, "runs", len(seen), 5)
		same(t, "effects", len(r.w.effects()), 10)
		clock.jump(-30 * 24 * time.Hour)
		r.crash(func(c *engine.Config) { c.Now = clock.now })
		same(t, "repeated after a restart", r.emit("m4").Repeated(), true)
		for _, run := range r.runs() {
			same(t, "status", run.Status, "done")
		}
	})
}
