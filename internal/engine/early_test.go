package engine_test

import (
	"context"
	"testing"
	"testing/synctest"

	"toban/internal/engine"
	"toban/internal/node"
	"toban/internal/store"
)

// early is a store during whose recovery something happens.
type early struct {
	store.Store
	then func()
}

func (s early) Recover(ctx context.Context, partition string) (*store.Snapshot, error) {
	snap, err := s.Store.Recover(ctx, partition)
	s.then()
	return snap, err
}

// Slack's clicks come in as soon as the process is there. An answer that is
// stored between the reading of the open questions and their return to the
// machines goes on like any other.
func TestAnswerWhileStarting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, asks)
		r.emit("m1")
		q := r.question()
		r.crash(func(cfg *engine.Config) {
			inner := cfg.Store
			cfg.Store = early{inner, func() {
				other := engine.New(engine.Config{Store: inner, Types: cfg.Types, Build: cfg.Build})
				if _, err := other.Answer(t.Context(), q.ID, node.Answer{Choice: 0, Value: "yes"}); err != nil {
					t.Error(err)
				}
			}}
		})
		same(t, "ends", r.w.ends(), []string{"yes"})
		same(t, "effects", r.w.effects(), []string{"go"})
		same(t, "run", r.runs()[0].Status, "done")
	})
}
