package delay

import (
	"math/rand/v2"
	"time"

	"toban/internal/message"
	"toban/internal/node"
)

// hold keeps each message for a time of its own: delay, delayv and random.
type hold struct {
	*Node
	env     node.Env
	held    int
	counted bool
}

// shown is the delay from which on the number of held messages is shown.
const shown = time.Second

func (h *hold) receive(step node.Step, msg *message.Object) {
	wait := h.wait(msg)
	if !bare(msg, "flush") {
		h.count()
		h.held++
		h.env.State().Put(node.Row{Value: message.NewObject("msg", msg), Due: h.env.Now().Add(wait), Step: step})
	}
	switch {
	case has(msg, "reset"):
		h.release(h.held, entry.drop)
		h.env.Status(cleared())
	case has(msg, "flush"):
		h.release(flushed(msg, h.count()), func(e entry) { e.send(0) })
		h.env.Status(depth(h.held))
	default:
		h.show()
	}
}

func (h *hold) wait(msg *message.Object) time.Duration {
	switch h.PauseType {
	case "delayv":
		if d, ok := asked(msg, "delay"); ok {
			return d
		}
	case "random":
		return duration(h.RandomFirst+(h.RandomLast-h.RandomFirst)*rand.Float64(), h.RandomUnits)
	}
	return duration(h.Timeout, h.TimeoutUnits)
}

// count is the number of held messages, also of those from before a restart.
func (h *hold) count() int {
	if !h.counted {
		h.held, h.counted = len(h.env.State().Rows()), true
	}
	return h.held
}

// release takes out the n oldest messages.
func (h *hold) release(n int, end func(entry)) {
	for _, e := range (&queue{env: h.env}).take(n) {
		h.held--
		end(e)
	}
}

// wake lets go the message of a row that fell due.
func (h *hold) wake(row node.Row) {
	value, _ := row.Value.(*message.Object)
	if value == nil {
		return
	}
	msg, _ := value.Get("msg").(*message.Object)
	h.count()
	h.env.State().Delete(row.Seq)
	h.held--
	entry{row: row, msg: msg}.send(0)
	h.show()
}

func (h *hold) show() {
	if duration(h.Timeout, h.TimeoutUnits) > shown || h.PauseType == "delayv" {
		h.env.Status(depth(h.held))
	}
}

func (h *hold) stop() {}

var _ mode = (*hold)(nil)
