package expr

import (
	"strings"

	"toban/internal/message"
)

// lookup finds what a name stands for: in the innermost view that has it, else in
// the environment or a context. A property that is there but undefined ends the
// search among the views.
func (r *renderer) lookup(tok *token) (message.Value, error) {
	if tok.text == "." {
		return r.views[len(r.views)-1], nil
	}
	v := r.fromViews(tok)
	if v == nil {
		return fromVars(r.options.Vars, tok.text)
	}
	if text, ok := v.(string); ok && r.options.EscapeJSON && len(r.views) == 1 {
		return jsonEscapes.Replace(text), nil
	}
	return v, nil
}

var jsonEscapes = strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\t", `\t`, "\r", `\r`, "\f", `\f`, "\b", `\b`)

func (r *renderer) fromViews(tok *token) message.Value {
	for i := len(r.views) - 1; i >= 0; i-- {
		v, hit := r.views[i], false
		if tok.names == nil {
			if message.TypeOf(v) == "object" {
				v, hit = message.Property(v, tok.text)
			}
		} else {
			v, hit = descend(v, tok.names)
		}
		if hit {
			return v
		}
	}
	return nil
}

// descend follows names into v. It hits if the last value before the end has the
// last name.
func descend(v message.Value, names []string) (message.Value, bool) {
	for i, name := range names {
		child, present := message.Property(v, name)
		if i == len(names)-1 {
			return child, present
		}
		v = child
	}
	return nil, false
}

// fromVars reads env.NAME, flow.x, flow[store].x, global.x and global[store].x.
func fromVars(vars Vars, name string) (message.Value, error) {
	if vars == nil {
		return nil, nil
	}
	if rest, ok := strings.CutPrefix(name, "env."); ok && rest != "" {
		return evalEnv(vars, rest), nil
	}
	scope, rest, ok := "", "", false
	for _, scope = range []string{"flow", "global"} {
		if rest, ok = strings.CutPrefix(name, scope); ok {
			break
		}
	}
	if !ok {
		return nil, nil
	}
	store, path, ok := splitStore(rest)
	if !ok {
		return nil, nil
	}
	return contextOf(vars, scope).Get(store, path)
}

// splitStore takes ".path" and "[store].path" apart.
func splitStore(s string) (store, path string, ok bool) {
	if strings.HasPrefix(s, "[") {
		end := strings.IndexByte(s, ']')
		if end < 0 || end == 1 || strings.Trim(s[1:end], wordCharacters) != "" {
			return "", "", false
		}
		store, s = s[1:end], s[end+1:]
	}
	path, ok = strings.CutPrefix(s, ".")
	return store, path, ok && path != ""
}

const wordCharacters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
