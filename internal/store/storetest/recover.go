package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"toban/internal/store"
)

// testRecover: a snapshot holds what is open, and nothing else, of the
// partition that was asked for.
func testRecover(t *testing.T, p Place) {
	s := p.Open(t)
	other := run("other", day)
	other.Partition = "p2"
	past := ended(run("past", day), day)
	first, second := run("first", day), run("second", day.Add(-time.Hour))
	q := question("q1", "first", day.Add(time.Hour))
	commit(t, s, write(past, "no"), write(first, "1"), write(other, "2"), write(second, "3"), write(first, "4"))
	commit(t, s, &store.Cut{
		Partition: "p1",
		Context:   []store.ContextWrite{{Owner: "global", Value: []byte("g1")}, {Owner: "tab1", Value: []byte("f")}, {Owner: "gone", Value: []byte("x")}},
		State: []store.StateWrite{
			{Node: "delay1", Seq: 1<<63 + 2, Value: []byte("b"), Due: day}, {Node: "delay1", Seq: 1, Value: []byte("a")},
			{Node: "delay1", Seq: 3, Value: []byte("x")},
		},
		Questions: []store.Question{q},
	})
	commit(t, s, &store.Cut{
		Partition: "p1",
		Context:   []store.ContextWrite{{Owner: "global", Value: []byte("g2")}, {Owner: "gone"}},
		State:     []store.StateWrite{{Node: "delay1", Seq: 3, Delete: true}, {Node: "delay1", Seq: 1, Value: []byte("a2"), Due: day}},
	})
	commit(t, s, &store.Cut{Partition: "p2", State: []store.StateWrite{{Node: "join1", Seq: 1, Value: []byte("c")}}})
	must(t, s.Close())

	s = open(t, p)
	got, err := s.Recover(t.Context(), "p1")
	must(t, err)
	want := &store.Snapshot{
		Runs:      []store.Run{first, second},
		Records:   []store.Record{{Run: "first", Data: []byte("1")}, {Run: "second", Data: []byte("3")}, {Run: "first", Data: []byte("4")}},
		Context:   []store.ContextWrite{{Owner: "global", Value: []byte("g2")}, {Owner: "tab1", Value: []byte("f")}},
		State:     []store.StateRow{{Partition: "p1", Node: "delay1", Seq: 1, Value: []byte("a2"), Due: day}, {Partition: "p1", Node: "delay1", Seq: 1<<63 + 2, Value: []byte("b"), Due: day}},
		Questions: []store.Question{q},
	}
	// Records are in the order of the journal; of the other lists only the content counts.
	options := []cmp.Option{
		cmpopts.IgnoreFields(store.Record{}, "Seq"),
		cmpopts.SortSlices(func(a, b store.Run) bool { return a.ID < b.ID }),
		cmpopts.SortSlices(func(a, b store.ContextWrite) bool { return a.Owner < b.Owner }),
		cmpopts.SortSlices(func(a, b store.StateRow) bool { return a.Seq < b.Seq }),
	}
	if diff := cmp.Diff(want, got, options...); diff != "" {
		t.Errorf("snapshot (-want +got):\n%s", diff)
	}
	all, err := s.Recover(t.Context(), "")
	must(t, err)
	if len(all.Runs) != 3 || len(all.Records) != 4 || len(all.State) != 3 || len(all.Context) != 2 {
		t.Errorf("everything: %+v", all)
	}
	if none, err := s.Recover(t.Context(), "p3"); err != nil || len(none.Runs)+len(none.State)+len(none.Questions) != 0 {
		t.Errorf("an empty partition: %+v, %v", none, err)
	}
}
