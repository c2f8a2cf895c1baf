package bridge

import (
	"context"
	"encoding/json"
	"fmt"

	"toban/internal/message"
	"toban/internal/node"
)

// contextGet reads one key, or a list of keys.
func (b *bridge) contextGet(ctx context.Context, req request) (any, error) {
	keys, isList, err := req.keys()
	if err != nil {
		return nil, err
	}
	values := make([]message.Value, len(keys))
	err = b.inContext(ctx, req, func(c node.Context) error {
		for i, key := range keys {
			if values[i], err = c.Get(req.text("store"), key); err != nil {
				return err
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, err
	case isList:
		return Encode(message.NewArray(values...)), nil
	default:
		return Encode(values[0]), nil
	}
}

// contextSet sets one key, or each key of a list to the value at its place.
func (b *bridge) contextSet(ctx context.Context, req request) (any, error) {
	keys, isList, err := req.keys()
	if err != nil {
		return nil, err
	}
	v, err := req.value("value")
	if err != nil {
		return nil, err
	}
	values, _ := v.(*message.Array)
	return nil, b.inContext(ctx, req, func(c node.Context) error {
		for i, key := range keys {
			one := v
			if isList {
				one = values.At(i)
			}
			if err := c.Set(req.text("store"), key, one); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *bridge) contextKeys(ctx context.Context, req request) (any, error) {
	list := []string{}
	err := b.inContext(ctx, req, func(c node.Context) error {
		keys, err := c.Keys(req.text("store"))
		list = append(list, keys...)
		return err
	})
	return list, err
}

// keys gives the parameter key, which is a text or a list of texts.
func (r request) keys() (keys []string, isList bool, err error) {
	if json.Unmarshal(r.Params["key"], &keys) == nil {
		return keys, true, nil
	}
	var key string
	err = json.Unmarshal(r.Params["key"], &key)
	return []string{key}, false, err
}

// inContext runs f on the context that the request names. After unload the last
// contexts can still be read.
func (b *bridge) inContext(ctx context.Context, req request, f func(c node.Context) error) error {
	id, scope := req.text("node"), node.Scope(req.text("scope"))
	if b.world == nil {
		return fmt.Errorf("no such node: %s", id)
	}
	return b.world.within(ctx, id, func(env node.Env) error { return f(env.Context(scope)) })
}

// contextInit replaces the context stores; their values are gone.
func (b *bridge) contextInit(ctx context.Context, req request) (any, error) {
	settings, err := req.object("settings")
	if err != nil {
		return nil, err
	}
	b.runtime.set("contextStorage", settings.Get("contextStorage"))
	return nil, b.clearContexts(ctx, node.NodeScope, node.FlowScope, node.GlobalScope)
}

// contextClean drops the contexts of all nodes and flows that flowConfig
// doesn't list; the specs list none. The global one stays, as in Node-RED.
func (b *bridge) contextClean(ctx context.Context, _ request) (any, error) {
	return nil, b.clearContexts(ctx, node.NodeScope, node.FlowScope)
}

func (b *bridge) clearContexts(ctx context.Context, scopes ...node.Scope) error {
	if b.world == nil {
		return nil
	}
	for _, id := range b.world.ids() {
		err := b.world.within(ctx, id, func(env node.Env) error {
			for _, scope := range scopes {
				if err := clearContext(env.Context(scope), b.runtime.stores()); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func clearContext(c node.Context, stores []string) error {
	for _, store := range stores {
		keys, err := c.Keys(store)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := c.Set(store, quoteKey(key), nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// quoteKey makes a path of a key, whatever characters it has: a path may begin
// with a quoted name.
func quoteKey(key string) string {
	quoted, _ := json.Marshal(key) // a string always marshals
	return string(quoted)
}
