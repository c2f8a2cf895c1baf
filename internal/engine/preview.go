package engine

import (
	"context"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
)

// rehearse makes the effect that a rehearsal has in place of another: it shows
// in Slack what would have been done, and answers with an empty success.
func (h *step) rehearse(eff *node.Effect) *node.Effect {
	text := h.p.e.cfg.Lang.Text("engine.rehearsal_preview", "action", eff.Preview.Action,
		"target", eff.Preview.Target, "detail", eff.Preview.Detail)
	if h.run.Channel == "" { // it has not spoken yet: shown with the first thing that it says
		h.p.early[h.run.ID] = append(h.p.early[h.run.ID], text)
		text = ""
	}
	connection, channel := h.run.Connection, h.run.Channel
	return &node.Effect{
		Policy: node.Repeat, Safe: true, Resource: "rehearsal:" + h.run.ID, Serial: true, Preview: eff.Preview,
		Perform: func(ctx context.Context, _ node.Key) (node.Outputs, error) {
			h.p.e.note(ctx, connection, channel, text)
			if eff.Rehearsed == nil {
				return nil, nil
			}
			return eff.Rehearsed(), nil
		},
	}
}

// note posts a text, if there is a desk and a text. A rehearsal goes on
// without it: nothing in it is lost but the words.
func (e *Engine) note(ctx context.Context, connection, channel, text string) {
	if e.cfg.Desk == nil || text == "" {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, deskTimeout)
	defer cancel()
	if err := e.cfg.Desk.Note(ctx, connection, channel, "", text); err != nil {
		e.log(node.Error, locale.Errorf("engine.note_failed", "channel", channel).Because(err))
	}
}

// speaksIn remembers where the run speaks to people.
func (h *step) speaksIn(channel, connection string) {
	h.run.Channel, h.run.Connection = channel, connection
}

// takeEarly gives the previews that waited for the run to say something.
func (p *partition) takeEarly(run string) []string {
	texts := p.early[run]
	delete(p.early, run)
	return texts
}

// withEarlyNotes posts the previews that waited, then performs the effect.
func (h *step) withEarlyNotes(eff *node.Effect) *node.Effect {
	texts := h.p.takeEarly(h.run.ID)
	if len(texts) == 0 {
		return eff
	}
	also, perform := *eff, eff.Perform
	also.Perform = func(ctx context.Context, key node.Key) (node.Outputs, error) {
		for _, text := range texts {
			h.p.e.note(ctx, eff.Connection, eff.Channel, text)
		}
		return perform(ctx, key)
	}
	return &also
}

// lateNotes posts the previews of a run that ended without having said
// anything, to the connection's channel for operations.
func (p *partition) lateNotes(run *machine.Run) {
	texts := p.takeEarly(run.ID)
	if len(texts) == 0 {
		return
	}
	connection, channel := run.Connection, run.Channel // they may change meanwhile
	p.e.work.Go(func() {
		for _, text := range texts {
			p.e.note(p.e.ctx, connection, channel, text)
		}
	})
}
