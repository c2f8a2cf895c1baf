package flow

import (
	"regexp"
	"strings"

	"toban/internal/locale"
	"toban/internal/message"
)

// scope is the evaluated environment of a group, tab, subflow instance or the
// global flow. Look-ups that it can't answer go to its parent.
type scope struct {
	builtin map[string]message.Value // NR_FLOW_ID …: never shadowed
	values  map[string]message.Value
	parent  *scope // nil: ask the process
	process func(name string) (message.Value, bool)
}

const parentPrefix = "$parent."

func (s *scope) lookup(name string) (message.Value, bool) {
	for ; s != nil; s = s.parent {
		if v, ok := s.builtin[name]; ok {
			return v, v != nil
		}
		if outer, ok := strings.CutPrefix(name, parentPrefix); ok {
			name = outer
		} else if v, ok := s.values[name]; ok {
			return v, v != nil
		}
		if s.parent == nil && s.process != nil {
			return s.process(name)
		}
	}
	return nil, false
}

// Getenv looks up an environment variable as the node sees it: its groups from
// the inside out, its subflow instance, its tab, the global-config node, the
// process. "$parent.NAME" begins one level further out.
func (n *Node) Getenv(name string) (message.Value, bool) {
	switch name {
	case "NR_NODE_ID":
		return n.ID, true
	case "NR_NODE_NAME":
		return n.Name, true
	case "NR_NODE_PATH":
		return n.Path, true
	}
	return n.scope().lookup(name)
}

func (n *Node) scope() *scope {
	if g := n.Flow.Groups[n.Group]; g != nil {
		return &g.scope
	}
	return &n.Flow.scope
}

func readEnv(obj *message.Object) []EnvVar {
	list, _ := obj.Get("env").(*message.Array)
	if list == nil {
		return nil
	}
	var vars []EnvVar
	for _, item := range list.All() {
		if v, ok := item.(*message.Object); ok && v.Text("name") != "" {
			vars = append(vars, EnvVar{Name: v.Text("name"), Type: v.Text("type"), Value: v.Get("value")})
		}
	}
	return vars
}

// mergeEnv puts an instance's variables over the defaults of the definition.
func mergeEnv(defaults, own []EnvVar) []EnvVar {
	merged := make([]EnvVar, 0, len(defaults)+len(own))
	at := map[string]int{}
	for _, v := range append(defaults[:len(defaults):len(defaults)], own...) {
		if i, ok := at[v.Name]; ok {
			merged[i] = v
			continue
		}
		at[v.Name] = len(merged)
		merged = append(merged, v)
	}
	return merged
}

// evaluate adds the values of vars to s. Those of type env come last,
// because they may refer to others of the same level.
func (b *builder) evaluate(s *scope, vars []EnvVar, cred func(name string) message.Value, where *raw) {
	if s.values == nil {
		s.values = make(map[string]message.Value, len(vars))
	}
	for _, v := range vars {
		if v.Type != "env" {
			s.values[v.Name] = b.envValue(s, v, cred, where)
		}
	}
	for _, v := range vars {
		if v.Type == "env" {
			s.values[v.Name] = envReference(s, v)
		}
	}
}

func envReference(s *scope, v EnvVar) message.Value {
	text := message.ToString(v.Value)
	if text == v.Name {
		text = parentPrefix + text
	} else if known, ok := s.values[text]; ok {
		return known
	}
	value, _ := typed("env", text, s.lookup) // it can't fail
	return value
}

func (b *builder) envValue(s *scope, v EnvVar, cred func(string) message.Value, where *raw) message.Value {
	var value message.Value
	var err error
	switch v.Type {
	case "bool":
		return v.Value == true || v.Value == "true"
	case "cred":
		return cred(v.Name)
	case "conf-type":
		if name, ok := reference(message.ToString(v.Value)); ok {
			value, _ = s.lookup(name)
			return value
		}
		return v.Value
	default:
		value, err = typed(v.Type, v.Value, s.lookup)
	}
	if err != nil {
		b.report(where, locale.Errorf("flow.env_failed", "name", v.Name, "type", v.Type).Because(err), true)
	}
	return value
}

var wholeReference = regexp.MustCompile(`^\$(?:\((\S+)\)|\{(\S+)\})$`)

// reference gives NAME if text is exactly ${NAME} or $(NAME).
func reference(text string) (string, bool) {
	if len(text) < 4 || text[0] != '$' {
		return "", false
	}
	m := wholeReference.FindStringSubmatch(text)
	if m == nil {
		return "", false
	}
	return m[1] + m[2], true
}

// substitute replaces texts in v that are exactly ${NAME} or $(NAME), at any
// depth, by the variable's value. Names that are not set stay.
func substitute(v message.Value, getenv Getenv) message.Value {
	switch v := v.(type) {
	case string:
		if name, ok := reference(v); ok {
			if value, set := getenv(name); set {
				return value
			}
		}
	case *message.Array:
		out := v
		for i, item := range v.All() {
			if sub := substitute(item, getenv); !same(sub, item) {
				out = out.With(i, sub)
			}
		}
		return out
	case *message.Object:
		out := v
		for key, item := range v.All() {
			if sub := substitute(item, getenv); !same(sub, item) {
				out = out.With(key, sub)
			}
		}
		return out
	}
	return v
}

// same reports whether substitute left a value alone. Every value is comparable.
func same(a, b message.Value) bool { return a == b }
