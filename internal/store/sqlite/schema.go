package sqlite

import (
	"fmt"

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
`}

// migrate creates or upgrades the tables, each step in a transaction of its own.
func migrate(w *writerConn, file string) error {
	id, err := w.pragma("application_id")
	if err != nil {
		return err
	}
	version, err := w.pragma("user_version")
	if err != nil {
		return err
	}
	tables, err := w.number("SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if id != applicationID && tables > 0 {
		return locale.Errorf("sqlite.foreign", "file", file)
	}
	if version > int64(len(migrations)) {
		return locale.Errorf("sqlite.newer", "file", file)
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
