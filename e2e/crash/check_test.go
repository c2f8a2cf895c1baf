package crash

import (
	"fmt"
	"slices"
	"strings"

	"toban/internal/sim/slack"
)

// cardsClosed reports whether no message has buttons.
func (h *history) cardsClosed() bool {
	return !slices.ContainsFunc(h.slack.Messages(channel), slack.HasButtons)
}

// checkPromises checks what holds at the end of every story: P3 and P5 for every
// question, no message twice.
func (h *history) checkPromises() {
	h.t.Helper()
	questions, err := h.questions()
	if err != nil {
		h.t.Fatal(err)
	}
	cards := map[string]int{}
	for _, m := range h.slack.Messages(channel) {
		key := fmt.Sprint(m.Metadata["event_payload"])
		if cards[key]++; cards[key] > 1 {
			h.t.Errorf("P4: posted twice: %q (%s)", m.Text, key)
		}
	}
	asked := map[string]int{}
	for _, q := range questions {
		if q.State == "open" {
			h.t.Errorf("P5: the question %q is open", q.Title)
		}
		if (q.State == "answered") != (q.Answer != nil) {
			h.t.Errorf("P3: the question %q is %s with the answer %v", q.Title, q.State, q.Answer)
		}
		if q.Kind == "ask" {
			asked[fmt.Sprint(q.Run, " ", q.Step)]++
		}
	}
	for step, n := range asked {
		if n > 1 {
			h.t.Errorf("P3: step %s has asked %d times", step, n)
		}
	}
}

// oneRun checks P1 and P2 for a mail, and gives its run.
func (h *history) oneRun(subject string) run {
	h.t.Helper()
	runs, err := h.runs()
	if err != nil {
		h.t.Fatal(err)
	}
	if n := count(runs, subject); n != 1 {
		h.t.Errorf("P1, P2: the mail %q has %d runs", subject, n)
	}
	for _, r := range runs {
		if r.Title == subject {
			return r
		}
	}
	return run{}
}

// decisions counts what a person said about the unknown outcomes of a node in a run.
func (h *history) decisions(r run, node string) map[string]int {
	h.t.Helper()
	questions, err := h.questions()
	if err != nil {
		h.t.Fatal(err)
	}
	count := map[string]int{}
	for _, q := range questions {
		if q.Kind == "unknown" && q.Run == r.ID && q.Node == node && q.Answer != nil {
			count[q.Answer.Value]++
		}
	}
	return count
}

// ranOnce checks P4 for a command: once, but for what a person has decided.
func (h *history) ranOnce(r run, node string) {
	h.t.Helper()
	n, said := h.executed()[r.Title+"."+node], h.decisions(r, node)
	least, most := 1, 1+said["run_again"]
	if said["treat_as_done"]+said["treat_as_failed"] > 0 {
		least = 0
	}
	if n < least || n > most {
		h.t.Errorf("P4: %s.%s was executed %d times; people said %v", r.Title, node, n, said)
	}
}

// saidOnce checks that a text is in the channel exactly once.
func (h *history) saidOnce(text string) {
	h.t.Helper()
	if n := h.said(text); n != 1 {
		h.t.Errorf("%q was said %d times: %q", text, n, h.posts())
	}
}

// cards are the messages of a text, as people see them.
func (h *history) cards(text string) (found []string) {
	for _, m := range h.slack.Messages(channel) {
		if m.Text == text {
			found = append(found, slack.PlainText(m))
		}
	}
	return found
}

// lapsed is outcome for a question whose time may be up before a server lives for
// long enough to post its card.
func (h *history) lapsed(card string) {
	h.t.Helper()
	if len(h.cards(card)) > 0 {
		h.outcome(card, "expired")
	}
}

// outcome checks how the card of a question looks at its end: one card, without
// buttons, that says what happened.
func (h *history) outcome(card, want string) {
	h.t.Helper()
	found := h.cards(card)
	if len(found) != 1 || !strings.Contains(found[0], want) || strings.Contains(found[0], "[Yes]") {
		h.t.Errorf("P3: the card %q ended as %q; it should stand once and say %q", card, found, want)
	}
}
