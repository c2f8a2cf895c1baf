package atomicfile

import (
	"os"
	"path/filepath"
	"strings"
	"time"
)

// leftover is how old a temporary file is that nobody writes any more.
const leftover = time.Hour

// Sweep deletes the temporary files that cuts and crashes have left in a folder,
// not those in folders inside it. What can't be deleted stays: it harms nobody.
func Sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil || !info.Mode().IsRegular() || !isPart(entry.Name()) || time.Since(info.ModTime()) < leftover {
			continue
		}
		discard(system{}, filepath.Join(dir, entry.Name()))
	}
}

// isPart reports whether a name is one that replace makes.
func isPart(name string) bool {
	random, ok := strings.CutPrefix(name, partPrefix)
	return ok && len(random) == partRandom && strings.Trim(random, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") == ""
}
