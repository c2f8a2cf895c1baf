package slack

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Fault makes calls of the Web API fail.
type Fault struct {
	Method string // "" means any
	Times  int    // how many calls; 0 means one
	// Skip lets that many matching calls through first.
	Skip int

	Delay        time.Duration // before anything else
	RetryAfter   int           // answer 429 with this many seconds
	Status       int           // answer with this HTTP status (500, 503 …)
	Error        string        // answer "ok": false with this code
	Extra        map[string]any
	Hang         bool // never answer
	LoseResponse bool // do what is asked, then cut the connection
}

// Fail arms a fault. Faults are used up in the order in which they were armed.
func (w *Workspace) Fail(f Fault) {
	f.Times = max(f.Times, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = append(w.faults, &f)
}

// takeFault finds the fault that a call meets. w.mu is held.
func (w *Workspace) takeFault(method string) *Fault {
	for _, f := range w.faults {
		if f.Times == 0 || f.Method != "" && f.Method != method {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		f.Times--
		return f
	}
	return nil
}

// answer gives the fault's own answer, if it has one.
func (f *Fault) answer(rw http.ResponseWriter, r *http.Request) bool {
	select {
	case <-time.After(f.Delay):
	case <-r.Context().Done():
	}
	switch {
	case f.Hang:
		<-r.Context().Done()
	case f.RetryAfter > 0:
		rw.Header().Set("Retry-After", fmt.Sprint(f.RetryAfter))
		rw.WriteHeader(http.StatusTooManyRequests)
		fmt.Fprint(rw, `{"ok":false,"error":"ratelimited"}`)
	case f.Status != 0:
		http.Error(rw, strings.ToLower(http.StatusText(f.Status)), f.Status)
	case f.Error != "":
		w := &Workspace{}
		w.answer(rw, nil, &fail{f.Error, f.Extra})
	default:
		return false
	}
	return true
}
