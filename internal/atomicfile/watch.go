package atomicfile

import "sync/atomic"

// Kind is what an operation does.
type Kind string

// The kinds of operation.
const (
	Created      Kind = "create"      // a new, empty file
	Written      Kind = "write"       // Data goes into the file
	Synced       Kind = "sync"        // the file's content is made to last
	Renamed      Kind = "rename"      // Path becomes To
	Removed      Kind = "remove"      // the file goes
	Made         Kind = "make"        // a new folder
	FolderSynced Kind = "sync-folder" // the names in the folder are made to last
)

// Op is one operation on the disk.
type Op struct {
	Kind Kind
	Path string
	To   string // of Renamed
	Data []byte // of Written
}

// Watcher is asked before every operation; an error makes it fail with that
// error instead of being done. It may be called from several goroutines.
type Watcher func(Op) error

var watcher atomic.Pointer[Watcher]

// Watch has w see every operation of this process until stop is called. It is
// for tests: what they record tells them which states a power cut could leave,
// and what they refuse is a disk that fails.
func Watch(w Watcher) (stop func()) {
	before := watcher.Swap(&w)
	return func() { watcher.Store(before) }
}

func do(op Op, f func() error) error {
	if w := watcher.Load(); w != nil {
		if err := (*w)(op); err != nil {
			return err
		}
	}
	return f()
}
