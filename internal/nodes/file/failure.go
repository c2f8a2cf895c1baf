package file

import (
	"errors"
	"io/fs"
	"syscall"

	"toban/internal/locale"
	"toban/internal/node"
)

// causes are the errors of a disk for which one can say what to do, with
// Node.js's codes, which catch nodes find in msg.error.code.
var causes = []struct {
	is   error
	code string
	key  string
}{
	{fs.ErrNotExist, "ENOENT", "file.cause.missing"},
	{errOwn, "EACCES", "file.cause.own"},
	{fs.ErrPermission, "EACCES", "file.cause.permission"},
	{syscall.ENOSPC, "ENOSPC", "file.cause.full"},
	{syscall.EDQUOT, "EDQUOT", "file.cause.full"},
	{syscall.EROFS, "EROFS", "file.cause.readonly"},
	{syscall.EISDIR, "EISDIR", "file.cause.folder"},
	{syscall.ENOTDIR, "ENOTDIR", "file.cause.notfolder"},
	{syscall.ENAMETOOLONG, "ENAMETOOLONG", "file.cause.long"},
	{syscall.EMFILE, "EMFILE", "file.cause.open"},
	{syscall.ENFILE, "ENFILE", "file.cause.open"},
}

// explain gives the code of an error of a disk, "" if it has none, and the error
// as a text with the mend. The error stays in the chain.
func explain(err error) (code string, because error) {
	for _, c := range causes {
		if errors.Is(err, c.is) {
			return c.code, locale.Errorf(c.key).Because(err)
		}
	}
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return "", p.Err // the path is told already
	}
	return "", err
}

// failed is the error of a node that couldn't do something (key) with a file.
func failed(env node.Env, key, path string, err error) error {
	code, because := explain(err)
	told := locale.Errorf(key, "node", env.Label(), "file", path).Because(because)
	if code == "" {
		return told
	}
	return &node.Coded{Err: told, Code: code}
}
