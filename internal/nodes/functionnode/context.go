package functionnode

import (
	"toban/internal/message"
	"toban/internal/node"
)

func (a arguments) context() node.Context { return a.n.env.Context(node.Scope(a.text(0))) }

// opContextGet is context.get: ctx.get(scope, store, key). A list of keys gives
// a list of values.
func (n *Function) opContextGet(a arguments) (message.Value, error) {
	key, err := a.value(2)
	if err != nil {
		return nil, err
	}
	keys, isList := key.(*message.Array)
	if !isList {
		return a.context().Get(a.text(1), message.ToString(key))
	}
	values := make([]message.Value, keys.Len())
	for i, k := range keys.All() {
		if values[i], err = a.context().Get(a.text(1), message.ToString(k)); err != nil {
			return nil, err
		}
	}
	return message.NewArray(values...), nil
}

// opContextSet is context.set: ctx.set(scope, store, key, value). With a list
// of keys, value is a list too; keys beyond it are set to null.
func (n *Function) opContextSet(a arguments) (message.Value, error) {
	key, err := a.value(2)
	if err != nil {
		return nil, err
	}
	v, err := a.value(3)
	if err != nil {
		return nil, err
	}
	keys, isList := key.(*message.Array)
	if !isList {
		return nil, a.context().Set(a.text(1), message.ToString(key), v)
	}
	values, isList := v.(*message.Array)
	if !isList {
		values = message.NewArray(v)
	}
	for i, k := range keys.All() {
		item := values.At(i)
		if i >= values.Len() {
			item = message.Null{}
		}
		if err := a.context().Set(a.text(1), message.ToString(k), item); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// opContextKeys is context.keys: ctx.keys(scope, store).
func (n *Function) opContextKeys(a arguments) (message.Value, error) {
	keys, err := a.context().Keys(a.text(1))
	if err != nil {
		return nil, err
	}
	items := make([]message.Value, len(keys))
	for i, k := range keys {
		items[i] = k
	}
	return message.NewArray(items...), nil
}
