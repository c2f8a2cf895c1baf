package sqlite

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"toban/internal/atomicfile"
)

// holderName is a file that says who owns the folder: its process, and where it
// listens. It only counts while the lock is held; whoever dies leaves it behind.
const holderName = "toban.pid"

// longestHolder bounds what is read of it, in bytes.
const longestHolder = 200

// Announce notes where the process that owns the folder listens, so that whoever
// wants the folder as well can be told. address is "" while it doesn't listen.
func (s *Store) Announce(address string) error {
	return writeHolder(filepath.Dir(s.file), address)
}

func writeHolder(dir, address string) error {
	text := strings.TrimSpace(strconv.Itoa(os.Getpid()) + " " + address)
	return atomicfile.Write(filepath.Join(dir, holderName), []byte(text+"\n"), 0o600)
}

// holder gives the owner of a folder that is locked; "?" if it doesn't say.
func holder(dir string) string {
	f, err := os.Open(filepath.Join(dir, holderName))
	if err != nil {
		return "?"
	}
	defer func() { _ = f.Close() }() // it was only read
	buf := make([]byte, longestHolder)
	n, _ := f.Read(buf)
	pid, address, _ := strings.Cut(strings.TrimSpace(string(buf[:n])), " ")
	if _, err := strconv.Atoi(pid); err != nil {
		return "?"
	}
	if address != "" {
		return pid + ", " + address
	}
	return pid
}
