package simulate

import (
	"context"
	"fmt"
	"strings"
	"time"

	"toban/internal/machine"
	"toban/internal/store"
)

// Bounds of the calm end of a history: everything must have ended by then.
const (
	drainSteps = 6000
	drainTime  = 5 * 24 * time.Hour // an unknown outcome is asked about for a day
)

// drain lets the history end: nothing fails any more, people answer or let the
// time run out, and everything that was begun must come to its end.
func (h *history) drain() {
	began := time.Now()
	for range drainSteps {
		h.settle()
		if h.broken() {
			return
		}
		if time.Since(began) > drainTime {
			break
		}
		if h.calmMove() {
			continue
		}
		if h.atRest() {
			if h.calmRest(); h.atRest() {
				h.finalChecks()
				return
			}
			continue
		}
		h.passTime()
	}
	h.violated("liveness", "it does not come to its end: %s", h.pending())
}

// calmRest waits for what comes a little later: histories without effect, cards
// that could not be updated. Whatever came is done before the last checks.
func (h *history) calmRest() {
	for t := h.clock.next(); t != nil && time.Until(t.at) < time.Hour && h.atRest(); t = h.clock.next() {
		h.sleep(max(time.Until(t.at), 0))
		h.settle()
		for h.calmMove() && !h.broken() {
			h.settle()
		}
	}
}

// calmMove does the next thing that is to be done at once.
func (h *history) calmMove() bool {
	waiting := h.gates.sorted()
	switch {
	case len(waiting) > 0:
		h.choose(pick(h.rng, waiting...))
	case h.clock.due():
		h.fire()
	case h.proc == nil:
		h.boot()
	case len(h.mail.waiting()) > 0 && h.proc.is(&h.proc.up) && h.deliver(pick(h.rng, h.mail.waiting()...)):
	default:
		return h.calmAnswer()
	}
	return true
}

// calmAnswer answers a question, or leaves it to its deadline.
func (h *history) calmAnswer() bool {
	open := h.open()
	if h.calmClicks++; len(open) == 0 || h.calmClicks%3 == 0 || h.calmClicks > 100 || !h.proc.is(&h.proc.up) {
		return false
	}
	h.answer()
	return true
}

// atRest reports whether all mails are marked and all runs and questions have ended.
func (h *history) atRest() bool {
	if h.proc == nil || !h.proc.is(&h.proc.up) || h.proc.is(&h.proc.stopping) || h.proc.is(&h.proc.deploying) {
		return false
	}
	for _, key := range h.mail.order {
		if m := h.mail.mails[key]; !m.acked || m.inHand > 0 {
			return false
		}
	}
	snap, err := h.disk.Recover(context.Background(), "")
	return err == nil && len(snap.Runs) == 0 && len(snap.Questions) == 0 && len(h.proc.engine.Health().Blocked) == 0
}

// pending says what has not ended.
func (h *history) pending() string {
	var parts []string
	for _, key := range h.mail.order {
		if m := h.mail.mails[key]; !m.acked {
			parts = append(parts, key+" is not marked")
		}
	}
	snap, err := h.disk.Recover(context.Background(), "")
	if err != nil {
		return err.Error()
	}
	for _, r := range snap.Runs {
		parts = append(parts, fmt.Sprintf("%s is %s %s%s", r.ID, r.Status, r.Waiting, h.openSteps(r.ID)))
	}
	for _, q := range snap.Questions {
		parts = append(parts, fmt.Sprintf("%s is %s", q.ID, q.State))
	}
	for _, o := range h.gates.sorted() {
		parts = append(parts, "waiting: "+o.name)
	}
	return strings.Join(parts, ", ")
}

// finalChecks are those that only an ended history can be asked for.
func (h *history) finalChecks() {
	snap, err := h.disk.Recover(context.Background(), "")
	if err != nil {
		h.violated("P1", "the state can't be read: %v", err)
		return
	}
	if len(snap.State) > 0 {
		h.violated("P1", "%s still holds a message", snap.State[0].Node)
	}
	for run := range h.cancelled {
		if row, _, err := h.disk.Run(context.Background(), run); err == nil && row.Status != "cancelled" {
			h.violated("P3", "%s was cancelled and is %s", run, row.Status)
		}
	}
	h.checkQuestions()
	if health := h.proc.engine.Health(); health.Waiting > 0 {
		h.violated("liveness", "%d events wait", health.Waiting)
	}
}

// checkQuestions checks that each question ended once, and that its card says so.
func (h *history) checkQuestions() {
	for _, id := range h.asked {
		q, err := h.disk.Question(context.Background(), id)
		if err != nil || q.State == store.Open {
			h.violated("P5", "%s is %s, %v", id, q.State, err)
			return
		}
		if before := h.desk.ended[id]; before.State != q.State || string(before.Answer) != string(q.Answer) {
			h.violated("P3", "%s ended as %s and is now %s", id, before.State, q.State)
		}
		if k := h.desk.cards[id]; k != nil && k.shown != q.State {
			h.violated("P3", "the card of %s shows %s, the question is %s", id, k.shown, q.State)
		}
	}
}

// openSteps says where a run stands.
func (h *history) openSteps(run string) string {
	_, records, err := h.disk.Run(context.Background(), run)
	if err != nil {
		return err.Error()
	}
	past, err := machine.Fold(records)
	if err != nil {
		return err.Error()
	}
	text := ""
	for _, s := range past.Steps {
		if s != nil && s.State.Open() {
			text += fmt.Sprintf(" [%d %s at %s]", s.Seq, s.State, s.Node)
		}
	}
	return text
}
