package crash

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// duty: two mails, one is worked on and one is refused; a webhook.
var duty = &story{
	name:   "duty",
	begin:  func(h *history) { h.arrives("A"); h.arrives("B") },
	people: map[string]string{"May I work on A?": "yes", "May I work on B?": "no"},
	goals:  []goal{signedIn, deployed("Duty", dutyFlow), heard, ran("A", "B"), marked, closed},
	check: func(h *history) {
		a, b := h.oneRun("A"), h.oneRun("B")
		h.outcome("May I work on A?", "Yes")
		h.outcome("May I work on B?", "No")
		h.ranOnce(a, "one")
		failed := h.decisions(a, "one")["treat_as_failed"]
		if failed == 0 {
			h.ranOnce(a, "two")
			failed = h.decisions(a, "two")["treat_as_failed"]
		}
		if n := h.executed()["B.one"]; n > 0 {
			h.t.Errorf("P3: B was refused, and its command was executed %d times", n)
		}
		verb := "Done"
		if failed > 0 {
			verb = "Alert"
		}
		h.numbered(verb+": A", "Refused: B")
		if a.Status != "done" || b.Status != "done" {
			h.t.Errorf("A is %s, B is %s", a.Status, b.Status)
		}
		if n := h.said("Heard: hook"); n < 1 || n > h.hooks {
			h.t.Errorf("P1: the webhook was called %d times and answered; heard %d times", h.hooks, n)
		}
	},
}

var numbers = regexp.MustCompile(`^(.*) \((\d+)\)$`)

// numbered checks that each text was said once, and that the number in the
// flow's context went up by one for each: no more, no less.
func (h *history) numbered(texts ...string) {
	h.t.Helper()
	var said, got []string
	for _, post := range h.posts() {
		if m := numbers.FindStringSubmatch(post); m != nil {
			said, got = append(said, m[1]), append(got, m[2])
		}
	}
	slices.Sort(said)
	slices.Sort(got)
	slices.Sort(texts)
	if !slices.Equal(said, texts) || !slices.Equal(got, []string{"1", "2"}) {
		h.t.Errorf("the last words are %q with the numbers %q; want %q with 1 and 2", said, got, texts)
	}
}

// change: a question that nobody answers, users, and a deploy that ends an open
// question and brings other credentials.
var change = &story{
	name:  "change",
	begin: func(h *history) { h.arrives("C") },
	goals: []goal{
		signedIn, userAdded,
		deployed("Version 1", func(w *world) []thing { return changeFlow(w, 1) }), said("Alert: C"),
		asked("the old question"), {"deployed Version 2", (*history).changed}, mailAfter("D"), said("Alert: D"),
		ran("C", "D"), marked, expunged, closed,
	},
	check: func(h *history) {
		h.oneRun("C")
		h.oneRun("D")
		h.lapsed("Will anybody look after C?")
		h.lapsed("Will anybody look after D?")
		h.outcome("Is the old question still open?", "ancel")
		for _, text := range []string{"Alert: C", "Alert: D", "Alert: the old question"} {
			h.saidOnce(text)
		}
		if label := h.label(); label != "Version 2" {
			h.t.Errorf("the deployed flows are %q", label)
		}
		if err := newAPI(h.addr).signIn("mori", userPassword); err != nil {
			h.t.Errorf("the user who was added: %v", err)
		}
	},
}

const userPassword = "the password of mori"

// userAdded: the server has acknowledged a new user.
var userAdded = goal{"a user is added", func(h *history) bool {
	err := h.try(http.MethodPost, "/api/users", thing{"name": "mori", "password": userPassword, "role": "viewer"}, nil)
	return err == nil || strings.Contains(err.Error(), "409")
}}

// asked: the question that the next deploy ends stands in the channel. The run
// is begun by hand, so whoever began it looks whether it is there.
func asked(topic string) goal {
	return goal{"the channel is asked about " + topic, func(h *history) bool {
		if h.said("Is "+topic+" still open?") > 0 {
			return true
		}
		runs, err := h.runs()
		h.renew(err)
		begun := slices.ContainsFunc(runs, func(r run) bool { return r.Source == "go" })
		if err == nil && !begun && h.try(http.MethodPost, "/inject/go", nil, nil) == nil {
			h.awaitRun("go")
		}
		return false
	}}
}

// changed: version 2 is deployed. What was acknowledged must be there after
// every crash, and what was not may be.
func (h *history) changed() bool {
	v2 := func(w *world) []thing { return changeFlow(w, 2) }
	switch label := h.label(); label {
	case "":
		return false
	case "Version 1", "Version 2":
		return deployed("Version 2", v2).met(h)
	default:
		h.t.Fatalf("the deployed flows are %q", label)
		return false
	}
}

// mailAfter delivers a mail once.
func mailAfter(subject string) goal {
	return goal{"the mail " + subject + " is there", func(h *history) bool { h.arrives(subject); return true }}
}

// growth: old runs are deleted while a question is open.
var growth = &story{
	name:  "growth",
	env:   []string{"TOBAN_KEEP_MB=1", "TOBAN_FAILPOINT_SOONER=150ms"},
	begin: func(h *history) { h.arrives("A") },
	goals: []goal{
		signedIn, deployed("Growth", growthFlow), said("May I work on A?"), {"old runs are deleted", (*history).grown},
		{"nothing is deleted any more", func(h *history) bool { h.restart("TOBAN_KEEP_MB=4000"); return true }},
		{"somebody answers", func(h *history) bool { h.answers["May I work on A?"] = "yes"; return true }},
		said("Done: A", "Alert: A"), marked, closed,
	},
	check: func(h *history) {
		a := h.oneRun("A")
		h.ranOnce(a, "one")
		h.outcome("May I work on A?", "Yes")
		if h.decisions(a, "one")["treat_as_failed"] > 0 {
			h.saidOnce("Alert: A")
		} else {
			h.saidOnce("Done: A")
		}
	},
}

// settled is how long a deletion that can be seen still has for all that belongs to
// it: the crash in the middle of it, above all.
const settled = time.Second

// grown: more large runs have been begun than are there, for a while.
func (h *history) grown() bool {
	runs, err := h.runs()
	h.renew(err)
	if err != nil {
		return false
	}
	there := 0
	for _, r := range runs {
		if r.Source == "go" {
			there++
		}
	}
	if h.large-there >= 2 {
		if h.deleted.Before(h.born) { // not seen in this life
			h.deleted = time.Now()
		}
		return time.Since(h.deleted) > settled
	}
	if h.try(http.MethodPost, "/inject/go", nil, nil) == nil && h.awaitRun("go") {
		h.large++
	}
	return false
}

func TestProductionBinaryHasNoFailpoints(t *testing.T) { checkPlainBinary(t) }
