package machine

import "toban/internal/message"

// Context gives the values of a context, nil if it is empty. The owner is a
// node id, a flow id or "global".
func (m *Machine) Context(owner string) *message.Object { return m.contexts[owner] }

// SetContext replaces the values of a context; nil removes it. r is the run
// that does it, nil if none: it then must survive as long as the value does.
func (m *Machine) SetContext(r *Run, owner string, values *message.Object) {
	if values == nil {
		delete(m.contexts, owner)
	} else {
		m.contexts[owner] = values
	}
	m.dirtyContexts[owner] = true
	if r != nil {
		m.Touch(r)
	}
}
