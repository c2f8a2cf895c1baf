package slack

import (
	"fmt"
	"testing"

	sim "toban/internal/sim/slack"
)

// In a workspace of thousands of channels, looking for an earlier card must not
// list them all.
func TestLookupsStaySmall(t *testing.T) {
	channels := []sim.Channel{{ID: "C0GENERAL", Name: "general"}}
	for i := range 2500 {
		channels = append(channels, sim.Channel{ID: fmt.Sprintf("C0%07d", i), Name: fmt.Sprint("c", i), Outside: true})
	}
	d := newDesk(t, sim.Config{Channels: channels})
	d.ask(t, "q1", nil)
	if n := len(d.w.Calls("conversations.list")); n != 0 {
		t.Errorf("%d pages of all channels were read", n)
	}
	g := d.gateways[""].Gateway
	if id, err := g.anyID(t.Context(), "#c2400"); err != nil || id != "C00002400" {
		t.Errorf("a channel on a later page: %s, %v", id, err)
	}
	if _, err := g.anyID(t.Context(), "nowhere"); code(err) != "channel_not_found" {
		t.Errorf("got %v", err)
	}
	if id, err := g.joinedID(t.Context(), "C0ANYTHING"); err != nil || id != "C0ANYTHING" {
		t.Errorf("an id is an id: %s, %v", id, err)
	}
}
