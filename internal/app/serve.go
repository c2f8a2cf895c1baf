package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"toban/internal/locale"
)

// The times of the HTTP server. Streams have no write timeout.
const (
	headerTime = 10 * time.Second
	readTime   = 2 * time.Minute
	idleTime   = 2 * time.Minute
	answerTime = 10 * time.Second // for requests that wait for their answer when the server is stopped
	stopTime   = 30 * time.Second // after that for effects under way
)

// Serve runs a server that listens on an address until ctx ends. ready is
// called with the address once it answers.
func Serve(ctx context.Context, o Options, listen string, ready func(a *App, addr string)) error {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", listen)
	if err != nil {
		return locale.Errorf("app.cannot_listen", "listen", listen).Because(err)
	}
	a, err := New(ctx, o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	// Requests outlive the signal to stop: their runs may still answer them.
	requests, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	web := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime,
		BaseContext: func(net.Listener) context.Context { return requests }}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	if err := a.disk.Announce(l.Addr().String()); err != nil { // it only helps whoever starts a second one
		a.o.Log.Warn(a.o.Lang.Err(err))
	}
	ready(a, l.Addr().String())
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = nil
	}
	return errors.Join(err, stop(ctx, web, a, cancel))
}

// stop ends the server in good order: first no new requests, then the engine,
// then what still waits for an answer is told that there is none.
func stop(ctx context.Context, web *http.Server, a *App, cancelRequests func()) error {
	ctx = context.WithoutCancel(ctx)
	answers, done := context.WithTimeout(ctx, answerTime)
	defer done()
	_ = web.Shutdown(answers) // whoever is left over is cancelled below
	effects, done := context.WithTimeout(ctx, stopTime)
	defer done()
	err := a.Stop(effects)
	cancelRequests()
	last, done := context.WithTimeout(ctx, time.Second)
	defer done()
	if web.Shutdown(last) != nil {
		_ = web.Close()
	}
	return err
}
