package expr

import (
	"strings"
	"unicode/utf8"

	"toban/internal/locale"
	"toban/internal/message"
)

// Template is a parsed mustache template. It is immutable and safe for
// concurrent use.
type Template struct {
	source string
	tokens []token
}

// token is a piece of a template: text, or a tag with what stands inside it.
type token struct {
	kind  byte // 't' text, 'n' name, '&' unescaped name, '#', '^'; while parsing also '/', '!', '>', '=' and 0 for deleted
	text  string
	names []string // text split at its dots, when it has any behind its first character
	inner []token
	at    int
}

// maxTemplateDepth bounds how deep sections nest.
const maxTemplateDepth = 200

// ParseTemplate parses a template as mustache.js 4.2 does. Partials have nowhere
// to come from and are left out.
func ParseTemplate(source string) (*Template, error) {
	p := templateParser{source: source, rest: source, open: "{{", close: "}}"}
	if err := p.parse(); err != nil {
		return nil, err
	}
	tokens, err := p.nest()
	if err != nil {
		return nil, err
	}
	return &Template{source: source, tokens: tokens}, nil
}

// String gives the source.
func (t *Template) String() string { return t.source }

// Names lists what the template's tags and sections name, in order, each once.
func (t *Template) Names() []string {
	var names []string
	seen := map[string]bool{}
	var walk func([]token)
	walk = func(tokens []token) {
		for _, tok := range tokens {
			if tok.kind != 't' && !seen[tok.text] {
				seen[tok.text] = true
				names = append(names, tok.text)
			}
			walk(tok.inner)
		}
	}
	walk(t.tokens)
	return names
}

type templateParser struct {
	source, rest string
	open, close  string
	tokens       []token
	spaces       []int // tokens of white space on the current line
	hasTag       bool  // on the current line
	nonSpace     bool  // on the current line
}

func (p *templateParser) parse() error {
	for p.rest != "" {
		text, found := p.until(p.open)
		p.text(text)
		if !found {
			break
		}
		p.rest = trimLeft(p.rest[len(p.open):])
		if err := p.tag(); err != nil {
			return err
		}
	}
	p.endLine()
	return nil
}

// until takes the rest up to s, or all of it.
func (p *templateParser) until(s string) (text string, found bool) {
	i := strings.Index(p.rest, s)
	if i < 0 {
		text, p.rest = p.rest, ""
		return text, false
	}
	text, p.rest = p.rest[:i], p.rest[i:]
	return text, true
}

func (p *templateParser) at() int { return len(p.source) - len(p.rest) }

// text adds runs of white space and of other characters, and ends of lines.
func (p *templateParser) text(s string) {
	at := p.at() - len(s)
	for s != "" {
		var n int
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case r == '\n':
			n = 1
		case message.IsSpace(r):
			n = len(s) - len(strings.TrimLeftFunc(s, func(r rune) bool { return r != '\n' && message.IsSpace(r) }))
		default:
			n = max(size, len(s)-len(strings.TrimLeftFunc(s, func(r rune) bool { return !message.IsSpace(r) })))
		}
		if message.IsSpace(r) {
			p.spaces = append(p.spaces, len(p.tokens))
		} else {
			p.nonSpace = true
		}
		p.tokens = append(p.tokens, token{kind: 't', text: s[:n], at: at})
		if r == '\n' {
			p.endLine()
		}
		s, at = s[n:], at+n
	}
}

// endLine drops the white space of a line that has tags but nothing that prints.
func (p *templateParser) endLine() {
	if p.hasTag && !p.nonSpace {
		for _, i := range p.spaces {
			p.tokens[i].kind = 0
		}
	}
	p.spaces, p.hasTag, p.nonSpace = p.spaces[:0], false, false
}

// tag reads a tag whose opening delimiter was taken.
func (p *templateParser) tag() error {
	tok := token{kind: 'n', at: p.at()}
	if p.rest != "" && strings.IndexByte("#^/>{&=!", p.rest[0]) >= 0 {
		tok.kind = p.rest[0]
		p.rest = p.rest[1:]
	}
	p.rest = trimLeft(p.rest)
	switch tok.kind {
	case '=':
		tok.text = p.value("=")
		p.rest = strings.TrimPrefix(p.rest, "=")
		p.until(p.close)
	case '{':
		tok.kind = '&'
		tok.text = p.value("}" + p.close)
		p.rest = strings.TrimPrefix(p.rest, "}")
		p.until(p.close)
	default:
		tok.text = p.value(p.close)
	}
	if !strings.HasPrefix(p.rest, p.close) {
		return p.fail("expr.template.unclosed_tag", tok)
	}
	p.rest = p.rest[len(p.close):]
	return p.add(tok)
}

// value takes the rest up to end, without the white space before it.
func (p *templateParser) value(end string) string {
	text, _ := p.until(end)
	return strings.TrimRightFunc(text, message.IsSpace)
}

func (p *templateParser) add(tok token) error {
	p.hasTag = true
	switch tok.kind {
	case 'n', '&':
		p.nonSpace = true
	case '=':
		tags := strings.FieldsFunc(tok.text, message.IsSpace)
		if len(tags) < 2 {
			return p.fail("expr.template.bad_tags", tok)
		}
		p.open, p.close = tags[0], tags[1]
	}
	if strings.IndexByte(tok.text, '.') > 0 {
		tok.names = strings.Split(tok.text, ".")
	}
	p.tokens = append(p.tokens, tok)
	return nil
}

func trimLeft(s string) string { return strings.TrimLeftFunc(s, message.IsSpace) }

// fail makes an error that names the line.
func (p *templateParser) fail(key string, tok token) error {
	line := 1 + strings.Count(p.source[:tok.at], "\n")
	return locale.Errorf(key, "name", tok.text, "line", line)
}

// nest joins neighbouring texts and puts the tokens of sections into these.
func (p *templateParser) nest() ([]token, error) {
	var stack []token
	top := []token{}
	var outer [][]token
	for _, tok := range p.tokens {
		switch tok.kind {
		case 't':
			if n := len(top); n > 0 && top[n-1].kind == 't' {
				top[n-1].text += tok.text
				continue
			}
			top = append(top, tok)
		case 'n', '&':
			top = append(top, tok)
		case '#', '^':
			if len(stack) >= maxTemplateDepth {
				return nil, p.fail("expr.template.deep", tok)
			}
			stack, outer, top = append(stack, tok), append(outer, top), nil
		case '/':
			n := len(stack) - 1
			if n < 0 {
				return nil, p.fail("expr.template.unopened", tok)
			}
			section := stack[n]
			if section.text != tok.text {
				return nil, p.fail("expr.template.unclosed", section)
			}
			section.inner = top
			stack, top, outer = stack[:n], append(outer[n], section), outer[:n]
		}
	}
	if n := len(stack); n > 0 {
		return nil, p.fail("expr.template.unclosed", stack[n-1])
	}
	return top, nil
}
