package sqlite

import (
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"time"
)

// micros is a time as the tables hold it; the zero time is NULL.
func micros(t time.Time) driver.Value {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// instant is the reverse of micros, in UTC.
func instant(n sql.NullInt64) time.Time {
	if !n.Valid {
		return time.Time{}
	}
	return time.UnixMicro(n.Int64).UTC()
}

func flag(b bool) driver.Value {
	if b {
		return int64(1)
	}
	return int64(0)
}

// blob is b as a value; nil stays NULL, an empty one stays empty.
func blob(b []byte) driver.Value {
	if b == nil {
		return nil
	}
	return b
}

// list is a list of texts as JSON; no list is NULL.
func list(items []string) driver.Value {
	if items == nil {
		return nil
	}
	text, _ := json.Marshal(items) // texts always marshal
	return string(text)
}

func unlist(text sql.NullString) (items []string, err error) {
	if !text.Valid {
		return nil, nil
	}
	err = json.Unmarshal([]byte(text.String), &items)
	return items, err
}
