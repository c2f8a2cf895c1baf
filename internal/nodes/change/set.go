package change

import (
	"strings"

	"toban/internal/expr"
	"toban/internal/locale"
	"toban/internal/message"
)

// setting sets a place to a value.
type setting struct {
	at   *expr.Target
	name string
	to   *expr.Value
}

func (s *setting) apply(c *Change, msg *message.Object) (*message.Object, error) {
	v, ok, err := c.eval(s.to, msg)
	if err != nil || !ok {
		return msg, err
	}
	return c.put(msg, s.at, s.name, v)
}

// eval gives the new value. ok is false when the message lacks a parent of what is
// asked for; then the rule does nothing.
func (c *Change) eval(to *expr.Value, msg *message.Object) (v message.Value, ok bool, err error) {
	v, err = to.Eval(c.vars, msg)
	switch {
	case err == nil:
		return v, true, nil
	case to.Type() == "jsonata":
		return nil, false, locale.Errorf("change.errors.invalid-expr").Because(err)
	case to.Type() == "flow" || to.Type() == "global":
		return nil, true, nil // undefined, as in Node-RED
	}
	return nil, false, nil
}

// deletion deletes a place.
type deletion struct {
	at   *expr.Target
	name string
}

func (d *deletion) apply(c *Change, msg *message.Object) (*message.Object, error) {
	return c.put(msg, d.at, d.name, nil)
}

// move sets one place to what another one has, and deletes that.
type move struct {
	from, to         *expr.Target
	fromName, toName string
	deleteFirst      bool
}

// compileMove decides the order. Where the new place is above the old one, the old
// one is deleted inside the new one afterwards; otherwise it goes first, so that
// payload can move into payload.x.
func (r ruleConfig) compileMove() (action, error) {
	from, err := target(r.pt, r.p)
	if err != nil {
		return nil, err
	}
	name := message.ToString(r.to)
	to, err := target(r.tot, name)
	if err != nil {
		return nil, err
	}
	above := strings.Contains(r.p, name) && r.p != name
	return &move{from, to, r.p, name, r.pt == r.tot && !above}, nil
}

func (m *move) apply(c *Change, msg *message.Object) (*message.Object, error) {
	v, err := m.from.Get(c.vars, msg)
	readable := err == nil
	if err != nil && m.from.Type() != "msg" {
		v, readable = nil, true
	}
	if !m.deleteFirst && readable {
		if msg, err = c.put(msg, m.to, m.toName, v); err != nil {
			return nil, err
		}
	}
	if msg, err = c.put(msg, m.from, m.fromName, nil); err != nil {
		return nil, err
	}
	if m.deleteFirst {
		return c.put(msg, m.to, m.toName, v)
	}
	return msg, nil
}
