package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	"toban/internal/atomicfile"
	"toban/internal/locale"
	"toban/internal/store"
)

// FileName is the database inside the data folder.
const FileName = "toban.db"

// readers is the number of connections that read at the same time.
const readers = 4

// Store is a [store.Store] in one SQLite file.
type Store struct {
	file    string
	now     func() time.Time
	lock    *folderLock
	conn    *writerConn
	read    *sql.DB
	queue   chan *job
	written chan struct{} // closed when the writer has ended

	closing sync.RWMutex // guards closed, and the queue against being closed
	closed  bool
}

// Open opens the database in dir, creating both (mode 0700 and 0600) if
// needed, and locks the folder until Close. A folder that another process owns
// is an error that wraps [store.ErrLocked].
func Open(ctx context.Context, dir string) (*Store, error) { return OpenClock(ctx, dir, time.Now) }

// OpenClock is Open with another clock, by which deadlines are decided.
func OpenClock(ctx context.Context, dir string, now func() time.Time) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, locale.Errorf("sqlite.folder", "dir", dir).Because(err)
	}
	if err := atomicfile.MakeFolder(dir, 0o700); err != nil {
		return nil, locale.Errorf("sqlite.folder", "dir", dir).Because(err)
	}
	lock, err := lockFolder(dir)
	if err != nil {
		return nil, err
	}
	if writeHolder(dir, "") != nil { // a full disk doesn't keep Toban from starting
		_ = atomicfile.Remove(filepath.Join(dir, holderName)) // it names somebody else
	}
	s := &Store{
		file: filepath.Join(dir, FileName), now: now, lock: lock,
		queue: make(chan *job, queueLength), written: make(chan struct{}),
	}
	if err := s.start(ctx); err != nil {
		_ = s.release() // the first error is the one to mend
		return nil, s.opening(err)
	}
	return s, nil
}

func (s *Store) start(ctx context.Context) error {
	// SQLite gives the -wal and -shm files the mode of this one.
	f, err := os.OpenFile(s.file, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	cutShort := notEmpty(s.file + "-wal") // Close leaves none
	if err := prepare(ctx, s.file); err != nil {
		return err
	}
	if s.conn, err = openWriter(ctx, s.file); err != nil {
		return err
	}
	if err := migrate(s.conn); err != nil {
		return err
	}
	w, err := newWriter(s.conn)
	if err != nil {
		return err
	}
	c, err := connector(s.file, "query_only(ON)")
	if err != nil {
		return err
	}
	s.read = sql.OpenDB(c)
	s.read.SetMaxOpenConns(readers)
	s.read.SetMaxIdleConns(readers)
	if cutShort {
		if err := s.check(ctx); err != nil {
			return err
		}
	}
	go s.write(w)
	return nil
}

// Close lets the calls that wait finish, refuses new ones, and gives the folder free.
func (s *Store) Close() error {
	s.closing.Lock()
	if s.closed {
		s.closing.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.closing.Unlock()
	<-s.written
	return s.release()
}

func (s *Store) release() error {
	var errs []error
	if s.read != nil {
		errs = append(errs, s.read.Close())
	}
	if s.conn != nil { // last: it brings the WAL into the file
		errs = append(errs, s.conn.close())
	}
	return errors.Join(append(errs, s.lock.release())...)
}

var _ store.Store = (*Store)(nil)
