package machine

type delivery struct {
	run  *Run
	step *Step
}

// queue is a FIFO in a ring that grows as needed.
type queue struct {
	ring        []delivery
	head, count int
}

func (q *queue) len() int { return q.count }

func (q *queue) push(d delivery) {
	if q.count == len(q.ring) {
		q.grow()
	}
	q.ring[(q.head+q.count)%len(q.ring)] = d
	q.count++
}

func (q *queue) pop() (delivery, bool) {
	if q.count == 0 {
		return delivery{}, false
	}
	d := q.ring[q.head]
	q.ring[q.head] = delivery{}
	q.head = (q.head + 1) % len(q.ring)
	q.count--
	return d, true
}

func (q *queue) grow() {
	ring := make([]delivery, max(16, 2*len(q.ring)))
	for i := range q.count {
		ring[i] = q.ring[(q.head+i)%len(q.ring)]
	}
	q.ring, q.head = ring, 0
}
