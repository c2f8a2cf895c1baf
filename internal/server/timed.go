package server

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"toban/internal/store"
)

// timed measures how long commits take.
type timed struct {
	store.Store
	seconds prometheus.Histogram
}

// Timed gives st, whose commits the observer's metrics then tell of.
func (o *Observer) Timed(st store.Store) store.Store { return timed{st, o.metrics.commits} }

// Commit commits. Failed ones count as well: they are what takes long on a bad disk.
func (t timed) Commit(ctx context.Context, cuts ...*store.Cut) error {
	begun := time.Now()
	err := t.Store.Commit(ctx, cuts...)
	t.seconds.Observe(time.Since(begun).Seconds())
	return err
}
