package console

import (
	"strings"
	"testing"
	"time"

	"toban/internal/engine"
	"toban/internal/store"
)

// TestUrgency: unknown outcomes come first, then what has the least time left.
func TestUrgency(t *testing.T) {
	w := Watch(nil)
	for i, q := range []store.Question{{ID: "c", Kind: engine.KindAsk}, {ID: "d", Kind: engine.KindAsk}, {ID: "b", Kind: engine.KindUnknown}, {ID: "a", Kind: engine.KindUnknown}} {
		q.State, q.Deadline = store.Open, time.Unix(0, 0).Add(time.Duration([]int{10, 60, 900, 20}[i])*time.Minute)
		w.add(&q, &store.Run{})
	}
	var got []string
	for _, q := range w.urgent() {
		got = append(got, q.id)
	}
	if strings.Join(got, "") != "abcd" {
		t.Errorf("in the order %v", got)
	}
}
