package simulate

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"toban/internal/store"
)

// disk is what survives a process.
type disk struct {
	store.Store
	file string // the flow file that a start finds
	// limbo are cuts whose commit failed: an error says that nothing is written,
	// but after a crash they may be found, until the same cut is written.
	limbo map[string][]*store.Cut // by partition
}

// access is a process's store: every call waits at a gate.
type access struct {
	p *process
	store.Store
}

var (
	errDisk = errors.New("disk I/O error")
	errDead = errors.New("the process is dead")
)

type actorKey struct{}

// as says in the context who acts, for the names at the gates.
func as(ctx context.Context, who string) context.Context {
	return context.WithValue(ctx, actorKey{}, who)
}

// actor is who calls the store: as the context says, else the engine's function.
func actor(ctx context.Context) string {
	if who, ok := ctx.Value(actorKey{}).(string); ok {
		return who
	}
	var pcs [8]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		f, more := frames.Next()
		if i := strings.Index(f.Function, "internal/engine."); i >= 0 {
			return f.Function[i+len("internal/engine."):]
		}
		if !more {
			return "engine"
		}
	}
}

// read waits for a read that may fail.
func (a *access) read(ctx context.Context, what string, do func() error) (err error) {
	alive := a.p.pass(&op{name: "read " + what + " by " + actor(ctx), ways: []way{
		{"read", func() { err = do() }},
		{"fails", func() { err = errDisk }},
	}})
	if !alive {
		return errDead
	}
	return err
}

// write waits for a write; it may be found after a crash although nobody heard of it.
func (a *access) write(name string, do func() error) (err error) {
	alike := strings.HasSuffix(name, "endQuestionNow") // cancelling twice
	alive := a.p.pass(&op{name: name, alike: alike, late: func() { _ = do() }, ways: []way{
		{"written", func() { err = do() }},
		{"fails", func() { err = errDisk }},
	}})
	if !alive {
		return errDead
	}
	return err
}

// Commit writes cuts, and checks what is then on the disk.
func (a *access) Commit(_ context.Context, cuts ...*store.Cut) (err error) {
	h := a.p.h
	part := cuts[0].Partition
	do := func() { err = h.commit(cuts) }
	alive := a.p.pass(&op{name: "commit " + part, late: do, ways: []way{
		{"written", do},
		{"fails", func() { err = errDisk }},
		{"fails, maybe written", func() { h.disk.limbo[part], err = cuts, errDisk }},
	}})
	if !alive {
		return errDead
	}
	return err
}

// commit is the write itself.
func (h *history) commit(cuts []*store.Cut) error {
	err := h.disk.Commit(context.Background(), cuts...)
	if err != nil {
		h.violated("P2", "a cut is refused: %v", err)
		return err
	}
	h.totals.Commits++
	for _, c := range cuts {
		delete(h.disk.limbo, c.Partition)
	}
	h.checkCuts(cuts)
	return nil
}

// Recover gives what is open.
func (a *access) Recover(ctx context.Context, partition string) (snap *store.Snapshot, err error) {
	err = a.read(ctx, "all", func() (err error) { snap, err = a.Store.Recover(context.Background(), partition); return err })
	return snap, err
}

// FindEvent gives the run of an event key.
func (a *access) FindEvent(ctx context.Context, source, key string) (run string, err error) {
	err = a.read(ctx, "event "+key, func() (err error) {
		run, err = a.Store.FindEvent(context.Background(), source, key)
		return err
	})
	return run, err
}

// Question gives one question.
func (a *access) Question(ctx context.Context, id string) (q store.Question, err error) {
	err = a.read(ctx, "question "+id, func() (err error) { q, err = a.Store.Question(context.Background(), id); return err })
	return q, err
}

// EndQuestion ends a question.
func (a *access) EndQuestion(ctx context.Context, id string, end store.Ending) (q store.Question, err error) {
	h := a.p.h
	err = a.write(fmt.Sprintf("close %s %s by %s", id, end.State, actor(ctx)), func() (err error) {
		q, err = a.Store.EndQuestion(context.Background(), id, end)
		if err == nil {
			h.questionEnds(q, end)
		}
		return err
	})
	return q, err
}

// Posted records where a card stands.
func (a *access) Posted(_ context.Context, id, ref string) error {
	return a.write("posted "+id, func() error { return a.Store.Posted(context.Background(), id, ref) })
}

// PutRevision keeps a flow file.
func (a *access) PutRevision(_ context.Context, hash string, file []byte) error {
	return a.write("revision "+hash[:8], func() error { return a.Store.PutRevision(context.Background(), hash, file) })
}

// Revision gives a flow file.
func (a *access) Revision(ctx context.Context, hash string) (file []byte, err error) {
	err = a.read(ctx, "revision "+hash[:8], func() (err error) { file, err = a.Store.Revision(context.Background(), hash); return err })
	return file, err
}

// Cursor gives a source's place.
func (a *access) Cursor(ctx context.Context, source string) (v []byte, err error) {
	err = a.read(ctx, "cursor "+source, func() (err error) { v, err = a.Store.Cursor(context.Background(), source); return err })
	return v, err
}

// Prune is not played.
func (a *access) Prune(context.Context, time.Time, int64) (int, error) { return 0, errDisk }

var _ store.Store = (*access)(nil)
