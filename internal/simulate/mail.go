package simulate

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"toban/internal/message"
	"toban/internal/node"
)

// mails is the source: a mailbox that gives each mail again until it is marked.
type mails struct {
	p   *process
	env node.Env
}

func (n *mails) Provision(env node.Env) error { n.env = env; return nil }

// Run takes mails until ctx ends; those on their way are finished before.
func (n *mails) Run(ctx context.Context, out node.Emitter) error {
	box := &inbox{ctx: ctx, out: out, p: n.p, source: n.env.ID()}
	n.p.mu.Lock()
	n.p.inboxes[n.env.ID()] = box
	n.p.mu.Unlock()
	<-ctx.Done()
	n.p.mu.Lock()
	if n.p.inboxes[n.env.ID()] == box {
		delete(n.p.inboxes, n.env.ID())
	}
	n.p.mu.Unlock()
	box.busy.Wait()
	return nil
}

// inbox is a source that runs.
type inbox struct {
	ctx    context.Context
	out    node.Emitter
	p      *process
	source string
	busy   sync.WaitGroup
}

// mail is one mail, which the sender or the server may deliver more than once.
type mail struct {
	key    string // also the event's name in messages
	source string
	acked  bool
	run    string // that the engine named, "" until then
	taken  int    // deliveries so far
	inHand int    // deliveries under way
	ends   map[string]int
	graphs []string // revisions on which it may have begun
}

// mailbox is all mails there are.
type mailbox struct {
	mu    sync.Mutex
	mails map[string]*mail
	order []string
}

func newMailbox() *mailbox { return &mailbox{mails: map[string]*mail{}} }

// add is a new mail.
func (b *mailbox) add(source string) *mail {
	m := &mail{key: fmt.Sprintf("m%d", len(b.order)+1), source: source, ends: map[string]int{}}
	b.mails[m.key] = m
	b.order = append(b.order, m.key)
	return m
}

func (b *mailbox) keyed(event string) bool { return b.mails[event] != nil }

// arrived notes that a message left the flow at an end node.
func (b *mailbox) arrived(event, at string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if m := b.mails[event]; m != nil {
		m.ends[at]++
	}
}

// waiting lists the mails that are to be delivered (again), in order.
func (b *mailbox) waiting() []*mail {
	var found []*mail
	for _, key := range b.order {
		if m := b.mails[key]; !m.acked && m.inHand == 0 {
			found = append(found, m)
		}
	}
	return found
}

// restarted forgets what was under way in a process that is gone.
func (b *mailbox) restarted() {
	for _, m := range b.mails {
		m.inHand = 0
		clear(m.ends)
	}
}

// deliver brings a mail to its source, as the poll of the mailbox does.
func (h *history) deliver(m *mail) bool {
	p := h.proc
	p.mu.Lock()
	box := p.inboxes[m.source]
	p.mu.Unlock()
	if box == nil || box.ctx.Err() != nil {
		return false
	}
	m.taken++
	m.inHand++
	nr := m.taken
	box.busy.Add(1)
	go func() {
		defer box.busy.Done()
		box.take(m, nr)
	}()
	return true
}

// take emits the mail, and marks it once that is safe.
func (x *inbox) take(m *mail, nr int) {
	h := x.p.h
	defer func() {
		if !x.p.isDead() {
			h.mail.mu.Lock()
			m.inHand--
			h.mail.mu.Unlock()
		}
	}()
	ctx := as(x.ctx, fmt.Sprintf("%s/%d", m.key, nr))
	receipt, err := x.out.Emit(ctx, node.Event{Key: m.key, Title: m.key,
		Msg: message.NewObject("event", m.key, "_msgid", fmt.Sprintf("id-%s", m.key))})
	if err != nil || x.ctx.Err() != nil { // both may be true at once
		return
	}
	x.p.begun(m, receipt)
	if receipt.Safe(x.ctx) != nil || x.ctx.Err() != nil {
		return
	}
	if !x.p.isDead() {
		x.p.maySee(m)
	}
	x.p.pass(&op{name: fmt.Sprintf("ack %s/%d", m.key, nr), late: func() { m.acked = true }, ways: []way{
		{"marked", func() { m.acked = true }},
		{"fails", func() {}},
	}})
}

// begun notes the run that the engine names, and checks that it stays the same.
func (p *process) begun(m *mail, r node.Receipt) {
	if p.isDead() {
		return
	}
	h := p.h
	h.mail.mu.Lock()
	defer h.mail.mu.Unlock()
	if m.acked && m.run != "" && r.Run() != m.run && h.stored(m.run) {
		h.violated("P2", "%s has run %s and now %s", m.key, h.names(m.run), h.names(r.Run()))
	}
	if m.run != r.Run() {
		m.run, m.graphs = r.Run(), slices.Sorted(maps.Keys(p.revisions))
	}
}

// maySee checks P1: a mail is marked only once its run is stored, or has ended
// without touching the world.
func (p *process) maySee(m *mail) {
	h := p.h
	if h.stored(m.run) {
		return
	}
	h.mail.mu.Lock()
	defer h.mail.mu.Unlock()
	why := ""
	for _, hash := range m.graphs {
		found := h.pureWalk(h.revision(hash), m)
		if found == "" {
			return
		}
		why += " on " + hash[:8] + " " + found + ";"
	}
	h.violated("P1", "%s may be marked, its run %s is not stored:%s", m.key, h.names(m.run), why)
}
