package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"toban/internal/store"
)

const runColumns = `id, partition, flow, flow_name, revision, source, event_key, title, status, waiting, error,
	rehearsal, parent, started_at, ended_at`

// FindEvent gives the run of an event; see [store.Store].
func (s *Store) FindEvent(ctx context.Context, source, key string) (run string, err error) {
	if key == "" {
		return "", store.ErrNotFound
	}
	err = s.read.QueryRowContext(ctx, "SELECT id FROM runs WHERE source = ? AND event_key = ? AND event_key <> ''", source, key).Scan(&run)
	return run, s.missing(err)
}

// missing turns the absence of a row into ErrNotFound.
func (s *Store) missing(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return store.ErrNotFound
	}
	return s.failure(err)
}

// Runs lists runs, newest first; see [store.Store].
func (s *Store) Runs(ctx context.Context, f store.RunFilter) ([]store.Run, error) {
	var sel selection
	sel.is("status", f.Status)
	sel.is("flow", f.Flow)
	if f.Parent != "" {
		sel.add("parent = ? AND parent <> ''", f.Parent) // lets the small index serve it
	}
	if f.Rehearsal {
		sel.add("rehearsal = 1")
	}
	if f.Text != "" {
		pattern := "%" + likeEscaper.Replace(f.Text) + "%"
		sel.add(`(title LIKE ? ESCAPE '\' OR id LIKE ? ESCAPE '\')`, pattern, pattern)
	}
	if !f.Since.IsZero() {
		sel.add("started_at >= ?", f.Since.UnixMicro())
	}
	if !f.Until.IsZero() {
		sel.add("started_at < ?", f.Until.UnixMicro())
	}
	if f.Before != "" {
		sel.add("(started_at, n) < (SELECT started_at, n FROM runs WHERE id = ?)", f.Before)
	}
	query := "SELECT " + runColumns + " FROM runs " + sel.where() + " ORDER BY started_at DESC, n DESC LIMIT ?"
	runs, err := collect(ctx, s.read, scanRun, query, append(sel.args, limit(f.Limit))...)
	return runs, s.failure(err)
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// Run gives one run and its journal; see [store.Store].
func (s *Store) Run(ctx context.Context, id string) (store.Run, []store.Record, error) {
	var records []store.Record
	runs, err := collect(ctx, s.read, scanRun, "SELECT "+runColumns+" FROM runs WHERE id = ?", id)
	if err == nil {
		records, err = collect(ctx, s.read, scanRecord, `SELECT r.id, j.seq, j.data, j.sum FROM runs r JOIN journal j ON j.run = r.n
			WHERE r.id = ? ORDER BY j.seq`, id)
	}
	if err = found(len(runs) == 1, s.failure(err)); err != nil {
		return store.Run{}, nil, err
	}
	return runs[0], records, nil
}

func scanRun(rows *sql.Rows) (r store.Run, err error) {
	var started, ended sql.NullInt64
	err = rows.Scan(&r.ID, &r.Partition, &r.Flow, &r.FlowName, &r.Revision, &r.Source, &r.EventKey, &r.Title,
		&r.Status, &r.Waiting, &r.Error, &r.Rehearsal, &r.Parent, &started, &ended)
	r.StartedAt, r.EndedAt = instant(started), instant(ended)
	return r, err
}

func scanRecord(rows *sql.Rows) (r store.Record, err error) {
	var sum sql.NullInt64 // none: written by an older version
	err = rows.Scan(&r.Run, &r.Seq, &r.Data, &sum)
	if err == nil && sum.Valid && sum.Int64 != checksum(r.Data) {
		err = fmt.Errorf("%w: record %d of run %s", errDamaged, r.Seq, r.Run)
	}
	return r, err
}
