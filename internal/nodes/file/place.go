package file

import (
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"toban/internal/node"
)

var drive = regexp.MustCompile(`^([A-Za-z]):[\\/](.*)$`)

// foreign reports whether a path has a drive letter, which this system lacks.
func foreign(name string) bool { return runtime.GOOS != "windows" && drive.MatchString(name) }

// place gives the full path of a file that a flow names.
func place(env node.Env, name string) string {
	if foreign(name) {
		m := drive.FindStringSubmatch(name)
		below := path.Clean("/" + strings.ReplaceAll(m[2], `\`, "/")) // no .. leads out of it
		return filepath.Join(root(env), strings.ToLower(m[1]), filepath.FromSlash(below))
	}
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	if dir, ok := env.Setting("fileWorkingDirectory").(string); ok && dir != "" {
		return filepath.Join(dir, name)
	}
	return filepath.Join(root(env), name)
}

func root(env node.Env) string {
	if env.DataDir() == "" {
		return ""
	}
	return filepath.Join(env.DataDir(), "files")
}
