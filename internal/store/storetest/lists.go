package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"toban/internal/store"
)

// testEvents: a source's event is found again by its key, in that source only.
func testEvents(t *testing.T, p Place) {
	s := open(t, p)
	commit(t, s, write(run("r1", day), "x"))
	if got, err := s.FindEvent(t.Context(), "mail1", "key-r1"); got != "r1" || err != nil {
		t.Errorf("FindEvent = %q, %v", got, err)
	}
	for _, miss := range [][2]string{{"mail2", "key-r1"}, {"mail1", "key-r"}, {"mail1", ""}} {
		if got, err := s.FindEvent(t.Context(), miss[0], miss[1]); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("FindEvent(%q) = %q, %v", miss, got, err)
		}
	}
	for _, id := range []string{"free1", "free2"} { // events without a key never repeat
		r := run(id, day)
		r.EventKey = ""
		commit(t, s, write(r, "x"))
	}
	if _, err := s.FindEvent(t.Context(), "mail1", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the empty key was found: %v", err)
	}
}

// testLists: filters and pages over the runs, newest first.
func testLists(t *testing.T, p Place) {
	s := open(t, p)
	for i := range 10 {
		r := run(fmt.Sprintf("r%d", i), day.Add(time.Duration(i/2)*time.Hour)) // two start at a time
		r.Title = fmt.Sprintf("Title %d", i)
		if i%2 == 0 {
			r.Flow = "tab2"
		}
		if i == 4 {
			r.Title = `100% _sure_ \o/`
		}
		if i > 7 {
			r.Parent, r.Rehearsal = "r1", i == 9
		}
		if i < 3 {
			r = ended(r, r.StartedAt)
		}
		commit(t, s, write(r, "x"))
	}
	for _, c := range []struct {
		name   string
		filter store.RunFilter
		want   string
	}{
		{"all", store.RunFilter{}, "r9 r8 r7 r6 r5 r4 r3 r2 r1 r0 "},
		{"limit", store.RunFilter{Limit: 3}, "r9 r8 r7 "},
		{"page", store.RunFilter{Limit: 3, Before: "r7"}, "r6 r5 r4 "},
		{"last page", store.RunFilter{Limit: 3, Before: "r1"}, "r0 "},
		{"after the end", store.RunFilter{Before: "r0"}, ""},
		{"before an unknown run", store.RunFilter{Before: "nobody"}, ""},
		{"status", store.RunFilter{Status: "done"}, "r2 r1 r0 "},
		{"flow", store.RunFilter{Flow: "tab2", Before: "r6"}, "r4 r2 r0 "},
		{"text in the title", store.RunFilter{Text: "TITLE 7"}, "r7 "},
		{"text in the id", store.RunFilter{Text: "r3"}, "r3 "},
		{"text is no pattern", store.RunFilter{Text: "0% _"}, "r4 "},
		{"a lone percent sign", store.RunFilter{Text: "%"}, "r4 "},
		{"a lone backslash", store.RunFilter{Text: `\`}, "r4 "},
		{"a quote", store.RunFilter{Text: "' OR 1=1 --"}, ""},
		{"since", store.RunFilter{Since: day.Add(3 * time.Hour)}, "r9 r8 r7 r6 "},
		{"until excludes its moment", store.RunFilter{Until: day.Add(time.Hour)}, "r1 r0 "},
		{"of a parent", store.RunFilter{Parent: "r1"}, "r9 r8 "},
		{"rehearsals", store.RunFilter{Rehearsal: true}, "r9 "},
		{"together", store.RunFilter{Flow: "tab2", Status: "running", Until: day.Add(4 * time.Hour)}, "r6 r4 "},
	} {
		runs, err := s.Runs(t.Context(), c.filter)
		if got := ids(runs); got != c.want || err != nil {
			t.Errorf("%s: %q, want %q (%v)", c.name, got, c.want, err)
		}
	}
}

// testKept: revisions and cursors.
func testKept(t *testing.T, p Place) {
	s := p.Open(t)
	if _, err := s.Revision(t.Context(), "h"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown revision: %v", err)
	}
	if _, err := s.Cursor(t.Context(), "mail1"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("unknown cursor: %v", err)
	}
	must(t, s.PutRevision(t.Context(), "h", []byte("[]")))
	must(t, s.PutRevision(t.Context(), "h", []byte("[]")))
	must(t, s.SetCursor(t.Context(), "mail1", []byte("uid 7")))
	must(t, s.SetCursor(t.Context(), "mail1", []byte("uid 8")))
	must(t, s.SetCursor(t.Context(), "mail2", nil))
	must(t, s.Close())
	s = open(t, p)
	if got, err := s.Revision(t.Context(), "h"); string(got) != "[]" || err != nil {
		t.Errorf("revision = %q, %v", got, err)
	}
	if got, err := s.Cursor(t.Context(), "mail1"); string(got) != "uid 8" || err != nil {
		t.Errorf("cursor = %q, %v", got, err)
	}
	if got, err := s.Cursor(t.Context(), "mail2"); len(got) != 0 || err != nil {
		t.Errorf("empty cursor = %q, %v", got, err)
	}
}
