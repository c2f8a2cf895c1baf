package sqlite

import (
	"context"
	"errors"
	"hash/crc32"
	"os"
	"time"

	"toban/internal/locale"
)

// longestCheck bounds the check of a file after a crash. 400 MB take 0.15 s when
// they are in the system's cache; a disk that reads 400 MB/s gets through the
// 4 GB that a file has at most by default.
const longestCheck = 10 * time.Second

var errDamaged = errors.New("the checksum is wrong")

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checksum finds bytes that the disk has changed: SQLite doesn't, and a command
// that isn't the one that was stored must not run.
func checksum(record []byte) int64 { return int64(crc32.Checksum(record, castagnoli)) }

// check looks whether the file's structure is sound. It is done when the last
// process didn't end in good order: what made it end may have hit the file, too.
func (s *Store) check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, longestCheck)
	defer cancel()
	var found string
	err := s.read.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&found)
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return nil // what is damaged is found when it is read
	case err != nil:
		return err
	case found != "ok":
		return locale.Errorf("sqlite.damaged", "file", s.file).Because(errors.New(found))
	}
	return nil
}

func notEmpty(file string) bool {
	info, err := os.Stat(file)
	return err == nil && info.Size() > 0
}
