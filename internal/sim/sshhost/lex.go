package sshhost

import (
	"fmt"
	"strings"
)

// token is a word or an operator (";", "&&", "||", or a redirection).
type token struct {
	op    string
	parts []part // of a word
}

// part is a piece of a word: text, or a variable to be filled in.
type part struct {
	text     string
	variable bool
	quoted   bool // an empty unquoted word vanishes, an empty quoted one doesn't
}

// redirections that the shell knows, longest first.
var redirections = []string{"2>/dev/null", ">/dev/null", "2>&1", "1>&2", ">&2"}

// lex splits a script. Newlines become ";".
func lex(text string) ([]token, error) {
	l := &lexer{rest: text}
	for l.rest != "" {
		if err := l.next(); err != nil {
			return nil, err
		}
	}
	l.endWord()
	return l.tokens, nil
}

type lexer struct {
	rest   string
	tokens []token
	word   []part // nil between words
}

func (l *lexer) next() error {
	c := l.rest[0]
	if l.word == nil && l.redirection() {
		return nil
	}
	switch {
	case c == ' ' || c == '\t' || c == '\r':
		l.endWord()
		l.rest = l.rest[1:]
	case c == '\n' || c == ';':
		l.operator(";", 1)
	case strings.HasPrefix(l.rest, "&&"), strings.HasPrefix(l.rest, "||"):
		l.operator(l.rest[:2], 2)
	case c == '#' && l.word == nil:
		_, after, _ := strings.Cut(l.rest, "\n")
		l.operator(";", len(l.rest)-len(after))
	case strings.ContainsRune("|&<>()`{}*?[", rune(c)):
		return fmt.Errorf("the simulated shell has no `%c`", c)
	default:
		return l.wordPart(c)
	}
	return nil
}

func (l *lexer) operator(op string, length int) {
	l.endWord()
	l.tokens = append(l.tokens, token{op: op})
	l.rest = l.rest[length:]
}

func (l *lexer) redirection() bool {
	spaced := strings.NewReplacer("> /dev/null", ">/dev/null").Replace(l.rest[:min(len(l.rest), 14)])
	for _, r := range redirections {
		if strings.HasPrefix(spaced, r) {
			length := len(r)
			if !strings.HasPrefix(l.rest, r) {
				length++
			}
			l.tokens = append(l.tokens, token{op: r})
			l.rest = l.rest[length:]
			return true
		}
	}
	return false
}

func (l *lexer) wordPart(c byte) error {
	switch c {
	case '\'':
		inside, after, closed := strings.Cut(l.rest[1:], "'")
		if !closed {
			return fmt.Errorf("unexpected end of text while looking for matching `'`")
		}
		l.add(part{text: inside, quoted: true})
		l.rest = after
	case '"':
		l.rest = l.rest[1:]
		return l.doubleQuoted()
	case '\\':
		l.backslash()
	case '$':
		return l.dollar(false)
	default:
		end := strings.IndexAny(l.rest, " \t\r\n;&|<>()`{}*?['\"\\$")
		if end < 0 {
			end = len(l.rest)
		}
		l.add(part{text: l.rest[:end]})
		l.rest = l.rest[end:]
	}
	return nil
}

func (l *lexer) backslash() {
	switch {
	case strings.HasPrefix(l.rest, "\\\n"): // the line goes on
		l.rest = l.rest[2:]
	case len(l.rest) == 1:
		l.add(part{text: `\`})
		l.rest = ""
	default:
		l.add(part{text: l.rest[1:2], quoted: true})
		l.rest = l.rest[2:]
	}
}

func (l *lexer) doubleQuoted() error {
	l.add(part{quoted: true})
	for l.rest != "" {
		switch c := l.rest[0]; {
		case c == '"':
			l.rest = l.rest[1:]
			return nil
		case c == '`':
			return fmt.Errorf("the simulated shell has no command substitution")
		case c == '$':
			if err := l.dollar(true); err != nil {
				return err
			}
		case c == '\\' && len(l.rest) > 1 && strings.ContainsRune("$`\"\\", rune(l.rest[1])):
			l.add(part{text: l.rest[1:2], quoted: true})
			l.rest = l.rest[2:]
		default:
			end := strings.IndexAny(l.rest[1:], "\"`$\\") + 1
			if end == 0 {
				end = len(l.rest)
			}
			l.add(part{text: l.rest[:end], quoted: true})
			l.rest = l.rest[end:]
		}
	}
	return fmt.Errorf("unexpected end of text while looking for matching `\"`")
}

// dollar reads $NAME, ${NAME}, $? and $$.
func (l *lexer) dollar(quoted bool) error {
	rest := l.rest[1:]
	switch {
	case strings.HasPrefix(rest, "("), strings.HasPrefix(rest, "'"):
		return fmt.Errorf("the simulated shell has no `$%c`", rest[0])
	case strings.HasPrefix(rest, "{"):
		name, after, closed := strings.Cut(rest[1:], "}")
		if !closed || nameLength(name) != len(name) || name == "" {
			return fmt.Errorf("the simulated shell has no such ${…}")
		}
		l.add(part{text: name, variable: true, quoted: quoted})
		l.rest = after
	case strings.HasPrefix(rest, "?"), strings.HasPrefix(rest, "$"):
		l.add(part{text: rest[:1], variable: true, quoted: quoted})
		l.rest = rest[1:]
	case nameLength(rest) > 0:
		n := nameLength(rest)
		l.add(part{text: rest[:n], variable: true, quoted: quoted})
		l.rest = rest[n:]
	default:
		l.add(part{text: "$", quoted: quoted})
		l.rest = rest
	}
	return nil
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	return n
}

func (l *lexer) add(p part) { l.word = append(l.word, p) }

func (l *lexer) endWord() {
	if l.word != nil {
		l.tokens = append(l.tokens, token{parts: l.word})
		l.word = nil
	}
}
