package file

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"toban/internal/node"
)

// errOwn refuses the server's own files: its data folder, which has the users, the
// key of the credentials and the database, and what /proc tells of its process,
// such as its environment.
var errOwn = errors.New("one of the server's own files")

// mayUse refuses errOwn. Flows have the folder "files" in the data folder.
func mayUse(env node.Env, path string) error {
	if env.DataDir() == "" {
		return nil
	}
	path, data := resolve(path), resolve(env.DataDir())
	process := filepath.Join("/proc", strconv.Itoa(os.Getpid()))
	if within(path, process) || within(path, data) && !within(path, filepath.Join(data, "files")) {
		return errOwn
	}
	return nil
}

// resolve follows the links of a path, the end of which need not be there yet.
func resolve(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	for there, rest := path, ""; ; {
		real, err := filepath.EvalSymlinks(there)
		if err == nil {
			return filepath.Join(real, rest)
		}
		parent := filepath.Dir(there)
		if !errors.Is(err, fs.ErrNotExist) || parent == there {
			return path
		}
		there, rest = parent, filepath.Join(filepath.Base(there), rest)
	}
}

func within(path, folder string) bool {
	below, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(below)
}
