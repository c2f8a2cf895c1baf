package httpin

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"toban/internal/locale"
)

// Pattern is a path as an http in node gives it, in Express's forms: /a/:name,
// /a/:name?, /a/:id(\d+), and * for anything. Case and a slash at the end
// don't count.
type Pattern struct {
	text  string
	re    *regexp.Regexp
	names []string // of the groups; "0", "1" … for *
}

// maxPattern bounds a path's length in bytes.
const maxPattern = 2000

// token is one piece of a pattern that isn't plain text.
var token = regexp.MustCompile(`(/)?:(\w+)(\([^()]*(?:\([^()]*\)[^()]*)*\))?([?*+])?|\*|\([^()]*\)`)

// ParsePattern reads a path.
func ParsePattern(text string) (*Pattern, error) {
	if !strings.HasPrefix(text, "/") {
		text = "/" + text
	}
	p := &Pattern{text: text}
	if len(text) > maxPattern {
		return nil, locale.Errorf("httpin.bad_path", "path", text[:40]+"…")
	}
	var expr strings.Builder
	expr.WriteString("(?is)^")
	at := 0
	for _, m := range token.FindAllStringSubmatchIndex(text, -1) {
		expr.WriteString(regexp.QuoteMeta(text[at:m[0]]))
		expr.WriteString(p.group(text, m))
		at = m[1]
	}
	expr.WriteString(regexp.QuoteMeta(strings.TrimSuffix(text[at:], "/")) + "/?$")
	re, err := regexp.Compile(expr.String())
	if err != nil || re.NumSubexp() != len(p.names) {
		return nil, locale.Errorf("httpin.bad_path", "path", text)
	}
	p.re = re
	return p, nil
}

// group gives the expression of one token and notes its name.
func (p *Pattern) group(text string, m []int) string {
	part := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return text[m[2*i]:m[2*i+1]]
	}
	slash, name, custom, suffix := regexp.QuoteMeta(part(1)), part(2), part(3), part(4)
	if name == "" {
		p.names = append(p.names, strconv.Itoa(p.stars()))
		if inner := text[m[0]:m[1]]; inner != "*" {
			return plainGroups(inner)
		}
		return "(.*)"
	}
	p.names = append(p.names, name)
	one := "[^/]+?"
	if custom != "" {
		one = "(?:" + strings.TrimSuffix(strings.TrimPrefix(custom, "("), ")") + ")"
		one = strings.ReplaceAll(plainGroups(one), "(?:?:", "(?:")
	}
	switch suffix {
	case "?":
		return "(?:" + slash + "(" + one + "))?"
	case "*":
		return slash + "(.*)"
	case "+":
		return slash + "(.+)"
	}
	return slash + "(" + one + ")"
}

// plainGroups makes the groups inside a group count for nothing.
func plainGroups(expr string) string {
	head, rest := expr[:1], expr[1:]
	return head + strings.ReplaceAll(rest, "(", "(?:")
}

func (p *Pattern) stars() int {
	n := 0
	for _, name := range p.names {
		if _, err := strconv.Atoi(name); err == nil {
			n++
		}
	}
	return n
}

// Names lists the names of the path's parameters, in order.
func (p *Pattern) Names() []string { return p.names }

// Match gives the parameters of an escaped path. A parameter that is absent or
// that doesn't unescape is left out, the latter with ok false.
func (p *Pattern) Match(escaped string) (params map[string]string, matches, ok bool) {
	m := p.re.FindStringSubmatchIndex(escaped)
	if m == nil {
		return nil, false, false
	}
	params = map[string]string{}
	for i, name := range p.names {
		if m[2*i+2] < 0 {
			continue
		}
		v, err := url.PathUnescape(escaped[m[2*i+2]:m[2*i+3]])
		if err != nil {
			return nil, true, false
		}
		params[name] = v
	}
	return params, true, true
}
