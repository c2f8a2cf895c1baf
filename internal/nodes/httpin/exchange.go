package httpin

import "sync"

// exchange is a client that waits for its answer: what msg.res refers to.
type exchange struct {
	replies chan *reply
	gone    chan struct{}
	once    sync.Once
}

func newExchange() *exchange {
	return &exchange{replies: make(chan *reply), gone: make(chan struct{})}
}

// give hands the answer to the client; false if it has gone or was answered before.
func (x *exchange) give(r *reply) bool {
	select {
	case x.replies <- r:
		return true
	case <-x.gone:
		return false
	}
}

// leave says that the client takes no answer any more.
func (x *exchange) leave() { x.once.Do(func() { close(x.gone) }) }
