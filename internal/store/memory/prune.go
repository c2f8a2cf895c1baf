package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"toban/internal/store"
)

// Prune deletes old ended runs about which nothing is asked, the oldest of the
// others until the records left have no more than so many bytes, and the flow
// files that only they needed.
func (s *Store) Prune(_ context.Context, before time.Time, bytes int64) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, left := 0, s.size()
	for _, r := range s.ended() {
		if !r.EndedAt.Before(before) && (bytes <= 0 || left <= bytes) {
			continue
		}
		n++
		left -= s.sizeOf(r.ID)
		s.deleteRun(r)
	}
	used := map[string]bool{}
	for _, r := range s.runs {
		used[r.Revision] = true
	}
	s.pruneRevisions(before, used)
	return n, nil
}

// ended are the runs that may be deleted, those that started first in front.
func (s *Store) ended() []store.Run {
	asked := map[string]bool{}
	for _, q := range s.questions {
		asked[q.Run] = asked[q.Run] || q.State == store.Open
	}
	var runs []store.Run
	for id, r := range s.runs {
		if !r.EndedAt.IsZero() && !asked[id] {
			runs = append(runs, r)
		}
	}
	slices.SortFunc(runs, func(a, b store.Run) int { return a.StartedAt.Compare(b.StartedAt) })
	return runs
}

func (s *Store) deleteRun(r store.Run) {
	delete(s.runs, r.ID)
	delete(s.journal, r.ID)
	delete(s.events, [2]string{r.Source, r.EventKey})
	maps.DeleteFunc(s.questions, func(_ string, q store.Question) bool { return q.Run == r.ID })
}

func (s *Store) size() (sum int64) {
	for id := range s.runs {
		sum += s.sizeOf(id)
	}
	return sum
}

func (s *Store) sizeOf(run string) (sum int64) {
	for _, r := range s.journal[run] {
		sum += int64(len(r.Data))
	}
	return sum
}

// pruneRevisions keeps the newest flow file, which is deployed, and the used ones.
func (s *Store) pruneRevisions(before time.Time, used map[string]bool) {
	var newest time.Time
	for _, at := range s.put {
		if at.After(newest) {
			newest = at
		}
	}
	for hash, at := range s.put {
		if !used[hash] && at.Before(before) && at.Before(newest) {
			delete(s.revisions, hash)
			delete(s.put, hash)
		}
	}
}
