package emailin

import (
	"context"
	"time"

	"toban/internal/mailx"
	"toban/internal/node"
)

// poller is one life of Run: its connection and what it has under way.
type poller struct {
	*Node
	out    node.Emitter
	client *mailx.Client // nil: not connected
	place  *place        // nil: not read, or the folder is new
	held   map[uint32]held
}

// mode says what may happen to a mail.
type mode int

const (
	keep      mode = iota // disposition None: stays unread
	mark                  // Read
	remove                // Delete
	rehearsal             // peeked, never touched
)

func (p *poller) mode(ctx context.Context) mode {
	switch {
	case p.rehearsing(ctx):
		return rehearsal
	case p.Disposition == "None":
		return keep
	case p.Disposition == "Delete":
		return remove
	}
	return mark
}

// poll looks into the folder once and handles what is new.
func (p *poller) poll(ctx context.Context) (err error) {
	defer func() {
		if err != nil {
			p.disconnect()
		}
	}()
	now := p.mode(ctx)
	box, err := p.open(ctx, now == keep || now == rehearsal)
	if err != nil {
		return err
	}
	unread, err := p.client.Unseen(ctx, time.Time{})
	if err != nil {
		return err
	}
	begun, err := p.begin(ctx, box, unread)
	if err != nil || !begun {
		return err
	}
	n, err := p.handle(ctx, unread)
	if err == nil {
		p.idle(n)
	}
	return err
}

// open selects the folder, over the last poll's connection if that still works.
func (p *poller) open(ctx context.Context, readOnly bool) (mailx.Box, error) {
	if p.client != nil {
		if box, err := p.client.Select(ctx, p.Box, readOnly); err == nil {
			return box, nil
		}
		p.disconnect()
	}
	p.status("yellow", "ring", say("emailin.connecting", "server", p.mail.Host))
	client, err := mailx.Dial(ctx, p.mail)
	if err != nil {
		return mailx.Box{}, err
	}
	p.client = client
	return client.Select(ctx, p.Box, readOnly)
}

func (p *poller) disconnect() {
	if p.client != nil {
		_ = p.client.Close() // it is thrown away in any case
		p.client = nil
	}
}

// idle shows that all is well, and how many mails the poll handled.
func (p *poller) idle(handled int) {
	at := p.env.Now().In(p.env.Zone()).Format("15:04:05")
	p.status("green", "dot", say("emailin.polled", "time", at, "count", handled))
}
