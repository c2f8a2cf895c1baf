package globalconfig

import (
	"testing"

	"toban/internal/message"
	"toban/internal/node"
	"toban/internal/node/nodetest"
)

// The engine ends the step of a node that is no Receiver at once.
func TestIsInert(t *testing.T) {
	h := nodetest.New(t, nodetest.Registered(t, "global-config", Register), message.NewObject("env", message.NewArray()))
	if _, receives := h.Node.(node.Receiver); receives || h.Err != nil {
		t.Errorf("receives: %v, error %v", receives, h.Err)
	}
}
