package engine_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/store"
)

// failing is a store whose disk is full until it is told otherwise.
type failing struct {
	store.Store
	full atomic.Bool
}

func (f *failing) Commit(ctx context.Context, cuts ...*store.Cut) error {
	if f.full.Load() {
		return errors.New("disk full")
	}
	return f.Store.Commit(ctx, cuts...)
}

func TestFullDiskHoldsEverythingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var disk *failing
		r := start(t, actions, func(c *engine.Config) {
			disk = &failing{Store: c.Store}
			c.Store = disk
		})
		disk.full.Store(true)
		receipt := r.emit("m1")
		time.Sleep(time.Minute)
		synctest.Wait()
		same(t, "effects while the disk is full", len(r.w.effects()), 0)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if receipt.Safe(ctx) == nil {
			t.Error("the event was acknowledged without being stored")
		}
		disk.full.Store(false)
		time.Sleep(time.Minute)
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		if err := receipt.Safe(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// A stop ends although a cut can't be written; its runs are asked about later.
func TestStopWithFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var disk *failing
		r := start(t, actions, func(c *engine.Config) {
			disk = &failing{Store: c.Store}
			c.Store = disk
		})
		disk.full.Store(true)
		r.emit("m1")
		time.Sleep(time.Second)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began := time.Now()
		r.Stop(ctx)
		if took := time.Since(began); took > 20*time.Second {
			t.Errorf("the stop took %v", took)
		}
	})
}

// pure is a run that touches nothing: its history is written a little later.
const pure = `[{"id":"s","type":"src","z":"t","wires":[["e"]]},{"id":"e","type":"end","z":"t","wires":[]}]`

// A cut that a timer takes while the engine is being stopped is still written
// and doesn't keep the stop waiting, whatever the moment.
func TestStopAtAnyMoment(t *testing.T) {
	for after := range 40 {
		synctest.Test(t, func(t *testing.T) {
			r := start(t, pure)
			r.emit("m1")
			time.Sleep(190*time.Millisecond + time.Duration(after)*time.Millisecond/2)
			r.Stop(t.Context())
		})
	}
}

// A deploy waits for the cut that is being written, and not busily; a stop ends
// the wait even if the disk never has room again.
func TestStopDuringADeployOnAFullDisk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var disk *failing
		r := start(t, actions, func(c *engine.Config) {
			disk = &failing{Store: c.Store}
			c.Store = disk
		})
		disk.full.Store(true)
		r.emit("m1")
		deployed := make(chan error, 1)
		go func() {
			g, err := build(r.w, []byte(pure))
			if err == nil {
				_, err = r.Deploy(context.Background(), g, []byte(pure), flow.Full)
			}
			deployed <- err
		}()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r.Stop(ctx)
		if err := <-deployed; !errors.Is(err, engine.ErrStopped) {
			t.Errorf("the deploy ended with %v", err)
		}
	})
}
