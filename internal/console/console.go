package console

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"toban/internal/auth"
	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/mishap"
	"toban/internal/page"
)

//go:embed texts.json
var texts []byte

var _ = locale.Register(texts)

// Config is what a console shows and works with. Engine, Store and Flows are required.
type Config struct {
	Engine *engine.Engine
	Store  *Watched
	Flows  Flows
	// Permalink gives the address of a message in Slack by where its card stands,
	// "" if it isn't known; nil: it never is.
	Permalink func(connection, ref string) string
	// PersonName gives the name of a person in Slack by their id, "" if it isn't
	// known before ctx ends; nil: it never is.
	PersonName func(ctx context.Context, connection, id string) string
	Lang       locale.Lang
	Zone       *time.Location
	Log        *slog.Logger
	// Now is the clock; nil: time.Now.
	Now func() time.Time
}

// Flows is the deployed flow file.
type Flows interface {
	Current() *flow.File
}

// Console answers the requests for its pages. It is safe for concurrent use.
type Console struct{ cfg Config }

// New makes a console.
func New(cfg Config) *Console {
	cfg.Zone = cmp.Or(cfg.Zone, time.Local)
	cfg.Log = cmp.Or(cfg.Log, slog.New(slog.DiscardHandler))
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Permalink == nil {
		cfg.Permalink = func(string, string) string { return "" }
	}
	if cfg.PersonName == nil {
		cfg.PersonName = func(context.Context, string, string) string { return "" }
	}
	return &Console{cfg}
}

// look is one reader's request.
type look struct {
	*Console
	w      http.ResponseWriter
	r      *http.Request
	page   page.Page
	now    time.Time
	cards  int // the size of the cards that are on the page
	people people
	// decided are the decisions that nodes wait for, nil until they are looked up.
	decided []decision
	// tag is the page's version, see unchanged; unsure: the page will have more to
	// show soon, whatever the version says.
	tag    string
	unsure bool
}

// operates reports whether the reader may answer and cancel.
func (l *look) operates() bool { return auth.PersonFrom(l.r.Context()).Role.May(auth.Operate) }

func (l *look) text(key string, pairs ...any) string { return l.page.Lang.Text(key, pairs...) }

// Pages are the handlers, for the server's table of routes. Operate lists those
// that change something.
type Pages struct {
	Runs, Run, Step, Questions http.HandlerFunc
	Cancel, Answer, Choose     http.HandlerFunc
}

// Pages gives the handlers.
func (c *Console) Pages() Pages {
	return Pages{
		Runs: c.handler((*look).runs), Run: c.handler((*look).run), Step: c.handler((*look).step), Questions: c.handler((*look).questions),
		Cancel: c.handler((*look).cancel), Answer: c.handler((*look).answer), Choose: c.handler((*look).choose),
	}
}

// handler answers with a page also when something fails.
func (c *Console) handler(show func(*look) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		l := &look{Console: c, w: w, r: r, page: page.For(w, r, c.cfg.Lang), now: c.cfg.Now()}
		defer l.people.end()
		if err := show(l); err != nil {
			l.fail(err)
		}
	}
}

// problem is an error with the status of its page, and the way on.
type problem struct {
	status   int
	err      error
	back, to string // key of the link's text, and where it leads
}

func (p *problem) Error() string { return p.err.Error() }
func (p *problem) Unwrap() error { return p.err }

func noSuchRun(id string) error {
	return &problem{http.StatusNotFound, locale.Errorf("console.no_such_run", "run", shorten(id, 100)), "console.to_runs", "/runs"}
}

// fail shows an error as a page.
func (l *look) fail(err error) {
	p, ok := errors.AsType[*problem](err)
	switch tooLarge, large := errors.AsType[*http.MaxBytesError](err); {
	case ok:
	case large:
		p = &problem{http.StatusRequestEntityTooLarge, locale.Errorf("console.too_large", "max", size(int(tooLarge.Limit))), "console.to_runs", "/runs"}
	default:
		p = &problem{http.StatusInternalServerError, mishap.Told(l.r, l.cfg.Log, l.cfg.Lang, err), "console.to_runs", "/runs"}
	}
	l.page.Title, l.page.Scripts = l.text("console.problem"), nil
	if l.r.Method != http.MethodGet {
		l.page.Here = &url.URL{Path: "/questions"} // a form's address can't be opened
	}
	view := struct{ Text, Back, To string }{l.page.Lang.Err(p.err), p.back, p.to}
	if err := page.Write(l.w, p.status, l.page, problemBody, view); err != nil {
		http.Error(l.w, l.page.Lang.Err(mishap.Told(l.r, l.cfg.Log, l.cfg.Lang, err)), http.StatusInternalServerError)
	}
}

// redirect sends the browser on after a form.
func (l *look) redirect(to string) error {
	l.w.Header().Set("Location", to)
	l.w.WriteHeader(http.StatusSeeOther)
	return nil
}

// shorten makes a text from outside ready for display: cut, and visible.
func shorten(s string, most int) string {
	if len(s) <= most {
		return visible(s)
	}
	return visible(strings.ToValidUTF8(s[:most], "")) + "…"
}

// visible shows what can't be seen and could deceive: control characters and
// marks that turn the direction of writing.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n':
			return r
		case r == '\r':
			return -1
		case r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069:
			return utf8.RuneError
		}
		return r
	}, s)
}
