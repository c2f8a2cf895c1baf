package httpin

import "sync"

// runs brings the bad end of a run to the client that waits for its answer.
type runs struct {
	mu      sync.Mutex
	waiting map[string]func()
	// ended are the last runs that ended before anybody followed them: a short one
	// may be over before its source knows its name.
	ended [256]string
	next  int
}

// follow has ended called once the run has ended badly.
func (r *runs) follow(run string, ended func()) (unfollow func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, over := range r.ended {
		if over == run {
			ended()
			return func() {}
		}
	}
	if r.waiting == nil {
		r.waiting = map[string]func(){}
	}
	r.waiting[run] = ended
	return func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.waiting, run)
	}
}

// Failed tells the router of a run that failed or was cancelled: nobody will answer
// its request any more, so the client needn't wait.
func (r *Router) Failed(run string) {
	r.runs.mu.Lock()
	defer r.runs.mu.Unlock()
	if ended := r.runs.waiting[run]; ended != nil {
		ended()
		return
	}
	r.runs.ended[r.runs.next%len(r.runs.ended)] = run
	r.runs.next++
}
