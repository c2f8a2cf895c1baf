package console

import (
	"toban/internal/machine"
	"toban/internal/store"
)

// badge is a status as a page shows it: a colour, a shape and a word, so that
// none of them is needed alone.
type badge struct{ Class, Mark, Word string }

// The classes of badges, and their shapes.
const (
	good = "good"
	busy = "busy"
	wait = "wait"
	bad  = "bad"
	off  = "off"
)

var marks = map[string]string{good: "✓", busy: "●", wait: "◆", bad: "✕", off: "–"}

var runClasses = map[string]string{
	machine.RunRunning: busy, machine.RunWaiting: wait, machine.RunDone: good, machine.RunFailed: bad, machine.RunCancelled: off,
}

// runBadge is a run's status; its states are few, and an unknown one is its own word.
func (l *look) runBadge(status string) badge {
	return l.badge(runClasses[status], "console.run."+status)
}

var stepClasses = map[machine.StepState]string{
	machine.Queued: busy, machine.Running: busy, machine.Planned: busy, machine.Reserved: busy,
	machine.Asking: wait, machine.Held: wait, machine.Unknown: bad,
	machine.Done: good, machine.Failed: bad, machine.Interrupted: bad, machine.Cancelled: off, machine.Previewed: off,
}

func (l *look) stepBadge(s machine.StepState) badge {
	return l.badge(stepClasses[s], "console.step."+s.String())
}

var questionClasses = map[string]string{store.Open: wait, store.Answered: good, store.Expired: bad, store.Cancelled: off}

func (l *look) questionBadge(state string) badge {
	return l.badge(questionClasses[state], "console.question."+state)
}

func (l *look) badge(class, key string) badge {
	if class == "" {
		class = off
	}
	return badge{class, marks[class], l.text(key)}
}
