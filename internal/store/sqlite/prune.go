package sqlite

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"toban/internal/failpoint"
)

// The chunks bound what one transaction deletes or moves, so that the commits of
// running flows slip in between. When the file is too large fewer runs go at a
// time: they may be large, and no more is to go than must.
const (
	pruneChunk  = 50
	sizeChunk   = 5
	vacuumChunk = 256
)

// Prune deletes old runs, the questions and records that belong to them, and
// flow files that nothing refers to any more; then it shrinks the file. See [store.Store].
func (s *Store) Prune(ctx context.Context, before time.Time, bytes int64) (runs int, err error) {
	for {
		n, err := s.pruneRuns(ctx, before, pruneChunk)
		runs += n
		if err != nil {
			return runs, err
		}
		if n < pruneChunk {
			break
		}
	}
	n, err := s.pruneToSize(ctx, bytes)
	runs += n
	if err != nil {
		return runs, err
	}
	if err := s.pruneRevisions(ctx, before); err != nil {
		return runs, err
	}
	failpoint.Here(failpoint.PrunedRevisions)
	return runs, s.shrink(ctx)
}

// pruneToSize deletes the oldest ended runs until the pages in use take no more
// than so many bytes.
func (s *Store) pruneToSize(ctx context.Context, bytes int64) (runs int, err error) {
	if bytes <= 0 {
		return 0, nil
	}
	for {
		used, err := s.used(ctx)
		if err != nil || used <= bytes {
			return runs, err
		}
		n, err := s.pruneRuns(ctx, farFuture, sizeChunk) // whatever has ended
		runs += n
		if err != nil || n == 0 {
			return runs, err
		}
	}
}

// used is what the pages in use take, in bytes.
func (s *Store) used(ctx context.Context) (bytes int64, err error) {
	err = s.submit(ctx, 0, func(w *writer) error {
		var sizes [3]int64
		for i, name := range []string{"page_count", "freelist_count", "page_size"} {
			if sizes[i], err = w.pragma(name); err != nil {
				return err
			}
		}
		bytes = (sizes[0] - sizes[1]) * sizes[2]
		return nil
	})
	return bytes, err
}

// farFuture is later than any run.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

type prunable struct {
	n  int64
	id string
}

// pruneRuns deletes the oldest runs, at most so many. Ended runs never change, so they
// are looked up outside the writer. A run with an open question is kept.
func (s *Store) pruneRuns(ctx context.Context, before time.Time, most int) (int, error) {
	// A run that ended before then started before then: the index on started_at serves.
	old, err := collect(ctx, s.read, func(rows *sql.Rows) (p prunable, err error) {
		err = rows.Scan(&p.n, &p.id)
		return p, err
	}, `SELECT n, id FROM runs WHERE ended_at < ?1 AND started_at < ?1
		AND NOT EXISTS (SELECT 1 FROM questions WHERE run = runs.id AND consumed = 0 AND state = 'open')
		ORDER BY started_at LIMIT ?2`, before.UnixMicro(), most)
	if err != nil || len(old) == 0 {
		return 0, s.failure(err)
	}
	deleted := 0
	err = s.submit(ctx, 0, func(w *writer) error {
		deleted = 0
		for _, p := range old {
			n, err := w.deleteRun(p, before)
			if err != nil {
				return err
			}
			deleted += int(n)
		}
		return nil
	})
	failpoint.Here(failpoint.PrunedRuns)
	return deleted, err
}

// deleteRun deletes one run if it is still what pruneRuns saw.
func (w *writer) deleteRun(p prunable, before time.Time) (deleted int64, err error) {
	deleted, err = w.exec("DELETE FROM runs WHERE n = ? AND ended_at < ?", p.n, before.UnixMicro())
	if err != nil || deleted == 0 {
		return 0, err
	}
	delete(w.known, p.id)
	if _, err = w.exec("DELETE FROM journal WHERE run = ?", p.n); err != nil {
		return 0, err
	}
	_, err = w.exec("DELETE FROM questions WHERE run = ?", p.id)
	return deleted, err
}

// pruneRevisions deletes the flow files that were put before the time and that
// no run refers to; the newest one is what is deployed and stays.
func (s *Store) pruneRevisions(ctx context.Context, before time.Time) error {
	hashes, err := collect(ctx, s.read, func(rows *sql.Rows) (hash string, err error) {
		err = rows.Scan(&hash)
		return hash, err
	}, `SELECT hash FROM revisions WHERE put_at < ? AND put_at < (SELECT max(put_at) FROM revisions)
		AND hash NOT IN (SELECT revision FROM runs)`, before.UnixMicro())
	if err != nil || len(hashes) == 0 {
		return s.failure(err)
	}
	return s.submit(ctx, 0, func(w *writer) error {
		for _, hash := range hashes {
			if _, err := w.exec("DELETE FROM revisions WHERE hash = ? AND put_at < ?", hash, before.UnixMicro()); err != nil {
				return err
			}
		}
		return nil
	})
}

// shrink gives free pages back to the system, but for a sixteenth of the file:
// tomorrow's runs would only have to ask for them again.
func (s *Store) shrink(ctx context.Context) error {
	for {
		more := false
		err := s.submit(ctx, 0, func(w *writer) error {
			free, err := w.pragma("freelist_count")
			if err != nil {
				return err
			}
			pages, err := w.pragma("page_count")
			if err != nil {
				return err
			}
			spare := free - pages/16
			if more = spare > 0; !more {
				return nil
			}
			_, err = w.exec(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumChunk))
			return err
		})
		failpoint.Here(failpoint.PrunedSpace)
		if err != nil || !more {
			return err
		}
	}
}
