package console

import (
	"slices"
	"strings"
	"testing"
	"time"

	"toban/internal/engine"
	"toban/internal/store"
)

// TestUrgency: unknown outcomes come first, then what has the least time left.
func TestUrgency(t *testing.T) {
	at := func(id, kind string, minutes int) store.Question {
		return store.Question{ID: id, Kind: kind, Deadline: time.Unix(0, 0).Add(time.Duration(minutes) * time.Minute)}
	}
	list := []store.Question{at("c", engine.KindAsk, 10), at("d", engine.KindAsk, 60), at("b", engine.KindUnknown, 900), at("a", engine.KindUnknown, 20)}
	slices.SortStableFunc(list, moreUrgent)
	var got []string
	for _, q := range list {
		got = append(got, q.ID)
	}
	if strings.Join(got, "") != "abcd" {
		t.Errorf("in the order %v", got)
	}
}
