package mailx

import (
	"context"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

var (
	errStalled  = errors.New("the server stopped answering")
	errTooSlow  = errors.New("the operation took too long")
	errTooMuch  = errors.New("the server sent more than was asked for")
	errCanceled = errors.New("stopped")
)

// guarded is a connection whose owner can bound what happens on it. The IMAP
// library sets read deadlines of its own, so the bounds work by closing.
type guarded struct {
	net.Conn
	budget atomic.Int64 // bytes that may still be read in this operation

	mu    sync.Mutex
	why   error // why it was closed, the first reason
	stall *time.Timer
	idle  time.Duration
}

func newGuarded(conn net.Conn) *guarded { return &guarded{Conn: conn} }

// Read counts what arrives and keeps the stall timer from firing.
func (g *guarded) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	if n > 0 {
		g.progress()
		if g.budget.Add(-int64(n)) < 0 {
			g.kill(errTooMuch)
			return 0, errTooMuch
		}
	}
	return n, err
}

func (g *guarded) progress() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.stall != nil {
		g.stall.Reset(g.idle)
	}
}

// kill closes the connection and remembers the first reason.
func (g *guarded) kill(why error) {
	g.mu.Lock()
	if g.why == nil {
		g.why = why
	}
	g.mu.Unlock()
	_ = g.Conn.Close()
}

func (g *guarded) reason() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.why
}

// watch bounds one operation until the returned function is called: silence,
// whole duration, bytes read, and the end of ctx each close the connection.
func (g *guarded) watch(ctx context.Context, cfg Config, budget int64) (stop func()) {
	g.budget.Store(budget)
	g.mu.Lock()
	g.idle = cfg.Stall
	g.stall = time.AfterFunc(cfg.Stall, func() { g.kill(errStalled) })
	g.mu.Unlock()
	whole := time.AfterFunc(cfg.Limit, func() { g.kill(errTooSlow) })
	unhook := context.AfterFunc(ctx, func() { g.kill(errCanceled) })
	return func() {
		unhook()
		whole.Stop()
		g.mu.Lock()
		g.stall.Stop()
		g.stall = nil
		g.mu.Unlock()
	}
}
