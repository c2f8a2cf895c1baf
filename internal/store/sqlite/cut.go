package sqlite

import (
	"context"
	"database/sql/driver"

	"toban/internal/store"
)

// knownRuns bounds the writer's memory of the runs that it wrote lately.
const knownRuns = 8192

// knownRun is an open run as the file has it: its number, and what its row says,
// so that a row which did not change isn't written again with every record.
type knownRun struct {
	n   int64
	row store.Run
}

// Commit writes the cuts; see [store.Store].
func (s *Store) Commit(ctx context.Context, cuts ...*store.Cut) error {
	if len(cuts) == 0 {
		return nil
	}
	return s.submit(ctx, size(cuts), func(w *writer) error {
		for _, c := range cuts {
			if err := w.cut(c); err != nil {
				return err
			}
		}
		return nil
	})
}

// size is about how much the cuts will write.
func size(cuts []*store.Cut) (bytes int) {
	for _, c := range cuts {
		for i := range c.Runs {
			bytes += 200 + len(c.Runs[i].Record)
		}
		for i := range c.Context {
			bytes += len(c.Context[i].Value)
		}
		for i := range c.State {
			bytes += len(c.State[i].Value)
		}
		for i := range c.Questions {
			bytes += 200 + len(c.Questions[i].Body)
		}
	}
	return bytes
}

func (w *writer) cut(c *store.Cut) error {
	for i := range c.Runs {
		if err := w.run(&c.Runs[i]); err != nil {
			return err
		}
	}
	for i := range c.Context {
		if err := w.context(c.Partition, &c.Context[i]); err != nil {
			return err
		}
	}
	for i := range c.State {
		if err := w.state(c.Partition, &c.State[i]); err != nil {
			return err
		}
	}
	for i := range c.Questions {
		if err := w.question(&c.Questions[i]); err != nil {
			return err
		}
	}
	for _, id := range c.Consumed {
		if _, err := w.exec("UPDATE questions SET consumed = 1 WHERE id = ? AND state <> 'open'", id); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) run(r *store.RunWrite) error {
	n, err := w.runRow(&r.Run)
	if err != nil || r.Record == nil {
		return err
	}
	seq := w.nextSeq
	w.nextSeq++
	_, err = w.exec("INSERT INTO journal (seq, run, data, sum) VALUES (?, ?, ?, ?)", seq, n, r.Record, checksum(r.Record))
	return err
}

// runRow writes the row of a run, if it changed, and gives its number.
func (w *writer) runRow(r *store.Run) (n int64, err error) {
	known, ok := w.known[r.ID]
	switch {
	case ok && known.row == *r:
		return known.n, nil
	case ok:
		n = known.n
	default:
		if n, err = w.number("SELECT n FROM runs WHERE id = ?", r.ID); err != nil {
			return 0, err
		}
	}
	if n == 0 {
		n, err = w.insertRun(r)
	} else {
		err = w.updateRun(n, r)
	}
	if err == nil {
		w.remember(n, r)
	}
	return n, err
}

func (w *writer) remember(n int64, r *store.Run) {
	if !r.EndedAt.IsZero() {
		delete(w.known, r.ID)
		return
	}
	if len(w.known) >= knownRuns {
		clear(w.known)
	}
	w.known[r.ID] = knownRun{n: n, row: *r}
}

func (w *writer) insertRun(r *store.Run) (int64, error) {
	if r.EventKey != "" {
		taken, err := w.number("SELECT n FROM runs WHERE source = ? AND event_key = ? AND event_key <> ''", r.Source, r.EventKey)
		if err != nil {
			return 0, err
		}
		if taken != 0 {
			return 0, store.ErrRepeated
		}
	}
	n := w.nextRun
	w.nextRun++
	_, err := w.exec(`INSERT INTO runs (partition, flow, flow_name, revision, source, event_key, title, status, waiting,
		error, rehearsal, parent, started_at, ended_at, id, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append(runValues(r), r.ID, n)...)
	return n, err
}

func (w *writer) updateRun(n int64, r *store.Run) error {
	_, err := w.exec(`UPDATE runs SET partition = ?, flow = ?, flow_name = ?, revision = ?, source = ?, event_key = ?,
		title = ?, status = ?, waiting = ?, error = ?, rehearsal = ?, parent = ?, started_at = ?, ended_at = ? WHERE n = ?`,
		append(runValues(r), n)...)
	return err
}

func runValues(r *store.Run) []driver.Value {
	return append(make([]driver.Value, 0, 16),
		r.Partition, r.Flow, r.FlowName, r.Revision, r.Source, r.EventKey, r.Title, r.Status, r.Waiting,
		r.Error, flag(r.Rehearsal), r.Parent, micros(r.StartedAt), micros(r.EndedAt))
}

func (w *writer) context(partition string, c *store.ContextWrite) error {
	if c.Value == nil {
		_, err := w.exec("DELETE FROM context WHERE owner = ?", c.Owner)
		return err
	}
	_, err := w.exec("INSERT OR REPLACE INTO context (owner, partition, value) VALUES (?, ?, ?)", c.Owner, partition, c.Value)
	return err
}

func (w *writer) state(partition string, r *store.StateWrite) error {
	if r.Delete {
		_, err := w.exec("DELETE FROM state WHERE node = ? AND seq = ?", r.Node, int64(r.Seq))
		return err
	}
	_, err := w.exec("INSERT OR REPLACE INTO state (node, seq, partition, value, due) VALUES (?, ?, ?, ?, ?)",
		r.Node, int64(r.Seq), partition, blob(r.Value), micros(r.Due))
	return err
}
