package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
)

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
