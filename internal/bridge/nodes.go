package bridge

import (
	"context"
	"errors"

	"toban/internal/message"
	"toban/internal/node"
)

// described is a running node as a spec sees it.
type described struct {
	ID    string `json:"id"`
	Type  string `json:"type"`
	Flow  string `json:"z,omitempty"`
	Group string `json:"g,omitempty"`
	Name  string `json:"name,omitempty"`
	Alias string `json:"_alias,omitempty"`
}

// getNode describes a node, null if it doesn't run.
func (b *bridge) getNode(_ context.Context, req request) (any, error) {
	w, err := b.running(req.text("node"))
	if err != nil {
		return nil, nil //nolint:nilerr // a node that doesn't run is an answer
	}
	n, _, _ := w.engine.Lookup(req.text("node"))
	return described{n.ID, n.Type, flowOf(n), n.Group, n.Name, n.Alias}, nil
}

// nodeClose closes one node, as a deploy that changes it does.
func (b *bridge) nodeClose(ctx context.Context, req request) (any, error) {
	w, err := b.running(req.text("node"))
	if err != nil {
		return nil, err
	}
	removed := string(req.Params["removed"]) == "true"
	var failure error
	err = w.engine.Within(ctx, req.text("node"), func(_ node.Env, impl node.Node) {
		if c, ok := impl.(node.Closer); ok {
			failure = c.Close(removed)
		}
	})
	return nil, errors.Join(err, failure)
}

// nodeCredentials replaces the credentials of a running node.
func (b *bridge) nodeCredentials(_ context.Context, req request) (any, error) {
	w, err := b.running(req.text("node"))
	if err != nil {
		return nil, err
	}
	values, err := req.object("credentials")
	if err != nil {
		return nil, err
	}
	w.setCredentials(map[string]*message.Object{req.text("node"): values})
	return nil, nil
}
