package message

import (
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"toban/internal/locale"
)

// MaxJSONDepth and MaxJSONSize bound what ParseJSON reads.
const (
	MaxJSONDepth = 512
	MaxJSONSize  = 256 << 20
)

// ParseJSON reads a JSON text as JSON.parse does: order kept, the last of equal
// names wins, lone surrogates and bytes that are no UTF-8 become U+FFFD.
func ParseJSON(text string) (Value, error) {
	if len(text) > MaxJSONSize {
		return nil, locale.Errorf("message.json.large", "size", len(text), "max", MaxJSONSize)
	}
	p := jsonParser{s: text}
	v, err := p.value(0)
	if err != nil {
		return nil, err
	}
	if p.space(); p.at < len(p.s) {
		return nil, p.unexpected()
	}
	return v, nil
}

type jsonParser struct {
	s  string
	at int
}

func (p *jsonParser) space() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *jsonParser) unexpected() error {
	if p.at >= len(p.s) {
		return locale.Errorf("message.json.ends")
	}
	r, _ := utf8.DecodeRuneInString(p.s[p.at:])
	return locale.Errorf("message.json.syntax", "at", p.at, "found", strconv.QuoteRune(r))
}

// take skips white space and then c, if it is there.
func (p *jsonParser) take(c byte) bool {
	p.space()
	if p.at < len(p.s) && p.s[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) value(depth int) (Value, error) {
	if depth > MaxJSONDepth {
		return nil, locale.Errorf("message.json.deep", "max", MaxJSONDepth)
	}
	if p.space(); p.at == len(p.s) {
		return nil, p.unexpected()
	}
	switch p.s[p.at] {
	case '{':
		return p.object(depth)
	case '[':
		return p.array(depth)
	case '"':
		return box(p.text())
	case 't':
		return p.word("true", true)
	case 'f':
		return p.word("false", false)
	case 'n':
		return p.word("null", Null{})
	}
	return p.number()
}

func box(s string, err error) (Value, error) { return s, err }

func (p *jsonParser) word(word string, v Value) (Value, error) {
	for i := range len(word) {
		if p.at == len(p.s) || p.s[p.at] != word[i] {
			return nil, p.unexpected()
		}
		p.at++
	}
	return v, nil
}

func (p *jsonParser) array(depth int) (Value, error) {
	p.at++
	if p.take(']') {
		return emptyArray, nil
	}
	var items []Value
	for {
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		items = append(items, v)
		if p.take(']') {
			return &Array{items: items}, nil
		}
		if !p.take(',') {
			return nil, p.unexpected()
		}
	}
}

func (p *jsonParser) object(depth int) (Value, error) {
	p.at++
	if p.take('}') {
		return emptyObject, nil
	}
	b := NewBuilder(4)
	for {
		if p.space(); p.at == len(p.s) || p.s[p.at] != '"' {
			return nil, p.unexpected()
		}
		key, err := p.text()
		if err != nil {
			return nil, err
		}
		if !p.take(':') {
			return nil, p.unexpected()
		}
		v, err := p.value(depth + 1)
		if err != nil {
			return nil, err
		}
		b.Set(key, v)
		if p.take('}') {
			return b.Object(), nil
		}
		if !p.take(',') {
			return nil, p.unexpected()
		}
	}
}

// number reads -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?.
func (p *jsonParser) number() (Value, error) {
	from := p.at
	p.skip('-')
	if !p.skip('0') && !p.digits() {
		return nil, p.unexpected()
	}
	if p.skip('.') && !p.digits() {
		return nil, p.unexpected()
	}
	if p.skip('e') || p.skip('E') {
		if !p.skip('+') {
			p.skip('-')
		}
		if !p.digits() {
			return nil, p.unexpected()
		}
	}
	f, err := strconv.ParseFloat(p.s[from:p.at], 64)
	if err != nil && !math.IsInf(f, 0) {
		return nil, p.unexpected()
	}
	return f, nil
}

func (p *jsonParser) skip(c byte) bool {
	if p.at < len(p.s) && p.s[p.at] == c {
		p.at++
		return true
	}
	return false
}

func (p *jsonParser) digits() bool {
	from := p.at
	for p.at < len(p.s) && isDigit(p.s[p.at]) {
		p.at++
	}
	return p.at > from
}

// text reads a string. One without escapes shares the memory of the JSON text.
func (p *jsonParser) text() (string, error) {
	p.at++
	from := p.at
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return strings.ToValidUTF8(p.s[from:p.at-1], "\uFFFD"), nil
		case c == '\\':
			return p.escapedText(from)
		case c < 0x20:
			return "", p.unexpected()
		}
		p.at++
	}
	return "", p.unexpected()
}

func (p *jsonParser) escapedText(from int) (string, error) {
	var b strings.Builder
	b.WriteString(p.s[from:p.at])
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '"':
			p.at++
			return strings.ToValidUTF8(b.String(), "\uFFFD"), nil
		case c == '\\':
			r, err := p.escape()
			if err != nil {
				return "", err
			}
			b.WriteRune(r)
		case c < 0x20:
			return "", p.unexpected()
		default:
			b.WriteByte(c)
			p.at++
		}
	}
	return "", p.unexpected()
}

func (p *jsonParser) escape() (rune, error) {
	p.at++
	if p.at == len(p.s) {
		return 0, p.unexpected()
	}
	c := p.s[p.at]
	if c == 'u' {
		return p.unicode()
	}
	i := strings.IndexByte(`"\/bfnrt`, c)
	if i < 0 {
		return 0, p.unexpected()
	}
	p.at++
	return rune("\"\\/\b\f\n\r\t"[i]), nil
}

// unicode reads \uXXXX, or two of them that make a surrogate pair.
func (p *jsonParser) unicode() (rune, error) {
	r, err := p.hex4()
	if err != nil || !utf16.IsSurrogate(r) {
		return r, err
	}
	if strings.HasPrefix(p.s[p.at:], `\u`) {
		back := p.at
		p.at++
		low, err := p.hex4()
		if err != nil {
			return 0, err
		}
		if pair := utf16.DecodeRune(r, low); pair != utf8.RuneError {
			return pair, nil
		}
		p.at = back
	}
	return utf8.RuneError, nil
}

func (p *jsonParser) hex4() (rune, error) {
	p.at++ // the u
	n := rune(0)
	for range 4 {
		if p.at == len(p.s) {
			return 0, p.unexpected()
		}
		d := hexDigit(p.s[p.at])
		if d < 0 {
			return 0, p.unexpected()
		}
		n = n<<4 | d
		p.at++
	}
	return n, nil
}

func hexDigit(c byte) rune {
	switch {
	case isDigit(c):
		return rune(c - '0')
	case c >= 'a' && c <= 'f':
		return rune(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return rune(c-'A') + 10
	}
	return -1
}
