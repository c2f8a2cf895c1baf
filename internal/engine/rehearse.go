package engine

import (
	"context"
	"errors"

	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/store"
)

// rehearsalCursor is where the rehearsed tabs are kept.
const rehearsalCursor = "toban.rehearsal"

// Rehearsed reports whether the runs of a tab are rehearsals.
func (e *Engine) Rehearsed(tab string) bool {
	set := e.rehearsed.Load()
	return set != nil && (*set)[tab]
}

// Rehearse switches the rehearsal of a tab on or off, for runs that begin from now on.
func (e *Engine) Rehearse(ctx context.Context, tab string, on bool) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	set := map[string]bool{}
	b := message.NewBuilder(0)
	if old := e.rehearsed.Load(); old != nil {
		for t := range *old {
			set[t] = true
		}
	}
	delete(set, tab)
	if on {
		set[tab] = true
	}
	for t := range set {
		b.Set(t, true)
	}
	if err := e.cfg.Store.SetCursor(ctx, rehearsalCursor, machine.Encode(b.Object())); err != nil {
		return err
	}
	e.rehearsed.Store(&set)
	return nil
}

func (e *Engine) loadRehearsed(ctx context.Context) error {
	stored, err := e.cfg.Store.Cursor(ctx, rehearsalCursor)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := machine.Decode(stored)
	if err != nil {
		return err
	}
	set := map[string]bool{}
	if obj, ok := v.(*message.Object); ok {
		for tab := range obj.All() {
			set[tab] = true
		}
	}
	e.rehearsed.Store(&set)
	return nil
}
