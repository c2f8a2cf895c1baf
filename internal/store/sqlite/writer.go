package sqlite

import (
	"context"
	"errors"
	"sync/atomic"

	"toban/internal/failpoint"
)

// Bounds of one transaction, so that no caller waits for a huge one, and of the
// calls that wait for the writer; a caller beyond that waits at the queue.
const (
	maxGroup      = 1024
	maxGroupBytes = 32 << 20
	queueLength   = 4096
)

var errClosed = errors.New("the store is closed")

// job is one call's share of a transaction.
type job struct {
	// write runs inside the transaction and may run again in another one after
	// a failure; an error undoes everything it wrote.
	write func(w *writer) error
	bytes int
	taken atomic.Bool // by the writer, or by the caller who gave up
	done  chan error
}

// writer is what the writing goroutine owns.
type writer struct {
	*writerConn
	nextRun int64 // number of the next new run
	nextSeq int64 // of the next journal record
	known   map[string]knownRun
}

func newWriter(conn *writerConn) (*writer, error) {
	lastRun, err := conn.number("SELECT max(n) FROM runs")
	if err != nil {
		return nil, err
	}
	lastSeq, err := conn.number("SELECT max(seq) FROM journal")
	if err != nil {
		return nil, err
	}
	return &writer{writerConn: conn, nextRun: lastRun + 1, nextSeq: lastSeq + 1, known: map[string]knownRun{}}, nil
}

// submit has write run in the next transaction and returns once it is on stable
// storage. A context that ends earlier takes the job back only while nothing of
// it was begun, so an error always means that nothing is written.
func (s *Store) submit(ctx context.Context, bytes int, write func(w *writer) error) error {
	j := &job{write: write, bytes: bytes, done: make(chan error, 1)}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.closing.RLock()
	if s.closed {
		s.closing.RUnlock()
		return errClosed
	}
	select {
	case s.queue <- j:
		s.closing.RUnlock()
	case <-ctx.Done():
		s.closing.RUnlock()
		return ctx.Err()
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.taken.CompareAndSwap(false, true) {
			return ctx.Err()
		}
		return <-j.done
	}
}

// write is the writing goroutine. It ends when the queue is closed and empty.
func (s *Store) write(w *writer) {
	defer close(s.written)
	for first := range s.queue {
		s.transact(w, s.gather(first))
	}
}

// gather takes whatever else waits.
func (s *Store) gather(first *job) []*job {
	var group []*job
	bytes := 0
	take := func(j *job) {
		if j.taken.CompareAndSwap(false, true) {
			group, bytes = append(group, j), bytes+j.bytes
		}
	}
	take(first)
	for len(group) < maxGroup && bytes < maxGroupBytes {
		select {
		case j, open := <-s.queue:
			if !open {
				return group
			}
			take(j)
		default:
			return group
		}
	}
	return group
}

// transact runs the jobs in one transaction. If it fails, each has one of its
// own, so that one call's mistake is no other call's failure.
func (s *Store) transact(w *writer, group []*job) {
	if len(group) == 0 {
		return
	}
	err := w.transaction(group)
	if err != nil && len(group) > 1 {
		for _, j := range group {
			j.done <- s.failure(w.transaction([]*job{j}))
		}
		return
	}
	for _, j := range group {
		j.done <- s.failure(err)
	}
}

func (w *writer) transaction(group []*job) error {
	err := w.attempt(group)
	if err != nil {
		w.rollback()
		clear(w.known) // it may hold what was just undone
	}
	return err
}

func (w *writer) attempt(group []*job) error {
	if _, err := w.exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, j := range group {
		if err := j.write(w); err != nil {
			return err
		}
	}
	failpoint.Here(failpoint.TransactionWritten)
	_, err := w.exec("COMMIT")
	failpoint.Here(failpoint.TransactionCommitted)
	return err
}
