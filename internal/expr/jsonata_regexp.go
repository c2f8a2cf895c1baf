package expr

import (
	"errors"
	"math"
	"strings"
	"sync"
	"sync/atomic"
)

// The functions of JSONata that take regular expressions, with JavaScript's
// regular expressions instead of gnata's RE2.

var (
	regexps     sync.Map // pattern "/" flags -> *Regexp
	regexpCount atomic.Int64
)

// maxRegexps bounds the cache; patterns come from expressions, and rarely change.
const maxRegexps = 4096

func cachedRegexp(pattern, flags string) (*Regexp, error) {
	key := pattern + "/" + flags
	if re, ok := regexps.Load(key); ok {
		return re.(*Regexp), nil
	}
	re, err := CompileRegexp(pattern, flags)
	if err != nil {
		return nil, err
	}
	if regexpCount.Add(1) <= maxRegexps {
		regexps.Store(key, re)
	}
	return re, nil
}

// regexpArg gives the regular expression that gnata hands over as a map.
func regexpArg(v any) (re *Regexp, ok bool, err error) {
	m, ok := v.(map[string]any)
	if !ok {
		return nil, false, nil
	}
	pattern, _ := m["pattern"].(string)
	flags, isRegexp := m["flags"].(string)
	if !isRegexp {
		return nil, false, nil
	}
	re, err = cachedRegexp(pattern, flags)
	return re, true, err
}

// jsonataError is an error with JSONata's code.
func jsonataError(code, text string) error { return errors.New(code + ": " + text) }

// limitArg reads the optional limit argument: -1 when it is missing.
func limitArg(args []any, i int, code, name string) (int, error) {
	if i >= len(args) || args[i] == nil {
		return -1, nil
	}
	n, ok := args[i].(float64)
	if !ok {
		return 0, jsonataError("T0410", "the limit of $"+name+" must be a number")
	}
	if n < 0 {
		return 0, jsonataError(code, "the limit of $"+name+" must not be negative")
	}
	return int(math.Ceil(min(n, 1<<40))), nil
}

// withContext puts the value that the function stands on before the arguments
// when they lack the text: "x".$contains("y"). want is their number without the
// limit, which is the only one that is a number.
func withContext(args []any, focus any, want int, name string) ([]any, error) {
	n := len(args)
	if n > 0 {
		if _, isLimit := args[n-1].(float64); isLimit {
			n--
		}
	}
	if n < want {
		args = append([]any{focus}, args...)
	}
	if len(args) < want {
		return nil, jsonataError("T0410", "$"+name+" needs more arguments")
	}
	return args, nil
}

// textArg gives the text that a function works on. ok is false when it is undefined.
func textArg(args []any, name string) (text string, ok bool, err error) {
	if len(args) == 0 || args[0] == nil {
		return "", false, nil
	}
	text, ok = args[0].(string)
	if !ok {
		return "", false, jsonataError("T0410", "argument 1 of $"+name+" must be a string")
	}
	return text, true, nil
}

// eachMatch calls yield for the matches as JSONata goes through them: an empty
// match behind the first one is an error, because it would never progress.
func eachMatch(re *Regexp, text string, limit int, yield func(*Match) error) error {
	var failed error
	n, end := 0, -1
	err := re.Each(text, func(m *Match) bool {
		if n > 0 {
			if end >= len(text) {
				return false
			}
			if m.Start == m.End {
				failed = jsonataError("D1004", "the regular expression matches an empty text")
				return false
			}
			if limit >= 0 && n >= limit {
				return false
			}
		}
		if failed = yield(m); failed != nil {
			return false
		}
		if n, end = n+1, m.End; m.Start == m.End && end < len(text) {
			failed = jsonataError("D1004", "the regular expression matches an empty text")
		}
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	return err
}

func match(text string, re *Regexp, limit int) (any, error) {
	if limit == 0 {
		return nil, nil
	}
	var found []any
	err := eachMatch(re, text, limit, func(m *Match) error {
		found = append(found, matchObject(m))
		return nil
	})
	switch {
	case err != nil || len(found) == 0:
		return nil, err
	case len(found) == 1: // a sequence of one is its item
		return found[0], nil
	}
	return found, nil
}

func matchObject(m *Match) any {
	groups := make([]any, m.Groups())
	for i := range groups {
		if text, ok := m.Group(i + 1); ok {
			groups[i] = text
		}
	}
	made, fields := newObject(3)
	fields.set("match", m.Text[m.Start:m.End])
	fields.set("index", utf16Index(m.Text, m.Start))
	fields.set("groups", groups)
	return made
}

func split(text string, re *Regexp, limit int) (any, error) {
	parts := []any{}
	if limit == 0 {
		return parts, nil
	}
	last := 0
	err := eachMatch(re, text, limit, func(m *Match) error {
		parts = append(parts, text[last:m.Start])
		last = m.End
		return nil
	})
	if limit < 0 || len(parts) < limit {
		parts = append(parts, text[last:])
	}
	return parts, err
}

// splitText is String.prototype.split with a text.
func splitText(text, separator string, limit int) any {
	parts := []any{}
	for _, part := range strings.Split(text, separator) {
		if limit >= 0 && len(parts) >= limit {
			break
		}
		parts = append(parts, part)
	}
	if separator == "" && text == "" {
		return []any{}
	}
	return parts
}
