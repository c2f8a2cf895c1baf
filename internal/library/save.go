package library

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"runtime"
	"strings"

	"toban/internal/locale"
)

// Save stores an entry, in the place of an older one if there is one. Flows get
// the ending ".json"; properties are for the others. After an error the older
// one is still there.
func (l *Library) Save(typ, at string, properties []Property, body string) error {
	if typ == "flows" {
		properties = nil
		if at = strings.TrimRight(at, "/"); at != "" && !strings.HasSuffix(at, ".json") {
			at += ".json"
		}
	}
	place, err := locate(typ, at)
	if err != nil {
		return err
	}
	if place == typ || strings.HasSuffix(at, "/") {
		return locale.Errorf("library.bad_name", "name", "")
	}
	text := withHeader(properties, body)
	if len(text) > MaxEntry {
		return locale.Errorf("library.too_large", "max", MaxEntry>>20)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return locale.Errorf("library.write", "name", clip(at)).Because(err)
	}
	root, err := os.OpenRoot(l.dir)
	if err != nil {
		return locale.Errorf("library.write", "name", clip(at)).Because(err)
	}
	defer func() { _ = root.Close() }() // all of it is written
	if err := room(root, len(text)); err != nil {
		return err
	}
	if err := write(root, place, text); err != nil {
		return locale.Errorf("library.write", "name", clip(at)).Because(err)
	}
	return nil
}

// room reports whether so many bytes more fit in.
func room(root *os.Root, more int) error {
	entries, bytes := 0, int64(more)
	err := fs.WalkDir(root.FS(), ".", func(_ string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // what can't be read is not counted
		}
		if info, err := d.Info(); err == nil && info.Mode().IsRegular() {
			bytes += info.Size()
		}
		if entries++; entries > maxEntries || bytes > maxBytes {
			return locale.Errorf("library.full", "entries", maxEntries, "size", maxBytes>>20)
		}
		return nil
	})
	return err
}

// write replaces the file in one step, so that a crash leaves the old or the new one.
func write(root *os.Root, place, text string) error {
	folder := path.Dir(place)
	if err := root.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	if info, err := root.Stat(place); err == nil && info.IsDir() {
		return fs.ErrExist
	}
	part := path.Join(folder, ".part-"+rand.Text())
	f, err := root.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = root.Rename(part, place)
	}
	if err != nil {
		return errors.Join(err, root.Remove(part))
	}
	return syncFolders(root, folder)
}

// syncFolders makes the names of a file and of the folders that were made for it
// last. Windows has no such thing.
func syncFolders(root *os.Root, folder string) error {
	for runtime.GOOS != "windows" {
		d, err := root.Open(folder)
		if err != nil {
			return err
		}
		if err := errors.Join(d.Sync(), d.Close()); err != nil || folder == "." {
			return err
		}
		folder = path.Dir(folder)
	}
	return nil
}
