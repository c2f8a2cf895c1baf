package sqlite

import (
	"errors"
	"os"
	"path/filepath"

	"toban/internal/locale"
	"toban/internal/store"
)

// lockName is a file of its own: SQLite's locks on the database are released
// when any descriptor of it is closed in the process.
const lockName = "toban.lock"

// folderLock is held by the process that owns a data folder. The system gives
// it free when the process dies, however it dies.
type folderLock struct{ file *os.File }

var errHeld = errors.New("the lock is held")

func lockFolder(dir string) (*folderLock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, locale.Errorf("sqlite.folder", "dir", dir).Because(err)
	}
	if err := tryLock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, errHeld) {
			return nil, locale.Errorf("sqlite.locked", "dir", dir, "holder", holder(dir)).Because(store.ErrLocked)
		}
		return nil, locale.Errorf("sqlite.folder", "dir", dir).Because(err)
	}
	return &folderLock{file: f}, nil
}

// release leaves the file in place: removing it would let two processes lock
// two different files of one name.
func (l *folderLock) release() error { return l.file.Close() }
