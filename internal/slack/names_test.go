package slack

import (
	"context"
	"testing"
	"time"

	sim "toban/internal/sim/slack"
)

// A page shows who somebody is. Slack is asked once; what it doesn't say in time
// is there the next time.
func TestPersonName(t *testing.T) {
	d := newDesk(t, sim.Config{})
	name := func(connection, id string) string {
		ctx, stop := context.WithTimeout(t.Context(), 10*time.Second)
		defer stop()
		return d.PersonName(ctx, connection, id)
	}
	for range 3 {
		if got := name("", "U0HANAKO"); got != "山田 花子" {
			t.Fatalf("name %q", got)
		}
	}
	d.w.Fail(sim.Fault{Method: "users.info", Error: "user_not_found", Times: 100})
	if got := name("", "U0HANAKO"); got != "山田 花子" {
		t.Errorf("a name that is known was asked for again: %q", got)
	}
	for _, who := range [][2]string{{"", "U0NOBODY9"}, {"", "admin"}, {"", ""}, {"elsewhere", "U0HANAKO"}} {
		if got := name(who[0], who[1]); got != "" {
			t.Errorf("name of %v: %q", who, got)
		}
	}
}

// Slack takes its time: nobody waits for it longer than they want to.
func TestPersonNameOfASlowSlack(t *testing.T) {
	d := newDesk(t, sim.Config{})
	d.w.Fail(sim.Fault{Method: "users.info", Delay: 300 * time.Millisecond})
	over, stop := context.WithCancel(t.Context())
	stop()
	if got := d.PersonName(over, "", "U0ALEX"); got != "" {
		t.Errorf("name %q before Slack said it", got)
	}
	if got := d.PersonName(t.Context(), "", "U0ALEX"); got != "Alex Reed" { // joins the look-up that is under way
		t.Errorf("name %q", got)
	}
}
