package crash

import (
	"maps"
	"strings"
	"time"

	"toban/internal/sim/slack"
)

// person is who is on duty: looks at the channel, presses buttons, and presses
// again when a card still shows them a while later.
type person struct {
	*world
	answers map[string]string // a card's text -> the button that is pressed; others are left alone
	unknown string            // the button for unknown outcomes
	pressed map[string]time.Time
}

func newPerson(w *world, unknown string, answers map[string]string) *person {
	p := &person{world: w, answers: map[string]string{}, unknown: unknown, pressed: map[string]time.Time{}}
	maps.Copy(p.answers, answers)
	return p
}

// again is when a card that still has its buttons is pressed once more.
const again = 400 * time.Millisecond

// look presses what is to be pressed now.
func (p *person) look() {
	if p.slack.Sockets() == 0 {
		return
	}
	for _, m := range p.slack.Messages(channel) {
		button := p.button(m)
		if button == "" || time.Since(p.pressed[m.TS]) < again {
			continue
		}
		p.pressed[m.TS] = time.Now()
		// An error is one that a person gets over: they press again.
		_ = p.slack.Click(p.t.Context(), slack.Click{Channel: channel, TS: m.TS, Button: button, User: personID})
	}
}

// button is what the person presses on a message, "" for nothing.
func (p *person) button(m slack.Message) string {
	switch {
	case !slack.HasButtons(m):
		return ""
	case strings.HasPrefix(m.Text, unknownTitle):
		return p.unknown
	}
	return p.answers[m.Text]
}

// unknownTitle is how the card about an unknown outcome begins.
const unknownTitle = "Unknown outcome:"
