package httpin

import (
	"context"
	"sync"
	"time"
)

// catchTime is how long a catch node has to answer in the place of an http
// response that failed.
const catchTime = time.Second

// exchange is a client that waits for its answer: what msg.res refers to.
type exchange struct {
	replies chan *reply
	failed  mark // an answer could not be made; another one may still come
	ended   mark // the run ended badly: none comes any more
	gone    mark
}

func newExchange() *exchange {
	return &exchange{replies: make(chan *reply), failed: newMark(), ended: newMark(), gone: newMark()}
}

// give hands the answer to the client; false if it has gone or was answered before.
func (x *exchange) give(r *reply) bool {
	select {
	case x.replies <- r:
		return true
	case <-x.gone.made:
		return false
	}
}

// wait waits for the flow's answer. nil before ctx ends: the flow has failed, and
// nobody else answers in its place.
func (x *exchange) wait(ctx context.Context) *reply {
	failed, late := x.failed.made, (<-chan time.Time)(nil)
	for {
		select {
		case r := <-x.replies:
			return r
		case <-failed:
			failed, late = nil, time.After(catchTime)
		case <-late:
			return nil
		case <-x.ended.made:
			return x.last()
		case <-ctx.Done():
			return nil
		}
	}
}

// last gives an answer that came together with the run's end.
func (x *exchange) last() *reply {
	select {
	case r := <-x.replies:
		return r
	default:
		return nil
	}
}

// mark is something that happens once and stays so.
type mark struct {
	made chan struct{}
	make func()
}

func newMark() mark {
	made := make(chan struct{})
	return mark{made, sync.OnceFunc(func() { close(made) })}
}
