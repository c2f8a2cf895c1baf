package expr

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/recolabs/gnata"

	"toban/internal/message"
)

// jsonataRoot is gnata's environment with our functions. It is only read.
var jsonataRoot = register(gnata.NewCustomEnv(nil))

func register[E environment](root E) E {
	bind := func(name string, f func([]any, any, E) (any, error)) { root.Bind(name, function(root, f)) }
	bind("match", matchFunction(builtin(root, "match")))
	bind("contains", contains[E])
	bind("split", splitFunction[E])
	bind("replace", replaceFunction(builtin(root, "replace"), builtin(root, "map")))
	bind("trim", trim[E])
	bind("now", nowFunction(builtin(root, "fromMillis")))
	bind("millis", millis[E])
	registerNodeRED(root)
	return root
}

// matchFunction is $match; gnata's own serves matchers written as functions.
func matchFunction[E environment](gnataMatch func([]any, any, E) (any, error)) func([]any, any, E) (any, error) {
	return func(args []any, focus any, env E) (any, error) {
		args, err := withContext(args, focus, 2, "match")
		if err != nil {
			return nil, err
		}
		text, ok, err := textArg(args, "match")
		if !ok {
			return nil, err
		}
		re, ok, err := regexpArg(args[1])
		if err != nil {
			return nil, err
		}
		if !ok {
			if _, isText := args[1].(string); isText {
				return nil, jsonataError("T0410", "argument 2 of $match must be a regular expression")
			}
			return gnataMatch(args, focus, env) // a matcher written as a function
		}
		limit, err := limitArg(args, 2, "D3040", "match")
		if err != nil {
			return nil, err
		}
		return match(text, re, limit)
	}
}

// contains is $contains.
func contains[E environment](args []any, focus any, _ E) (any, error) {
	args, err := withContext(args, focus, 2, "contains")
	if err != nil {
		return nil, err
	}
	text, ok, err := textArg(args, "contains")
	if !ok {
		return nil, err
	}
	if token, isText := args[1].(string); isText {
		return strings.Contains(text, token), nil
	}
	re, ok, err := regexpArg(args[1])
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, jsonataError("T0410", "argument 2 of $contains must be a string or a regular expression")
	}
	return re.Test(text)
}

// splitFunction is $split.
func splitFunction[E environment](args []any, focus any, _ E) (any, error) {
	args, err := withContext(args, focus, 2, "split")
	if err != nil {
		return nil, err
	}
	text, ok, err := textArg(args, "split")
	if !ok {
		return nil, err
	}
	limit, err := limitArg(args, 2, "D3020", "split")
	if err != nil {
		return nil, err
	}
	if separator, isText := args[1].(string); isText {
		return splitText(text, separator, limit), nil
	}
	re, ok, err := regexpArg(args[1])
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, jsonataError("T0410", "argument 2 of $split must be a string or a regular expression")
	}
	return split(text, re, limit)
}

// replaceFunction is $replace; gnata's own serves patterns of other types.
func replaceFunction[E environment](gnataReplace, gnataMap func([]any, any, E) (any, error)) func([]any, any, E) (any, error) {
	return func(args []any, focus any, env E) (any, error) {
		args, err := withContext(args, focus, 3, "replace")
		if err != nil {
			return nil, err
		}
		text, ok, err := textArg(args, "replace")
		if !ok {
			return nil, err
		}
		limit, err := limitArg(args, 3, "D3011", "replace")
		if err != nil {
			return nil, err
		}
		if args[1] == "" {
			return nil, jsonataError("D3010", "argument 2 of $replace must not be empty")
		}
		re, isRegexp, err := regexpArg(args[1])
		if err != nil {
			return nil, err
		}
		replacement, isText := args[2].(string)
		if pattern, ok := args[1].(string); ok && isText {
			return replaceText(text, pattern, replacement, limit), nil
		}
		if !isRegexp {
			return gnataReplace(args, focus, env)
		}
		if isText {
			return replaceMatches(text, re, limit, func(m *Match) (string, error) { return substitute(replacement, m), nil })
		}
		return replaceMatches(text, re, limit, func(m *Match) (string, error) {
			return callReplacer(gnataMap, args[2], m, focus, env)
		})
	}
}

// trim is $trim.
func trim[E environment](args []any, focus any, _ E) (any, error) {
	if len(args) == 0 {
		args = []any{focus}
	}
	text, ok, err := textArg(args, "trim")
	if !ok {
		return nil, err
	}
	return strings.Join(strings.FieldsFunc(text, isBlank), " "), nil
}

// nowFunction is $now; with a picture it is gnata's $fromMillis.
func nowFunction[E environment](fromMillis func([]any, any, E) (any, error)) func([]any, any, E) (any, error) {
	return func(args []any, focus any, env E) (any, error) {
		now := evaluationOf(env.Context()).clock()
		if len(args) > 0 && args[0] != nil {
			return fromMillis(append([]any{float64(now.UnixMilli())}, args...), focus, env)
		}
		return message.DateOf(now).ISO(), nil
	}
}

// millis is $millis.
func millis[E environment](_ []any, _ any, env E) (any, error) {
	return float64(evaluationOf(env.Context()).clock().UnixMilli()), nil
}

// callReplacer calls the function given to $replace. gnata has no way to call a
// function value from outside, but its $map has.
func callReplacer[E environment](gnataMap func([]any, any, E) (any, error), f any, m *Match, focus any, env E) (string, error) {
	groups := make([]any, m.Groups())
	for i := range groups {
		if text, ok := m.Group(i + 1); ok {
			groups[i] = text
		}
	}
	made, fields := newObject(4)
	fields.set("match", m.Text[m.Start:m.End])
	fields.set("start", utf16Index(m.Text, m.Start))
	fields.set("end", utf16Index(m.Text, m.End))
	fields.set("groups", groups)
	v, err := gnataMap([]any{[]any{made}, f}, focus, env)
	if err != nil {
		return "", err
	}
	if text, ok := evaluationOf(env.Context()).fromGnata(v).(string); ok {
		return text, nil
	}
	return "", jsonataError("D3012", "the function given to $replace must return a string")
}

// clock gives the time, the same during one evaluation.
func (e *evaluation) clock() time.Time {
	if e.now.IsZero() {
		if e.vars != nil {
			e.now = e.vars.Now()
		} else {
			e.now = time.Now()
		}
	}
	return e.now
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

// isBlank reports whether $trim takes r for white space.
func isBlank(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }
