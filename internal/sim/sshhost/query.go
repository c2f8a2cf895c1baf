package sshhost

import (
	"fmt"
	"strings"
)

// query is the part of JMESPath that runbooks use: fields, [*], [], [n], lists
// [a, b], filters [?a == `b`], and |.
type query struct{ pipe []*path }

// path is a chain of steps from a value.
type path struct{ steps []step }

// step is one link of a path; rest applies to every element of a projection.
type step interface{ apply(v any, rest []step) any }

type (
	field   string
	index   int
	project struct{ flatten bool }
	filter  struct {
		left  *path
		equal bool
		right string
	}
	multi []*path
)

func (q query) eval(answer any) any {
	v := plain(answer)
	for _, p := range q.pipe {
		v = chain(v, p.steps)
	}
	return v
}

func chain(v any, steps []step) any {
	if len(steps) == 0 || v == nil {
		return v
	}
	return steps[0].apply(v, steps[1:])
}

func (f field) apply(v any, rest []step) any {
	object, _ := v.(map[string]any)
	return chain(object[string(f)], rest)
}

func (i index) apply(v any, rest []step) any {
	list, _ := v.([]any)
	n := int(i)
	if n < 0 {
		n += len(list)
	}
	if n < 0 || n >= len(list) {
		return nil
	}
	return chain(list[n], rest)
}

func (p project) apply(v any, rest []step) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	if p.flatten {
		var flat []any
		for _, element := range list {
			if inner, ok := element.([]any); ok {
				flat = append(flat, inner...)
			} else {
				flat = append(flat, element)
			}
		}
		list = flat
	}
	return each(list, rest)
}

// each applies the steps to every element and drops what is null. A step []
// inside takes the list of results as a whole.
func each(list []any, steps []step) any {
	for i, s := range steps {
		if p, ok := s.(project); ok && p.flatten {
			return p.apply(each(list, steps[:i]), steps[i+1:])
		}
	}
	results := []any{}
	for _, element := range list {
		if r := chain(element, steps); r != nil {
			results = append(results, r)
		}
	}
	return results
}

func (f filter) apply(v any, rest []step) any {
	list, ok := v.([]any)
	if !ok {
		return nil
	}
	var kept []any
	for _, element := range list {
		left := chain(element, f.left.steps)
		if (left != nil && scalar(left) == f.right) == f.equal {
			kept = append(kept, element)
		}
	}
	return each(kept, rest)
}

func (m multi) apply(v any, rest []step) any {
	list := make([]any, len(m))
	for i, p := range m {
		list[i] = chain(v, p.steps)
	}
	return chain(list, rest)
}

// queryParser reads from the front of rest.
type queryParser struct {
	rest  string
	depth int
}

// maxQuery bounds what is parsed; no sensible query is longer.
const maxQuery = 4096

func parseQuery(text string) (query, error) {
	if len(text) > maxQuery {
		return query{}, fmt.Errorf("too long")
	}
	p := &queryParser{rest: text}
	var q query
	for {
		one, err := p.path()
		if err != nil {
			return query{}, err
		}
		q.pipe = append(q.pipe, one)
		if !p.take("|") {
			break
		}
	}
	if p.rest != "" {
		return query{}, fmt.Errorf("the simulation doesn't understand %q", p.rest)
	}
	return q, nil
}

// take skips blanks and then the token, if it comes next.
func (p *queryParser) take(token string) bool {
	p.rest = strings.TrimLeft(p.rest, " \t\n")
	after, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = after
	}
	return ok
}
