package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/node"
	"toban/internal/store"
)

// slow is a store whose writes each wait for a turn: before they are written, or
// when they are written and their caller doesn't know yet.
type slow struct {
	store.Store
	after bool
	turn  chan struct{}
}

func (s *slow) write(f func() error) error {
	if s.after {
		err := f()
		<-s.turn
		return err
	}
	<-s.turn
	return f()
}

func (s *slow) Commit(ctx context.Context, cuts ...*store.Cut) error {
	return s.write(func() error { return s.Store.Commit(ctx, cuts...) })
}

func (s *slow) EndQuestion(ctx context.Context, id string, end store.Ending) (q store.Question, err error) {
	err = s.write(func() (err error) { q, err = s.Store.EndQuestion(ctx, id, end); return err })
	return q, err
}

func (s *slow) SetCursor(ctx context.Context, source string, value []byte) error {
	return s.write(func() error { return s.Store.SetCursor(ctx, source, value) })
}

// next lets one write go on, and waits until everything has happened that may.
func (s *slow) next() {
	s.turn <- struct{}{}
	s.settle()
}

func (s *slow) settle() {
	time.Sleep(time.Minute) // whatever is put off has its time
	synctest.Wait()
}

// eachSlow runs a test with writes that wait on either side.
func eachSlow(t *testing.T, file string, f func(t *testing.T, r *rig, disk *slow)) {
	for name, after := range map[string]bool{"not written yet": false, "written but not confirmed": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var disk *slow
				r := start(t, file, func(c *engine.Config) {
					disk = &slow{Store: c.Store, after: after, turn: make(chan struct{})}
					c.Store = disk
				})
				f(t, r, disk)
				go func() { // the rest of the run may write
					for range disk.turn {
					}
				}()
				close(disk.turn)
			})
		})
	}
}

func isSafe(t *testing.T, receipt node.Receipt) bool {
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	return receipt.Safe(ctx) == nil
}

// TestNothingHappensBeforeItsCommit: an event is acknowledged, and an effect
// starts, once the commit of its reservation has returned, not a moment before.
func TestNothingHappensBeforeItsCommit(t *testing.T) {
	eachSlow(t, actions, func(t *testing.T, r *rig, disk *slow) {
		receipt := r.emit("m1")
		disk.settle()
		same(t, "effects", len(r.w.effects()), 0)
		same(t, "safe", isSafe(t, receipt), false)
		disk.next()
		same(t, "effects after the first commit", r.w.effects(), []string{"stop"})
		same(t, "safe after the first commit", isSafe(t, receipt), true)
		disk.next()
		same(t, "effects after the second", r.w.effects(), []string{"stop", "start"})
	})
}

// TestQuestionsWaitForTheirCommit: no card of a question that isn't stored, no
// thanks for an answer that isn't, and nothing that follows from it.
func TestQuestionsWaitForTheirCommit(t *testing.T) {
	eachSlow(t, asks, func(t *testing.T, r *rig, disk *slow) {
		receipt := r.emit("m1")
		disk.settle()
		same(t, "cards", len(r.desk.shown()), 0)
		same(t, "safe", isSafe(t, receipt), false)
		disk.next()
		same(t, "cards once the question is stored", r.desk.shown(), []string{"post ask open"})
		same(t, "safe", isSafe(t, receipt), true)

		answered := make(chan error, 1)
		id := r.question().ID
		go func() {
			_, err := r.Answer(t.Context(), id, node.Answer{Choice: 0, Value: "yes"})
			answered <- err
		}()
		disk.settle()
		select {
		case err := <-answered:
			t.Errorf("the answer was taken before it was stored: %v", err)
		default:
		}
		same(t, "cards before the answer is stored", r.desk.shown(), []string{"post ask open"})
		same(t, "effects", len(r.w.effects()), 0)
		disk.next()
		if err := <-answered; err != nil {
			t.Error(err)
		}
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask answered"})
		same(t, "effects before their reservation is stored", len(r.w.effects()), 0)
		disk.next()
		same(t, "effects", r.w.effects(), []string{"go"})
	})
}

// TestDeadlinesWaitForTheirCommit: a question's end by time goes no other way.
func TestDeadlinesWaitForTheirCommit(t *testing.T) {
	eachSlow(t, asks, func(t *testing.T, r *rig, disk *slow) {
		r.emit("m1")
		disk.next()
		time.Sleep(time.Hour)
		disk.settle()
		same(t, "cards before the end is stored", r.desk.shown(), []string{"post ask open"})
		same(t, "ends before it is stored", len(r.w.ends()), 0)
		disk.next()
		same(t, "cards", r.desk.shown(), []string{"post ask open", "update ask expired"})
		same(t, "ends", len(r.w.ends()), 1)
	})
}
