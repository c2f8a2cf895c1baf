package e2e

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver
)

// passDeadline lets the time of all open questions run out, as if the server
// had been down for that long.
func passDeadline(t *testing.T, data string) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(data, "toban.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	past := time.Now().Add(-time.Second).UnixMicro()
	res, err := db.ExecContext(t.Context(), "UPDATE questions SET created_at = created_at + (? - deadline), deadline = ? WHERE state = 'open'", past, past)
	if err != nil {
		t.Fatal(err)
	}
	if n, _ := res.RowsAffected(); n != 1 {
		t.Fatalf("%d open questions", n)
	}
}
