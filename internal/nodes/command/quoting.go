package command

import (
	"regexp"
	"strings"
)

// quoting follows the quotes of a shell text, to tell where a word in single
// quotes may be written so that it stays what it is. It is careful rather than
// complete: behind something that it can't follow it says no to the end.
type quoting struct {
	stack   []byte // what is open: ' " ` # ( for a subshell, $ for $(
	last    byte   // the character before; 0 where a word may begin
	escaped bool   // the character before is a backslash that counts
	lost    bool
}

// feed reads on.
func (q *quoting) feed(text string) {
	for i := 0; i < len(text) && !q.lost; i++ {
		i += q.read(text[i:])
	}
}

// word reads a value: it is one harmless or one quoted word.
func (q *quoting) word() { q.last, q.escaped = 'x', false }

// free reports whether a word in single quotes may stand here.
func (q *quoting) free() bool {
	if q.lost || q.escaped || q.last == '$' {
		return false
	}
	for _, open := range q.stack {
		if open == '`' {
			return false
		}
	}
	return q.plain()
}

// plain reports whether quotes would open here.
func (q *quoting) plain() bool { return q.top() == 0 || q.top() == '(' || q.top() == '$' }

// read takes the next character and gives how many more it took.
func (q *quoting) read(text string) (more int) {
	c := text[0]
	switch top := q.top(); {
	case top == '\'':
		q.closeAt(c == '\'', 'x')
	case top == '#':
		q.closeAt(c == '\n', 0)
	case q.escaped:
		q.escaped = false
		if c != '\n' { // that one joins two lines
			q.last = 'x'
		}
	case c == '\\':
		q.escaped = true
	case top == '`':
		q.closeAt(c == '`', 'x') // quotes inside don't hide it
	case c == '$':
		return q.dollar(text)
	case c == '`':
		q.push(c)
	case top == '"':
		q.closeAt(c == '"', 'x')
	default:
		q.unquoted(text)
	}
	return 0
}

// unquoted takes a character outside all quotes.
func (q *quoting) unquoted(text string) {
	switch c := text[0]; {
	case c == '\'' && q.last == '$', strings.HasPrefix(text, "(("):
		q.lost = true // $'…' and ((…)) have rules of their own
	case c == '<' && strings.HasPrefix(text, "<<"):
		q.lost = true // a here-document
	case c == '\'' || c == '"' || c == '(' || c == '#' && q.last == 0:
		q.push(c)
	case c == ')':
		q.last = 0
		if q.top() == '(' {
			q.pop(0)
		} else if q.top() == '$' {
			q.pop('x')
		}
	case strings.IndexByte(" \t\n;&|<>", c) >= 0:
		q.last = 0
	default:
		q.last = c
	}
}

var plainVariable = regexp.MustCompile(`^\$\{[A-Za-z0-9_]+\}`)

func (q *quoting) dollar(text string) (more int) {
	switch {
	case strings.HasPrefix(text, "$(("), strings.HasPrefix(text, "$["):
		q.lost = true // arithmetic
	case strings.HasPrefix(text, "$("):
		q.push('$')
		return 1
	case strings.HasPrefix(text, "${"):
		name := plainVariable.FindString(text)
		q.lost = name == "" // ${x:-…} may hold anything
		q.last = 'x'
		return max(len(name)-1, 0)
	default:
		q.last = '$'
	}
	return 0
}

func (q *quoting) top() byte {
	if len(q.stack) == 0 {
		return 0
	}
	return q.stack[len(q.stack)-1]
}

func (q *quoting) push(c byte) { q.stack, q.last = append(q.stack, c), 0 }

func (q *quoting) pop(last byte) { q.stack, q.last = q.stack[:len(q.stack)-1], last }

func (q *quoting) closeAt(end bool, last byte) {
	if end {
		q.pop(last)
	}
}
