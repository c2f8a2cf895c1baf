package sqlite

import (
	"context"
	"database/sql"
	"errors"

	"toban/internal/store"
)

// Recover loads what survives, from one moment; see [store.Store].
func (s *Store) Recover(ctx context.Context, partition string) (*store.Snapshot, error) {
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, s.failure(err)
	}
	snap, err := snapshot(ctx, tx, partition)
	if err = errors.Join(err, tx.Rollback()); err != nil { // nothing was written
		return nil, s.failure(err)
	}
	return snap, nil
}

func snapshot(ctx context.Context, tx *sql.Tx, partition string) (*store.Snapshot, error) {
	var sel selection
	sel.is("partition", partition)
	plain, args := sel.where(), sel.args
	sel.add("ended_at IS NULL")
	open := sel.where()

	var snap store.Snapshot
	var errs [5]error
	snap.Runs, errs[0] = collect(ctx, tx, scanRun, "SELECT "+runColumns+" FROM runs "+open+" ORDER BY n", args...)
	snap.Records, errs[1] = collect(ctx, tx, scanRecord,
		"SELECT r.id, j.seq, j.data, j.sum FROM runs r JOIN journal j ON j.run = r.n "+open+" ORDER BY j.seq", args...)
	snap.Context, errs[2] = collect(ctx, tx, scanContext, "SELECT owner, value FROM context "+plain+" ORDER BY owner", args...)
	snap.State, errs[3] = collect(ctx, tx, scanState, "SELECT partition, node, seq, value, due FROM state "+plain+" ORDER BY node, seq", args...)
	var pending selection
	pending.add("consumed = 0")
	pending.is("partition", partition)
	snap.Questions, errs[4] = questions(ctx, tx, pending.where()+" ORDER BY n", pending.args...)
	return &snap, errors.Join(errs[:]...)
}

func scanContext(rows *sql.Rows) (c store.ContextWrite, err error) {
	err = rows.Scan(&c.Owner, &c.Value)
	return c, err
}

func scanState(rows *sql.Rows) (r store.StateRow, err error) {
	var seq int64
	var due sql.NullInt64
	err = rows.Scan(&r.Partition, &r.Node, &seq, &r.Value, &due)
	r.Seq, r.Due = uint64(seq), instant(due)
	return r, err
}
