package file

import (
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"

	"toban/internal/message"
	"toban/internal/node"
)

var drive = regexp.MustCompile(`^([A-Za-z]):[\\/]+(.*)$`)

// place gives the full path of a file that a flow names.
func place(env node.Env, name string) string {
	if m := drive.FindStringSubmatch(name); m != nil && runtime.GOOS != "windows" {
		below := path.Clean("/" + strings.ReplaceAll(m[2], `\`, "/"))
		return filepath.Join(root(env), strings.ToLower(m[1]), filepath.FromSlash(below))
	}
	if filepath.IsAbs(name) {
		return name
	}
	if dir, ok := env.Setting("fileWorkingDirectory").(string); ok && dir != "" {
		return filepath.Join(dir, name)
	}
	return filepath.Join(root(env), name)
}

// mapped reports whether a path has a drive letter that this system lacks.
func mapped(name string) bool { return runtime.GOOS != "windows" && drive.MatchString(name) }

func root(env node.Env) string {
	if env.DataDir() == "" {
		return ""
	}
	return filepath.Join(env.DataDir(), "files")
}

// dirMode lets the group look at what flows write; the data folder itself is closed.
const (
	dirMode  = 0o755
	fileMode = 0o644
)

// text gives a file name as a text, whatever the flow made of it.
func text(v message.Value) string {
	if message.IsNullish(v) {
		return ""
	}
	return message.ToString(v)
}
