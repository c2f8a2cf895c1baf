package library

import (
	"io/fs"
	"os"
	"path"
	"strings"

	"toban/internal/atomicfile"
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
	if err := atomicfile.MakeFolder(l.dir, 0o700); err != nil {
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

// write replaces the file in one step.
func write(root *os.Root, place, text string) error {
	folder := path.Dir(place)
	if err := atomicfile.MakeFolderIn(root, folder, 0o700); err != nil {
		return err
	}
	if info, err := root.Stat(place); err == nil && info.IsDir() {
		return fs.ErrExist
	}
	return atomicfile.WriteIn(root, place, []byte(text), 0o600)
}
