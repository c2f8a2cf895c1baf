package nodetest

import (
	"toban/internal/message"
	"toban/internal/node"
)

// memory is a context: one object per store.
type memory struct{ stores map[string]*message.Object }

func newMemory() *memory { return &memory{map[string]*message.Object{}} }

func (m *memory) root(store string) *message.Object {
	if o, ok := m.stores[store]; ok {
		return o
	}
	return message.NewObject()
}

// Get reads a path; below something that is missing it is undefined.
func (m *memory) Get(store, path string) (message.Value, error) {
	p, err := message.ParsePath(path)
	if err != nil {
		return nil, err
	}
	v, err := p.Get(m.root(store))
	if err != nil {
		return nil, nil //nolint:nilerr // as Node-RED's context does
	}
	return v, nil
}

// Set writes a path.
func (m *memory) Set(store, path string, v message.Value) error {
	p, err := message.ParsePath(path)
	if err != nil {
		return err
	}
	root, _, err := p.Set(m.root(store), v)
	if err != nil {
		return err
	}
	m.stores[store] = root.(*message.Object)
	return nil
}

// Keys lists the top-level names.
func (m *memory) Keys(store string) ([]string, error) { return m.root(store).Keys(), nil }

var _ node.Context = (*memory)(nil)
