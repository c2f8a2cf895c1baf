package atomicfile

import (
	"errors"
	"io/fs"
	"os"
	"runtime"
)

// Restrict takes the rights to a file or folder from everybody but its owner.
// What isn't there, or is a link to elsewhere, stays as it is.
func Restrict(path string) error {
	if runtime.GOOS == "windows" { // rights there come from the folder
		return nil
	}
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	mode := info.Mode()
	if !mode.IsRegular() && !mode.IsDir() || mode.Perm()&0o077 == 0 {
		return nil
	}
	return os.Chmod(path, mode.Perm()&^0o077)
}

// OthersMayWrite reports whether somebody else than its owner may put files into a folder.
func OthersMayWrite(folder string) bool {
	info, err := os.Stat(folder)
	return err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o022 != 0
}
