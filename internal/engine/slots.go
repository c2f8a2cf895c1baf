package engine

import "sync"

// slots caps the effects in flight, per resource and per run. Waiting for a
// slot comes before the reservation (DESIGN §5 rule 3), so an effect that waits
// has certainly not started.
type slots struct {
	perResource, perRun int

	mu        sync.Mutex
	resources map[string]*line
	runs      map[string]*line
	inFlight  int
}

// line is a counting semaphore with a FIFO of those who wait.
type line struct {
	used  int
	queue []func()
}

func newSlots(perResource, perRun int) *slots {
	return &slots{
		perResource: perResource, perRun: perRun,
		resources: map[string]*line{}, runs: map[string]*line{},
	}
}

// take calls granted once both a slot of the run and one of the resource are
// free: at once, or later from whoever gives one back. release gives both back.
func (s *slots) take(run, resource string, serial bool, granted func(release func())) {
	limit := s.perResource
	if serial {
		limit = 1
	}
	s.acquire(s.runs, run, s.perRun, func() {
		s.acquire(s.resources, resource, limit, func() {
			granted(func() {
				s.release(s.resources, resource)
				s.release(s.runs, run)
			})
		})
	})
}

func (s *slots) acquire(lines map[string]*line, key string, limit int, granted func()) {
	s.mu.Lock()
	l := lines[key]
	if l == nil {
		l = &line{}
		lines[key] = l
	}
	if l.used >= limit {
		l.queue = append(l.queue, granted)
		s.mu.Unlock()
		return
	}
	l.used++
	s.inFlight++
	s.mu.Unlock()
	granted()
}

func (s *slots) release(lines map[string]*line, key string) {
	s.mu.Lock()
	l := lines[key]
	if len(l.queue) > 0 { // the slot passes on
		next := l.queue[0]
		l.queue = l.queue[1:]
		s.mu.Unlock()
		next()
		return
	}
	l.used--
	s.inFlight--
	if l.used == 0 {
		delete(lines, key)
	}
	s.mu.Unlock()
}

func (s *slots) busy() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.inFlight > 0
}
