package sshx

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// link is one live connection with its keepalive. Sessions come and go on it.
type link struct {
	owner   *Client
	clients []*ssh.Client // jump hosts first
	gone    chan struct{} // closed when the connection has ended

	mu       sync.Mutex
	sessions int       // sessions
	idle     time.Time // since when there is none
	retired  bool      // no new sessions; closed with the last one
}

func newLink(owner *Client, clients []*ssh.Client) *link {
	l := &link{owner: owner, clients: clients, gone: make(chan struct{}), idle: time.Now()}
	go l.waitForEnd()
	go l.keepAlive(owner.config.KeepAlive, owner.config.Idle)
	return l
}

func (l *link) target() *ssh.Client { return l.clients[len(l.clients)-1] }

func (l *link) waitForEnd() {
	_ = l.target().Wait()
	closeAll(l.clients)
	close(l.gone)
	l.owner.forget(l)
}

func (l *link) close() { closeAll(l.clients) }

func (l *link) dead() bool {
	select {
	case <-l.gone:
		return true
	default:
		return false
	}
}

// keepAlive finds a dead peer, which TCP alone would hide for minutes, and
// closes a connection that nobody uses.
func (l *link) keepAlive(every, idle time.Duration) {
	tick := time.NewTicker(min(every, idle))
	defer tick.Stop()
	for {
		select {
		case <-l.gone:
			return
		case <-tick.C:
		}
		if l.retireIfIdle(idle) || !l.ping(context.Background()) {
			l.close()
			return
		}
	}
}

// usable reports whether new sessions may use the connection; one that doesn't
// answer is closed.
func (l *link) usable(ctx context.Context) bool {
	l.mu.Lock()
	retired := l.retired
	l.mu.Unlock()
	if retired || l.dead() {
		return false
	}
	if l.ping(ctx) {
		return true
	}
	if ctx.Err() == nil {
		l.close()
	}
	return false
}

func (l *link) ping(ctx context.Context) bool {
	answered := make(chan bool, 1)
	go func() { // ends with the answer or with the connection
		_, _, err := l.target().SendRequest("keepalive@openssh.com", true, nil)
		answered <- err == nil
	}()
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	select {
	case ok := <-answered:
		return ok
	case <-ctx.Done():
		return false
	}
}

// open opens a session. An error means that nothing was started.
func (l *link) open(ctx context.Context) (*session, error) {
	if !l.enter() {
		return nil, l.notOpened(net.ErrClosed)
	}
	type opened struct {
		s   *ssh.Session
		err error
	}
	done := make(chan opened, 1)
	go func() { // ends with the answer or with the connection
		s, err := l.target().NewSession()
		done <- opened{s, err}
	}()
	ctx, cancel := context.WithTimeout(ctx, l.owner.config.DialTimeout)
	defer cancel()
	select {
	case o := <-done:
		if o.err != nil {
			l.release()
			return nil, l.notOpened(o.err)
		}
		return &session{Session: o.s, link: l}, nil
	case <-ctx.Done():
		l.retire()
		l.release()
		return nil, l.notOpened(ctx.Err())
	}
}

// enter counts a session in, unless the connection is on its way out.
func (l *link) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.retired {
		return false
	}
	l.sessions++
	return true
}

func (l *link) notOpened(err error) error {
	if _, refused := errors.AsType[*ssh.OpenChannelError](err); refused {
		return l.owner.dialer.make(ExecRefused, "ssh.session_refused", err)
	}
	return l.owner.dialer.make(Unreachable, "ssh.session_failed", err)
}

// retire keeps new sessions away: the server is behind in something on this
// connection. It is closed with its last session.
func (l *link) retire() {
	l.mu.Lock()
	l.retired = true
	l.mu.Unlock()
	l.owner.forget(l)
}

func (l *link) release() {
	l.mu.Lock()
	l.sessions--
	last := l.sessions == 0
	l.idle = time.Now()
	drop := last && l.retired
	l.mu.Unlock()
	if drop {
		l.close()
	}
}

func (l *link) retireIfIdle(after time.Duration) bool {
	l.mu.Lock()
	stale := l.sessions == 0 && time.Since(l.idle) >= after
	l.retired = l.retired || stale
	l.mu.Unlock()
	if stale {
		l.owner.forget(l)
	}
	return stale
}

// session is one session on a link.
type session struct {
	*ssh.Session
	link *link
	once sync.Once
}

// end closes the session and gives its place back.
func (s *session) end() {
	s.once.Do(func() {
		_ = s.Close()
		s.link.release()
	})
}
