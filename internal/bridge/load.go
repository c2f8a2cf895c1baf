package bridge

import (
	"context"
	"errors"

	"toban/internal/engine"
	"toban/internal/flow"
	"toban/internal/message"
)

// load replaces everything by the given flows and starts them. Contexts begin empty.
func (b *bridge) load(ctx context.Context, req request) (any, error) {
	b.drop(ctx)
	b.hub.Forget(func(string) bool { return true })
	if err := b.openAdmin(ctx); err != nil {
		return nil, err
	}
	w, err := newWorld(b)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	b.world = w
	b.mu.Unlock()
	if _, err := b.deploy(ctx, req, flow.Full); err != nil {
		return nil, err
	}
	urls := map[string]string{"adminUrl": b.admin.url}
	if b.web != nil {
		urls["url"] = b.web.url
	}
	return urls, nil
}

// setFlows deploys over what runs.
func (b *bridge) setFlows(ctx context.Context, req request) (any, error) {
	if b.world == nil {
		return nil, errors.New("nothing is loaded")
	}
	done, err := b.deploy(ctx, req, flow.Mode(req.text("type")))
	if err != nil {
		return nil, err
	}
	kept := done.Keep
	if kept == nil {
		kept = []string{}
	}
	return map[string][]string{"kept": kept}, nil
}

func (b *bridge) deploy(ctx context.Context, req request, mode flow.Mode) (engine.Deployed, error) {
	v, err := req.value("flows")
	if err != nil {
		return engine.Deployed{}, err
	}
	credentials, err := req.object("credentials")
	if err != nil {
		return engine.Deployed{}, err
	}
	file, err := flow.Parse(message.AppendJSON(nil, v))
	if err != nil {
		return engine.Deployed{}, err
	}
	file, inFile := file.SplitCredentials()
	b.world.setCredentials(inFile)
	b.world.setCredentials(objects(credentials))
	return b.world.deploy(ctx, file, mode)
}

// objects gives the properties that are objects.
func objects(o *message.Object) map[string]*message.Object {
	found := map[string]*message.Object{}
	for name, v := range o.All() {
		if obj, ok := v.(*message.Object); ok {
			found[name] = obj
		}
	}
	return found
}

// stopFlows stops the flows. The configuration stays with who sent it.
func (b *bridge) stopFlows(ctx context.Context, _ request) (any, error) {
	if b.world == nil {
		return nil, nil
	}
	_, err := b.world.deploy(ctx, &flow.File{}, flow.Full)
	return nil, err
}

// unload stops the flows; their contexts stay readable until the next load.
func (b *bridge) unload(ctx context.Context, _ request) (any, error) {
	if b.world != nil {
		b.world.end(ctx)
	}
	return nil, nil
}
