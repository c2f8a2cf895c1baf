package sqlite

import "context"

// PutRevision keeps a deployed flow file; see [store.Store].
func (s *Store) PutRevision(ctx context.Context, hash string, file []byte) error {
	return s.submit(ctx, len(file), func(w *writer) error {
		_, err := w.exec(`INSERT INTO revisions (hash, file, put_at) VALUES (?, ?, ?)
			ON CONFLICT (hash) DO UPDATE SET put_at = excluded.put_at`, hash, notNull(file), s.now().UnixMicro())
		return err
	})
}

// Revision gives a deployed flow file; see [store.Store].
func (s *Store) Revision(ctx context.Context, hash string) (file []byte, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT file FROM revisions WHERE hash = ?", hash).Scan(&file)
	return file, s.missing(err)
}

// Cursor gives a source's place; see [store.Store].
func (s *Store) Cursor(ctx context.Context, source string) (value []byte, err error) {
	err = s.read.QueryRowContext(ctx, "SELECT value FROM cursors WHERE source = ?", source).Scan(&value)
	return value, s.missing(err)
}

// SetCursor keeps a source's place; see [store.Store].
func (s *Store) SetCursor(ctx context.Context, source string, value []byte) error {
	return s.submit(ctx, len(value), func(w *writer) error {
		_, err := w.exec("INSERT OR REPLACE INTO cursors (source, value) VALUES (?, ?)", source, notNull(value))
		return err
	})
}

// notNull is b, or an empty value in its place.
func notNull(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
