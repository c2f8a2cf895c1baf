package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"toban/internal/failpoint"
)

// Write replaces the file at path by data and returns once it is on stable
// storage: a temporary file beside it, fsync, rename, fsync of the folder.
func Write(path string, data []byte, perm fs.FileMode) (err error) {
	dir := filepath.Dir(path)
	tmp, err := os.CreateTemp(dir, "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tmp.Close()
			_ = os.Remove(tmp.Name())
		}
	}()
	if err := tmp.Chmod(perm); err != nil && runtime.GOOS != "windows" {
		return err
	}
	if _, err := tmp.Write(data); err != nil {
		return err
	}
	if err := tmp.Sync(); err != nil {
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	failpoint.Here(failpoint.FileWritten)
	if err := os.Rename(tmp.Name(), path); err != nil {
		return err
	}
	failpoint.Here(failpoint.FileRenamed)
	return syncDir(dir)
}

// syncDir makes a rename durable. Windows has no such thing: there the rename
// itself is written through.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
