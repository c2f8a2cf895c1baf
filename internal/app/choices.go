package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/node"
	"toban/internal/slack"
	"toban/internal/store"
)

// noticesCursor is where it stands which decisions people were told of.
const noticesCursor = "toban.choices"

// noticePatience bounds one try to tell people.
const noticePatience = time.Minute

// notices tells the ops channel of decisions that nodes wait for: nobody looks for
// them otherwise, and the node does nothing until then. Each is posted once, also
// over restarts. A post that fails is tried again when the node looks again.
type notices struct {
	o      Options
	store  store.Store
	engine *engine.Engine
	hub    *slack.Hub

	mu    sync.Mutex
	moved map[string]bool // nodes that showed a new status since the last look
	woken chan struct{}

	// The rest is the loop's own.
	told map[string]string       // by node: what the open decision that people know of is about
	seen map[string]node.Chooser // the nodes that were seen waiting for it
	said string                  // the last failure, which is logged once
}

func newNotices(o Options, st store.Store, hub *slack.Hub) *notices {
	return &notices{o: o, store: st, hub: hub, moved: map[string]bool{}, woken: make(chan struct{}, 1),
		told: map[string]string{}, seen: map[string]node.Chooser{}}
}

// moves notes that a node showed something new: it may wait for a decision now, or
// no longer. It is called in the engine's loops and only makes a note.
func (n *notices) moves(id string) {
	n.mu.Lock()
	n.moved[id] = true
	n.mu.Unlock()
	select {
	case n.woken <- struct{}{}:
	default: // a look is due already
	}
}

func (n *notices) take() map[string]bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	moved := n.moved
	n.moved = map[string]bool{}
	return moved
}

// run looks at the nodes that moved until ctx ends. Without an ops channel there is
// nobody to tell.
func (n *notices) run(ctx context.Context) {
	silent := n.hub.OpsChannel("") == ""
	if !silent {
		n.fail(ctx, n.load(ctx))
	}
	for {
		select {
		case <-n.woken:
		case <-ctx.Done():
			return
		}
		for id := range n.take() {
			if !silent {
				n.fail(ctx, n.look(ctx, id))
			}
		}
	}
}

// look tells people if a node waits for something that they don't know of.
func (n *notices) look(ctx context.Context, id string) error {
	at, impl, _ := n.engine.Lookup(id)
	chooser, ok := impl.(node.Chooser)
	if !ok {
		return nil
	}
	d, open := chooser.Pending()
	switch told, known := n.told[id]; {
	case open && known && told == d.About:
		n.seen[id] = chooser
		return nil
	case open:
		if err := n.post(ctx, at, d); err != nil {
			return err
		}
		n.told[id], n.seen[id] = d.About, chooser
	case known && n.seen[id] == chooser: // it is decided: should it ask again, that is new
		delete(n.told, id)
		delete(n.seen, id)
	default: // it hasn't looked yet
		return nil
	}
	return n.save(ctx)
}

func (n *notices) post(ctx context.Context, at *flow.Node, d node.Decision) error {
	ctx, cancel := context.WithTimeout(ctx, noticePatience)
	defer cancel()
	return n.hub.Note(ctx, "", "", "", notice(n.o.Slack.Lang, at, d, n.o.Hosts))
}

// notice says what is to be decided, and where.
func notice(lang locale.Lang, at *flow.Node, d node.Decision, hosts []string) string {
	name := lang.Text("app.choice_at", "node", cmp.Or(at.Name, at.Type))
	if tab := at.Where(); tab != "" {
		name = lang.Text("app.choice_at_tab", "node", cmp.Or(at.Name, at.Type), "tab", tab)
	}
	lines := []string{name, d.Question(lang)}
	for _, o := range d.Options {
		lines = append(lines, "• "+o.Label(lang))
	}
	if len(hosts) > 0 { // a name that people use is the proxy's, which has TLS
		lines = append(lines, lang.Text("app.choice_where", "url", "https://"+hosts[0]+"/questions"))
	} else {
		lines = append(lines, lang.Text("app.choice_where_local"))
	}
	return strings.Join(lines, "\n")
}

func (n *notices) load(ctx context.Context) error {
	data, err := n.store.Cursor(ctx, noticesCursor)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	told := map[string]string{}
	if err := json.Unmarshal(data, &told); err != nil {
		return err
	}
	maps.Copy(n.told, told)
	return nil
}

func (n *notices) save(ctx context.Context) error {
	data, err := json.Marshal(n.told)
	if err != nil {
		return err
	}
	return n.store.SetCursor(ctx, noticesCursor, data)
}

// fail logs a failure once, however often it comes.
func (n *notices) fail(ctx context.Context, err error) {
	if err == nil || ctx.Err() != nil || err.Error() == n.said {
		return
	}
	n.said = err.Error()
	n.o.Log.Error(n.o.Lang.Text("app.notice_failed", "cause", n.o.Lang.Err(err)))
}
