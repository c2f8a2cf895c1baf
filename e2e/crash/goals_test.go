package crash

import (
	"errors"
	"net/http"
	"slices"
	"strings"
)

// signedIn is the first goal of every story.
var signedIn = goal{"signed in", func(h *history) bool { return h.token != "" || h.signIn("admin", adminPassword) == nil }}

// renew signs in anew where a session was lost: it is kept only once the sign-in
// has been answered.
func (h *history) renew(err error) {
	if errors.Is(err, errSignedOut) {
		_ = h.signIn("admin", adminPassword) // tried again with the next goal
	}
}

// try does a call whose repetition does no harm.
func (h *history) try(method, path string, body, into any, header ...string) error {
	err := h.call(method, path, body, into, header...)
	h.renew(err)
	return err
}

// deployed: the server has acknowledged the flows, or has them already.
func deployed(label string, flows func(w *world) []thing) goal {
	return goal{"deployed " + label, func(h *history) bool {
		err := h.try(http.MethodPost, "/flows", thing{"flows": flows(h.world)}, nil, "Toban-End-Open", "true")
		if no, ok := errors.AsType[*refused](err); ok {
			h.t.Fatalf("the deploy is refused: %v", no)
		}
		return err == nil
	}}
}

// label is that of the deployed tab, "" if the server doesn't say.
func (h *history) label() string {
	var file struct {
		Flows []struct{ Type, Label string }
	}
	if h.try(http.MethodGet, "/flows", nil, &file) != nil {
		return ""
	}
	for _, n := range file.Flows {
		if n.Type == "tab" {
			return n.Label
		}
	}
	return "none"
}

// heard: the webhook's client has its answer.
var heard = goal{"the webhook has answered", func(h *history) bool {
	h.hooks++
	err := h.call(http.MethodPost, "/hook", thing{"id": "hook"}, nil)
	if no, ok := errors.AsType[*refused](err); ok && no.status != http.StatusNotFound && no.status < 500 {
		h.t.Fatalf("the webhook says %v", no)
	}
	return err == nil
}}

// closed: every run has ended and every card has lost its buttons.
var closed = goal{"all runs have ended, no card has buttons", func(h *history) bool {
	runs, err := h.runs()
	h.renew(err)
	if err != nil || len(runs) == 0 {
		return false
	}
	for _, r := range runs {
		if r.open() {
			return false
		}
	}
	return h.cardsClosed()
}}

// said: one of the texts is in the channel.
func said(texts ...string) goal {
	return goal{"it says " + strings.Join(texts, " or "), func(h *history) bool {
		return slices.ContainsFunc(texts, func(text string) bool { return h.said(text) > 0 })
	}}
}

// ran: every mail has a run, so that closed means something.
func ran(subjects ...string) goal {
	return goal{"each mail has a run", func(h *history) bool {
		runs, err := h.runs()
		h.renew(err)
		for _, subject := range subjects {
			if err != nil || count(runs, subject) == 0 {
				return false
			}
		}
		return true
	}}
}

func count(runs []run, title string) (n int) {
	for _, r := range runs {
		if r.Title == title {
			n++
		}
	}
	return n
}

// marked: the mailbox has no unread mail.
var marked = goal{"all mails are marked", func(h *history) bool { return len(h.mail.Unread()) == 0 }}

// expunged: the mails are gone. A crash between the two commands that delete a
// mail leaves it marked as read and as deleted.
var expunged = goal{"all mails are deleted", func(h *history) bool { return len(h.mail.All()) <= h.total }}
