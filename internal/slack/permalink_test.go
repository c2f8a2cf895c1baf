package slack

import (
	"strings"
	"testing"

	sim "toban/internal/sim/slack"
)

// A card's place becomes an address in Slack once Slack has said where the workspace is.
func TestPermalink(t *testing.T) {
	d := newDesk(t, sim.Config{TeamDomain: "ops"})
	_, ref := d.ask(t, "q1", nil)
	if err := d.gateways[""].Authenticate(t.Context()); err != nil {
		t.Fatal(err)
	}
	channel, ts, err := place(ref)
	if err != nil {
		t.Fatal(err)
	}
	got := d.Permalink("", ref)
	if !strings.HasPrefix(got, "http") || !strings.Contains(got, "ops.") || !strings.HasSuffix(got, "/archives/"+channel+"/p"+strings.ReplaceAll(ts, ".", "")) {
		t.Errorf("permalink %q of %s", got, ref)
	}
	for _, c := range [][2]string{{"nobody", ref}, {"", "nonsense"}, {"", ""}} {
		if got := d.Permalink(c[0], c[1]); got != "" {
			t.Errorf("permalink of %v: %q", c, got)
		}
	}
}
