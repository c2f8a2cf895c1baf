package flowstore

import (
	"strings"

	"toban/internal/message"
	"toban/internal/node"
)

// Types gives the credential properties of node types. *node.Registry is one.
type Types interface {
	Lookup(name string) (node.Type, bool)
}

// unchanged is what an editor sends for a secret that it was not shown.
const unchanged = "__PWRD__"

// mapProperty holds a global-config node's secret environment variables.
const mapProperty = "map"

// merge gives a node's credentials after a deploy that sent some: a value
// replaces, a blank one deletes, the placeholder for an unchanged secret and a
// missing one keep. Subflows and their instances, whose credentials have no
// fixed names, lose those that are no longer sent; so does the map of a
// global-config node. Types that aren't known keep what they get.
func (s *Store) merge(typ string, before, sent *message.Object) *message.Object {
	if before == nil {
		before = message.NewObject()
	}
	if typ == "global-config" {
		return mergeMap(before, sent)
	}
	after := before
	known, isKnown := s.types.Lookup(typ)
	for name, v := range sent.All() {
		if isKnown && !declares(known, name) {
			continue
		}
		after = mergeOne(after, name, v)
	}
	if typ == "subflow" || strings.HasPrefix(typ, "subflow:") {
		after = only(after, sent)
	}
	return after
}

func mergeOne(creds *message.Object, name string, v message.Value) *message.Object {
	text, isText := v.(string)
	switch {
	case v == nil, text == unchanged, strings.HasPrefix(name, "has_"):
		return creds
	case isText && strings.TrimSpace(text) == "" || message.IsNullish(v):
		return creds.Without(name)
	}
	return creds.With(name, v)
}

func mergeMap(before, sent *message.Object) *message.Object {
	old, _ := before.Get(mapProperty).(*message.Object)
	if old == nil {
		old = message.NewObject()
	}
	vars, _ := sent.Get(mapProperty).(*message.Object)
	if vars == nil {
		vars = message.NewObject()
	}
	merged := old
	for name, v := range vars.All() {
		merged = mergeOne(merged, name, v)
	}
	if merged = only(merged, vars); merged.Len() == 0 {
		return before.Without(mapProperty)
	}
	return before.With(mapProperty, merged)
}

// only leaves out what sent doesn't name.
func only(creds, sent *message.Object) *message.Object {
	for _, name := range creds.Keys() {
		if _, ok := sent.Lookup(name); !ok {
			creds = creds.Without(name)
		}
	}
	return creds
}

func declares(typ node.Type, name string) bool {
	for _, c := range typ.Credentials {
		if c.Name == name {
			return true
		}
	}
	return false
}

// Credential gives one credential of a node by its id in the file; "" if it has
// none of that name.
func (s *Store) Credential(id, name string) string {
	v, _ := s.Find(id, name)
	return v
}

// Find is Credential that tells an empty one from none.
func (s *Store) Find(id, name string) (value string, ok bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	creds := s.credentials[id]
	v, ok := creds.Lookup(name)
	if !ok {
		if vars, isMap := creds.Get(mapProperty).(*message.Object); isMap {
			v, ok = vars.Lookup(name)
		}
	}
	if !ok {
		return "", false
	}
	return message.ToString(v), true
}

// Shown gives what an editor may see of a node's credentials (GET
// /credentials/:type/:id): plain ones with their value, of secret ones only
// has_NAME. What isn't declared, such as a subflow's, counts as secret.
func (s *Store) Shown(id, typ string) *message.Object {
	s.mu.RLock()
	defer s.mu.RUnlock()
	creds := s.credentials[id]
	if creds == nil {
		creds = message.NewObject()
	}
	b := message.NewBuilder(4)
	known, isKnown := s.types.Lookup(typ)
	if !isKnown || len(known.Credentials) == 0 || typ == "global-config" {
		for name, v := range creds.All() {
			if vars, isMap := v.(*message.Object); isMap {
				b.Set(name, marks(vars))
				continue
			}
			b.Set("has_"+name, true)
		}
		return b.Object()
	}
	for _, c := range known.Credentials {
		v, has := creds.Lookup(c.Name)
		switch {
		case c.Secret:
			b.Set("has_"+c.Name, has)
		case has:
			b.Set(c.Name, v)
		default:
			b.Set(c.Name, "")
		}
	}
	return b.Object()
}

func marks(vars *message.Object) *message.Object {
	b := message.NewBuilder(vars.Len())
	for name := range vars.All() {
		b.Set("has_"+name, true)
	}
	return b.Object()
}

var _ Types = (*node.Registry)(nil)
