package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// The numbers of rows that a list gives when it isn't told, and at most.
const (
	defaultLimit = 50
	maxLimit     = 1000
)

func limit(n int) int {
	if n <= 0 {
		return defaultLimit
	}
	return min(n, maxLimit)
}

// selection gathers the conditions of a query.
type selection struct {
	conditions []string
	args       []any
}

func (s *selection) add(condition string, args ...any) {
	s.conditions = append(s.conditions, condition)
	s.args = append(s.args, args...)
}

// is asks for a column's value unless that is empty.
func (s *selection) is(column, value string) {
	if value != "" {
		s.add(column+" = ?", value)
	}
}

func (s *selection) where() string {
	if len(s.conditions) == 0 {
		return ""
	}
	return "WHERE " + strings.Join(s.conditions, " AND ")
}

// collect runs a query and scans all its rows.
func collect[T any](ctx context.Context, from querier, scan func(*sql.Rows) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
