package app

import (
	"path/filepath"

	"toban/internal/atomicfile"
	"toban/internal/locale"
)

// ownFiles are what Toban keeps in its data folder: addresses, commands, passwords,
// the text of mails.
var ownFiles = []string{
	"flows.json", "flows_cred.json", "credential.key", "users.json", "sessions.json", "known_hosts", "job_hosts",
	"toban.db", "toban.db-wal", "toban.db-shm", "toban.lock", "toban.pid", "lib",
}

// keepPrivate has nobody else read them. They are made like that; but a restored
// backup isn't, nor is what an earlier version has written.
func keepPrivate(o *Options) {
	for _, name := range ownFiles {
		if err := atomicfile.Restrict(filepath.Join(o.DataDir, name)); err != nil {
			o.Log.Warn(o.Lang.Err(locale.Errorf("app.not_private", "file", filepath.Join(o.DataDir, name)).Because(err)))
		}
	}
	if atomicfile.OthersMayWrite(o.DataDir) {
		o.Log.Warn(o.Lang.Text("app.open_folder", "dir", o.DataDir))
	}
}
