package message

import "strings"

// Path is a parsed property expression such as a.b[0]["c d"][msg.topic]. The
// zero Path is the root itself. Paths are immutable.
type Path struct {
	expr  string
	parts []part
}

// part is one step of a path: a name, an array index (its name is the number's
// text), or an expression in brackets whose value is the name.
type part struct {
	name   string
	index  int // -1 for a name
	nested *Path
}

// String gives the expression as it was written.
func (p Path) String() string { return p.expr }

// Len is the number of steps.
func (p Path) Len() int { return len(p.parts) }

// First gives the name of the first step, "" if there is none or it is an expression.
func (p Path) First() string {
	if len(p.parts) == 0 {
		return ""
	}
	return p.parts[0].name
}

// Nested reports whether the path has expressions in brackets, so that it must be
// resolved against a message first.
func (p Path) Nested() bool {
	for _, s := range p.parts {
		if s.nested != nil {
			return true
		}
	}
	return false
}

// Resolve gives the path with its bracketed expressions replaced by what they
// are in msg. One that is undefined there is an error.
func (p Path) Resolve(msg Value) (Path, error) {
	if !p.Nested() {
		return p, nil
	}
	parts := make([]part, len(p.parts))
	for i, s := range p.parts {
		r, err := p.resolve(s, msg)
		if err != nil {
			return Path{}, err
		}
		parts[i] = r
	}
	return Path{expr: render(parts), parts: parts}, nil
}

// resolve gives the name or index that a step stands for.
func (p Path) resolve(s part, root Value) (part, error) {
	if s.nested == nil {
		return s, nil
	}
	v, err := s.nested.Get(root)
	if err != nil {
		return part{}, pathError("message.path.nested", p.expr, "at", strings.Index(p.expr, s.name)).Because(err)
	}
	if v == nil {
		return part{}, pathError("message.path.undefined_reference", p.expr, "reference", s.name)
	}
	if n, ok := v.(float64); ok && n >= 0 && n == float64(int(n)) {
		return indexPart(n), nil
	}
	return part{name: ToString(v), index: -1}, nil
}

func indexPart(n float64) part {
	if n >= 1<<53 {
		return part{name: FormatNumber(n), index: -1}
	}
	return part{name: FormatNumber(n), index: int(n)}
}

// render writes resolved parts as an expression that parses to the same parts.
func render(parts []part) string {
	var b strings.Builder
	for i, s := range parts {
		switch {
		case i == 0:
			b.WriteString(s.name)
		case s.index >= 0:
			b.WriteString("[" + s.name + "]")
		case strings.Contains(s.name, `"`):
			b.WriteString("['" + s.name + "']")
		default:
			b.WriteString(`["` + s.name + `"]`)
		}
	}
	return b.String()
}
