package engine

import (
	"cmp"

	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/node"
	"toban/internal/store"
)

// The answers to a question about an unknown outcome.
const (
	RunAgain      = "run_again"
	TreatAsDone   = "treat_as_done"
	TreatAsFailed = "treat_as_failed"
	CancelRun     = "cancel"
)

var unknownChoices = []string{RunAgain, TreatAsDone, TreatAsFailed, CancelRun}

// askUnknown makes an unknown outcome a question: it fires neither the outputs
// nor catch until a person has decided. cause is why it isn't known (nil after a
// crash), seen what an observation found.
func (h *step) askUnknown(cause error, seen string) {
	lang := h.p.e.cfg.Lang
	why := lang.Text("engine.unknown.restarted")
	if cause != nil {
		why = lang.Err(cause)
	}
	h.remark(lang.Text("engine.unknown.cause", "cause", why))
	if seen == "" {
		seen = lang.Text("engine.unknown.nothing_seen")
	} else {
		h.remark(lang.Text("engine.unknown.seen", "seen", seen))
	}
	text := lang.Text("engine.unknown.card", "node", h.inst.env.Label(), "action", h.s.Preview.Action,
		"target", h.s.Preview.Target, "detail", h.s.Preview.Detail, "seen", seen, "cause", why)
	q := node.Question{
		Connection: h.run.Connection, Channel: h.run.Channel, Card: text, Timeout: unknownTimeout,
		Title: lang.Text("engine.unknown.title", "node", h.inst.env.Label(), "target", h.s.Preview.Target),
	}
	for _, value := range unknownChoices {
		q.Choices = append(q.Choices, node.Choice{Name: "unknown", Value: value,
			Label: lang.Text("engine.unknown." + value)})
	}
	h.p.e.logNode(node.Warn, h.inst, locale.Errorf("engine.unknown.title", "node", h.inst.env.Label(),
		"target", h.s.Preview.Target))
	h.open(KindUnknown, machine.Unknown, q)
}

// remark adds a line to what the step's history says in words.
func (h *step) remark(text string) {
	if text == "" {
		return
	}
	if h.s.Note != "" {
		text = h.s.Note + "\n" + text
	}
	h.s.Note = text
}

// decided goes on as a person said. A question that nobody answered in its
// time counts as failed, so that the catch nodes tell people once more.
func (h *step) decided(q store.Question) {
	choice := TreatAsFailed
	if q.State == store.Answered {
		a, err := decodeAnswer(q.Answer)
		if err != nil {
			h.Fail(err)
			return
		}
		if a.Choice >= 0 && a.Choice < len(unknownChoices) {
			choice = unknownChoices[a.Choice]
		}
		h.remark(h.p.e.cfg.Lang.Text("engine.unknown.decided", "by", cmp.Or(a.By.Name, a.By.ID),
			"choice", h.p.e.cfg.Lang.Text("engine.unknown."+choice)))
	} else {
		h.remark(h.p.e.cfg.Lang.Text("engine.unknown.not_decided"))
	}
	switch choice {
	case RunAgain:
		h.p.m.Requeue(h.run, h.s)
	case TreatAsDone:
		h.treatAsDone()
	case CancelRun:
		h.p.cancelRun(h.run)
	default:
		h.Fail(&node.Coded{Code: "unknown", Err: locale.Errorf("engine.unknown.failed",
			"node", h.inst.env.Label(), "target", h.s.Preview.Target)})
	}
}

// treatAsDone sends what the effect would send in a rehearsal: an empty
// success. The effect is planned anew for that, not performed.
func (h *step) treatAsDone() {
	if h.inst.planner != nil {
		if eff, err := h.inst.planner.Plan(h, h.s.Input); err == nil && eff != nil && eff.Rehearsed != nil {
			h.Send(eff.Rehearsed())
		}
	}
	h.Done()
}
