package sqlite

import (
	"context"
	"database/sql"

	"toban/internal/store"
)

const questionColumns = `id, run, step, partition, node, kind, title, connection, channel, body, approvers,
	state, answer, ref, consumed, created_at, deadline, ended_at`

func (w *writer) question(q *store.Question) error {
	_, err := w.exec("INSERT INTO questions ("+questionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		q.ID, q.Run, int64(q.Step), q.Partition, q.Node, q.Kind, q.Title, q.Connection, q.Channel, blob(q.Body), list(q.Approvers),
		q.State, blob(q.Answer), q.Ref, flag(q.Consumed), micros(q.CreatedAt), micros(q.Deadline), micros(q.EndedAt))
	return err
}

// endQuestion is the one way for a question to end: whoever finds it open, on
// the right side of its deadline, wins.
const endQuestion = `UPDATE questions SET state = ?2, answer = ?3, ended_at = ?4
	WHERE id = ?1 AND state = 'open' AND CASE ?2
		WHEN 'answered' THEN ?4 < coalesce(deadline, 9223372036854775807)
		WHEN 'expired' THEN ?4 >= deadline
		ELSE 1 END`

// EndQuestion ends an open question; see [store.Store].
func (s *Store) EndQuestion(ctx context.Context, id string, end store.Ending) (store.Question, error) {
	var won bool
	err := s.submit(ctx, len(end.Answer), func(w *writer) error {
		changed, err := w.exec(endQuestion, id, end.State, blob(end.Answer), s.now().UnixMicro())
		won = changed == 1
		return err
	})
	if err != nil {
		return store.Question{}, err
	}
	// Reading after the commit is safe: a question that is not open never changes its ending.
	q, err := s.Question(context.WithoutCancel(ctx), id)
	if err == nil && !won {
		err = store.ErrClosed
	}
	return q, err
}

// Posted records where a card stands; see [store.Store].
func (s *Store) Posted(ctx context.Context, id, ref string) error {
	var changed int64
	err := s.submit(ctx, len(ref), func(w *writer) (err error) {
		changed, err = w.exec("UPDATE questions SET ref = ? WHERE id = ?", ref, id)
		return err
	})
	return found(changed == 1, err)
}

// Question gives one question; see [store.Store].
func (s *Store) Question(ctx context.Context, id string) (store.Question, error) {
	qs, err := questions(ctx, s.read, "WHERE id = ?", id)
	if err = found(len(qs) == 1, s.failure(err)); err != nil {
		return store.Question{}, err
	}
	return qs[0], nil
}

// Questions lists questions, newest first; see [store.Store].
func (s *Store) Questions(ctx context.Context, f store.QuestionFilter) ([]store.Question, error) {
	var sel selection
	if f.State == store.Open {
		sel.add("consumed = 0") // lets the small index serve it
	}
	sel.is("state", f.State)
	sel.is("run", f.Run)
	qs, err := questions(ctx, s.read, sel.where()+" ORDER BY created_at DESC, n DESC LIMIT ?", append(sel.args, limit(f.Limit))...)
	return qs, s.failure(err)
}

// querier is a connection pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func questions(ctx context.Context, from querier, tail string, args ...any) ([]store.Question, error) {
	return collect(ctx, from, scanQuestion, "SELECT "+questionColumns+" FROM questions "+tail, args...)
}

func scanQuestion(rows *sql.Rows) (q store.Question, err error) {
	var approvers sql.NullString
	var created, deadline, ended sql.NullInt64
	err = rows.Scan(&q.ID, &q.Run, &q.Step, &q.Partition, &q.Node, &q.Kind, &q.Title, &q.Connection, &q.Channel, &q.Body,
		&approvers, &q.State, &q.Answer, &q.Ref, &q.Consumed, &created, &deadline, &ended)
	if err != nil {
		return q, err
	}
	q.CreatedAt, q.Deadline, q.EndedAt = instant(created), instant(deadline), instant(ended)
	q.Approvers, err = unlist(approvers)
	return q, err
}
