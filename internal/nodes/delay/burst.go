package delay

import (
	"toban/internal/message"
	"toban/internal/node"
)

// burst lets a number of messages through at once; each of them frees its
// place after the period. What is too much is dropped, or goes to the second output.
type burst struct {
	*Node
	env    node.Env
	passed int
	timers map[int]func()
	next   int
}

func newBurst(n *Node, env node.Env) *burst {
	b := &burst{Node: n, env: env, timers: map[int]func(){}}
	env.Status(open())
	return b
}

func open() node.Status { return node.Status{Fill: "green", Shape: "ring"} }

func (b *burst) receive(step node.Step, msg *message.Object) {
	switch {
	case has(msg, "reset"):
		b.stop()
		b.passed = 0
		b.env.Status(open())
	case float64(b.passed) < b.Rate:
		b.passed++
		step.Send(node.First(msg))
		b.free()
	default:
		if b.Outputs == 2 {
			step.Send(node.Port(1, msg))
		}
		b.env.Status(node.Status{Fill: "red", Shape: "dot"})
	}
}

// free makes room for another message when the period has passed.
func (b *burst) free() {
	id := b.next
	b.next++
	b.timers[id] = b.env.After(b.period(), func() {
		delete(b.timers, id)
		if float64(b.passed) >= b.Rate {
			b.env.Status(open())
		}
		b.passed--
	})
}

func (b *burst) stop() {
	for _, cancel := range b.timers {
		cancel()
	}
	clear(b.timers)
}

var _ mode = (*burst)(nil)
