package message

import (
	"strings"

	"toban/internal/locale"
)

// ParsePath parses a property expression by Node-RED's rules: names joined by
// dots, ["quoted names"], [indexes] and [msg.references]. Where a name is all
// digits it is an index. A leading "msg." is not special here: see [ParseMsgPath].
func ParsePath(expr string) (Path, error) {
	if expr == "" {
		return Path{}, locale.Errorf("message.path.empty")
	}
	p := pathParser{expr: expr}
	if err := p.parse(); err != nil {
		return Path{}, err
	}
	return Path{expr: expr, parts: p.parts}, nil
}

// ParseMsgPath parses an expression that is relative to a message, where a
// leading "msg." may be written or left out.
func ParseMsgPath(expr string) (Path, error) {
	return ParsePath(strings.TrimPrefix(expr, "msg."))
}

func pathError(key, expr string, pairs ...any) *locale.Error {
	return locale.Errorf(key, append(pairs, "expr", expr)...)
}

type pathParser struct {
	expr  string
	parts []part
	start int // of the name being read
	at    int
	inBox bool
	depth int
}

// maxPathDepth bounds expressions inside expressions.
const maxPathDepth = 32

func (p *pathParser) parse() error {
	for ; p.at < len(p.expr); p.at++ {
		var err error
		switch p.expr[p.at] {
		case '\'', '"':
			err = p.quoted()
		case '.':
			err = p.dot()
		case '[':
			err = p.open()
		case ']':
			err = p.close()
		case ' ':
			err = p.unexpected(p.at)
		}
		if err != nil {
			return err
		}
	}
	if p.inBox {
		return p.unterminated()
	}
	if p.start < len(p.expr) {
		p.name(p.expr[p.start:])
	}
	return nil
}

func (p *pathParser) name(s string) { p.parts = append(p.parts, part{name: s, index: -1}) }

func (p *pathParser) unexpected(at int) error {
	if at >= len(p.expr) {
		return p.unterminated()
	}
	r := []rune(p.expr[at:])[0]
	return pathError("message.path.unexpected", p.expr, "found", "'"+string(r)+"'", "at", at)
}

func (p *pathParser) unterminated() error { return pathError("message.path.unterminated", p.expr) }

// quoted reads a name in quotes. After it comes "]" in a box, else ".", "[" or the end.
func (p *pathParser) quoted() error {
	if p.at != p.start {
		return p.unexpected(p.at)
	}
	from := p.at + 1
	n := strings.IndexByte(p.expr[from:], p.expr[p.at])
	switch {
	case n < 0:
		return p.unterminated()
	case n == 0:
		return pathError("message.path.empty_string", p.expr, "at", from)
	}
	p.name(p.expr[from : from+n])
	p.at = from + n
	p.start = p.at + 1
	if p.inBox {
		if p.start >= len(p.expr) || p.expr[p.start] != ']' {
			return p.unexpected(p.start)
		}
		return nil
	}
	if p.start < len(p.expr) && p.expr[p.start] != '[' && p.expr[p.start] != '.' {
		return p.unexpected(p.start)
	}
	return nil
}

func (p *pathParser) dot() error {
	if p.at == 0 {
		return p.unexpected(0)
	}
	if p.start != p.at {
		p.nameOrIndex(p.expr[p.start:p.at])
	}
	p.start = p.at + 1
	if p.start == len(p.expr) {
		return p.unterminated()
	}
	if !identifierStart(p.expr[p.start]) {
		return p.unexpected(p.start)
	}
	return nil
}

func (p *pathParser) open() error {
	if p.at == 0 {
		return p.unexpected(0)
	}
	if p.start != p.at {
		p.name(p.expr[p.start:p.at])
	}
	p.start = p.at + 1
	rest := p.expr[p.start:]
	switch {
	case rest == "":
		return p.unterminated()
	case strings.HasPrefix(rest, "msg.") || strings.HasPrefix(rest, "msg["):
		return p.reference()
	case rest[0] != '"' && rest[0] != '\'' && !isDigit(rest[0]):
		return p.unexpected(p.start)
	}
	p.inBox = true
	return nil
}

// reference reads [msg.…]. Brackets inside quotes count for the matching, as
// they do in Node-RED.
func (p *pathParser) reference() error {
	end := closing(p.expr, p.start)
	if end < 0 {
		return p.unterminated()
	}
	inner := p.expr[p.start:end]
	nested := pathParser{expr: strings.TrimPrefix(inner, "msg."), depth: p.depth + 1}
	if nested.depth > maxPathDepth {
		return p.unexpected(p.start)
	}
	err := nested.parse()
	if err == nil && nested.expr == "" {
		err = locale.Errorf("message.path.empty")
	}
	if err != nil {
		return pathError("message.path.nested", p.expr, "at", p.start).Because(err)
	}
	p.parts = append(p.parts, part{name: inner, index: -1, nested: &Path{expr: inner, parts: nested.parts}})
	p.at = end
	p.start = end + 1
	p.inBox = false
	return nil
}

// closing finds the "]" that closes the bracket opened before from.
func closing(s string, from int) int {
	depth := 1
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (p *pathParser) close() error {
	if !p.inBox {
		return p.unexpected(p.at)
	}
	if p.start != p.at {
		digits := p.expr[p.start:p.at]
		if !allDigits(digits) {
			return p.unexpected(p.start)
		}
		p.nameOrIndex(digits)
	}
	p.start = p.at + 1
	p.inBox = false
	return nil
}

func (p *pathParser) nameOrIndex(s string) {
	if allDigits(s) {
		p.parts = append(p.parts, indexPart(ParseNumber(s)))
		return
	}
	p.name(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func identifierStart(c byte) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '$' || c == '_'
}
