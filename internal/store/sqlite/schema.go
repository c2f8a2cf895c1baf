package sqlite

import (
	"context"
	"fmt"
	"net/url"
	"os"

	"toban/internal/locale"
)

// applicationID marks the file as ours ("Tobn"), so that another program's
// database in the data folder is refused and not changed.
const applicationID = 0x546f626e

// migrations brings a file from each version to the next; the version is
// SQLite's user_version. Entries are never changed once released.
var migrations = []string{`
CREATE TABLE runs (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	partition TEXT NOT NULL,
	flow TEXT NOT NULL,
	flow_name TEXT NOT NULL,
	revision TEXT NOT NULL,
	source TEXT NOT NULL,
	event_key TEXT NOT NULL,
	title TEXT NOT NULL,
	status TEXT NOT NULL,
	waiting TEXT NOT NULL,
	error TEXT NOT NULL,
	rehearsal INTEGER NOT NULL,
	started_at INTEGER,
	ended_at INTEGER
) STRICT;
CREATE UNIQUE INDEX runs_event ON runs (source, event_key) WHERE event_key <> '';
CREATE INDEX runs_started ON runs (started_at, n);
CREATE INDEX runs_open ON runs (partition) WHERE ended_at IS NULL;

CREATE TABLE journal (
	seq INTEGER PRIMARY KEY,
	run INTEGER NOT NULL,
	data BLOB NOT NULL
) STRICT;
CREATE INDEX journal_run ON journal (run);

CREATE TABLE questions (
	n INTEGER PRIMARY KEY,
	id TEXT NOT NULL UNIQUE,
	run TEXT NOT NULL,
	step INTEGER NOT NULL,
	partition TEXT NOT NULL,
	node TEXT NOT NULL,
	kind TEXT NOT NULL,
	title TEXT NOT NULL,
	connection TEXT NOT NULL,
	channel TEXT NOT NULL,
	body BLOB,
	approvers TEXT,
	state TEXT NOT NULL,
	answer BLOB,
	ref TEXT NOT NULL,
	consumed INTEGER NOT NULL,
	created_at INTEGER,
	deadline INTEGER,
	ended_at INTEGER
) STRICT;
CREATE INDEX questions_run ON questions (run);
CREATE INDEX questions_pending ON questions (state) WHERE consumed = 0;

CREATE TABLE context (
	owner TEXT PRIMARY KEY,
	partition TEXT NOT NULL,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE state (
	node TEXT NOT NULL,
	seq INTEGER NOT NULL,
	partition TEXT NOT NULL,
	value BLOB,
	due INTEGER,
	PRIMARY KEY (node, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
	source TEXT PRIMARY KEY,
	value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
	hash TEXT PRIMARY KEY,
	file BLOB NOT NULL,
	put_at INTEGER NOT NULL
) STRICT;
`, `
ALTER TABLE runs ADD COLUMN parent TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_parent ON runs (parent) WHERE parent <> '';
`, `
ALTER TABLE journal ADD COLUMN sum INTEGER;
`}

// migrate creates or upgrades the tables, each step in a transaction of its own.
func migrate(w *writerConn) error {
	version, err := w.pragma("user_version")
	if err != nil {
		return err
	}
	for v := version; v < int64(len(migrations)); v++ {
		script := fmt.Sprintf("BEGIN IMMEDIATE; %s; PRAGMA application_id=%d; PRAGMA user_version=%d; COMMIT",
			migrations[v], applicationID, v+1)
		if err := w.script(script); err != nil {
			w.rollback()
			return err
		}
	}
	return nil
}

// format is what a new file is made with, before anything else is written.
// Page sizes were measured with records of 2 kB: 4 kB wastes half of each page (56,000
// cuts a second at 512 callers), 8 kB 83,000, 16 kB 104,000, 32 kB slows single commits.
const format = "PRAGMA page_size=16384; PRAGMA auto_vacuum=INCREMENTAL; PRAGMA journal_mode=WAL"

// prepare formats a new file, and refuses one that isn't ours or is too new,
// without changing anything in it.
func prepare(ctx context.Context, file string) (err error) {
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	c, err := connect(file, url.Values{"_pragma": {"busy_timeout(10000)", "synchronous(FULL)"}})
	if err != nil {
		return err
	}
	conn, err := openConn(ctx, c)
	if err != nil {
		return err
	}
	defer func() {
		if e := conn.close(); err == nil {
			err = e
		}
	}()
	if info.Size() == 0 {
		return conn.script(format)
	}
	return inspect(conn, file)
}

func inspect(conn *writerConn, file string) error {
	id, err := conn.pragma("application_id")
	if err != nil {
		return err
	}
	version, err := conn.pragma("user_version")
	if err != nil {
		return err
	}
	tables, err := conn.number("SELECT count(*) FROM sqlite_schema")
	switch {
	case err != nil:
		return err
	case id != applicationID && tables > 0:
		return locale.Errorf("sqlite.foreign", "file", file)
	case version > int64(len(migrations)):
		return locale.Errorf("sqlite.newer", "file", file)
	}
	return nil
}
