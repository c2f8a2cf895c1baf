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
	stopTime   = 30 * time.Second // for effects under way when the server is stopped
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
	web := &http.Server{Handler: a.Handler(), ReadHeaderTimeout: headerTime, ReadTimeout: readTime, IdleTimeout: idleTime,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	ready(a, l.Addr().String())
	select {
	case err = <-ended:
	case <-ctx.Done():
		err = nil
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	shutErr := web.Shutdown(stop)
	return errors.Join(err, shutErr, a.Stop(stop))
}
