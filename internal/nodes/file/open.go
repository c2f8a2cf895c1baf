package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// What others may do with files and folders that flows make: look at them, as
// logs are for people. The data folder itself is closed.
const (
	dirMode  = 0o755
	fileMode = 0o644
)

// use opens a file for do and closes it. The end of ctx ends what would else
// wait forever: a pipe that nobody writes to or reads.
func use(ctx context.Context, path string, flags int, do func(*os.File) error) error {
	f, err := os.OpenFile(path, flags|syscall.O_NONBLOCK, fileMode)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() {
		_ = f.SetDeadline(time.Unix(1, 0)) // a plain file has no deadline and needs none
	})
	defer stop()
	return errors.Join(do(f), f.Close())
}

func makeFolder(path string) error { return os.MkdirAll(filepath.Dir(path), dirMode) }
