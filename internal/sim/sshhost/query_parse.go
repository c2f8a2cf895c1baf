package sshhost

import (
	"fmt"
	"strconv"
	"strings"
)

// maxNesting bounds lists within lists.
const maxNesting = 20

func (p *queryParser) path() (*path, error) {
	if p.depth++; p.depth > maxNesting {
		return nil, fmt.Errorf("too deep")
	}
	defer func() { p.depth-- }()
	var all path
	for first := true; ; first = false {
		s, more, err := p.step(first)
		if err != nil {
			return nil, err
		}
		if !more {
			return &all, nil
		}
		all.steps = append(all.steps, s)
	}
}

// step reads the next step; only the first one may be a field without a dot.
func (p *queryParser) step(first bool) (s step, more bool, err error) {
	switch {
	case p.take("[*]"):
		return project{}, true, nil
	case p.take("[]"):
		return project{flatten: true}, true, nil
	case p.take("[?"):
		s, err = p.filter()
		return s, true, err
	case p.take("."):
		if p.take("[") {
			s, err = p.multi()
		} else {
			s, err = p.field()
		}
		return s, true, err
	case p.take("["):
		if n, ok := p.index(); ok {
			return n, true, nil
		}
		if !first {
			return nil, false, fmt.Errorf("a list needs a dot in front: .[")
		}
		s, err = p.multi()
		return s, true, err
	case p.take("@"):
		return current{}, true, nil
	case first:
		s, err = p.field()
		return s, true, err
	}
	return nil, false, nil
}

// current is @, the value itself.
type current struct{}

func (current) apply(v any, rest []step) any { return chain(v, rest) }

func (p *queryParser) field() (step, error) {
	p.take("")
	if p.take(`"`) {
		name, after, closed := strings.Cut(p.rest, `"`)
		if !closed {
			return nil, fmt.Errorf("a quote isn't closed")
		}
		p.rest = after
		return field(name), nil
	}
	n := nameLength(p.rest)
	if n == 0 {
		return nil, fmt.Errorf("the simulation doesn't understand %q", p.rest)
	}
	name := p.rest[:n]
	p.rest = p.rest[n:]
	return field(name), nil
}

func (p *queryParser) index() (index, bool) {
	digits, after, closed := strings.Cut(p.rest, "]")
	n, err := strconv.Atoi(strings.TrimSpace(digits))
	if !closed || err != nil {
		return 0, false
	}
	p.rest = after
	return index(n), true
}

func (p *queryParser) multi() (step, error) {
	var m multi
	for {
		one, err := p.path()
		if err != nil {
			return nil, err
		}
		m = append(m, one)
		if p.take("]") {
			return m, nil
		}
		if !p.take(",") {
			return nil, fmt.Errorf("a list isn't closed before %q", p.rest)
		}
	}
}

func (p *queryParser) filter() (step, error) {
	left, err := p.path()
	if err != nil {
		return nil, err
	}
	f := filter{left: left, equal: true}
	if p.take("!=") {
		f.equal = false
	} else if !p.take("==") {
		return nil, fmt.Errorf("a filter of the simulation compares with == or !=")
	}
	if f.right, err = p.literal(); err != nil {
		return nil, err
	}
	if !p.take("]") {
		return nil, fmt.Errorf("a filter isn't closed before %q", p.rest)
	}
	return f, nil
}

// literal reads 'text', `text` (which the CLI takes, too) or `"text"`.
func (p *queryParser) literal() (string, error) {
	for _, quote := range []string{"'", "`"} {
		if !p.take(quote) {
			continue
		}
		text, after, closed := strings.Cut(p.rest, quote)
		if !closed {
			return "", fmt.Errorf("a literal isn't closed")
		}
		p.rest = after
		return strings.Trim(text, `"`), nil
	}
	return "", fmt.Errorf("a filter of the simulation compares with a literal")
}
