package engine

import (
	"strings"

	"toban/internal/flow"
	"toban/internal/locale"
	"toban/internal/message"
	"toban/internal/node"
)

// contextView is one context: the values of an owner in a partition. A named
// store is an owner of its own.
type contextView struct {
	p      *partition
	owner  string
	parent *contextView // where $parent leads, for flow context
}

func flowContext(p *partition, f *flow.Flow) contextView {
	if f == nil {
		return contextView{p: p, owner: "flow"}
	}
	view := contextView{p: p, owner: f.ID}
	if f.ID == "" {
		view.owner = "flow" // nodes that stand in no tab
	}
	if f.Parent != nil {
		up := flowContext(p, f.Parent)
		view.parent = &up
	}
	return view
}

// key is the owner's name in the machine.
func (c contextView) key(store string) string {
	return c.name(c.p.e.contextStore(store))
}

// name is key for a store that is resolved already; "" is the default one.
func (c contextView) name(store string) string {
	if store == "" {
		return c.owner
	}
	return "#:(" + store + ")::" + c.owner
}

// up follows a leading $parent.
func (c contextView) up(path string) (contextView, string) {
	for c.parent != nil {
		rest, ok := strings.CutPrefix(path, "$parent.")
		if !ok {
			break
		}
		c, path = *c.parent, rest
	}
	return c, path
}

// Get reads a value; what is not there is undefined.
func (c contextView) Get(store, path string) (message.Value, error) {
	c, path = c.up(path)
	values := c.p.m.Context(c.key(store))
	parsed, err := message.ParsePath(path)
	if err != nil {
		return nil, err
	}
	if values == nil {
		return nil, nil
	}
	v, err := parsed.Get(values)
	if err != nil {
		return nil, nil //nolint:nilerr // what is below a missing parent is undefined
	}
	return v, nil
}

// Set sets a value; undefined deletes it.
func (c contextView) Set(store, path string, v message.Value) error {
	c, path = c.up(path)
	parsed, err := message.ParsePath(path)
	if err != nil {
		return err
	}
	values := c.p.m.Context(c.key(store))
	if values == nil {
		if v == nil {
			return nil
		}
		values = message.NewObject()
	}
	changed, ok, err := parsed.Set(values, v)
	if err != nil {
		return err
	}
	if !ok {
		return locale.Errorf("engine.context_parent", "path", path)
	}
	obj := changed.(*message.Object)
	if obj.Len() == 0 {
		obj = nil
	}
	if cur := c.p.at.step; cur != nil && !cur.run.Ended() {
		c.p.m.SetContext(cur.run, c.key(store), obj)
		return nil
	}
	c.p.m.SetContext(nil, c.key(store), obj)
	return nil
}

// Keys lists the names at the top.
func (c contextView) Keys(store string) ([]string, error) {
	values := c.p.m.Context(c.key(store))
	if values == nil {
		return nil, nil
	}
	return values.Keys(), nil
}

var _ node.Context = contextView{}
