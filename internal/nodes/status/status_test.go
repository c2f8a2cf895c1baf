package status

import (
	"testing"

	"toban/internal/message"
	"toban/internal/node/nodetest"
)

func TestPassesOn(t *testing.T) {
	h := nodetest.New(t, nodetest.Registered(t, "status", Register), message.NewObject())
	msg := message.NewObject("payload", 1.0)
	s := h.Receive(msg)
	if out := s.Out(0); s.Err != nil || len(out) != 1 || out[0] != msg {
		t.Errorf("sent %v, error %v", s.Sent, s.Err)
	}
}
