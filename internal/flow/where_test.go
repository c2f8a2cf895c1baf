package flow_test

import (
	"testing"

	"toban/internal/flow"
)

func TestWhere(t *testing.T) {
	mail := &flow.Flow{ID: "t1", Label: "Mail"}
	global := &flow.Flow{}
	for want, n := range map[string]*flow.Node{
		"Mail":             {Flow: mail},
		"t2":               {Flow: &flow.Flow{ID: "t2"}},
		"Mail › Filter":    {Flow: &flow.Flow{ID: "s", Label: "a subflow", Parent: mail, Instance: &flow.Node{Name: "Filter"}}},
		"Mail › a subflow": {Flow: &flow.Flow{ID: "s", Label: "a subflow", Parent: mail, Instance: &flow.Node{}}},
		"":                 {Flow: global},
	} {
		if got := n.Where(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (&flow.Node{}).Where(); got != "" {
		t.Errorf("without a flow: %q", got)
	}
}
