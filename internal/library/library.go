package library

import (
	"cmp"
	_ "embed"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"

	"toban/internal/locale"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// The bounds of a library.
const (
	MaxEntry   = 8 << 20   // bytes of one entry
	maxBytes   = 256 << 20 // of all entries together
	maxEntries = 10_000    // files and folders together
	maxHeader  = 64 << 10  // bytes that are read of each file for a list
)

// ErrNotFound says that there is no such entry.
var ErrNotFound = errors.New("no such entry in the library")

// Library is a folder. It is safe for concurrent use.
type Library struct {
	dir string
	mu  sync.Mutex // one save at a time: it counts what there is
}

// New makes the library of a folder, which is made by the first Save.
func New(dir string) *Library { return &Library{dir: dir} }

// Item is one line of a folder's list.
type Item struct {
	Name       string
	Folder     bool
	Properties []Property // of a file
}

// Entry is what stands at a path: a folder or a text.
type Entry struct {
	Folder bool
	Items  []Item // of a folder: folders first, each by name
	Text   string // of a file, without its properties
}

// Get gives what stands at a path; "" is the folder of a type. A flow may be
// asked for without its ".json". A folder that isn't there is an empty one if
// the path says that it means a folder, as "" and "a/" do.
func (l *Library) Get(typ, at string) (Entry, error) {
	place, err := locate(typ, at)
	if err != nil {
		return Entry{}, err
	}
	entry, err := l.get(place)
	if errors.Is(err, ErrNotFound) && typ == "flows" && !strings.HasSuffix(place, ".json") {
		if found, err := l.get(place + ".json"); err == nil {
			return found, nil
		}
	}
	if errors.Is(err, ErrNotFound) && (at == "" || strings.HasSuffix(at, "/")) {
		return Entry{Folder: true}, nil
	}
	return entry, err
}

func (l *Library) get(place string) (Entry, error) {
	root, err := os.OpenRoot(l.dir)
	if err != nil {
		return Entry{}, missing(err)
	}
	defer func() { _ = root.Close() }() // it was only read
	info, err := root.Stat(place)
	switch {
	case err != nil:
		return Entry{}, missing(err)
	case info.IsDir():
		items, err := list(root, place)
		return Entry{Folder: true, Items: items}, err
	case !info.Mode().IsRegular():
		return Entry{}, ErrNotFound
	case info.Size() > MaxEntry:
		return Entry{}, locale.Errorf("library.too_large", "max", MaxEntry>>20)
	}
	text, err := read(root, place, MaxEntry)
	if err != nil {
		return Entry{}, missing(err)
	}
	if !strings.HasPrefix(place, "flows/") {
		_, text = splitHeader(text)
	}
	return Entry{Text: text}, nil
}

// missing tells what isn't there, or is a link that leads out, from a disk that
// fails, which the system tells by a number.
func missing(err error) error {
	number, system := errors.AsType[syscall.Errno](err)
	if system && !errors.Is(err, fs.ErrNotExist) && number != syscall.ENOTDIR && number != syscall.ELOOP {
		return err
	}
	return ErrNotFound
}

// list gives what a folder holds. What is hidden, what Save would not name so,
// and links that lead out are left out.
func list(root *os.Root, place string) ([]Item, error) {
	dir, err := root.Open(place)
	if err != nil {
		return nil, missing(err)
	}
	defer func() { _ = dir.Close() }() // it was only read
	names, err := dir.Readdirnames(maxEntries)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	items := make([]Item, 0, len(names))
	for _, name := range names {
		at := path.Join(place, name)
		info, err := root.Stat(at)
		if err != nil || !goodName(name) || !info.IsDir() && !info.Mode().IsRegular() {
			continue
		}
		item := Item{Name: name, Folder: info.IsDir()}
		if !item.Folder && !strings.HasPrefix(place+"/", "flows/") {
			text, _ := read(root, at, maxHeader) // without its header it is still an entry
			item.Properties, _ = splitHeader(text)
		}
		items = append(items, item)
	}
	slices.SortFunc(items, func(a, b Item) int {
		if a.Folder != b.Folder {
			if a.Folder {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Name, b.Name)
	})
	return items, nil
}

func read(root *os.Root, place string, limit int64) (string, error) {
	f, err := root.Open(place)
	if err != nil {
		return "", err
	}
	defer func() { _ = f.Close() }() // it was only read
	data, err := io.ReadAll(io.LimitReader(f, limit))
	return string(data), err
}
