package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"toban/internal/locale"
)

// Options say how the demo runs.
type Options struct {
	Auto   bool        // play the story in the terminal and end
	Listen string      // "" is 127.0.0.1:1880
	Lang   locale.Lang // "" lets the browser choose; the automatic story then takes the environment's
	Out    io.Writer
	Log    *slog.Logger
}

// DefaultListen is the demo's address.
const DefaultListen = "127.0.0.1:1880"

// Run runs the demo until ctx ends, or plays the automatic story and gives an
// error unless it ended as it should.
func Run(ctx context.Context, o Options) error {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Auto {
		if o.Lang == "" {
			o.Lang = locale.FromEnv()
		}
		return auto(ctx, o)
	}
	return serve(ctx, o)
}

func serve(ctx context.Context, o Options) error {
	if o.Listen == "" {
		o.Listen = DefaultListen
	}
	lang := o.Lang
	if lang == "" {
		lang = locale.FromEnv()
	}
	if host, _, err := net.SplitHostPort(o.Listen); err != nil || !local(host) {
		return locale.Errorf("demo.loopback_only", "listen", o.Listen)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return locale.Errorf("demo.cannot_listen", "listen", o.Listen).Because(err)
	}
	s := &site{log: o.Log, fixed: o.Lang}
	web := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx }}
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(l) }()
	fmt.Fprintln(o.Out, lang.Text("demo.open", "url", "http://"+l.Addr().String()+"/demo"))
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	_ = web.Close() // streams never end by themselves
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, s.close(stop))
}
