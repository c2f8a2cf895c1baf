package atomicfile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"toban/internal/failpoint"
)

// Write replaces the file at path by data and returns once that is on stable
// storage. The folder must exist. After an error the file is what it was before;
// but if only the folder's fsync failed, it is the new one until a power cut
// decides.
func Write(path string, data []byte, perm fs.FileMode) error {
	return replace(system{}, path, data, perm)
}

// WriteIn is Write inside a root, which the path can't lead out of.
func WriteIn(root *os.Root, path string, data []byte, perm fs.FileMode) error {
	return replace(inside{root}, filepath.FromSlash(path), data, perm)
}

// Remove deletes the file at path; it doesn't come back after a power cut.
func Remove(path string) error {
	if err := do(Op{Kind: Removed, Path: path}, func() error { return os.Remove(path) }); err != nil {
		return err
	}
	return syncFolder(system{}, filepath.Dir(path))
}

// The names of temporary files: a prefix and so many letters of [rand.Text].
const (
	partPrefix = ".part-"
	partRandom = 26
)

// replace does the work of Write on a file system.
func replace(on disk, path string, data []byte, perm fs.FileMode) error {
	dir, _ := filepath.Split(path)
	part := dir + partPrefix + rand.Text()
	if err := fill(on, part, data, perm); err != nil {
		return err
	}
	failpoint.Here(failpoint.FileWritten)
	err := do(Op{Kind: Renamed, Path: on.place(part), To: on.place(path)}, func() error { return on.Rename(part, path) })
	if err != nil {
		discard(on, part)
		return err
	}
	failpoint.Here(failpoint.FileRenamed)
	return syncFolder(on, filepath.Dir(path))
}

// fill makes a new file with data in it, on stable storage. After an error there is none.
func fill(on disk, path string, data []byte, perm fs.FileMode) error {
	var f *os.File
	err := do(Op{Kind: Created, Path: on.place(path)}, func() (err error) {
		f, err = on.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		return err
	})
	if err != nil {
		return err
	}
	err = do(Op{Kind: Written, Path: on.place(path), Data: data}, func() error {
		_, err := f.Write(data)
		return errors.Join(err, mode(f, perm))
	})
	if err == nil {
		err = do(Op{Kind: Synced, Path: on.place(path)}, f.Sync)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		discard(on, path)
	}
	return err
}

// mode gives a file its mode, whatever the umask.
func mode(f *os.File, perm fs.FileMode) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	return f.Chmod(perm)
}

// discard deletes a temporary file of which nobody will hear; an error leaves it
// lying there, which harms nobody.
func discard(on disk, part string) {
	_ = do(Op{Kind: Removed, Path: on.place(part)}, func() error { return on.Remove(part) })
}
