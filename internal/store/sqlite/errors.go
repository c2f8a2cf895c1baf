package sqlite

import (
	_ "embed"
	"errors"

	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"toban/internal/locale"
	"toban/internal/store"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// failure turns SQLite's errors into ones for the person on duty; others pass.
func (s *Store) failure(err error) error {
	if errors.Is(err, errDamaged) {
		return locale.Errorf("sqlite.damaged", "file", s.file).Because(err)
	}
	sqliteErr, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return err
	}
	key := "sqlite.failed"
	switch sqliteErr.Code() & 0xff { // the primary code, without its extension
	case lib.SQLITE_FULL:
		key = "sqlite.full"
	case lib.SQLITE_READONLY, lib.SQLITE_PERM:
		key = "sqlite.readonly"
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		key = "sqlite.damaged"
	case lib.SQLITE_IOERR:
		key = "sqlite.disk"
	}
	if sqliteErr.Code() == lib.SQLITE_IOERR_SHMSIZE { // the index beside the file finds no room
		key = "sqlite.full"
	}
	return locale.Errorf(key, "file", s.file).Because(err)
}

// opening is failure for Open, where every error names the file.
func (s *Store) opening(err error) error {
	if _, ok := errors.AsType[*locale.Error](err); ok {
		return err
	}
	if e := s.failure(err); locale.HasKey(e, "sqlite.full") {
		return locale.Errorf("sqlite.full_start", "file", s.file).Because(err)
	} else if e != err { //nolint:errorlint // is it another one than before?
		return e
	}
	return locale.Errorf("sqlite.failed", "file", s.file).Because(err)
}

// found gives err, or ErrNotFound if there was nothing.
func found(ok bool, err error) error {
	if err == nil && !ok {
		return store.ErrNotFound
	}
	return err
}
