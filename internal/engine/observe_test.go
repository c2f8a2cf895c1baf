package engine_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"toban/internal/engine"
	"toban/internal/locale"
	"toban/internal/machine"
	"toban/internal/message"
	"toban/internal/node"
)

var errCut = errors.Join(errors.New("connection lost"), node.ErrUnknown)

// looks makes "stop" lose its connection, and be observed by look.
func looks(r *rig, look func(n int) (node.Observation, error)) *[]node.Attempt {
	var seen []node.Attempt
	r.w.fail["stop"] = errCut
	r.w.look["stop"] = func(a node.Attempt, msg *message.Object) (node.Observation, error) {
		seen = append(seen, a)
		o, err := look(len(seen))
		if o.Happened == node.Happened && o.Err == nil {
			o.Outputs = node.First(msg)
		}
		return o, err
	}
	return &seen
}

// stopNote is what the history says of the step "stop".
func (r *rig) stopNote() string {
	r.t.Helper()
	_, records, err := r.store.Run(r.t.Context(), r.runs()[0].ID)
	if err != nil {
		r.t.Fatal(err)
	}
	h, err := machine.Fold(records)
	if err != nil {
		r.t.Fatal(err)
	}
	for _, s := range h.Steps {
		if s.Node == "a1" {
			return s.Note
		}
	}
	r.t.Fatal("no step of a1")
	return ""
}

func (r *rig) noQuestion() {
	r.t.Helper()
	r.desk.mu.Lock()
	defer r.desk.mu.Unlock()
	same(r.t, "cards", len(r.desk.cards), 0)
}

// A connection is lost while the server runs: what is observed counts, and
// nobody is asked.
func TestALostConnectionIsObserved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		begun := time.Now()
		seen := looks(r, func(int) (node.Observation, error) {
			return node.Observation{Happened: node.Happened, Note: "it is there"}, nil
		})
		r.emit("m1")
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		same(t, "status", r.runs()[0].Status, machine.RunDone)
		same(t, "note", r.stopNote(), "it is there")
		same(t, "looks", len(*seen), 1)
		a := (*seen)[0]
		if a.Trail != "trail of stop" || !strings.HasSuffix(string(a.Key), ".1.1") || !a.Since.Equal(begun) {
			t.Errorf("attempt %+v", a)
		}
		r.noQuestion()
	})
}

func TestWhatIsObservedAndFailedGoesToCatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		looks(r, func(int) (node.Observation, error) {
			return node.Observation{Happened: node.Happened, Err: errors.New("exit 3")}, nil
		})
		r.emit("m1")
		same(t, "ends", r.w.ends(), []string{"error: exit 3"})
		r.noQuestion()
	})
}

// While it is under way it is looked at again, for as long as it takes, and holds its slot.
func TestAnEffectUnderWayIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions, func(c *engine.Config) { c.PerResource = 1 })
		over := time.Now().Add(6 * time.Hour)
		looks(r, func(int) (node.Observation, error) {
			if time.Now().Before(over) {
				return node.Observation{Happened: node.UnderWay}, nil
			}
			return node.Observation{Happened: node.Happened}, nil
		})
		r.emit("m1")
		r.emit("m2") // waits for the slot
		time.Sleep(5 * time.Hour)
		synctest.Wait()
		same(t, "effects while it is under way", r.w.effects(), []string{"stop"})
		r.noQuestion()
		time.Sleep(2 * time.Hour)
		synctest.Wait()
		all := r.w.effects() // which of the second stop and the first start comes first is open
		slices.Sort(all)
		same(t, "effects", all, []string{"start", "start", "stop", "stop"})
		r.noQuestion()
	})
}

// A host that is away is asked again, at growing pauses, and not for ever.
func TestAHostThatIsAwayIsAskedAgain(t *testing.T) {
	for name, back := range map[string]time.Duration{"it comes back": 3 * time.Minute, "it stays away": time.Hour} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := start(t, actions)
				begun := time.Now()
				seen := looks(r, func(int) (node.Observation, error) {
					if time.Since(begun) < back {
						return node.Observation{}, errors.Join(locale.Errorf("engine.panic", "node", "host", "what", "is away"), node.ErrAway)
					}
					return node.Observation{Happened: node.Happened}, nil
				})
				r.emit("m1")
				r.noQuestion()
				time.Sleep(10 * time.Minute)
				synctest.Wait()
				if n := len(*seen); n < 5 || n > 20 {
					t.Errorf("%d looks", n)
				}
				if back < time.Hour {
					same(t, "effects", r.w.effects(), []string{"stop", "start"})
					r.noQuestion()
					return
				}
				q := r.question()
				same(t, "kind", q.Kind, engine.KindUnknown)
				if text := string(q.Body); !strings.Contains(text, "connection lost") || !strings.Contains(text, "is away") {
					t.Errorf("the card says neither why nor what was seen: %q", text)
				}
			})
		})
	}
}

// What certainly did not begin is begun, but not for ever.
func TestWhatNeverBeganIsBegunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		seen := looks(r, func(int) (node.Observation, error) { return node.Observation{Happened: node.DidNot}, nil })
		r.emit("m1")
		same(t, "attempts", len(*seen), 5)
		if ends := r.w.ends(); len(ends) != 1 || !strings.Contains(ends[0], "did not begin") {
			t.Errorf("ends %q", ends)
		}
		r.noQuestion()
	})
}

// The server stops or dies during a look; the next one looks anew.
func TestALookIsTakenUpAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		looks(r, func(int) (node.Observation, error) { return node.Observation{Happened: node.UnderWay}, nil })
		r.emit("m1")
		time.Sleep(time.Hour)
		looks(r, func(n int) (node.Observation, error) {
			if n == 1 {
				return node.Observation{Happened: node.UnderWay}, nil
			}
			return node.Observation{Happened: node.Happened}, nil
		})
		delete(r.w.fail, "stop")
		r.crash()
		time.Sleep(time.Minute)
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop", "start"})
		r.noQuestion()
	})
}

// What was observed, why it wasn't known and who decided stay in the history.
func TestTheHistoryTellsHowAnUnknownOutcomeWasDecided(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		looks(r, func(int) (node.Observation, error) { return node.Observation{Note: "no trace of it"}, nil })
		r.emit("m1")
		delete(r.w.fail, "stop")
		answer := node.Answer{Choice: 0, Value: engine.RunAgain, By: node.Person{ID: "U1", Name: "hana"}}
		if _, err := r.Answer(t.Context(), r.question().ID, answer); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		same(t, "effects", r.w.effects(), []string{"stop", "stop", "start"})
		same(t, "note", r.stopNote(), "Reason: connection lost\noutcome unknown\nObserved: no trace of it\nhana decided: Run again")
	})
}

func TestNobodyDecidesInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, actions)
		r.w.fail["stop"] = errCut
		r.emit("m1")
		time.Sleep(25 * time.Hour)
		synctest.Wait()
		if note := r.stopNote(); !strings.HasSuffix(note, "nobody decided in time: counts as failed") {
			t.Errorf("note %q", note)
		}
	})
}
