package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// pragmas are set on every connection.
var pragmas = []string{
	"busy_timeout(10000)",
	"synchronous(FULL)",
	"wal_autocheckpoint(1000)", // 16 MB, written back once
	"journal_size_limit(67108864)",
	"temp_store(MEMORY)",
	"trusted_schema(OFF)",
}

// connector opens connections to file, with further pragmas.
func connector(file string, extra ...string) (driver.Connector, error) {
	return connect(file, url.Values{"_pragma": append(pragmas[:len(pragmas):len(pragmas)], extra...)})
}

// connect makes a connector whose path survives the marks that a URI gives a meaning to.
func connect(file string, options url.Values) (driver.Connector, error) {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a Windows drive: file:/C:/…
	}
	return sqlite.NewConnector("file:" + (&url.URL{Path: path}).EscapedPath() + "?" + options.Encode())
}

// writerConn is the connection that writes. It goes to the driver directly:
// database/sql would cost more than the statements themselves. Not safe for
// concurrent use.
type writerConn struct {
	conn     driver.Conn
	prepared map[string]driver.Stmt
}

func openWriter(ctx context.Context, file string) (*writerConn, error) {
	c, err := connector(file, "cache_size(-8192)")
	if err != nil {
		return nil, err
	}
	return openConn(ctx, c)
}

func openConn(ctx context.Context, c driver.Connector) (*writerConn, error) {
	conn, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &writerConn{conn: conn, prepared: map[string]driver.Stmt{}}, nil
}

func (w *writerConn) close() error {
	var errs []error
	for _, s := range w.prepared {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

func (w *writerConn) stmt(sql string) (driver.Stmt, error) {
	if s, ok := w.prepared[sql]; ok {
		return s, nil
	}
	s, err := w.conn.Prepare(sql)
	if err != nil {
		return nil, fmt.Errorf("prepare %q: %w", sql, err)
	}
	w.prepared[sql] = s
	return s, nil
}

// exec runs a statement that stays prepared, and gives the number of rows changed.
func (w *writerConn) exec(sql string, args ...driver.Value) (changed int64, err error) {
	s, err := w.stmt(sql)
	if err != nil {
		return 0, err
	}
	r, err := s.Exec(args) //nolint:staticcheck // the context variants watch a context, which a commit must not
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row gives the first row of a query, or nil if there is none.
func (w *writerConn) row(sql string, args ...driver.Value) (row []driver.Value, err error) {
	s, err := w.stmt(sql)
	if err != nil {
		return nil, err
	}
	rows, err := s.Query(args) //nolint:staticcheck // as in exec
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	row = make([]driver.Value, len(rows.Columns()))
	if err := rows.Next(row); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	return row, nil
}

// number gives the single integer of a query, 0 if it has no row.
func (w *writerConn) number(sql string, args ...driver.Value) (int64, error) {
	row, err := w.row(sql, args...)
	if err != nil || row == nil {
		return 0, err
	}
	n, _ := row[0].(int64)
	return n, nil
}

func (w *writerConn) pragma(name string) (int64, error) { return w.number("PRAGMA " + name) }

// script runs several statements once, without keeping them.
func (w *writerConn) script(sql string) error {
	s, err := w.conn.Prepare(sql)
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }() // it was only prepared for this
	_, err = s.Exec(nil)             //nolint:staticcheck // as in exec
	return err
}

// rollback ends a transaction that failed. SQLite may have rolled it back by
// itself (a full disk), so that there is none is no error.
func (w *writerConn) rollback() { _, _ = w.exec("ROLLBACK") }
