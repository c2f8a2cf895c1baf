package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// MakeFolder makes a folder and those above it, like os.MkdirAll, and returns
// once their names are on stable storage.
func MakeFolder(path string, perm fs.FileMode) error { return makeFolder(system{}, path, perm) }

// MakeFolderIn is MakeFolder inside a root, which the path can't lead out of.
func MakeFolderIn(root *os.Root, path string, perm fs.FileMode) error {
	return makeFolder(inside{root}, filepath.FromSlash(path), perm)
}

// makeFolder makes the missing folders from the top down.
func makeFolder(on disk, path string, perm fs.FileMode) error {
	path = filepath.Clean(path)
	if info, err := on.Stat(path); err == nil && info.IsDir() {
		return nil
	}
	above := filepath.Dir(path)
	if above != path {
		if err := makeFolder(on, above, perm); err != nil {
			return err
		}
	}
	err := do(Op{Kind: Made, Path: on.place(path)}, func() error { return on.Mkdir(path, perm) })
	if errors.Is(err, fs.ErrExist) { // somebody else has made it meanwhile, or it is a file
		if info, statErr := on.Stat(path); statErr == nil && info.IsDir() {
			err = nil
		}
	}
	if err != nil {
		return err
	}
	return syncFolder(on, above)
}

// syncFolder makes the names in a folder last. Windows has no such thing: there a
// rename is written through.
func syncFolder(on disk, path string) error {
	return do(Op{Kind: FolderSynced, Path: on.place(path)}, func() error {
		if runtime.GOOS == "windows" {
			return nil
		}
		d, err := on.Open(path)
		if err != nil {
			return err
		}
		return errors.Join(d.Sync(), d.Close())
	})
}

// disk is what is needed of a file system.
type disk interface {
	place(name string) string // for watchers
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
	Open(name string) (*os.File, error)
	Rename(from, to string) error
	Remove(name string) error
	Mkdir(name string, perm fs.FileMode) error
	Stat(name string) (fs.FileInfo, error)
}

// system is the whole file system.
type system struct{}

func (system) place(name string) string { return name }
func (system) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}
func (system) Open(name string) (*os.File, error)        { return os.Open(name) }
func (system) Rename(from, to string) error              { return os.Rename(from, to) }
func (system) Remove(name string) error                  { return os.Remove(name) }
func (system) Mkdir(name string, perm fs.FileMode) error { return os.Mkdir(name, perm) }
func (system) Stat(name string) (fs.FileInfo, error)     { return os.Stat(name) }

// inside is a root.
type inside struct{ *os.Root }

func (r inside) place(name string) string { return filepath.Join(r.Name(), name) }

var (
	_ disk = system{}
	_ disk = inside{}
)
